import type { ProblemText } from './problem-text.ts'

/** When it is us. */
export const ourTexts = {
  internal_error: {
    status: 500,
    title: { en: 'Something went wrong on our side', ar: 'حدث خطأ لدينا' },
    detail: { en: 'The error has been recorded under this request id.', ar: 'سُجّل الخطأ برقم هذا الطلب.' },
  },
  temporarily_unavailable: {
    status: 503,
    title: { en: 'Temporarily unavailable', ar: 'الخدمة غير متاحة مؤقتًا' },
    detail: {
      en: 'Nothing was lost. Retry with the same Idempotency-Key.',
      ar: 'لم يُفقد شيء. أعد المحاولة بقيمة Idempotency-Key نفسها.',
    },
  },
} as const satisfies Record<string, ProblemText>
