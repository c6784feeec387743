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
    cause: 'An erasure of the account is scheduled.',
    remedy: 'Show its date; it can be canceled until then.',
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
    cause: 'The account has work, money or disputes that are open; `detail` lists them.',
    remedy:
      'Finish or cancel what is listed, then request the erasure again. For `wallet_balance`, withdraw the money, or send `balance` to give it away.',
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
    cause: 'The account was erased before.',
    remedy: 'Nothing needs doing.',
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
    cause: 'An export of the account is being made.',
    remedy: 'Wait for `export.ready`, or read the export until its `status` changes.',
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
    cause: 'The account has requested as many exports today as are allowed.',
    remedy: 'Use the last one, or wait as `Retry-After` says.',
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
    cause: 'The user agreed to a document that has a newer version.',
    remedy: 'Show the version in `detail`, and send it as `documentVersion`.',
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
    cause: 'The service cannot be used without this consent.',
    remedy: 'Explain that, and offer the erasure of the account.',
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
    cause: 'The legal hold was released before.',
    remedy: 'Place a new hold if one is needed.',
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
    cause: 'The hold concerns the account of the caller.',
    remedy: 'Ask another member of staff who can place holds.',
  },
} as const satisfies Area['problems']
