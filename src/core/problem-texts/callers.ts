import type { ProblemText } from './problem-text.ts'

/** Who is calling. */
export const callerTexts = {
  unauthenticated: {
    status: 401,
    title: { en: 'Sign in first', ar: 'سجّل الدخول أولًا' },
    detail: {
      en: 'Send a valid access token: Authorization: Bearer …',
      ar: 'أرسل رمز دخول صالحًا: Authorization: Bearer …',
    },
  },
  token_expired: {
    status: 401,
    title: { en: 'The access token has expired', ar: 'انتهت صلاحية رمز الدخول' },
    detail: { en: 'Exchange the refresh token for a new one.', ar: 'استبدل رمز التجديد برمز جديد.' },
  },
  session_ended: {
    status: 401,
    title: { en: 'The session has ended', ar: 'انتهت الجلسة' },
    detail: {
      en: 'It was signed out, here or from elsewhere. Its refresh token is of no use either: sign in again.',
      ar: 'سُجّل الخروج منها هنا أو من مكان آخر، ولم يعد رمز التجديد صالحًا: سجّل الدخول من جديد.',
    },
  },
  invalid_api_key: {
    status: 401,
    title: { en: 'The API key is not valid', ar: 'مفتاح API غير صالح' },
    detail: {
      en: 'It is unknown, expired, revoked or replaced, or its owner cannot act. Use another, or make one.',
      ar: 'المفتاح غير معروف أو منتهٍ أو أُلغي أو استُبدل، أو لا يمكن لصاحبه التصرف. استخدم غيره أو أنشئ مفتاحًا.',
    },
  },
  invalid_refresh_token: {
    status: 401,
    title: { en: 'The refresh token is not valid', ar: 'رمز التجديد غير صالح' },
    detail: {
      en: 'It is unknown, expired or was revoked. Sign in again.',
      ar: 'غير معروف أو منتهٍ أو أُلغي. سجّل الدخول مجددًا.',
    },
  },
  refresh_token_reused: {
    status: 401,
    title: { en: 'The refresh token was used before', ar: 'استُخدم رمز التجديد من قبل' },
    detail: {
      en: 'Every session of its family has been ended. Sign in again.',
      ar: 'أُنهيت كل الجلسات المرتبطة به. سجّل الدخول مجددًا.',
    },
  },
  forbidden: {
    status: 403,
    title: { en: 'This is not yours to do', ar: 'هذا الإجراء ليس من صلاحيتك' },
    detail: {
      en: 'Your role, or your part in this, does not include this operation.',
      ar: 'دورك أو صفتك هنا لا تشمل هذه العملية.',
    },
  },
  insufficient_scope: {
    status: 403,
    title: { en: 'The API key does not open this', ar: 'مفتاح API لا يشمل هذه العملية' },
    detail: {
      en: '{scope, select, none {This operation is not for API keys: sign in.} other {It needs the scope "{scope}": make a key that has it.}}',
      ar: '{scope, select, none {هذه العملية ليست لمفاتيح API: سجّل الدخول.} other {تحتاج الصلاحية "{scope}": أنشئ مفتاحًا يشملها.}}',
    },
  },
  permission_missing: {
    status: 403,
    title: { en: 'Your roles do not permit this', ar: 'أدوارك لا تسمح بهذا' },
    detail: {
      en: 'It needs the permission "{permission}". Who has been granted it has it with the next access token.',
      ar: 'تحتاج هذه العملية الصلاحية "{permission}"، وتصبح سارية مع رمز الدخول التالي بعد منحها.',
    },
  },
  not_a_tasker: {
    status: 403,
    title: { en: 'Only taskers can do this', ar: 'هذا متاح لمقدمي الخدمة فقط' },
    detail: { en: 'Apply as a tasker first.', ar: 'قدّم طلبًا لتصبح مقدم خدمة أولًا.' },
  },
  tasker_not_active: {
    status: 403,
    title: { en: 'Your tasker profile is not active', ar: 'ملفك كمقدم خدمة غير نشط' },
    detail: {
      en: 'It is "{status}": work can be taken while it is active.',
      ar: 'حالته "{status}": يمكن قبول المهام وهو نشط فقط.',
    },
  },
  account_suspended: {
    status: 403,
    title: { en: 'Your account is suspended', ar: 'حسابك موقوف' },
    detail: {
      en: 'Nobody can sign in to it or act by it for now; trying again does not help. Ask for help if that is a mistake.',
      ar: 'لا يمكن الدخول إليه أو استخدامه حاليًا، ولن تفيد إعادة المحاولة. اطلب المساعدة إن كان ذلك خطأ.',
    },
  },
  account_closed: {
    status: 403,
    title: { en: 'The account is closed', ar: 'الحساب مغلق' },
    detail: { en: 'Nobody can sign in to it any more.', ar: 'لم يعد الدخول إليه ممكنًا.' },
  },
} as const satisfies Record<string, ProblemText>
