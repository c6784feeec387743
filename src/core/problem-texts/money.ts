import type { ProblemText } from './problem-text.ts'

/** Payments, refunds and prices. */
export const moneyTexts = {
  payment_exists: {
    status: 409,
    title: { en: 'The booking already has a payment', ar: 'للحجز دفعة بالفعل' },
    detail: { en: 'A booking can be paid only once.', ar: 'يُدفع الحجز مرة واحدة فقط.' },
  },
  payment_not_due: {
    status: 409,
    title: { en: 'No payment is due yet', ar: 'لم يحن موعد الدفع بعد' },
    detail: {
      en: 'Cash can be confirmed once the work is completed.',
      ar: 'يمكن تأكيد استلام النقد بعد اكتمال العمل.',
    },
  },
  payment_method_unavailable: {
    status: 422,
    fields: ['method'],
    title: { en: 'Payment method not available yet', ar: 'طريقة الدفع غير متاحة بعد' },
    detail: { en: 'Only cash is accepted at the moment.', ar: 'الدفع نقدًا فقط متاح حاليًا.' },
  },
  booking_not_payable: {
    status: 409,
    title: { en: 'This booking cannot be paid', ar: 'لا يمكن دفع هذا الحجز' },
    detail: { en: 'Current status: {status}.', ar: 'الحالة الحالية: {status}.' },
  },
  payment_not_cash: {
    status: 409,
    title: { en: 'This booking is not paid in cash', ar: 'هذا الحجز لا يُدفع نقدًا' },
    detail: { en: 'The client has chosen another payment method.', ar: 'اختار العميل طريقة دفع أخرى.' },
  },
  fare_unavailable: {
    status: 409,
    title: { en: 'The fare cannot be calculated', ar: 'لا يمكن حساب الأجرة' },
    detail: {
      en: 'The booking has no agreed rate. Contact us.',
      ar: 'لا يوجد سعر متفق عليه لهذا الحجز. تواصل معنا.',
    },
  },
  nothing_to_refund: {
    status: 409,
    title: { en: 'Nothing to refund', ar: 'لا يوجد ما يُسترد' },
    detail: { en: 'No payment was made for this booking.', ar: 'لم يُدفع أي مبلغ لهذا الحجز.' },
  },
  refund_too_large: {
    status: 409,
    fields: ['refundAmount'],
    title: { en: 'The refund is too large', ar: 'المبلغ المسترد أكبر من المسموح' },
    detail: {
      en: 'The payment for this booking was {captured} minor units.',
      ar: 'المبلغ المدفوع لهذا الحجز هو {captured} بالوحدات الصغرى.',
    },
  },
  already_paid: {
    status: 409,
    title: { en: 'The booking has been paid', ar: 'الحجز مدفوع' },
    detail: {
      en: 'A paid booking cannot be canceled. Refund it instead.',
      ar: 'لا يمكن إلغاء حجز مدفوع. ردّ المبلغ بدلًا من ذلك.',
    },
  },
  insufficient_balance: {
    status: 409,
    title: { en: 'Insufficient balance', ar: 'الرصيد غير كافٍ' },
    detail: { en: 'This account cannot go below zero.', ar: 'لا يمكن أن يقل رصيد هذا الحساب عن صفر.' },
  },
  price_unavailable: {
    status: 404,
    title: { en: 'No price available', ar: 'لا يوجد سعر متاح' },
    detail: {
      en: 'There is no price band for this category in this city.',
      ar: 'لا توجد شريحة أسعار لهذه الفئة في هذه المدينة.',
    },
  },
} as const satisfies Record<string, ProblemText>
