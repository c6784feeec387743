/** How long each kind of data is kept, by which job it goes, and what a legal hold changes: what a regulator asks for. */
export interface RetentionPolicy {
  /** Name of its period in the database: `khidma.retention_period(name)`. */
  name: string
  data: string
  description: string
  tables: readonly string[]
  /** ISO 8601, from `since`. */
  period: string
  since: string
  action: 'deleted' | 'stripped'
  job: string
  /** `kept`: of a person under a legal hold it stays. */
  underLegalHold: 'kept' | 'deleted'
  /** Why a hold does not keep it, or how it does. */
  note: string | null
}

export const noEvidence = 'Contains no record of what a user did.'
export const ended =
  'Useless after expiry, and contains no more than sessions and the audit log, which are kept.'
