import type { Area } from '../../../core/area.ts'

export const identityProblems = {
  account_not_closable: {
    status: 409,
    title: {
      en: 'The account cannot be closed yet',
      ar: 'لا يمكن إغلاق الحساب بعد',
    },
    detail: {
      en: 'First settle or finish: {obstacles}.',
      ar: 'أنهِ أو سوِّ أولًا: {obstacles}.',
    },
    cause:
      'The account has obstacles: `open_booking`, `open_dispute`, `unpaid_booking`, `open_task` (on hold), `unpaid_balance` or `wallet_balance` (money owed to it), `unpaid_debt` (money that it owes), `staff`, `last_owner` (of a company that has no other owner).',
    remedy: 'End or settle what `detail` names, then close the account.',
  },
  account_not_restorable: {
    status: 409,
    title: {
      en: 'The account can no longer be restored',
      ar: 'لم يعد من الممكن استعادة الحساب',
    },
    detail: {
      en: 'Its window has passed, or its erasure has begun.',
      ar: 'انقضت المهلة أو بدأ محو البيانات.',
    },
    cause: '`restorableUntil` of the account has passed, or its erasure has begun.',
    remedy: 'Ask the user to register a new account.',
  },
  party_closed: {
    status: 409,
    title: {
      en: 'The other account is closed',
      ar: 'الحساب الآخر مغلق',
    },
    detail: {
      en: 'One of the people concerned has just closed their account.',
      ar: 'أغلق أحد الأطراف حسابه للتو.',
    },
    cause: 'The client or the tasker of the booking to be has closed the account at the same moment.',
    remedy: 'Read the task again, and choose somebody else.',
  },
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
    cause: 'The refresh token is unknown, expired, or belongs to a session that has ended.',
    remedy: 'Discard both tokens, and show the sign-in screen.',
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
    cause:
      'The refresh token was exchanged before: two parts of an app refreshed at once, or somebody copied it.',
    remedy: 'Sign in again. Store the new pair before using it, and let one place refresh at a time.',
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
    cause: 'The account whose factors are to be removed has none.',
    remedy: 'Nothing needs doing.',
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
    cause: 'The name is not in the IANA time zone database.',
    remedy:
      'Send a name such as `Africa/Cairo`, as `Intl.DateTimeFormat().resolvedOptions().timeZone` gives it.',
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
    cause: 'The request relies on the country of the caller, and their account has none.',
    remedy: 'Send `country`, or set it once with `me.update`.',
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
    cause: 'The text is no valid mobile number of the countries served, or lacks the country code.',
    remedy: 'Send E.164, such as `+201000000010`.',
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
    cause:
      'The code differs from the one sent, has expired, was used, or belongs to another `verificationId`.',
    remedy: 'Let the user type it again; after that, request a new code.',
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
    cause: 'Too many wrong codes were sent for this `verificationId`.',
    remedy: 'Request a new code with `auth.requestOtp`, and use the new `verificationId`.',
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
    cause: 'A code went to this number a moment ago.',
    remedy: 'Wait as `Retry-After` says, and show the time that is left.',
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
    cause:
      'Many codes to numbers with the same beginning were never used, as in an attack on the cost of messages.',
    remedy: 'Wait as `Retry-After` says, or sign in with a password.',
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
    cause: 'The pause of these numbers ended by itself or was ended by another member of staff.',
    remedy: 'Read the list again.',
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
    cause:
      'No active account has this name with this password. Which of the two is wrong is not said, on purpose.',
    remedy: 'Let the user correct them, or reset the password.',
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
    cause: 'Too many wrong passwords were sent for this name or from this network.',
    remedy: 'Wait as `Retry-After` says, sign in with a code to the phone, or reset the password.',
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
    cause: 'The code differs from the one sent, has expired or was used, or belongs to another request.',
    remedy: 'Let the user type the most recent code; after that, repeat the request that sends one.',
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
    cause: 'Another account has verified this number.',
    remedy: 'Sign in with the number, or choose another one.',
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
    cause: 'The new password is too short, too long, common, or contains the name or address of its owner.',
    remedy: 'Show `detail`, which says which rule refused it, and let the user choose another.',
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
    cause: '`currentPassword` is not the password of the account.',
    remedy: 'Let the user type it again; after several wrong ones, sign-in is blocked for a while.',
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
    cause: 'The account has a password, and the change was sent without it.',
    remedy: 'Ask for the password, and send it as `currentPassword`.',
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
    cause:
      'The account has no second factor, and its session began more than ten minutes ago: a stolen token must not be enough for this change.',
    remedy: 'Sign in, and repeat the request with the new token.',
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
    cause: 'Another account has this username; case does not count.',
    remedy: 'Let the user choose another.',
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
    cause: 'The account signs in with this address, so that a mere edit must not replace it.',
    remedy: 'Call `me.changeEmail`, and confirm with the code that the new address gets.',
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
    cause: 'The change would leave the account with neither a phone number nor an e-mail address.',
    remedy: 'Add the other one first.',
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
    cause:
      'The account has a second factor: at sign-in always, and for this operation if it was confirmed more than ten minutes ago.',
    remedy:
      'At sign-in, answer `challenge` with `auth.verifyMfa`. Later, call `auth.challengeMfa` and `auth.stepUp`, and repeat the request with the new token.',
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
    cause: 'The role of the account requires a second factor, and none is set up.',
    remedy: 'Call `me.enrolTotp` and `me.confirmTotp`, then repeat the request.',
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
    cause: 'The code is not the one of the app at this time, or was used before.',
    remedy: 'Let the user type the next code. Check the clock of the phone, or use a backup code.',
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
    cause: 'The challenge was answered, is older than its `expiresAt`, or had five wrong answers.',
    remedy: 'Begin again: sign in, or call `auth.challengeMfa`.',
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
    cause: 'Too many wrong codes were sent for this account.',
    remedy: 'Wait as `Retry-After` says.',
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
    cause: 'The secret of the authenticator app cannot be read at present.',
    remedy: 'Use a backup code. If that is lost as well, staff can remove the factor.',
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
    cause: 'The account has no second factor to which the request could refer.',
    remedy: 'Call `me.enrolTotp` first.',
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
    cause: 'It is the last factor of an account whose role requires one.',
    remedy: 'Set up another app first, then remove this one.',
  },
  restricted: {
    status: 403,
    title: { en: 'This is restricted for you', ar: 'هذا مقيَّد في حسابك' },
    detail: {
      en: '{switch, select, post {You cannot publish or send anything.} transact {You cannot begin new work or move money.} other {You cannot see this.}} {reason}',
      ar: '{switch, select, post {لا يمكنك النشر أو الإرسال.} transact {لا يمكنك بدء عمل جديد أو تحويل أموال.} other {لا يمكنك الاطلاع على هذا.}} {reason}',
    },
    cause:
      'Staff have restricted the ability that the operation needs; the detail has the reason where the database has refused.',
    remedy:
      'Show the restrictions of `me.get`, and until when they last. What was agreed and is due stays open.',
  },
  not_restricted: {
    status: 409,
    title: { en: 'Nothing is restricted', ar: 'لا توجد قيود' },
    detail: { en: 'The account has no such restriction.', ar: 'ليس على الحساب قيد كهذا.' },
    cause: 'None of the named switches is restricted.',
    remedy: 'Read the account: `restrictions` lists those that there are.',
  },
} as const satisfies Area['problems']
