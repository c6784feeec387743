import type { Area } from '../../../core/area.ts'

export const ordersProblems = {
  package_unavailable: {
    status: 422,
    fields: ['items'],
    title: { en: 'A package is not for sale', ar: 'إحدى الباقات غير معروضة للبيع' },
    detail: {
      en: 'A package does not exist, is no longer sold, or is sold in another country.',
      ar: 'إحدى الباقات غير موجودة أو لم تعد تُباع أو تُباع في بلد آخر.',
    },
    cause: 'An id in `items` names no package that can be bought in `country`.',
    remedy: 'Read `packages.list` with the country, and send packages of it.',
  },
  coupon_unknown: {
    status: 422,
    fields: ['couponCode'],
    title: { en: 'There is no such coupon', ar: 'لا توجد قسيمة بهذا الرمز' },
    detail: { en: 'No coupon has this code in this country.', ar: 'لا توجد قسيمة بهذا الرمز في هذا البلد.' },
    cause: 'No coupon with this code is for the country and its currency.',
    remedy: 'Show it, and ask for the price without the coupon or with another one.',
  },
  coupon_not_started: {
    status: 422,
    fields: ['couponCode'],
    title: { en: 'The coupon does not apply yet', ar: 'لم يبدأ سريان القسيمة' },
    detail: { en: 'The time of this coupon has not begun.', ar: 'لم يبدأ وقت هذه القسيمة بعد.' },
    cause: 'The coupon begins later.',
    remedy: 'Show it, and ask for the price without the coupon or with another one.',
  },
  coupon_ended: {
    status: 422,
    fields: ['couponCode'],
    title: { en: 'The coupon has ended', ar: 'انتهت صلاحية القسيمة' },
    detail: { en: 'This coupon no longer applies.', ar: 'لم تعد هذه القسيمة سارية.' },
    cause: 'The coupon has ended, was switched off or retired.',
    remedy: 'Show it, and ask for the price without the coupon or with another one.',
  },
  coupon_used_up: {
    status: 422,
    fields: ['couponCode'],
    title: { en: 'The coupon is used up', ar: 'استُنفدت القسيمة' },
    detail: { en: 'All uses of this coupon are taken.', ar: 'استُنفدت كل مرات استخدام هذه القسيمة.' },
    cause: 'All uses of the coupon, or its whole budget, are used or reserved.',
    remedy: 'Show it, and ask for the price without the coupon or with another one.',
  },
  coupon_used_by_you: {
    status: 422,
    fields: ['couponCode'],
    title: { en: 'You have used the coupon', ar: 'استخدمت هذه القسيمة من قبل' },
    detail: {
      en: 'You have used this coupon as often as you can.',
      ar: 'استخدمت هذه القسيمة العدد المسموح به من المرات.',
    },
    cause: 'The buyer has reached the limit per person.',
    remedy: 'Show it, and ask for the price without the coupon or with another one.',
  },
  coupon_below_minimum: {
    status: 422,
    fields: ['couponCode'],
    title: { en: 'The order is too small for the coupon', ar: 'قيمة الطلب أقل من الحد الأدنى للقسيمة' },
    detail: {
      en: 'The coupon applies from {minimum} on, in minor units: {missing} are missing.',
      ar: 'تُطبق القسيمة ابتداءً من {minimum} بأصغر وحدة نقدية، وينقص {missing}.',
    },
    cause: 'What the coupon is about costs less than its minimum before discounts.',
    remedy: 'Show it, and ask for the price without the coupon or with another one.',
  },
  coupon_not_applicable: {
    status: 422,
    fields: ['couponCode'],
    title: { en: 'The coupon is for something else', ar: 'القسيمة مخصصة لأشياء أخرى' },
    detail: { en: 'This coupon takes nothing off what you buy.', ar: 'لا تخصم هذه القسيمة شيئًا مما تشتريه.' },
    cause: 'No line is within the scope of the coupon, or other discounts have left nothing for it.',
    remedy: 'Show it, and ask for the price without the coupon or with another one.',
  },
  quote_expired: {
    status: 409,
    title: { en: 'The quote has ended', ar: 'انتهت صلاحية عرض السعر' },
    detail: {
      en: 'The price was valid until {validUntil}. Ask for a new one.',
      ar: 'كان السعر ساريًا حتى {validUntil}. اطلب عرض سعر جديدًا.',
    },
    cause: 'The quote was placed after `validUntil`.',
    remedy: 'Replace it (`orders.requote`) and show the new price.',
  },
  quote_placed: {
    status: 409,
    title: { en: 'The quote is ordered already', ar: 'تم طلب هذا العرض بالفعل' },
    detail: {
      en: 'There is an order of this quote, which no longer changes.',
      ar: 'يوجد طلب لهذا العرض، ولا يمكن تغييره.',
    },
    cause: 'An order points at the quote; `orderId` of `orders.getQuote` names it.',
    remedy: 'Go on with that order, or ask for a new quote.',
  },
  order_paid: {
    status: 409,
    title: { en: 'The order is paid', ar: 'الطلب مدفوع' },
    detail: { en: 'This order was paid already.', ar: 'تم دفع هذا الطلب من قبل.' },
    cause: 'The order is `completed`.',
    remedy: 'Read the order again.',
  },
  order_closed: {
    status: 409,
    title: { en: 'The order can no longer be paid', ar: 'لم يعد دفع الطلب ممكنًا' },
    detail: {
      en: 'It was canceled, or was not paid in time. Place a new one.',
      ar: 'أُلغي الطلب أو لم يُدفع في الوقت المحدد. أنشئ طلبًا جديدًا.',
    },
    cause: 'The order is canceled, refunded, or past `expiresAt`.',
    remedy: 'Ask for a new quote and place it.',
  },
} as const satisfies Area['problems']
