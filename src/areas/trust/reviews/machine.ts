import { defineMachine } from '../../../core/machine.ts'

/**
 * A review stays unread until both sides have written theirs, or until the time for it has ended (`publishes_at`). Flagged ones wait for
 * staff: the word filter held them back, readers flagged them, or their author has appealed.
 */
export const reviewMachine = defineMachine({
  name: 'review',
  table: 'reviews',
  column: 'status',
  states: ['pending', 'published', 'hidden', 'flagged'],
  people: { reviewer: { column: 'reviewer_id' }, reviewee: { column: 'reviewee_id' } },
  eventData: {
    reviewId: 'new.id',
    // Nobody learns of a rating before the review is published.
    rating: `case when new.status = 'published' then new.rating end`,
  },
  consequences: {
    after_review_pending:
      'Publishes both reviews of a booking, and ends its settled task, once the second one is written.',
  },
  transitions: [
    {
      name: 'created',
      from: [null],
      to: 'pending',
      by: ['reviewer'],
      event: 'review.created',
      consequences: ['after_review_pending'],
    },
    // Both have reviewed, or `publishes_at` has passed.
    {
      name: 'publish',
      from: ['pending'],
      to: 'published',
      by: ['system'],
      event: 'review.published',
      derived: true,
    },
    // As it would be published, where the word filter has marked it.
    {
      name: 'hold',
      from: ['pending'],
      to: 'flagged',
      by: ['system'],
      event: 'review.flagged',
      derived: true,
    },
    // By enough readers, or by the word filter as its text was changed.
    {
      name: 'flag',
      from: ['published'],
      to: 'flagged',
      by: ['system'],
      event: 'review.flagged',
      derived: true,
    },
    {
      name: 'publish',
      from: ['flagged', 'hidden'],
      to: 'published',
      by: ['ops'],
      event: 'review.published',
    },
    {
      name: 'hide',
      from: ['pending', 'published', 'flagged'],
      to: 'hidden',
      by: ['ops'],
      event: 'review.hidden',
    },
    { name: 'appeal', from: ['hidden'], to: 'flagged', by: ['reviewer'], event: 'review.appealed' },
  ],
})

export type ReviewStatus = (typeof reviewMachine)['states'][number]
