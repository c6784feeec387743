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
  'categories.getInputs',
  'categories.getIcon',
  'categories.getTree',
  'categories.list',
  // Packages and their prices are shown before anybody signs in.
  'packages.get',
  'packages.list',
  'plans.get',
  'plans.list',
  // That every invoice is right is for everybody to see: a time and a count, and nothing of what was sold.
  'invoices.getProof',
  // The data that a company gives to everybody, less its people and how to reach them.
  'companies.get',
  'companies.list',
  // Only where the candidate has made the profile public, or the caller is whom they admit.
  'candidates.get',
  // Values that their keys declare as public: apps need them before anybody signs in.
  'config.getPublic',
  // The documents that everybody who signs up is shown.
  'consentDocuments.list',
  // By an address that we signed for a quarter of an hour.
  'exports.download',
  // By a link that one reviewer was given, for a minute and one use.
  'verifications.showDocument',
  // By a link that its buyer, its supplier or staff have made, for a month: an accountant opens it.
  'invoices.getPage',
  'languages.get',
  // Pictures that people show as theirs, for as long as they do.
  'media.getAvatar',
  'languages.list',
  // By an address that we signed for a quarter of an hour.
  'media.download',
  'media.upload',
  // Gateways sign what they send.
  'gateways.receiveEvent',
  // The check provider signs what it sends.
  'verificationChecks.receiveEvent',
  'platform.health',
  'platform.jwks',
  'platform.readiness',
  'pricing.estimate',
  'problems.get',
  'problems.list',
  // Everybody who can be booked, as they present themselves to everybody.
  'directory.getFacets',
  'directory.getProfile',
  'directory.search',
  // Jobs are read before anybody signs in, and by search engines: the text that staff have approved.
  'jobPostings.get',
  'jobPostings.getFacets',
  'jobPostings.search',
  // Labels and filters, from which apps build forms before anybody signs in.
  'professions.list',
  // Pictures and services that somebody has put up for everybody to see, while their profile is approved and they can be booked.
  'portfolioItems.getImage',
  'portfolioItems.list',
  'roleProfiles.getAvatar',
  'services.list',
  'taskers.get',
  'taskers.listReviews',
  'taskers.getReputation',
  'companies.listReviews',
  'companies.getReputation',
  // When a tasker is free is what a client looks for before they sign in; who or what takes up the rest is not shown.
  'taskers.listSlots',
  'slots.explain',
  // By a secret link, which its tasker can revoke.
  'calendarFeeds.get',
  'taskers.search',
  // Public keys, for those who verify what we send.
  'webhooks.listKeys',
]
