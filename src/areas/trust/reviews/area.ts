import { defineArea } from '../../../core/area.ts'

export const reviews = defineArea({
  name: 'reviews',
  tags: {
    Reviews: 'Reviews of the parties of a booking by each other.',
  },
  routes: () => import('./routes.ts'),
  personalData: () => import('./personal-data.ts'),
  scopes: {
    'reviews:write': 'Review bookings',
  },
  problems: {
    already_reviewed: {
      status: 409,
      title: {
        en: 'You have already reviewed this booking',
        ar: 'سبق أن قيّمت هذا الحجز',
      },
      detail: {
        en: 'Each party can review a booking once.',
        ar: 'يقيّم كل طرف الحجز مرة واحدة.',
      },
      cause: 'The caller has reviewed the booking.',
      remedy: 'Show that review.',
    },
    not_reviewable: {
      status: 409,
      title: {
        en: 'Not open for review yet',
        ar: 'لا يمكن التقييم بعد',
      },
      detail: {
        en: 'A booking can be reviewed once it is completed.',
        ar: 'يمكن تقييم الحجز بعد اكتماله.',
      },
      cause: 'The booking is not completed.',
      remedy: 'Ask for the review after `booking.completed`.',
    },
  },
  constraints: {
    reviews_booking_reviewer_key: 'already_reviewed',
  },
  events: {
    'review.created': {
      summary: 'A party reviewed the other',
      notifies: {
        reviewee: {
          en: {
            title: 'You have a new review',
            body: '{rating, plural, one {# star} other {# stars}} for your last booking.',
          },
          ar: {
            title: 'لديك تقييم جديد',
            body: '{rating, plural, one {نجمة واحدة} two {نجمتان} few {# نجوم} other {# نجمة}} عن حجزك الأخير.',
          },
        },
      },
    },
  },
})
