import type { Area } from '../../../core/area.ts'

export const paymentsProblems = {
  payment_in_progress: {
    status: 409,
    title: {
      en: 'The payment is being captured',
      ar: 'جارٍ تحصيل الدفعة',
    },
    detail: {
      en: 'The gateway is being asked for the money. Try again in a moment.',
      ar: 'نطلب المبلغ من بوابة الدفع الآن. حاول بعد قليل.',
    },
    cause: 'The work is completed, and what was authorised is being captured.',
    remedy: 'Read the payment again in a few seconds.',
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
      en: 'No gateway takes this method here. Choose another one.',
      ar: 'لا توجد بوابة دفع تقبل هذه الطريقة هنا. اختر طريقة أخرى.',
    },
    cause: 'No active gateway serves the method for the currency of the booking.',
    remedy: 'Send `cash` or `wallet`, or another method.',
  },
  payment_method_required: {
    status: 422,
    fields: ['method'],
    title: {
      en: 'Say how you pay',
      ar: 'حدد طريقة الدفع',
    },
    detail: {
      en: 'Your usual payment method is {usual, select, none {not set} other {{usual}, which needs more than the method}}.',
      ar: '{usual, select, none {لم تحدد طريقة الدفع المعتادة} other {طريقة الدفع المعتادة لديك هي {usual}، وتحتاج إلى بيانات أخرى}}.',
    },
    cause:
      'No `method` was sent, and the usual payment method of the client is not set, or is one of a gateway.',
    remedy:
      'Send `method`; or set `preferredPaymentMethod` to `cash` or `wallet` by `me.updateClientProfile`.',
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
  earnings_period: {
    status: 422,
    fields: ['to'],
    title: { en: 'The period is not possible', ar: 'الفترة غير ممكنة' },
    detail: {
      en: 'The last day follows the first one, by at most {days} days.',
      ar: 'يجب أن يلي اليوم الأخير اليوم الأول بما لا يزيد على {days} يوم.',
    },
    cause: '`to` is before `from`, or too long after it.',
    remedy: 'Ask for a shorter period, and for the next one after it.',
  },
  tip_unavailable: {
    status: 409,
    title: { en: 'This booking takes no tip', ar: 'لا يمكن إعطاء إكرامية لهذا الحجز' },
    detail: {
      en: 'A tip is possible once the work is completed, for {days} days.',
      ar: 'يمكن إعطاء الإكرامية بعد اكتمال العمل ولمدة {days} يوم.',
    },
    cause: 'The booking is not `completed`, or its work was completed too long ago.',
    remedy: 'Give the tip after `bookings.complete`, in the days that `detail` names.',
  },
  tip_above_cap: {
    status: 422,
    fields: ['amountMinor'],
    title: { en: 'That is more than tips may be', ar: 'المبلغ أكبر من الحد المسموح للإكراميات' },
    detail: {
      en: 'At most {maximum} in minor units can still be given for this booking.',
      ar: 'يمكن إعطاء {maximum} كحد أقصى بالوحدات الصغرى لهذا الحجز.',
    },
    cause: 'All tips for the booking together would be above `payments.tips`.',
    remedy: 'Send at most the amount in `detail`.',
  },
  top_up_limit: {
    status: 422,
    fields: ['amountMinor'],
    title: { en: 'The wallet takes another amount', ar: 'المبلغ خارج حدود شحن المحفظة' },
    detail: {
      en: 'Between {minimum} and {maximum} in minor units of this currency.',
      ar: 'بين {minimum} و{maximum} بالوحدات الصغرى لهذه العملة.',
    },
    cause: 'The amount is below the minimum or above the maximum of `wallet.top_up`.',
    remedy: 'Send an amount between those in `detail`.',
  },
  already_paid: {
    status: 409,
    title: {
      en: 'The booking has been paid',
      ar: 'الحجز مدفوع',
    },
    detail: {
      en: 'The payment is captured. What was paid can only be refunded.',
      ar: 'تم تحصيل الدفعة، ولا يمكن إلا ردّ المبلغ.',
    },
    cause: 'The booking has been paid: it can neither be paid with another method nor be canceled.',
    remedy: 'Refund the payment instead (`payments.refund`, `disputes.refund`).',
  },
} as const satisfies Area['problems']
