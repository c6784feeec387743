import type { Area } from '../../../core/area.ts'

export const privacyProblems = {
  erasure_pending: {
    status: 409,
    title: {
      en: 'Erasure has already been requested',
      ar: 'سبق طلب حذف الحساب',
    },
    detail: {
      en: 'The erasure of this account is scheduled. You can see its date or cancel it.',
      ar: 'حذف هذا الحساب مجدول. يمكنك الاطلاع على موعده أو إلغاؤه.',
    },
  },
  erasure_obstructed: {
    status: 409,
    title: {
      en: 'The account cannot be erased yet',
      ar: 'لا يمكن حذف الحساب بعد',
    },
    detail: {
      en: 'An account can be erased once its work and payments are settled. Still open: {obstacles}.',
      ar: 'يمكن حذف الحساب بعد انتهاء أعماله وتسوية مدفوعاته. ما زال قائمًا: {obstacles}.',
    },
  },
  already_erased: {
    status: 409,
    title: {
      en: 'The account has been erased',
      ar: 'حُذف هذا الحساب',
    },
    detail: {
      en: 'None of its data remains.',
      ar: 'لم يبق شيء من بياناته.',
    },
  },
  export_pending: {
    status: 409,
    title: {
      en: 'An export is in progress',
      ar: 'هناك نسخة قيد الإعداد',
    },
    detail: {
      en: 'Your data is being collected. Wait until it is ready.',
      ar: 'نجمع بياناتك الآن. انتظر حتى تصبح جاهزة.',
    },
  },
  export_limit: {
    status: 429,
    title: {
      en: 'Daily export limit reached',
      ar: 'بلغت الحد اليومي للنسخ',
    },
    detail: {
      en: 'At most {limit} exports can be requested per day. Try again in {retryAfterSeconds} s.',
      ar: 'الحد الأقصى {limit} نسخ في اليوم. أعد المحاولة بعد {retryAfterSeconds} ثانية.',
    },
  },
  consent_outdated: {
    status: 409,
    fields: ['documentVersion'],
    title: {
      en: 'Not the current version',
      ar: 'هذه ليست النسخة الحالية',
    },
    detail: {
      en: 'The current version is "{documentVersion}". Show it, and send that version.',
      ar: 'النسخة الحالية هي "{documentVersion}". اعرضها ثم أرسل رقمها.',
    },
  },
  consent_required: {
    status: 409,
    title: {
      en: 'A required consent cannot be withdrawn',
      ar: 'لا يمكن سحب موافقة إلزامية',
    },
    detail: {
      en: 'The service cannot be used without it. To withdraw it, request erasure of your account.',
      ar: 'لا يمكن استخدام الخدمة بدونها. لسحبها اطلب حذف حسابك.',
    },
  },
  hold_released: {
    status: 409,
    title: {
      en: 'The legal hold has been released',
      ar: 'رُفع الحجز القانوني من قبل',
    },
    detail: {
      en: 'It is no longer active. Place a new one.',
      ar: 'لم يعد ساريًا. ضع حجزًا جديدًا.',
    },
  },
  own_hold: {
    status: 403,
    title: {
      en: 'You cannot decide on legal holds on yourself',
      ar: 'لا يمكنك البتّ في حجز قانوني يخصك',
    },
    detail: {
      en: 'Another user who can place holds must do this.',
      ar: 'يجب أن يقوم بهذا مستخدم آخر يملك صلاحية الحجز القانوني.',
    },
  },
} as const satisfies Area['problems']
