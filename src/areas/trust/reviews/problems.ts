import type { Area } from '../../../core/area.ts'

export const reviewsProblems = {
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
  review_window_over: {
    status: 409,
    title: {
      en: 'The time to review is over',
      ar: 'انتهى وقت التقييم',
    },
    detail: {
      en: 'It ended at {endedAt}. Reviews of this booking are published.',
      ar: 'انتهى في {endedAt}. نُشرت تقييمات هذا الحجز.',
    },
    cause:
      'The days after completion that `reviews.window_days` says are over, or the review of the other side can be read already.',
    remedy: 'Show the reviews of the booking; do not offer to write one.',
  },
  review_not_editable: {
    status: 409,
    title: {
      en: 'The review can no longer be changed',
      ar: 'لم يعد ممكنًا تعديل التقييم',
    },
    detail: {
      en: 'It could be changed until {editUntil}, unless it waits for our team or was hidden.',
      ar: 'كان تعديله ممكنًا حتى {editUntil}، ما لم يكن قيد المراجعة أو مخفيًا.',
    },
    cause: 'The review is published and `editUntil` has passed, or its status is `flagged` or `hidden`.',
    remedy: 'Read the review again, and show it without an edit.',
  },
  review_scores_sealed: {
    status: 409,
    title: {
      en: 'The scores can no longer be changed',
      ar: 'لم يعد ممكنًا تعديل الدرجات',
    },
    detail: {
      en: 'The review is published. Text, tags and photos can still be changed.',
      ar: 'نُشر التقييم. لا يزال بإمكانك تعديل النص والوسوم والصور.',
    },
    cause: 'Rating, criteria or `isPublic` were sent for a review that can be read already.',
    remedy: 'Send only `comment`, `tags` and `mediaIds`.',
  },
  review_text_refused: {
    status: 422,
    fields: ['comment', 'text', 'reason'],
    title: {
      en: 'The text is not allowed',
      ar: 'النص غير مسموح به',
    },
    detail: {
      en: 'Leave out phone numbers, addresses, links and insults.',
      ar: 'احذف أرقام الهواتف والعناوين والروابط والإساءات.',
    },
    cause: 'The filter of contents refused the text.',
    remedy: 'Tell the author, and let them write it otherwise.',
  },
  criteria_not_asked: {
    status: 422,
    fields: ['criteria'],
    title: {
      en: 'Criteria that are not asked for',
      ar: 'معايير غير مطلوبة',
    },
    detail: {
      en: 'Asked for are: {criteria}.',
      ar: 'المعايير المطلوبة: {criteria}.',
    },
    cause:
      'A criterion is not in the configuration for the side that is reviewed and the category of the task.',
    remedy: 'Read the criteria from the public configuration for the country and category.',
  },
  review_answered: {
    status: 409,
    title: {
      en: 'The review is answered',
      ar: 'سبق الرد على هذا التقييم',
    },
    detail: {
      en: 'A review can be answered once.',
      ar: 'يمكن الرد على التقييم مرة واحدة.',
    },
    cause: 'The review has an answer.',
    remedy: 'Show that answer.',
  },
  already_flagged: {
    status: 409,
    title: {
      en: 'You have already flagged this review',
      ar: 'سبق أن أبلغت عن هذا التقييم',
    },
    detail: {
      en: 'Each reader can flag a review once.',
      ar: 'يمكن لكل قارئ الإبلاغ عن التقييم مرة واحدة.',
    },
    cause: 'The caller has flagged the review.',
    remedy: 'Show it as flagged.',
  },
  no_open_signals: {
    status: 409,
    title: { en: 'Nothing is to be dismissed', ar: 'لا توجد إشارات لاستبعادها' },
    detail: { en: 'The review has no open signals.', ar: 'ليست على التقييم إشارات مفتوحة.' },
    cause: 'The review has no signals, or staff have decided on them.',
    remedy: 'Read the review: `decidedAt` of its signals tells when.',
  },
} as const satisfies Area['problems']
