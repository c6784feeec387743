import type { ProblemText } from './problem-text.ts'

/** Refusals because of an earlier request: a repetition, or a change since the caller read. */
export const preconditionTexts = {
  idempotency_in_progress: {
    status: 409,
    title: {
      en: 'The first request is still running',
      ar: 'الطلب الأول ما زال قيد التنفيذ',
    },
    detail: {
      en: 'Retry with the same key in a moment.',
      ar: 'أعد المحاولة بالمفتاح نفسه بعد لحظات.',
    },
    cause: 'A request with the same `Idempotency-Key` has not been answered yet.',
    remedy:
      'Wait as `Retry-After` says, and send the same request with the same key: it gets the first answer.',
  },
  idempotency_mismatch: {
    status: 422,
    title: {
      en: 'The key belongs to another request',
      ar: 'المفتاح يخص طلبًا آخر',
    },
    detail: {
      en: 'This Idempotency-Key was used with another body or operation.',
      ar: 'سبق استخدام هذا المفتاح مع محتوى آخر أو عملية أخرى.',
    },
    cause: 'The key was used within 24 hours for another body or operation.',
    remedy: 'Use a new key for a new action. A retry must repeat the body unchanged.',
  },
  precondition_failed: {
    status: 412,
    title: {
      en: 'The resource has changed',
      ar: 'تغيّر العنصر منذ آخر قراءة',
    },
    detail: {
      en: 'Fetch it again and repeat the change on the current version.',
      ar: 'اقرأه من جديد وكرّر التعديل على النسخة الحالية.',
    },
    cause: '`If-Match` names a version that is no longer the current one: somebody changed the object.',
    remedy: 'Read the object, apply the change to what it is now, and send the new `ETag`.',
  },
  precondition_required: {
    status: 428,
    title: {
      en: 'An If-Match header is required',
      ar: 'يلزم إرسال ترويسة If-Match',
    },
    detail: {
      en: 'Send the ETag that you last read, to prevent lost updates.',
      ar: 'أرسل آخر ETag قرأته، حتى لا يضيع أي تعديل.',
    },
    cause: 'The object is shared, and the request has no `If-Match`.',
    remedy: 'Read the object, and send its `ETag` as `If-Match`.',
  },
} as const satisfies Record<string, ProblemText>
