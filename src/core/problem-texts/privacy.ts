import type { ProblemText } from './problem-text.ts'

/** Export, erasure, consents and holds. */
export const privacyTexts = {
  erasure_pending: {
    status: 409,
    title: { en: 'It is asked for already', ar: 'طُلب ذلك من قبل' },
    detail: {
      en: 'The erasure of this account is scheduled. See when, or take it back.',
      ar: 'حذف هذا الحساب مجدول. اطلع على موعده أو ألغِه.',
    },
  },
  erasure_obstructed: {
    status: 409,
    title: { en: 'Something is still under way', ar: 'ما زال هناك ما لم ينتهِ' },
    detail: {
      en: 'An account can be erased once its work and money are settled. In the way: {obstacles}.',
      ar: 'يمكن حذف الحساب بعد انتهاء أعماله وتسوية أمواله. العوائق: {obstacles}.',
    },
  },
  already_erased: {
    status: 409,
    title: { en: 'This account was erased', ar: 'حُذف هذا الحساب' },
    detail: {
      en: 'Nothing of it is left that could be acted on.',
      ar: 'لم يبق منه ما يمكن التصرف فيه.',
    },
  },
  export_pending: {
    status: 409,
    title: { en: 'One is being made', ar: 'هناك نسخة قيد الإعداد' },
    detail: {
      en: 'Your data is being gathered. Wait until that is ready.',
      ar: 'نجمع بياناتك الآن. انتظر حتى تكتمل.',
    },
  },
  export_limit: {
    status: 429,
    title: { en: 'Enough for today', ar: 'يكفي لهذا اليوم' },
    detail: {
      en: 'At most {limit} exports a day are made. Ask again in {retryAfterSeconds} s.',
      ar: 'الحد الأقصى {limit} نسخ في اليوم. أعد الطلب بعد {retryAfterSeconds} ثانية.',
    },
  },
  consent_outdated: {
    status: 409,
    fields: ['documentVersion'],
    title: { en: 'That is not the version in force', ar: 'هذه ليست النسخة السارية' },
    detail: {
      en: 'The version in force is "{documentVersion}": show it, and send that.',
      ar: 'النسخة السارية هي "{documentVersion}": اعرضها ثم أرسلها.',
    },
  },
  consent_required: {
    status: 409,
    title: { en: 'It ends with the account', ar: 'تنتهي بانتهاء الحساب' },
    detail: {
      en: 'Without it the service cannot be used. To end it, have the account erased.',
      ar: 'لا يمكن استخدام الخدمة بدونها. لإنهائها اطلب حذف الحساب.',
    },
  },
  hold_released: {
    status: 409,
    title: { en: 'The hold was released', ar: 'رُفع الحجز من قبل' },
    detail: { en: 'It holds nobody any more. Place another.', ar: 'لم يعد ساريًا. ضع حجزًا آخر.' },
  },
  own_hold: {
    status: 403,
    title: { en: 'Nobody decides on holds of their own', ar: 'لا أحد يقرر الحجز على نفسه' },
    detail: {
      en: 'Somebody else with the right to place holds must do this.',
      ar: 'يجب أن يقوم بهذا شخص آخر يملك صلاحية الحجز.',
    },
  },
} as const satisfies Record<string, ProblemText>
