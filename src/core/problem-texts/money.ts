import type { ProblemText } from './problem-text.ts'

/** Payments, refunds and prices. */
export const moneyTexts = {
  payment_exists: {
    status: 409,
    title: { en: 'The booking has a payment', ar: 'للحجز دفعة بالفعل' },
    detail: { en: 'A booking is paid once.', ar: 'يُدفع الحجز مرة واحدة.' },
  },
  payment_not_due: {
    status: 409,
    title: { en: 'Nothing is due yet', ar: 'لا شيء مستحق بعد' },
    detail: { en: 'Cash is confirmed after the work is completed.', ar: 'يُؤكَّد النقد بعد إتمام العمل.' },
  },
  payment_method_unavailable: {
    status: 422,
    fields: ['method'],
    title: { en: 'This way to pay is not open yet', ar: 'طريقة الدفع هذه غير متاحة بعد' },
    detail: { en: 'Only cash is taken for now.', ar: 'الدفع نقدًا فقط متاح حاليًا.' },
  },
  booking_not_payable: {
    status: 409,
    title: { en: 'This booking cannot be paid', ar: 'لا يمكن دفع هذا الحجز' },
    detail: { en: 'It is "{status}".', ar: 'حالته "{status}".' },
  },
  payment_not_cash: {
    status: 409,
    title: { en: 'This booking is not paid in cash', ar: 'هذا الحجز لا يُدفع نقدًا' },
    detail: { en: 'The client has chosen another way to pay.', ar: 'اختار العميل طريقة دفع أخرى.' },
  },
  fare_unavailable: {
    status: 409,
    title: { en: 'The fare cannot be worked out', ar: 'لا يمكن حساب الأجرة' },
    detail: {
      en: 'The booking has no agreed rate. Ask for help.',
      ar: 'لا يوجد سعر متفق عليه للحجز. اطلب المساعدة.',
    },
  },
  nothing_to_refund: {
    status: 409,
    title: { en: 'There is nothing to refund', ar: 'لا يوجد ما يُرد' },
    detail: { en: 'No money was taken for this booking.', ar: 'لم يُحصَّل أي مبلغ لهذا الحجز.' },
  },
  refund_too_large: {
    status: 409,
    fields: ['refundAmount'],
    title: { en: 'The refund is too large', ar: 'المبلغ المردود كبير جدًا' },
    detail: {
      en: 'At most {captured} minor units were taken for this booking.',
      ar: 'ما حُصِّل لهذا الحجز لا يتجاوز {captured} من الوحدات الصغرى.',
    },
  },
  already_paid: {
    status: 409,
    title: { en: 'The booking was paid', ar: 'الحجز مدفوع' },
    detail: {
      en: 'A paid booking cannot be canceled: refund it instead.',
      ar: 'لا يمكن إلغاء حجز مدفوع: رُدّ المبلغ بدلًا من ذلك.',
    },
  },
  insufficient_balance: {
    status: 409,
    title: { en: 'The balance does not suffice', ar: 'الرصيد لا يكفي' },
    detail: { en: 'This account cannot go below zero.', ar: 'لا يمكن أن يقل هذا الحساب عن صفر.' },
  },
  price_unavailable: {
    status: 404,
    title: { en: 'No price is known', ar: 'لا يوجد سعر معروف' },
    detail: {
      en: 'There is no price band for this category in this city.',
      ar: 'لا توجد شريحة أسعار لهذه الفئة في هذه المدينة.',
    },
  },
} as const satisfies Record<string, ProblemText>
