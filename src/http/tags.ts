/** The chapters of the API reference, in reading order. Every operation belongs to exactly one. */
export const tags = {
  Authentication: 'Signing in by a code sent to a phone, and keeping signed in.',
  Me: 'The caller: profile, tasker profile, availability, earnings.',
  'API keys': 'Machines that call in your name, within scopes that you choose.',
  Catalog: 'What can be asked for, as a tree of categories, and what it usually costs.',
  Tasks: 'What a client wants done, from draft to review.',
  Taskers: 'The people who do it: public profiles, and their life cycle as ops sees it.',
  Companies: 'Companies as everybody sees them.',
  Offers: 'Live invitations from matching to one tasker.',
  Bookings: 'The engagement a task becomes.',
  Payments: 'How a booking is paid.',
  Ledger: 'The double-entry books behind every amount.',
  Reviews: 'What each party says of the other, after the work.',
  Trust: 'Reports and disputes.',
  Conversations: 'Chat between the parties, over HTTP and over a socket.',
  Notifications: 'What a user was told, and how they want to be told.',
  Media: 'Photos, voice notes and documents.',
  Webhooks: 'Events pushed to your own server, signed by Standard Webhooks.',
  Events: 'The same events, pulled in order.',
  Access: 'Staff: users, roles, permissions, and who holds which.',
  Audit: 'Who changed what, and when.',
  Privacy: 'Everything about me: export, erasure, consents; holds and retention.',
  Platform: 'Health, keys, the problem catalogue.',
} as const

export type Tag = keyof typeof tags
