import type { Area } from '../../../core/area.ts'

export const paymentsProblems = {
  payment_exists: {
    status: 409,
    title: {
      en: 'The booking already has a payment',
      ar: 'للحجز دفعة بالفعل',
    },
    detail: {
      en: 'A booking can be paid only once.',
      ar: 'يُدفع الحجز مرة واحدة فقط.',
    },
    cause: 'The booking has a payment already.',
    remedy: 'Read the payment of the booking, and go on with it.',
  },
  payment_not_due: {
    status: 409,
    title: {
      en: 'No payment is due yet',
      ar: 'لم يحن موعد الدفع بعد',
    },
    detail: {
      en: 'Cash can be confirmed once the work is completed.',
      ar: 'يمكن تأكيد استلام النقد بعد اكتمال العمل.',
    },
    cause: 'The booking is not `completed`.',
    remedy: 'Confirm the cash after `bookings.complete`.',
  },
  payment_method_unavailable: {
    status: 422,
    fields: ['method'],
    title: {
      en: 'Payment method not available yet',
      ar: 'طريقة الدفع غير متاحة بعد',
    },
    detail: {
      en: 'Only cash is accepted at the moment.',
      ar: 'الدفع نقدًا فقط متاح حاليًا.',
    },
    cause: 'The method is known, but not offered yet.',
    remedy: 'Send `cash`.',
  },
  booking_not_payable: {
    status: 409,
    title: {
      en: 'This booking cannot be paid',
      ar: 'لا يمكن دفع هذا الحجز',
    },
    detail: {
      en: 'Current status: {status}.',
      ar: 'الحالة الحالية: {status}.',
    },
    cause: 'The booking is still an offer, or was canceled or disputed; `detail` names its status.',
    remedy: 'Read the booking: it can be paid from `accepted` until `completed`.',
  },
  payment_not_cash: {
    status: 409,
    title: {
      en: 'This booking is not paid in cash',
      ar: 'هذا الحجز لا يُدفع نقدًا',
    },
    detail: {
      en: 'The client has chosen another payment method.',
      ar: 'اختار العميل طريقة دفع أخرى.',
    },
    cause: 'The payment of the booking is not one in cash.',
    remedy: 'Wait for the payment provider; nothing is to be confirmed by hand.',
  },
  already_paid: {
    status: 409,
    title: {
      en: 'The booking has been paid',
      ar: 'الحجز مدفوع',
    },
    detail: {
      en: 'A paid booking cannot be canceled. Refund it instead.',
      ar: 'لا يمكن إلغاء حجز مدفوع. ردّ المبلغ بدلًا من ذلك.',
    },
    cause: 'The dispute was to end as `canceled`, but the booking has been paid.',
    remedy: 'Decide with `disputes.refund` instead.',
  },
} as const satisfies Area['problems']
