import { noEvidence, type RetentionPolicy } from '../../../core/retention.ts'

export const limitsRetention = [
  {
    name: 'claims',
    data: 'Seats under limits of a time',
    description: 'Which documents counted under limits such as bids a day.',
    tables: ['claims'],
    period: 'P30D',
    since: 'the end of the time that the limit holds for',
    action: 'deleted',
    job: 'purgeClaims',
    underLegalHold: 'deleted',
    note: noEvidence,
  },
] as const satisfies readonly RetentionPolicy[]
