/**
 * Operations that anybody on the Internet may call. This list may only shrink: an operation that is added to it has been
 * thought about by two people.
 */
export const publicOperations = [
  'auth.refresh',
  'auth.requestOtp',
  'auth.verifyOtp',
  'categories.get',
  'categories.list',
  // By an address that we signed for a quarter of an hour.
  'media.download',
  'media.upload',
  'platform.health',
  'platform.jwks',
  'platform.readiness',
  'pricing.estimate',
  'problems.get',
  'problems.list',
  'taskers.get',
  'taskers.listReviews',
  'taskers.search',
]
