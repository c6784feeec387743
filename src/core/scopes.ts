/**
 * What a key can be allowed to do: `resource:read` or `resource:write`. A scope opens operations to a key; whether its owner
 * may do them is decided as if the owner had called.
 */
export const scopes = {
  'profile:read': 'Read your profiles, settings, addresses and availability',
  'profile:write': 'Change your profiles, settings, addresses and availability',
  'catalog:write': 'Change categories and prices (staff)',
  'taskers:read': 'Read tasker profiles in any status (staff)',
  'taskers:write': 'Verify, activate and suspend taskers (staff)',
  'tasks:read': 'Read tasks and their history',
  'tasks:write': 'Create, change, post and cancel tasks',
  'offers:read': 'Read the offers made to you',
  'offers:write': 'Accept and decline offers',
  'bookings:read': 'Read bookings and their history',
  'bookings:write': 'Confirm, start, complete and cancel bookings',
  'payments:read': 'Read payments and earnings',
  'payments:write': 'Choose payment methods, confirm cash',
  'ledger:read': 'Read the ledger (staff)',
  'reviews:write': 'Review bookings',
  'trust:read': 'Read reports and disputes',
  'trust:write': 'Create reports, open disputes',
  'conversations:read': 'Read conversations and their messages',
  'conversations:write': 'Send messages, mark them as read',
  'sockets:connect': 'Connect to the user channel and to conversations',
  'notifications:read': 'Read notifications and notification preferences',
  'notifications:write': 'Mark notifications as read, change notification preferences',
  'media:read': 'Read files',
  'media:write': 'Upload files',
  'webhooks:read': 'Read webhooks and their deliveries',
  'webhooks:write': 'Create, change, test and delete webhooks',
  'events:read': 'List events',
  'organisation:read': 'Read departments, designations and employees (staff)',
  'audit:read': 'Read the audit log (staff)',
  'privacy:read': 'Read retention policies and runs of scheduled jobs (staff)',
} as const satisfies Record<string, string>

export type Scope = keyof typeof scopes

export const scopeNames = Object.keys(scopes) as [Scope, ...Scope[]]
