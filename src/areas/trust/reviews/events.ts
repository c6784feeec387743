import type { Area } from '../../../core/area.ts'

export const reviewsEvents = {
  'review.created': {
    summary: 'A party reviewed the other; it is not published yet',
    notifies: {
      reviewee: {
        en: {
          title: 'You have been reviewed',
          body: 'Write your review too: you will both read them then.',
        },
        ar: {
          title: 'كتب الطرف الآخر تقييمه',
          body: 'اكتب تقييمك أنت أيضًا، وعندها تقرآن التقييمين معًا.',
        },
      },
    },
  },
  'review.published': {
    summary: 'A review was published',
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
  'review.flagged': {
    summary: 'A review waits for staff',
  },
  'review.hidden': {
    summary: 'Staff hid a review',
    notifies: {
      reviewer: {
        en: {
          title: 'Your review was hidden',
          body: 'Read why, and appeal if you disagree.',
        },
        ar: {
          title: 'أُخفي تقييمك',
          body: 'اطّلع على السبب، ويمكنك الاعتراض عليه مرة واحدة.',
        },
      },
    },
  },
  'review.appealed': {
    summary: 'The author of a hidden review appealed',
  },
  'review.answered': {
    summary: 'The reviewed answered a review',
    notifies: {
      reviewer: {
        en: {
          title: 'Your review was answered',
          body: 'Read what the other side says.',
        },
        ar: {
          title: 'رُدّ على تقييمك',
          body: 'اقرأ رد الطرف الآخر.',
        },
      },
    },
  },
} as const satisfies Area['events']
