import type { ProblemText } from './problem-text.ts'

/** Who is calling. */
export const callerTexts = {
  unauthenticated: {
    status: 401,
    title: { en: 'Sign-in required', ar: 'يلزم تسجيل الدخول' },
    detail: {
      en: 'Send a valid access token: Authorization: Bearer …',
      ar: 'أرسل رمز دخول صالحًا: Authorization: Bearer …',
    },
  },
  token_expired: {
    status: 401,
    title: { en: 'The access token has expired', ar: 'انتهت صلاحية رمز الدخول' },
    detail: {
      en: 'Exchange the refresh token for a new one.',
      ar: 'استخدم رمز التجديد للحصول على رمز جديد.',
    },
  },
  session_ended: {
    status: 401,
    title: { en: 'The session has ended', ar: 'انتهت الجلسة' },
    detail: {
      en: 'It was signed out, here or elsewhere. Its refresh token is no longer valid: sign in again.',
      ar: 'سُجّل الخروج منها هنا أو من مكان آخر، ولم يعد رمز التجديد صالحًا. سجّل الدخول من جديد.',
    },
  },
  invalid_api_key: {
    status: 401,
    title: { en: 'The API key is not valid', ar: 'مفتاح API غير صالح' },
    detail: {
      en: 'It is unknown, expired, revoked or replaced, or its owner is not active. Use another key, or create one.',
      ar: 'المفتاح غير معروف أو انتهت صلاحيته أو أُلغي أو استُبدل، أو أن حساب صاحبه غير نشط. استخدم مفتاحًا آخر أو أنشئ مفتاحًا جديدًا.',
    },
  },
  invalid_refresh_token: {
    status: 401,
    title: { en: 'The refresh token is not valid', ar: 'رمز التجديد غير صالح' },
    detail: {
      en: 'It is unknown, expired or revoked. Sign in again.',
      ar: 'الرمز غير معروف أو انتهت صلاحيته أو أُلغي. سجّل الدخول من جديد.',
    },
  },
  refresh_token_reused: {
    status: 401,
    title: { en: 'The refresh token has already been used', ar: 'سبق استخدام رمز التجديد' },
    detail: {
      en: 'For security, all sessions related to it have been ended. Sign in again.',
      ar: 'حفاظًا على أمان حسابك، أُنهيت كل الجلسات المرتبطة به. سجّل الدخول من جديد.',
    },
  },
  forbidden: {
    status: 403,
    title: { en: 'Not allowed', ar: 'غير مسموح' },
    detail: {
      en: 'Your role, or your part in this resource, does not allow this operation.',
      ar: 'دورك أو صفتك هنا لا تسمح بهذه العملية.',
    },
  },
  insufficient_scope: {
    status: 403,
    title: { en: 'Not available to this API key', ar: 'العملية غير متاحة لمفتاح API هذا' },
    detail: {
      en: '{scope, select, none {This operation is not available to API keys: sign in instead.} other {The operation requires the scope "{scope}": create a key that has it.}}',
      ar: '{scope, select, none {هذه العملية غير متاحة لمفاتيح API. سجّل الدخول بدلًا من ذلك.} other {تتطلب هذه العملية النطاق "{scope}". أنشئ مفتاحًا يشمله.}}',
    },
  },
  permission_missing: {
    status: 403,
    title: { en: 'Permission missing', ar: 'لا تملك الصلاحية اللازمة' },
    detail: {
      en: 'The operation requires the permission "{permission}". Once granted, it takes effect with the next access token.',
      ar: 'تتطلب هذه العملية الصلاحية "{permission}". بعد منحها تسري مع رمز الدخول التالي.',
    },
  },
  not_a_tasker: {
    status: 403,
    title: { en: 'For taskers only', ar: 'هذا متاح لمقدمي الخدمة فقط' },
    detail: { en: 'Apply as a tasker first.', ar: 'قدّم طلبًا لتصبح مقدم خدمة أولًا.' },
  },
  tasker_not_active: {
    status: 403,
    title: { en: 'Your tasker profile is not active', ar: 'ملفك كمقدم خدمة غير نشط' },
    detail: {
      en: 'Current status: {status}. Only active taskers can accept work.',
      ar: 'الحالة الحالية: {status}. لا يمكن قبول المهام إلا عندما يكون الملف نشطًا.',
    },
  },
  account_suspended: {
    status: 403,
    title: { en: 'Your account is suspended', ar: 'حسابك موقوف' },
    detail: {
      en: 'It cannot be used at the moment, and retrying does not help. If you think this is a mistake, contact us.',
      ar: 'لا يمكن استخدامه حاليًا، ولن تفيد إعادة المحاولة. إن كنت تعتقد أن هذا خطأ فتواصل معنا.',
    },
  },
  account_closed: {
    status: 403,
    title: { en: 'The account is closed', ar: 'الحساب مغلق' },
    detail: { en: 'It can no longer be used to sign in.', ar: 'لم يعد من الممكن تسجيل الدخول إليه.' },
  },
} as const satisfies Record<string, ProblemText>
