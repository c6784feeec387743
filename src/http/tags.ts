/** The chapters of the API reference, in reading order. Every operation belongs to exactly one. */
export const tags = {
  Authentication:
    'Signing in, by a code sent to a phone or by a password, with a second factor where there is one, and keeping signed in; registering by e-mail, and resetting a password.',
  Me: 'The caller: account, ways in (password, e-mail address, second factor), sessions and devices, profiles, settings, addresses, languages, verification, favourites, availability, earnings, and the channel over which everything new comes.',
  'API keys': 'Machines that call in your name, within scopes that you choose.',
  Catalog:
    'What can be asked for, as a tree of categories, what it usually costs, and the languages that can be spoken.',
  Tasks: 'What a client wants done, from draft to review.',
  Taskers: 'The people who do it: public profiles, and their life cycle as ops sees it.',
  Companies: 'Companies as everybody sees them, and their approval by staff.',
  Offers: 'Live invitations from matching to one tasker.',
  Bookings: 'The engagement a task becomes.',
  Payments: 'How a booking is paid.',
  Ledger: 'The double-entry books behind every amount.',
  Reviews: 'What each party says of the other, after the work.',
  Trust: 'Reports and disputes, and the verification of identities by staff.',
  Conversations: 'Chat between the parties, over HTTP and over a socket.',
  Notifications: 'What a user was told, and how they want to be told.',
  Media: 'Photos, voice notes and documents.',
  Webhooks: 'Events pushed to your own server, signed by Standard Webhooks.',
  Events: 'The same events, pulled in order.',
  Access:
    'Accounts, roles and permissions, who holds which and who asks for one; departments, designations and employees.',
  Audit: 'Who changed what, and when, who was refused, and the proof that none of it was altered.',
  Privacy: 'Everything about me: export, erasure, consents; holds and retention.',
  Platform:
    'Health, signing keys, the problem catalogue; for staff, dead letters and pauses of codes by phone.',
} as const

export type Tag = keyof typeof tags
