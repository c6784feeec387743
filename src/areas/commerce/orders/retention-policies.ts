import { noEvidence, type RetentionPolicy } from '../../../core/retention.ts'

export const ordersRetention = [
  {
    name: 'quotes',
    data: 'Quotes that nobody has placed',
    description: 'Prices that were asked for and not ordered.',
    tables: ['price_documents'],
    period: 'P30D',
    since: 'the end of the quote',
    action: 'deleted',
    job: 'purgeQuotes',
    underLegalHold: 'deleted',
    note: noEvidence,
  },
] as const satisfies readonly RetentionPolicy[]
