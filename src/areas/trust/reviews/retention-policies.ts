import type { RetentionPolicy } from '../../../core/retention.ts'

export const reviewsRetention = [
  {
    name: 'review_signals',
    data: 'Signals about reviews',
    description: 'Signs that a review is not honest, with numbers and hashes, and the decision of staff.',
    tables: ['review_signals'],
    period: 'P1Y',
    since: 'the time of the signal',
    action: 'deleted',
    job: 'purgeReviewSignals',
    underLegalHold: 'deleted',
    note: 'The decision about the review is kept with it and in the audit log.',
  },
] as const satisfies readonly RetentionPolicy[]
