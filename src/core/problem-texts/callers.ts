import type { ProblemText } from './problem-text.ts'

/** Refusals of a caller: who they are, and what they may do. */
export const callerTexts = {
  unauthenticated: {
    status: 401,
    title: {
      en: 'Sign-in required',
      ar: 'يلزم تسجيل الدخول',
    },
    detail: {
      en: 'Send a valid access token: Authorization: Bearer …',
      ar: 'أرسل رمز دخول صالحًا: Authorization: Bearer …',
    },
    cause:
      'The operation needs a caller, and the request has no token, or one that is malformed or was not issued here.',
    remedy:
      'Sign in, or send an API key, as `Authorization: Bearer …`. Refreshing does not help a token that was never valid.',
  },
  token_expired: {
    status: 401,
    title: {
      en: 'The access token has expired',
      ar: 'انتهت صلاحية رمز الدخول',
    },
    detail: {
      en: 'Exchange the refresh token for a new one.',
      ar: 'استخدم رمز التجديد للحصول على رمز جديد.',
    },
    cause: 'The access token is more than 15 minutes old.',
    remedy:
      'Call `auth.refresh` once, and repeat the request with the new token. Let parallel requests wait for the same refresh.',
  },
  session_ended: {
    status: 401,
    title: {
      en: 'The session has ended',
      ar: 'انتهت الجلسة',
    },
    detail: {
      en: 'It was signed out, here or elsewhere. Its refresh token is no longer valid: sign in again.',
      ar: 'سُجّل الخروج منها هنا أو من مكان آخر، ولم يعد رمز التجديد صالحًا. سجّل الدخول من جديد.',
    },
    cause: 'The session of the token was signed out, by this device, another one or staff.',
    remedy: 'Discard both tokens, and show the sign-in screen. Do not refresh.',
  },
  forbidden: {
    status: 403,
    title: {
      en: 'Not allowed',
      ar: 'غير مسموح',
    },
    detail: {
      en: 'Your role, or your part in this resource, does not allow this operation.',
      ar: 'دورك أو صفتك هنا لا تسمح بهذه العملية.',
    },
    cause:
      'The role of the caller, or their part in this object, is not among those that the operation is open to.',
    remedy: 'Call it as somebody whom the last sentence of its description names. Retrying does not help.',
  },
  insufficient_scope: {
    status: 403,
    title: {
      en: 'Not available to this API key',
      ar: 'العملية غير متاحة لمفتاح API هذا',
    },
    detail: {
      en: '{scope, select, none {This operation is not available to API keys: sign in instead.} other {The operation requires the scope "{scope}": create a key that has it.}}',
      ar: '{scope, select, none {هذه العملية غير متاحة لمفاتيح API. سجّل الدخول بدلًا من ذلك.} other {تتطلب هذه العملية النطاق "{scope}". أنشئ مفتاحًا يشمله.}}',
    },
    cause: 'The API key lacks the scope that the operation requires, or the operation is closed to keys.',
    remedy: 'Create a key with the scope that `detail` names, or sign in as a person.',
  },
  permission_missing: {
    status: 403,
    title: {
      en: 'Permission missing',
      ar: 'لا تملك الصلاحية اللازمة',
    },
    detail: {
      en: 'The operation requires the permission "{permission}". Once granted, it takes effect with the next access token.',
      ar: 'تتطلب هذه العملية الصلاحية "{permission}". بعد منحها تسري مع رمز الدخول التالي.',
    },
    cause: 'None of the roles of this member of staff includes the permission.',
    remedy: 'Ask for a role that has it (`GET /v1/permissions` lists them), then refresh the access token.',
  },
  account_suspended: {
    status: 403,
    title: {
      en: 'Your account is suspended',
      ar: 'حسابك موقوف',
    },
    detail: {
      en: 'It cannot be used at the moment, and retrying does not help. If you think this is a mistake, contact us.',
      ar: 'لا يمكن استخدامه حاليًا، ولن تفيد إعادة المحاولة. إن كنت تعتقد أن هذا خطأ فتواصل معنا.',
    },
    cause: 'Staff suspended the account.',
    remedy: 'Tell the user, and stop: neither refresh nor retry. Only staff can reinstate the account.',
  },
  account_closed: {
    status: 403,
    title: {
      en: 'The account is closed',
      ar: 'الحساب مغلق',
    },
    detail: {
      en: 'It can no longer be used to sign in.',
      ar: 'لم يعد من الممكن تسجيل الدخول إليه.',
    },
    cause: 'The account was closed or erased.',
    remedy:
      'Tell the user. A new account can be registered; staff can restore this one only within its window (`restorableUntil`).',
  },
} as const satisfies Record<string, ProblemText>
