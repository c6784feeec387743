/** What a member of staff may be allowed, as `resource.action`. The migrations hold the same; a test compares. */
export const permissions = {
  'audit.export': 'Take the audit log away as a file',
  'audit.read': 'Read the audit log',
  'audit.verify': 'Verify the chain of the audit log',
  'bookings.manage': 'Cancel bookings for a party',
  'bookings.read': 'See all bookings',
  'catalog.manage': 'Change categories',
  'companies.review': 'See companies whole, approve and refuse them',
  'conversations.read': 'Read conversations',
  'disputes.manage': 'Open, look into and escalate disputes',
  'disputes.read': 'See all disputes',
  'disputes.resolve': 'Decide disputes, refunds included',
  'events.read': 'Read every event',
  'ledger.read': 'Read the books',
  'media.read': 'See files of others',
  'organisation.manage': 'Change departments, designations and employees',
  'organisation.read': 'See departments, designations and employees',
  'otp_breakers.read': 'See where the sending of codes is paused',
  'otp_breakers.reset': 'End a pause in the sending of codes',
  'payments.read': 'See payments of others',
  'platform.operate': 'See and retry dead letters',
  'privacy.manage': 'Place and release legal holds, publish what people agree to',
  'privacy.read': 'See erasure requests, legal holds and retention runs',
  'reports.manage': 'Look into and decide reports',
  'reports.read': 'See all reports',
  'roles.assign': 'Grant and revoke roles whose permissions one holds',
  'roles.manage': 'Make roles, and choose their permissions among those one holds',
  'roles.read': 'See roles and who holds them',
  'taskers.read': 'See all taskers, whatever their state',
  'taskers.review': 'Verify, activate and clear taskers',
  'taskers.suspend': 'Flag, suspend and offboard taskers',
  'tasks.manage': 'Change and cancel tasks of clients',
  'tasks.read': 'See all tasks and their candidates',
  'users.manage': 'Suspend and reinstate accounts',
  'users.read': 'Find users',
  'users.reset_mfa': 'Take the second factors off an account whose owner has lost them',
  'verifications.review': 'Decide on identity papers',
} as const

export type Permission = keyof typeof permissions

export const isPermission = (name: string): name is Permission => Object.hasOwn(permissions, name)

const all = Object.keys(permissions) as Permission[]

const adminOnly = [
  'audit.export',
  'audit.read',
  'audit.verify',
  'catalog.manage',
  'organisation.manage',
  'privacy.manage',
  'roles.assign',
  'roles.manage',
  'users.manage',
  'users.reset_mfa',
] as const satisfies Permission[]

/** The roles that always are, and cannot be changed. */
export const systemRoles = {
  admin: all,
  ops: all.filter((permission) => !(adminOnly as readonly string[]).includes(permission)),
  support: [
    'bookings.read',
    'conversations.read',
    'disputes.manage',
    'disputes.read',
    'organisation.read',
    'otp_breakers.read',
    'reports.manage',
    'reports.read',
    'taskers.read',
    'tasks.read',
    'users.read',
  ],
} as const satisfies Record<string, readonly Permission[]>
