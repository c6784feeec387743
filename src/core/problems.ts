import type { Locale } from './context.ts'

interface ProblemText {
  status: number
  title: Record<Locale, string>
  /** ICU MessageFormat; the named values come from `Problem.values`. */
  detail: Record<Locale, string>
}

/**
 * Every refusal this API knows, declared once: the runtime, the reference at `/problems/{code}` and the spec read the
 * same table. Codes are stable; texts may change. Postgres raises the same codes (SQLSTATE `KH` + status, code as message).
 */
export const problems = {
  // The request itself
  invalid_request: {
    status: 400,
    title: { en: 'The request is not valid', ar: 'الطلب غير صالح' },
    detail: { en: 'One or more values were refused; see "errors".', ar: 'رُفضت قيمة أو أكثر؛ انظر "errors".' },
  },
  malformed_json: {
    status: 400,
    title: { en: 'The body is not valid JSON', ar: 'النص ليس JSON صالحًا' },
    detail: { en: 'Send one JSON object, encoded as UTF-8.', ar: 'أرسل كائن JSON واحدًا بترميز UTF-8.' },
  },
  invalid_cursor: {
    status: 400,
    title: { en: 'The cursor is not valid', ar: 'المؤشر غير صالح' },
    detail: {
      en: 'Use "nextCursor" of an earlier page, unchanged.',
      ar: 'استخدم "nextCursor" من صفحة سابقة كما هو.',
    },
  },
  cursor_mismatch: {
    status: 400,
    title: { en: 'The cursor belongs to other filters', ar: 'المؤشر يخص مرشحات أخرى' },
    detail: {
      en: 'A cursor continues the list it came from; start again without it.',
      ar: 'المؤشر يكمل القائمة التي جاء منها؛ ابدأ من جديد بدونه.',
    },
  },
  idempotency_key_required: {
    status: 400,
    title: { en: 'An Idempotency-Key is required', ar: 'مطلوب Idempotency-Key' },
    detail: {
      en: 'This operation moves money: send an Idempotency-Key header.',
      ar: 'هذه العملية تحرك أموالًا: أرسل ترويسة Idempotency-Key.',
    },
  },
  invalid_idempotency_key: {
    status: 400,
    title: { en: 'The Idempotency-Key is not valid', ar: 'قيمة Idempotency-Key غير صالحة' },
    detail: {
      en: 'Use 1 to 255 printable ASCII characters.',
      ar: 'استخدم من 1 إلى 255 حرف ASCII قابلًا للطباعة.',
    },
  },
  body_too_large: {
    status: 413,
    title: { en: 'The body is too large', ar: 'حجم الطلب كبير جدًا' },
    detail: { en: 'At most {limit} bytes are accepted here.', ar: 'الحد الأقصى هنا {limit} بايت.' },
  },
  unsupported_media_type: {
    status: 415,
    title: { en: 'The content type is not supported', ar: 'نوع المحتوى غير مدعوم' },
    detail: { en: 'Send application/json.', ar: 'أرسل application/json.' },
  },
  upgrade_required: {
    status: 426,
    title: { en: 'A WebSocket upgrade is required', ar: 'مطلوب اتصال WebSocket' },
    detail: {
      en: 'Open this address as a WebSocket with the subprotocol khidma.v1.',
      ar: 'افتح هذا العنوان كـ WebSocket بالبروتوكول khidma.v1.',
    },
  },
  method_not_allowed: {
    status: 405,
    title: { en: 'The method is not allowed', ar: 'الطريقة غير مسموحة' },
    detail: { en: 'See the Allow header.', ar: 'انظر ترويسة Allow.' },
  },

  // Who is calling
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
  refresh_token_overtaken: {
    status: 409,
    title: { en: 'Another call was faster', ar: 'سبقك طلب آخر' },
    detail: {
      en: 'This token was exchanged by a call that ran beside this one. Use the tokens it was given; never send this one again.',
      ar: 'استُبدل هذا الرمز بطلب آخر في اللحظة نفسها. استخدم الرموز التي حصل عليها ولا ترسل هذا الرمز مجددًا.',
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
  not_held: {
    status: 403,
    title: { en: 'You cannot grant what you do not hold', ar: 'لا يمكنك منح ما لا تملكه' },
    detail: {
      en: 'The role has the permission "{permission}", which you do not hold yourself.',
      ar: 'يشمل الدور الصلاحية "{permission}" التي لا تملكها أنت.',
    },
  },
  own_role: {
    status: 403,
    title: { en: 'Nobody decides on their own roles', ar: 'لا أحد يقرر أدواره بنفسه' },
    detail: {
      en: 'Somebody else with the right to assign roles must do this.',
      ar: 'يجب أن يقوم بهذا شخص آخر يملك صلاحية منح الأدوار.',
    },
  },
  last_admin: {
    status: 409,
    title: { en: 'An administrator must be left', ar: 'يجب أن يبقى مدير واحد على الأقل' },
    detail: {
      en: 'This is the last administrator whose role does not run out. Make somebody else one first.',
      ar: 'هذا آخر مدير لا ينتهي دوره. عيّن مديرًا آخر أولًا.',
    },
  },
  system_role: {
    status: 409,
    title: { en: 'A system role stays as it is', ar: 'أدوار النظام لا تتغير' },
    detail: {
      en: 'Roles of the system cannot be changed or deleted. Make one of your own.',
      ar: 'لا يمكن تعديل أدوار النظام أو حذفها. أنشئ دورًا خاصًا بك.',
    },
  },
  not_pending: {
    status: 409,
    title: { en: 'This was decided already', ar: 'تم البت في هذا بالفعل' },
    detail: {
      en: 'The request or grant no longer stands.',
      ar: 'لم يعد الطلب أو المنح قائمًا.',
    },
  },
  time_in_the_past: {
    status: 422,
    title: { en: 'That time has passed', ar: 'هذا الوقت قد مضى' },
    detail: {
      en: 'Choose a time in the future, or none.',
      ar: 'اختر وقتًا في المستقبل، أو لا تختر وقتًا.',
    },
  },
  account_not_in_state: {
    status: 409,
    title: { en: 'The account is not in that state', ar: 'الحساب ليس في هذه الحالة' },
    detail: {
      en: 'Only active accounts can be suspended, and only suspended ones reinstated.',
      ar: 'يمكن إيقاف الحسابات النشطة فقط، وإعادة الحسابات الموقوفة فقط.',
    },
  },
  unknown_reference: {
    status: 422,
    title: { en: 'Something it refers to is not there', ar: 'عنصر مشار إليه غير موجود' },
    detail: {
      en: 'An id in the body names nothing that exists.',
      ar: 'أحد المعرّفات في الطلب لا يشير إلى شيء موجود.',
    },
  },
  manager_circle: {
    status: 409,
    title: { en: 'The managers would go in a circle', ar: 'سيدور تسلسل المديرين في حلقة' },
    detail: {
      en: 'The manager chosen stands below this employee.',
      ar: 'المدير المختار يقع تحت هذا الموظف في التسلسل.',
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
      en: 'Nobody can sign in to it for now. Ask for help if that is a mistake.',
      ar: 'لا يمكن الدخول إليه حاليًا. اطلب المساعدة إن كان ذلك خطأ.',
    },
  },
  account_closed: {
    status: 403,
    title: { en: 'The account is closed', ar: 'الحساب مغلق' },
    detail: { en: 'Nobody can sign in to it any more.', ar: 'لم يعد الدخول إليه ممكنًا.' },
  },

  // What stands there
  not_found: {
    status: 404,
    title: { en: 'Nothing here', ar: 'لا شيء هنا' },
    detail: { en: 'It does not exist, or it is not yours to see.', ar: 'غير موجود، أو لا يحق لك رؤيته.' },
  },
  conflict: {
    status: 409,
    title: { en: 'It conflicts with what stands', ar: 'يتعارض مع الحالة القائمة' },
    detail: { en: 'Something else stands in its place already.', ar: 'يوجد شيء آخر في مكانه.' },
  },
  already_exists: {
    status: 409,
    title: { en: 'It exists already', ar: 'موجود من قبل' },
    detail: { en: 'There can be only one of these.', ar: 'لا يمكن أن يوجد سوى واحد.' },
  },
  invalid_transition: {
    status: 409,
    title: { en: 'Not possible in this state', ar: 'غير ممكن في هذه الحالة' },
    detail: {
      en: 'It is "{from}" and cannot become "{to}".',
      ar: 'الحالة الآن "{from}" ولا يمكن أن تصبح "{to}".',
    },
  },
  not_editable: {
    status: 409,
    title: { en: 'It can no longer be changed', ar: 'لم يعد قابلًا للتعديل' },
    detail: { en: 'Only a draft can be changed.', ar: 'يمكن تعديل المسودة فقط.' },
  },
  offer_taken: {
    status: 409,
    title: { en: 'Another tasker was faster', ar: 'سبقك مقدم خدمة آخر' },
    detail: { en: 'This task has its tasker already.', ar: 'لهذه المهمة مقدم خدمة بالفعل.' },
  },
  api_key_ended: {
    status: 409,
    title: { en: 'The key has ended', ar: 'انتهى المفتاح' },
    detail: {
      en: 'It was revoked, or has expired: make another.',
      ar: 'أُلغي أو انتهت صلاحيته: أنشئ مفتاحًا آخر.',
    },
  },
  offer_closed: {
    status: 409,
    title: { en: 'The offer is closed', ar: 'أُغلق العرض' },
    detail: { en: 'It has expired, or was declined or withdrawn.', ar: 'انتهت صلاحيته أو رُفض أو سُحب.' },
  },
  tasker_busy: {
    status: 409,
    title: { en: 'That time is taken', ar: 'هذا الوقت محجوز' },
    detail: {
      en: 'The tasker has another booking at that time.',
      ar: 'لدى مقدم الخدمة حجز آخر في هذا الوقت.',
    },
  },
  starts_at_refused: {
    status: 422,
    title: { en: 'That time cannot be planned', ar: 'لا يمكن التخطيط لهذا الوقت' },
    detail: {
      en: 'Choose a time in the future, at most a year ahead.',
      ar: 'اختر وقتًا في المستقبل خلال عام على الأكثر.',
    },
  },
  limit_reached: {
    status: 409,
    title: { en: 'There are too many of these', ar: 'العدد كبير جدًا' },
    detail: {
      en: 'At most {limit} can stand at once: remove some first.',
      ar: 'الحد الأقصى {limit} في آن واحد: احذف بعضها أولًا.',
    },
  },
  document_in_use: {
    status: 409,
    title: { en: 'Another account is verified by it', ar: 'حساب آخر موثّق به' },
    detail: {
      en: 'One document number verifies one account.',
      ar: 'رقم المستند الواحد يوثّق حسابًا واحدًا.',
    },
  },
  unknown_timezone: {
    status: 422,
    title: { en: 'The time zone is unknown', ar: 'المنطقة الزمنية غير معروفة' },
    detail: { en: 'Send an IANA name such as Africa/Cairo.', ar: 'أرسل اسم IANA مثل Africa/Cairo.' },
  },
  unknown_language: {
    status: 422,
    title: { en: 'The language is unknown', ar: 'اللغة غير معروفة' },
    detail: { en: 'Choose from GET /v1/languages.', ar: 'اختر من GET /v1/languages.' },
  },
  already_reviewed: {
    status: 409,
    title: { en: 'You have reviewed this booking', ar: 'قيّمت هذا الحجز من قبل' },
    detail: { en: 'Each party reviews a booking once.', ar: 'يقيّم كل طرف الحجز مرة واحدة.' },
  },
  not_reviewable: {
    status: 409,
    title: { en: 'It cannot be reviewed yet', ar: 'لا يمكن التقييم بعد' },
    detail: { en: 'A booking is reviewed after its completion.', ar: 'يُقيَّم الحجز بعد اكتماله.' },
  },
  payment_exists: {
    status: 409,
    title: { en: 'The booking has a payment', ar: 'للحجز دفعة بالفعل' },
    detail: { en: 'A booking is paid once.', ar: 'يُدفع الحجز مرة واحدة.' },
  },
  payment_not_due: {
    status: 409,
    title: { en: 'Nothing is due yet', ar: 'لا شيء مستحق بعد' },
    detail: { en: 'Cash is confirmed after the work is completed.', ar: 'يُؤكَّد النقد بعد إتمام العمل.' },
  },
  payment_method_unavailable: {
    status: 422,
    title: { en: 'This way to pay is not open yet', ar: 'طريقة الدفع هذه غير متاحة بعد' },
    detail: { en: 'Only cash is taken for now.', ar: 'الدفع نقدًا فقط متاح حاليًا.' },
  },
  booking_not_payable: {
    status: 409,
    title: { en: 'This booking cannot be paid', ar: 'لا يمكن دفع هذا الحجز' },
    detail: { en: 'It is "{status}".', ar: 'حالته "{status}".' },
  },
  payment_not_cash: {
    status: 409,
    title: { en: 'This booking is not paid in cash', ar: 'هذا الحجز لا يُدفع نقدًا' },
    detail: { en: 'The client has chosen another way to pay.', ar: 'اختار العميل طريقة دفع أخرى.' },
  },
  fare_unavailable: {
    status: 409,
    title: { en: 'The fare cannot be worked out', ar: 'لا يمكن حساب الأجرة' },
    detail: {
      en: 'The booking has no agreed rate. Ask for help.',
      ar: 'لا يوجد سعر متفق عليه للحجز. اطلب المساعدة.',
    },
  },
  nothing_to_refund: {
    status: 409,
    title: { en: 'There is nothing to refund', ar: 'لا يوجد ما يُرد' },
    detail: { en: 'No money was taken for this booking.', ar: 'لم يُحصَّل أي مبلغ لهذا الحجز.' },
  },
  refund_too_large: {
    status: 409,
    title: { en: 'The refund is too large', ar: 'المبلغ المردود كبير جدًا' },
    detail: {
      en: 'At most {captured} minor units were taken for this booking.',
      ar: 'ما حُصِّل لهذا الحجز لا يتجاوز {captured} من الوحدات الصغرى.',
    },
  },
  already_paid: {
    status: 409,
    title: { en: 'The booking was paid', ar: 'الحجز مدفوع' },
    detail: {
      en: 'A paid booking cannot be canceled: refund it instead.',
      ar: 'لا يمكن إلغاء حجز مدفوع: رُدّ المبلغ بدلًا من ذلك.',
    },
  },
  insufficient_balance: {
    status: 409,
    title: { en: 'The balance does not suffice', ar: 'الرصيد لا يكفي' },
    detail: { en: 'This account cannot go below zero.', ar: 'لا يمكن أن يقل هذا الحساب عن صفر.' },
  },
  price_unavailable: {
    status: 404,
    title: { en: 'No price is known', ar: 'لا يوجد سعر معروف' },
    detail: {
      en: 'There is no price band for this category in this city.',
      ar: 'لا توجد شريحة أسعار لهذه الفئة في هذه المدينة.',
    },
  },
  unknown_category: {
    status: 422,
    title: { en: 'The category is unknown', ar: 'الفئة غير معروفة' },
    detail: { en: 'No such category stands, or it was deleted.', ar: 'لا توجد فئة كهذه، أو أنها حُذفت.' },
  },
  category_cycle: {
    status: 409,
    title: { en: 'A category cannot stand below itself', ar: 'لا يمكن أن تقع الفئة تحت نفسها' },
    detail: {
      en: 'The parent is the category itself or lies below it.',
      ar: 'الفئة الأم هي الفئة نفسها أو تقع تحتها.',
    },
  },
  parent_deleted: {
    status: 409,
    title: { en: 'Its parent is deleted', ar: 'العنصر الأب محذوف' },
    detail: { en: 'Restore the parent first.', ar: 'استعد العنصر الأب أولًا.' },
  },
  idempotency_in_progress: {
    status: 409,
    title: { en: 'The first request is still running', ar: 'الطلب الأول ما زال قيد التنفيذ' },
    detail: { en: 'Retry with the same key in a moment.', ar: 'أعد المحاولة بالمفتاح نفسه بعد لحظة.' },
  },
  idempotency_mismatch: {
    status: 422,
    title: { en: 'The key belongs to another request', ar: 'المفتاح يخص طلبًا آخر' },
    detail: {
      en: 'This Idempotency-Key was used with another body or operation.',
      ar: 'استُخدم هذا المفتاح مع محتوى أو عملية أخرى.',
    },
  },
  precondition_failed: {
    status: 412,
    title: { en: 'It has changed since you read it', ar: 'تغيّر منذ قراءتك له' },
    detail: {
      en: 'Fetch it again and repeat the change on what stands now.',
      ar: 'اقرأه مجددًا وكرّر التعديل على حالته الحالية.',
    },
  },
  precondition_required: {
    status: 428,
    title: { en: 'An If-Match header is required', ar: 'مطلوب ترويسة If-Match' },
    detail: {
      en: 'Send the ETag you last read, so that no change is lost.',
      ar: 'أرسل ETag الذي قرأته آخر مرة حتى لا يضيع تعديل.',
    },
  },

  // Signing in
  invalid_phone: {
    status: 422,
    title: { en: 'The phone number is not valid', ar: 'رقم الهاتف غير صالح' },
    detail: {
      en: 'Send a mobile number in international form, such as +201000000010.',
      ar: 'أرسل رقم محمول بالصيغة الدولية مثل ‎+201000000010.',
    },
  },
  otp_invalid: {
    status: 401,
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
    title: { en: 'The code is wrong or too old', ar: 'الرمز خاطئ أو انتهت صلاحيته' },
    detail: {
      en: 'Send the code of the newest e-mail, with the id that asking for it was answered with.',
      ar: 'أرسل رمز أحدث رسالة مع المعرّف الذي حصلت عليه عند الطلب.',
    },
  },
  password_refused: {
    status: 422,
    title: { en: 'Choose another password', ar: 'اختر كلمة مرور أخرى' },
    detail: {
      en: '{reason, select, length {It must have {minLength} to {maxLength} characters.} name {It must not contain your name or address.} other {It is one of those that are guessed first.}}',
      ar: '{reason, select, length {يجب أن تكون من {minLength} إلى {maxLength} حرفًا.} name {يجب ألا تحتوي على اسمك أو عنوانك.} other {هي من الكلمات التي تُخمَّن أولًا.}}',
    },
  },
  password_wrong: {
    status: 403,
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
      en: 'Send "currentPassword", and a sign-in name that it opens.',
      ar: 'أرسل "currentPassword" مع اسم دخول تفتحه.',
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
    title: { en: 'Those are not your sign-in names', ar: 'هذه ليست أسماء دخولك' },
    detail: {
      en: 'Send all of "signInNames" as your credentials list them now; prove an address or choose a username where there are none.',
      ar: 'أرسل كل "signInNames" كما تظهر الآن في بيانات دخولك؛ وإن لم يوجد شيء فأكّد بريدًا أو اختر اسم مستخدم.',
    },
  },
  username_taken: {
    status: 409,
    title: { en: 'The username is taken', ar: 'اسم المستخدم محجوز' },
    detail: { en: 'Choose another.', ar: 'اختر اسمًا آخر.' },
  },
  email_proof_required: {
    status: 409,
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
    title: { en: 'The code is wrong', ar: 'الرمز خاطئ' },
    detail: {
      en: 'Send the code that your app shows now, or a backup code. Each works once.',
      ar: 'أرسل الرمز الظاهر الآن في التطبيق أو رمزًا احتياطيًا. كل رمز يُستخدم مرة واحدة.',
    },
  },
  mfa_challenge_invalid: {
    status: 422,
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

  // Webhooks and media
  too_many: {
    status: 409,
    title: { en: 'There are too many', ar: 'العدد كبير جدًا' },
    detail: {
      en: 'At most {limit} are kept; delete one first.',
      ar: 'الحد الأقصى {limit}؛ احذف واحدًا أولًا.',
    },
  },
  webhook_url_refused: {
    status: 422,
    title: { en: 'The webhook URL is refused', ar: 'عنوان الـ webhook مرفوض' },
    detail: {
      en: 'Use https on port 443 with a public host name.',
      ar: 'استخدم https على المنفذ 443 باسم مضيف عام.',
    },
  },
  message_rejected: {
    status: 422,
    title: { en: 'The message is not allowed', ar: 'الرسالة غير مسموح بها' },
    detail: { en: 'It contains what may not be sent here.', ar: 'تحتوي على ما لا يجوز إرساله هنا.' },
  },
  media_refused: {
    status: 422,
    title: { en: 'The file is refused', ar: 'الملف مرفوض' },
    detail: {
      en: 'Its type or size is not allowed, or it has not been uploaded.',
      ar: 'نوعه أو حجمه غير مسموح، أو لم يُرفع بعد.',
    },
  },

  // Chat
  invalid_frame: {
    status: 400,
    title: { en: 'The frame is not valid', ar: 'الإطار غير صالح' },
    detail: {
      en: 'It is not one of the frames of khidma.v1; see "detail" and /asyncapi.json.',
      ar: 'ليس من إطارات khidma.v1؛ انظر "detail" و‎/asyncapi.json.',
    },
  },
  frame_too_large: {
    status: 413,
    title: { en: 'The frame is too large', ar: 'الإطار كبير جدًا' },
    detail: { en: 'See "limits" in the welcome.', ar: 'انظر "limits" في رسالة الترحيب.' },
  },
  hello_required: {
    status: 409,
    title: { en: 'Say hello first', ar: 'ابدأ بإطار hello' },
    detail: { en: 'Send a hello frame before any other.', ar: 'أرسل إطار hello قبل أي إطار آخر.' },
  },
  message_deleted: {
    status: 409,
    title: { en: 'The message was deleted', ar: 'حُذفت الرسالة' },
    detail: {
      en: 'A deleted message cannot be edited or reacted to.',
      ar: 'لا يمكن تعديل رسالة محذوفة أو التفاعل معها.',
    },
  },
  conversation_blocked: {
    status: 403,
    title: { en: 'You cannot take part for now', ar: 'لا يمكنك المشاركة حاليًا' },
    detail: {
      en: 'Your part in this conversation is blocked.',
      ar: 'مشاركتك في هذه المحادثة محظورة.',
    },
  },

  // Us
  internal_error: {
    status: 500,
    title: { en: 'Something broke on our side', ar: 'حدث خلل لدينا' },
    detail: { en: 'It has been recorded under this request id.', ar: 'سُجّل تحت رقم هذا الطلب.' },
  },
  temporarily_unavailable: {
    status: 503,
    title: { en: 'Temporarily unavailable', ar: 'غير متاح مؤقتًا' },
    detail: {
      en: 'Nothing was lost; retry with the same Idempotency-Key.',
      ar: 'لم يضع شيء؛ أعد المحاولة بنفس Idempotency-Key.',
    },
  },
} as const satisfies Record<string, ProblemText>

export type ProblemCode = keyof typeof problems

export interface InvalidValue {
  /** RFC 6901 pointer into the body, or `query/name`, `path/name`, `header/name`. */
  pointer: string
  message: string
}

/** What a second factor is asked for with. */
export interface MfaChallenge {
  /** Opaque; the answer brings it back. */
  token: string
  expiresAt: string
  methods: readonly ('totp' | 'backup_code')[]
}

export interface ProblemOptions {
  challenge?: MfaChallenge
  values?: Record<string, string | number>
  errors?: InvalidValue[]
  retryAfterSeconds?: number
  cause?: unknown
}

/** A refusal on its way to the caller. Thrown by verbs, by the database layer and by HTTP middleware alike. */
export class Problem extends Error {
  readonly code: ProblemCode
  readonly values: Record<string, string | number>
  readonly errors: InvalidValue[]
  readonly retryAfterSeconds: number | undefined
  /** Goes into the body: of `mfa_required`. */
  readonly challenge: MfaChallenge | undefined

  constructor(code: ProblemCode, options: ProblemOptions = {}) {
    super(code, { cause: options.cause })
    this.name = 'Problem'
    this.code = code
    this.values = options.values ?? {}
    this.errors = options.errors ?? []
    this.retryAfterSeconds = options.retryAfterSeconds
    this.challenge = options.challenge
  }

  get status(): number {
    return problems[this.code].status
  }
}

export const isProblemCode = (code: string): code is ProblemCode => Object.hasOwn(problems, code)
