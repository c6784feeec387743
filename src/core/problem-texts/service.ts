import type { ProblemText } from './problem-text.ts'

/** Refusals for reasons of the service itself: limits, and our own failures. */
export const serviceTexts = {
  rate_limited: {
    status: 429,
    title: {
      en: 'Too many requests',
      ar: 'طلبات كثيرة جدًا',
    },
    detail: {
      en: 'Retry in {retryAfterSeconds} s.',
      ar: 'أعد المحاولة بعد {retryAfterSeconds} ثانية.',
    },
    cause:
      'The caller, or their network, made more requests in a minute than the limit in `RateLimit-Policy`.',
    remedy: 'Wait as `Retry-After` says. Slow down when `RateLimit` shows few that remain.',
  },
  too_many: {
    status: 409,
    title: {
      en: 'Limit reached',
      ar: 'بلغت الحد الأقصى',
    },
    detail: {
      en: 'The maximum is {limit}. Delete one first.',
      ar: 'الحد الأقصى هو {limit}. احذف واحدًا أولًا.',
    },
    cause: 'The account has as many objects of this kind as it may have.',
    remedy: 'Delete or revoke one that is not used, then repeat the request.',
  },
  internal_error: {
    status: 500,
    title: {
      en: 'Something went wrong on our side',
      ar: 'حدث خطأ لدينا',
    },
    detail: {
      en: 'The error has been recorded under this request id.',
      ar: 'سُجّل الخطأ برقم هذا الطلب.',
    },
    cause: 'An error of ours; it was recorded.',
    remedy:
      'Retry a read or a request with an `Idempotency-Key` with growing pauses. If it lasts, report `requestId`.',
  },
  temporarily_unavailable: {
    status: 503,
    title: {
      en: 'Temporarily unavailable',
      ar: 'الخدمة غير متاحة مؤقتًا',
    },
    detail: {
      en: 'Nothing was lost. Retry with the same Idempotency-Key.',
      ar: 'لم يُفقد شيء. أعد المحاولة بقيمة Idempotency-Key نفسها.',
    },
    cause: 'The database, a queue or an object did not respond in time; nothing was changed half.',
    remedy: 'Wait as `Retry-After` says, and retry with the same `Idempotency-Key`.',
  },
} as const satisfies Record<string, ProblemText>
