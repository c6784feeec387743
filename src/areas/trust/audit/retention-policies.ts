import type { RetentionPolicy } from '../../../core/retention.ts'

export const auditRetention = [
  {
    name: 'audit_log',
    data: 'Audit log',
    description:
      'Changes and refused attempts. Counts and hashes of each day are kept, to verify what remains.',
    tables: ['audit_log'],
    period: 'P2Y',
    since: 'the day of the change',
    action: 'deleted',
    job: 'purgeAudit',
    underLegalHold: 'kept',
    note: 'As whole days, as only those can be verified.',
  },
] as const satisfies readonly RetentionPolicy[]
