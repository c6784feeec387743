import type { Area } from '../../../core/area.ts'

export const identityProblems = {
  invalid_refresh_token: {
    status: 401,
    title: {
      en: 'The refresh token is not valid',
      ar: 'رمز التجديد غير صالح',
    },
    detail: {
      en: 'It is unknown, expired or revoked. Sign in again.',
      ar: 'الرمز غير معروف أو انتهت صلاحيته أو أُلغي. سجّل الدخول من جديد.',
    },
  },
  refresh_token_reused: {
    status: 401,
    title: {
      en: 'The refresh token has already been used',
      ar: 'سبق استخدام رمز التجديد',
    },
    detail: {
      en: 'For security, all sessions related to it have been ended. Sign in again.',
      ar: 'حفاظًا على أمان حسابك، أُنهيت كل الجلسات المرتبطة به. سجّل الدخول من جديد.',
    },
  },
  no_second_factor: {
    status: 409,
    title: {
      en: 'The account has no second factor',
      ar: 'لا يوجد عامل تحقق ثانٍ لهذا الحساب',
    },
    detail: {
      en: 'There is no factor to remove.',
      ar: 'لا يوجد عامل تحقق لإزالته.',
    },
  },
  unknown_timezone: {
    status: 422,
    fields: ['timezone'],
    title: {
      en: 'Unknown time zone',
      ar: 'المنطقة الزمنية غير معروفة',
    },
    detail: {
      en: 'Send an IANA name, such as Africa/Cairo.',
      ar: 'أرسل اسمًا من قائمة IANA، مثل Africa/Cairo.',
    },
  },
  country_required: {
    status: 422,
    title: {
      en: 'The country is missing',
      ar: 'الدولة مطلوبة',
    },
    detail: {
      en: 'Your own country is not known: send `country`, or set it with PATCH /v1/me.',
      ar: 'دولتك غير معروفة لدينا: أرسل `country` أو حدّدها عبر PATCH ‎/v1/me.',
    },
  },
  invalid_phone: {
    status: 422,
    fields: ['phone'],
    title: {
      en: 'The phone number is not valid',
      ar: 'رقم الهاتف غير صالح',
    },
    detail: {
      en: 'Send a mobile number in international format, such as +201000000010.',
      ar: 'أرسل رقم هاتف محمول بالصيغة الدولية، مثل ‎+201000000010.',
    },
  },
  otp_invalid: {
    status: 422,
    fields: ['code'],
    title: {
      en: 'The code is wrong or has expired',
      ar: 'الرمز غير صحيح أو انتهت صلاحيته',
    },
    detail: {
      en: 'Check the most recent code, or request another.',
      ar: 'راجع أحدث رمز وصلك أو اطلب رمزًا آخر.',
    },
  },
  otp_exhausted: {
    status: 429,
    title: {
      en: 'Too many wrong codes',
      ar: 'محاولات غير صحيحة كثيرة',
    },
    detail: {
      en: 'Request another code.',
      ar: 'اطلب رمزًا جديدًا.',
    },
  },
  otp_too_soon: {
    status: 429,
    title: {
      en: 'A code was sent a moment ago',
      ar: 'أُرسل رمز قبل لحظات',
    },
    detail: {
      en: 'You can request another one in {retryAfterSeconds} s.',
      ar: 'يمكنك طلب رمز آخر بعد {retryAfterSeconds} ثانية.',
    },
  },
  otp_paused: {
    status: 429,
    title: {
      en: 'Codes to this number are paused',
      ar: 'إرسال الرموز إلى هذا الرقم متوقف مؤقتًا',
    },
    detail: {
      en: 'Too many codes to similar numbers were not used. Try again in {retryAfterSeconds} s, or sign in another way.',
      ar: 'أُرسلت رموز كثيرة إلى أرقام مشابهة ولم تُستخدم. أعد المحاولة بعد {retryAfterSeconds} ثانية أو سجّل الدخول بطريقة أخرى.',
    },
  },
  otp_breaker_not_paused: {
    status: 409,
    title: {
      en: 'Nothing is paused',
      ar: 'لا يوجد إيقاف سارٍ',
    },
    detail: {
      en: 'The pause has already ended.',
      ar: 'انتهى الإيقاف بالفعل.',
    },
  },
  invalid_credentials: {
    status: 401,
    title: {
      en: 'The name or the password is wrong',
      ar: 'الاسم أو كلمة المرور غير صحيحة',
    },
    detail: {
      en: 'Check both. The name is a verified e-mail address or a username.',
      ar: 'راجع الاثنين. الاسم هو بريد إلكتروني مؤكد أو اسم مستخدم.',
    },
  },
  sign_in_blocked: {
    status: 429,
    title: {
      en: 'Too many failed attempts',
      ar: 'محاولات دخول فاشلة كثيرة',
    },
    detail: {
      en: 'Try again in {retryAfterSeconds} s, or sign in another way.',
      ar: 'أعد المحاولة بعد {retryAfterSeconds} ثانية أو سجّل الدخول بطريقة أخرى.',
    },
  },
  code_invalid: {
    status: 422,
    fields: ['code'],
    title: {
      en: 'The code is wrong or has expired',
      ar: 'الرمز غير صحيح أو انتهت صلاحيته',
    },
    detail: {
      en: 'Send the most recent code together with the id from the response to the request.',
      ar: 'أرسل أحدث رمز مع المعرّف الذي ورد في الرد على طلبك.',
    },
  },
  phone_taken: {
    status: 409,
    title: {
      en: 'The number belongs to another account',
      ar: 'الرقم مستخدم في حساب آخر',
    },
    detail: {
      en: 'Sign in with this number, or choose another one.',
      ar: 'سجّل الدخول بهذا الرقم أو اختر رقمًا آخر.',
    },
  },
  password_refused: {
    status: 422,
    fields: ['password', 'newPassword'],
    title: {
      en: 'Choose another password',
      ar: 'اختر كلمة مرور أخرى',
    },
    detail: {
      en: '{reason, select, length {It must have {minLength} to {maxLength} characters.} name {It must not contain your name or address.} other {It is too common.}}',
      ar: '{reason, select, length {يجب أن تكون من {minLength} إلى {maxLength} حرفًا.} name {يجب ألا تحتوي على اسمك أو عنوان بريدك.} other {كلمة المرور هذه شائعة جدًا.}}',
    },
  },
  password_wrong: {
    status: 403,
    fields: ['currentPassword'],
    title: {
      en: 'The current password is wrong',
      ar: 'كلمة المرور الحالية غير صحيحة',
    },
    detail: {
      en: 'Enter the password you sign in with now.',
      ar: 'أدخل كلمة المرور التي تسجّل بها الدخول الآن.',
    },
  },
  password_required: {
    status: 403,
    title: {
      en: 'The current password is required',
      ar: 'كلمة المرور الحالية مطلوبة',
    },
    detail: {
      en: 'Send "currentPassword".',
      ar: 'أرسل "currentPassword".',
    },
  },
  sign_in_again: {
    status: 403,
    title: {
      en: 'Sign in again first',
      ar: 'سجّل الدخول من جديد أولًا',
    },
    detail: {
      en: 'This change requires a recent sign-in.',
      ar: 'يتطلب هذا التغيير تسجيل دخول حديثًا.',
    },
  },
  username_taken: {
    status: 409,
    fields: ['username'],
    title: {
      en: 'The username is taken',
      ar: 'اسم المستخدم محجوز',
    },
    detail: {
      en: 'Choose another one.',
      ar: 'اختر اسمًا آخر.',
    },
  },
  email_proof_required: {
    status: 409,
    fields: ['email'],
    title: {
      en: 'A verified address can only be replaced by another verified one',
      ar: 'لا يُستبدل البريد المؤكد إلا ببريد مؤكد آخر',
    },
    detail: {
      en: 'Use POST /v1/me/email.',
      ar: 'استخدم POST ‎/v1/me/email.',
    },
  },
  contact_required: {
    status: 409,
    title: {
      en: 'A phone number or an e-mail address must remain',
      ar: 'يجب أن يبقى رقم هاتف أو بريد إلكتروني',
    },
    detail: {
      en: 'Without either, we could not contact you.',
      ar: 'بدونهما لا يمكننا التواصل معك.',
    },
  },
  mfa_required: {
    status: 403,
    title: {
      en: 'A second factor is required',
      ar: 'يلزم عامل تحقق ثانٍ',
    },
    detail: {
      en: 'At sign-in: answer "challenge" at POST /v1/auth/mfa/verify. Once signed in: request a challenge at POST /v1/auth/mfa/challenge, answer it at POST /v1/auth/mfa/step-up, and repeat the call with the new token.',
      ar: 'عند تسجيل الدخول: أجب عن "challenge" عبر POST ‎/v1/auth/mfa/verify. بعد تسجيل الدخول: اطلب تحديًا عبر POST ‎/v1/auth/mfa/challenge وأجب عنه عبر POST ‎/v1/auth/mfa/step-up ثم أعد الطلب بالرمز الجديد.',
    },
  },
  mfa_enrolment_required: {
    status: 403,
    title: {
      en: 'Set up a second factor first',
      ar: 'فعّل عامل تحقق ثانيًا أولًا',
    },
    detail: {
      en: 'Your role requires one: POST /v1/me/mfa/totp.',
      ar: 'دورك يتطلب ذلك: POST ‎/v1/me/mfa/totp.',
    },
  },
  mfa_code_invalid: {
    status: 422,
    fields: ['code'],
    title: {
      en: 'The code is wrong',
      ar: 'الرمز غير صحيح',
    },
    detail: {
      en: 'Send the code that your app shows now, or a backup code. Each code works once.',
      ar: 'أرسل الرمز الظاهر الآن في التطبيق أو رمزًا احتياطيًا. كل رمز يُستخدم مرة واحدة.',
    },
  },
  mfa_challenge_invalid: {
    status: 422,
    fields: ['challenge'],
    title: {
      en: 'The challenge is no longer valid',
      ar: 'لم يعد التحدي صالحًا',
    },
    detail: {
      en: 'It was answered, has expired, or received five wrong answers. Start again.',
      ar: 'سبقت الإجابة عنه أو انتهت صلاحيته أو استُنفدت محاولاته الخمس. ابدأ من جديد.',
    },
  },
  mfa_blocked: {
    status: 429,
    title: {
      en: 'Too many wrong codes',
      ar: 'رموز غير صحيحة كثيرة',
    },
    detail: {
      en: 'Try again in {retryAfterSeconds} s.',
      ar: 'أعد المحاولة بعد {retryAfterSeconds} ثانية.',
    },
  },
  mfa_factor_unusable: {
    status: 409,
    title: {
      en: 'Your authenticator app cannot be verified',
      ar: 'يتعذّر التحقق من تطبيق المصادقة',
    },
    detail: {
      en: 'The problem is on our side, not your code. Send a backup code, or contact us.',
      ar: 'المشكلة لدينا وليست في رمزك. أرسل رمزًا احتياطيًا أو تواصل معنا.',
    },
  },
  mfa_not_enrolled: {
    status: 409,
    title: {
      en: 'No second factor',
      ar: 'لا يوجد عامل تحقق ثانٍ',
    },
    detail: {
      en: 'Set one up first.',
      ar: 'فعّل واحدًا أولًا.',
    },
  },
  mfa_needed: {
    status: 409,
    title: {
      en: 'Your role requires a second factor',
      ar: 'دورك يتطلب عامل تحقق ثانيًا',
    },
    detail: {
      en: 'Add another one before you remove the last.',
      ar: 'أضف عاملًا آخر قبل إزالة الأخير.',
    },
  },
} as const satisfies Area['problems']
