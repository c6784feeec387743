/** The chapters of the API reference, in reading order. Every operation belongs to exactly one. */
export const tags = {
  Authentication:
    'Sign-in with a code or a password and a second factor, token refresh, registration by e-mail and password reset.',
  Me: 'The caller: account, credentials, sessions and devices, profiles, settings, addresses, languages, verification, favourites, availability, earnings, and the user channel for live updates.',
  'API keys': 'Keys for programs that call the API on your behalf, within scopes that you choose.',
  Catalog: 'The tree of categories, price estimates and the list of languages.',
  Tasks: 'Work that clients want done, from draft to review.',
  Taskers: 'Public profiles of taskers, and their life cycle for operations staff.',
  Companies: 'Public company profiles, and their approval by staff.',
  Offers: 'Offers of a task to one tasker, made by matching.',
  Bookings: 'The engagement that a task becomes.',
  Payments: 'Payments of bookings.',
  Ledger: 'The double-entry ledger behind every amount.',
  Reviews: 'Reviews of the parties of a booking by each other.',
  Trust: 'Reports, disputes, and identity verification by staff.',
  Conversations: 'Chat between the parties, over HTTP and over a socket.',
  Notifications: 'Notifications to the user, and their preferences.',
  Media: 'Photos, voice notes and documents.',
  Webhooks: 'Events pushed to your server, signed as in Standard Webhooks.',
  Events: 'The same events, to be pulled in order.',
  Access: 'Accounts, roles, permissions, role grants and requests; departments, designations and employees.',
  Audit: 'The audit log of changes and refusals, and the proof of its integrity.',
  Privacy: 'Data export, erasure and consents; legal holds and retention.',
  Platform:
    'Health, signing keys and the problem catalogue; for staff, dead letters and pauses of sign-in codes.',
} as const

export type Tag = keyof typeof tags
