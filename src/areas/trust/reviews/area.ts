import { defineArea } from '../../../core/area.ts'
import { reviewsEvents } from './events.ts'
import { reviewMachine } from './machine.ts'
import { reviewsProblems } from './problems.ts'
import { reviewsRetention } from './retention-policies.ts'

export const reviews = defineArea({
  name: 'reviews',
  tags: {
    Reviews: 'Reviews of the parties of a booking by each other, and the figures that follow from them.',
  },
  routes: () => import('./routes.ts'),
  config: () => import('./config.ts'),
  personalData: () => import('./personal-data.ts'),
  jobs: () => import('./jobs.ts'),
  machines: [reviewMachine],
  retention: reviewsRetention,
  scopes: {
    'reviews:read': 'Read reviews by you and about you, and of clients with whom you deal',
    'reviews:write': 'Review bookings, answer and flag reviews',
  },
  permissions: {
    'reviews.read': {
      description: 'View all reviews and flags',
      heldBy: ['ops', 'support'],
    },
    'reviews.moderate': {
      description: 'Publish and hide reviews',
      heldBy: ['ops', 'support'],
    },
  },
  problems: reviewsProblems,
  constraints: {
    reviews_booking_reviewer_key: 'already_reviewed',
    review_answers_pkey: 'review_answered',
    review_flags_review_user_key: 'already_flagged',
  },
  events: reviewsEvents,
})
