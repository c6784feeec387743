/**
 * Operations that anybody on the Internet may call. This list may only shrink: an operation that is added to it has been
 * thought about by two people.
 */
export const publicOperations = [
  // Each takes a code, a password or a signed challenge, counted by name and network.
  'auth.confirmRegistration',
  'auth.login',
  'auth.refresh',
  'auth.register',
  'auth.requestPasswordReset',
  'auth.resetPassword',
  'auth.verifyMfa',
  'auth.verifyPasswordReset',
  'auth.requestOtp',
  'auth.verifyOtp',
  // The catalog is what everybody is shown before they sign in.
  'addons.get',
  'addons.list',
  'categories.get',
  'categories.getIcon',
  'categories.getTree',
  'categories.list',
  // The data that a company gives to everybody, less its people and how to reach them.
  'companies.get',
  // Values that their keys declare as public: apps need them before anybody signs in.
  'config.getPublic',
  // The documents that everybody who signs up is shown.
  'consentDocuments.list',
  // By an address that we signed for a quarter of an hour.
  'exports.download',
  'languages.get',
  'languages.list',
  // By an address that we signed for a quarter of an hour.
  'media.download',
  'media.upload',
  // Gateways sign what they send.
  'gateways.receiveEvent',
  'platform.health',
  'platform.jwks',
  'platform.readiness',
  'pricing.estimate',
  'problems.get',
  'problems.list',
  'taskers.get',
  'taskers.listReviews',
  'taskers.search',
  // Public keys, for those who verify what we send.
  'webhooks.listKeys',
]
