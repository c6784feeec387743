import type { ProblemText } from './problem-text.ts'

/** When it is us. */
export const ourTexts = {
  internal_error: {
    status: 500,
    title: { en: 'Something broke on our side', ar: 'حدث خلل لدينا' },
    detail: { en: 'It has been recorded under this request id.', ar: 'سُجّل تحت رقم هذا الطلب.' },
  },
  temporarily_unavailable: {
    status: 503,
    title: { en: 'Temporarily unavailable', ar: 'غير متاح مؤقتًا' },
    detail: {
      en: 'Nothing was lost; retry with the same Idempotency-Key.',
      ar: 'لم يضع شيء؛ أعد المحاولة بنفس Idempotency-Key.',
    },
  },
} as const satisfies Record<string, ProblemText>
