/** The areas that the log speaks of: of a change by its table (`khidma.audit_module`), of an attempt by its operation. */
export const auditModules = [
  'access',
  'api-keys',
  'audit',
  'bookings',
  'catalog',
  'chat',
  'identity',
  'ledger',
  'matching',
  'media',
  'notifications',
  'organisation',
  'payments',
  'platform',
  'privacy',
  'profiles',
  'reviews',
  'taskers',
  'tasks',
  'trust',
  'webhooks',
] as const

export type AuditModule = (typeof auditModules)[number]

/** Whose area keeps what an operation is about, where the resource has not the area's own name. */
const ofResource: Readonly<Record<string, AuditModule>> = {
  apiKeys: 'api-keys',
  auth: 'identity',
  categories: 'catalog',
  companies: 'profiles',
  companyProfiles: 'profiles',
  consentDocuments: 'privacy',
  conversations: 'chat',
  deadLetters: 'platform',
  departments: 'organisation',
  designations: 'organisation',
  devices: 'identity',
  disputes: 'trust',
  employees: 'organisation',
  erasures: 'privacy',
  events: 'platform',
  exports: 'privacy',
  languages: 'profiles',
  legalHolds: 'privacy',
  offers: 'matching',
  otpBreakers: 'identity',
  permissions: 'access',
  pricing: 'catalog',
  problems: 'platform',
  reports: 'trust',
  retentionPolicies: 'privacy',
  retentionRuns: 'privacy',
  roles: 'access',
  userRoles: 'access',
  users: 'identity',
  verifications: 'profiles',
}

/** The same of what is one's own, and of one person, by the last fixed part of its path. */
const ofPart: Readonly<Record<string, AuditModule>> = {
  addresses: 'profiles',
  availability: 'taskers',
  'candidate-profile': 'profiles',
  'client-profile': 'profiles',
  'company-profile': 'profiles',
  consents: 'privacy',
  earnings: 'ledger',
  erasure: 'privacy',
  exports: 'privacy',
  favourites: 'profiles',
  languages: 'profiles',
  'notification-preferences': 'notifications',
  'role-requests': 'access',
  roles: 'access',
  settings: 'profiles',
  'tasker-profile': 'taskers',
  verification: 'profiles',
}

const people = /^\/v1\/(?:me|users\/\{userId\})\/([a-z-]+)/

/** Undefined: the operation is about something that stands nowhere here. */
export function findModule({
  operationId,
  path,
}: {
  operationId: string
  path: string
}): AuditModule | undefined {
  const [resource = ''] = operationId.split('.')
  const [, part = ''] = people.exec(path) ?? []
  if (ofPart[part]) return ofPart[part]
  if (resource === 'me') return 'identity'
  return ofResource[resource] ?? auditModules.find((module) => module === resource)
}
