import type { ProblemText } from './problem-text.ts'

/** Signing in. */
export const signingInTexts = {
  invalid_phone: {
    status: 422,
    fields: ['phone'],
    title: { en: 'The phone number is not valid', ar: 'رقم الهاتف غير صالح' },
    detail: {
      en: 'Send a mobile number in international form, such as +201000000010.',
      ar: 'أرسل رقم محمول بالصيغة الدولية مثل ‎+201000000010.',
    },
  },
  otp_invalid: {
    status: 422,
    fields: ['code'],
    title: { en: 'The code is wrong or too old', ar: 'الرمز خاطئ أو انتهت صلاحيته' },
    detail: { en: 'Check the newest code, or ask for another.', ar: 'راجع أحدث رمز أو اطلب غيره.' },
  },
  otp_exhausted: {
    status: 429,
    title: { en: 'Too many wrong codes', ar: 'محاولات خاطئة كثيرة' },
    detail: { en: 'Ask for another code.', ar: 'اطلب رمزًا جديدًا.' },
  },
  otp_too_soon: {
    status: 429,
    title: { en: 'A code was sent a moment ago', ar: 'أُرسل رمز قبل لحظات' },
    detail: {
      en: 'Another can be sent in {retryAfterSeconds} s.',
      ar: 'يمكن إرسال رمز آخر بعد {retryAfterSeconds} ثانية.',
    },
  },
  otp_paused: {
    status: 429,
    title: { en: 'No codes are sent there for now', ar: 'إرسال الرموز إلى هناك متوقف مؤقتًا' },
    detail: {
      en: 'Too many codes were sent to such numbers and not used. Try again in {retryAfterSeconds} s, or sign in another way.',
      ar: 'أُرسلت رموز كثيرة إلى أرقام مشابهة ولم تُستخدم. أعد المحاولة بعد {retryAfterSeconds} ثانية أو ادخل بطريقة أخرى.',
    },
  },
  otp_breaker_not_paused: {
    status: 409,
    title: { en: 'Nothing is paused there', ar: 'لا يوجد إيقاف هناك' },
    detail: {
      en: 'The pause has ended, by itself or by somebody else.',
      ar: 'انتهى الإيقاف من تلقاء نفسه أو أنهاه شخص آخر.',
    },
  },
  invalid_credentials: {
    status: 401,
    title: { en: 'The name or the password is wrong', ar: 'الاسم أو كلمة المرور غير صحيحة' },
    detail: {
      en: 'Check both. Names are an e-mail address that was proven, or a username.',
      ar: 'راجع الاثنين. الاسم بريد إلكتروني مؤكد أو اسم مستخدم.',
    },
  },
  sign_in_blocked: {
    status: 429,
    title: { en: 'Too many wrong passwords', ar: 'محاولات خاطئة كثيرة' },
    detail: {
      en: 'Try again in {retryAfterSeconds} s, or sign in another way.',
      ar: 'أعد المحاولة بعد {retryAfterSeconds} ثانية أو ادخل بطريقة أخرى.',
    },
  },
  code_invalid: {
    status: 422,
    fields: ['code'],
    title: { en: 'The code is wrong or too old', ar: 'الرمز خاطئ أو انتهت صلاحيته' },
    detail: {
      en: 'Send the code of the newest message, with the id that asking for it was answered with.',
      ar: 'أرسل رمز أحدث رسالة مع المعرّف الذي حصلت عليه عند الطلب.',
    },
  },
  phone_taken: {
    status: 409,
    title: { en: 'The number has an account', ar: 'الرقم له حساب' },
    detail: {
      en: 'It is the number of another account. Sign in with it, or change yours to another number.',
      ar: 'هذا رقم حساب آخر. ادخل به أو غيّر رقمك إلى رقم غيره.',
    },
  },
  password_refused: {
    status: 422,
    fields: ['password', 'newPassword'],
    title: { en: 'Choose another password', ar: 'اختر كلمة مرور أخرى' },
    detail: {
      en: '{reason, select, length {It must have {minLength} to {maxLength} characters.} name {It must not contain your name or address.} other {It is one of those that are guessed first.}}',
      ar: '{reason, select, length {يجب أن تكون من {minLength} إلى {maxLength} حرفًا.} name {يجب ألا تحتوي على اسمك أو عنوانك.} other {هي من الكلمات التي تُخمَّن أولًا.}}',
    },
  },
  password_wrong: {
    status: 403,
    fields: ['currentPassword'],
    title: { en: 'That is not your password', ar: 'كلمة المرور الحالية غير صحيحة' },
    detail: {
      en: 'Send one of your sign-in names and the current password.',
      ar: 'أرسل أحد أسماء الدخول وكلمة المرور الحالية.',
    },
  },
  password_required: {
    status: 403,
    title: { en: 'Your current password is required', ar: 'كلمة المرور الحالية مطلوبة' },
    detail: {
      en: '{missing, select, signInName {Send "signInName" as well: a sign-in name that the password opens.} other {Send "currentPassword", and a sign-in name that it opens.}}',
      ar: '{missing, select, signInName {أرسل "signInName" أيضًا: اسم دخول تفتحه كلمة المرور.} other {أرسل "currentPassword" مع اسم دخول تفتحه.}}',
    },
  },
  sign_in_again: {
    status: 403,
    title: { en: 'Sign in again first', ar: 'سجّل الدخول من جديد أولًا' },
    detail: {
      en: 'This change asks for a session that began a moment ago.',
      ar: 'هذا التغيير يتطلب جلسة بدأت قبل لحظات.',
    },
  },
  sign_in_names_differ: {
    status: 409,
    fields: ['signInNames'],
    title: { en: 'Those are not your sign-in names', ar: 'هذه ليست أسماء دخولك' },
    detail: {
      en: 'Send all of "signInNames" as your credentials list them now; prove an address or choose a username where there are none.',
      ar: 'أرسل كل "signInNames" كما تظهر الآن في بيانات دخولك؛ وإن لم يوجد شيء فأكّد بريدًا أو اختر اسم مستخدم.',
    },
  },
  username_taken: {
    status: 409,
    fields: ['username'],
    title: { en: 'The username is taken', ar: 'اسم المستخدم محجوز' },
    detail: { en: 'Choose another.', ar: 'اختر اسمًا آخر.' },
  },
  email_proof_required: {
    status: 409,
    fields: ['email'],
    title: {
      en: 'A proven address is changed by proving another',
      ar: 'يُستبدل البريد المؤكد بتأكيد بريد آخر',
    },
    detail: { en: 'Use POST /v1/me/email.', ar: 'استخدم POST ‎/v1/me/email.' },
  },
  contact_required: {
    status: 409,
    title: { en: 'A phone number or an address must stay', ar: 'يجب أن يبقى رقم هاتف أو بريد إلكتروني' },
    detail: { en: 'Without either nobody could reach you.', ar: 'بدونهما لا يمكن الوصول إليك.' },
  },
  mfa_required: {
    status: 403,
    title: { en: 'A second factor is required', ar: 'مطلوب عامل تحقق ثانٍ' },
    detail: {
      en: 'Signing in: answer "challenge" at POST /v1/auth/mfa/verify. Signed in: ask for a challenge at POST /v1/auth/mfa/challenge, answer it at POST /v1/auth/mfa/step-up, and repeat the call with the new token.',
      ar: 'عند الدخول: أجب عن "challenge" عبر POST ‎/v1/auth/mfa/verify. بعد الدخول: اطلب تحديًا من POST ‎/v1/auth/mfa/challenge وأجب عنه عبر POST ‎/v1/auth/mfa/step-up ثم أعد الطلب بالرمز الجديد.',
    },
  },
  mfa_enrolment_required: {
    status: 403,
    title: { en: 'Set up a second factor first', ar: 'فعّل عامل تحقق ثانيًا أولًا' },
    detail: {
      en: 'Your role needs one: POST /v1/me/mfa/totp.',
      ar: 'دورك يتطلب ذلك: POST ‎/v1/me/mfa/totp.',
    },
  },
  mfa_code_invalid: {
    status: 422,
    fields: ['code'],
    title: { en: 'The code is wrong', ar: 'الرمز خاطئ' },
    detail: {
      en: 'Send the code that your app shows now, or a backup code. Each works once.',
      ar: 'أرسل الرمز الظاهر الآن في التطبيق أو رمزًا احتياطيًا. كل رمز يُستخدم مرة واحدة.',
    },
  },
  mfa_challenge_invalid: {
    status: 422,
    fields: ['challenge'],
    title: { en: 'The challenge is over', ar: 'انتهى التحدي' },
    detail: {
      en: 'It was answered, has expired, or took five wrong answers. Begin again.',
      ar: 'أُجيب عنه أو انتهت صلاحيته أو استنفد خمس إجابات خاطئة. ابدأ من جديد.',
    },
  },
  mfa_blocked: {
    status: 429,
    title: { en: 'Too many wrong codes', ar: 'رموز خاطئة كثيرة' },
    detail: { en: 'Try again in {retryAfterSeconds} s.', ar: 'أعد المحاولة بعد {retryAfterSeconds} ثانية.' },
  },
  mfa_factor_unusable: {
    status: 409,
    title: { en: 'Your app cannot be checked', ar: 'يتعذّر التحقق من تطبيقك' },
    detail: {
      en: 'What we keep of your authenticator app cannot be read; it is not your code. Send a backup code, or contact us.',
      ar: 'تعذّرت قراءة ما نحفظه عن تطبيق المصادقة الخاص بك وليس الخطأ في رمزك. أرسل رمزًا احتياطيًا أو تواصل معنا.',
    },
  },
  mfa_not_enrolled: {
    status: 409,
    title: { en: 'There is no second factor', ar: 'لا يوجد عامل تحقق ثانٍ' },
    detail: { en: 'Set one up first.', ar: 'فعّل واحدًا أولًا.' },
  },
  mfa_needed: {
    status: 409,
    title: { en: 'Your role needs a second factor', ar: 'دورك يتطلب عامل تحقق ثانيًا' },
    detail: {
      en: 'Add another before you remove the last one.',
      ar: 'أضف عاملًا آخر قبل إزالة الأخير.',
    },
  },
  rate_limited: {
    status: 429,
    title: { en: 'Too many requests', ar: 'طلبات كثيرة جدًا' },
    detail: {
      en: 'Slow down; retry in {retryAfterSeconds} s.',
      ar: 'تمهّل؛ أعد المحاولة بعد {retryAfterSeconds} ثانية.',
    },
  },
} as const satisfies Record<string, ProblemText>
