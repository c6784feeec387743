import type { ProblemText } from './problem-text.ts'

/** Refusals of no area in particular: of requests, callers, preconditions, and our own failures. */
export const generalTexts = {
  invalid_request: {
    status: 400,
    title: {
      en: 'The request is not valid',
      ar: 'الطلب غير صالح',
    },
    detail: {
      en: 'One or more values are not valid; see "errors".',
      ar: 'قيمة أو أكثر غير صالحة؛ انظر "errors".',
    },
  },
  malformed_json: {
    status: 400,
    title: {
      en: 'The body is not valid JSON',
      ar: 'محتوى الطلب ليس JSON صالحًا',
    },
    detail: {
      en: 'Send one JSON object, encoded as UTF-8.',
      ar: 'أرسل كائن JSON واحدًا بترميز UTF-8.',
    },
  },
  invalid_cursor: {
    status: 400,
    title: {
      en: 'The cursor is not valid',
      ar: 'المؤشر غير صالح',
    },
    detail: {
      en: 'Use "nextCursor" of an earlier page, unchanged.',
      ar: 'استخدم "nextCursor" من صفحة سابقة دون تغيير.',
    },
  },
  cursor_mismatch: {
    status: 400,
    title: {
      en: 'The cursor belongs to other filters',
      ar: 'المؤشر يخص مرشحات أخرى',
    },
    detail: {
      en: 'A cursor only continues the list that it came from. Start again without it.',
      ar: 'المؤشر يكمل القائمة التي جاء منها فقط. ابدأ من جديد بدونه.',
    },
  },
  idempotency_key_required: {
    status: 400,
    title: {
      en: 'An Idempotency-Key is required',
      ar: 'يلزم إرسال Idempotency-Key',
    },
    detail: {
      en: 'This operation moves money: send an Idempotency-Key header.',
      ar: 'هذه العملية تنقل أموالًا: أرسل ترويسة Idempotency-Key.',
    },
  },
  invalid_idempotency_key: {
    status: 400,
    title: {
      en: 'The Idempotency-Key is not valid',
      ar: 'قيمة Idempotency-Key غير صالحة',
    },
    detail: {
      en: 'Use 1 to 255 printable ASCII characters.',
      ar: 'استخدم من 1 إلى 255 حرف ASCII قابلًا للطباعة.',
    },
  },
  body_too_large: {
    status: 413,
    title: {
      en: 'The body is too large',
      ar: 'حجم الطلب كبير جدًا',
    },
    detail: {
      en: 'The maximum here is {limit} bytes.',
      ar: 'الحد الأقصى هنا {limit} بايت.',
    },
  },
  unsupported_media_type: {
    status: 415,
    title: {
      en: 'Unsupported content type',
      ar: 'نوع المحتوى غير مدعوم',
    },
    detail: {
      en: 'Send application/json.',
      ar: 'أرسل application/json.',
    },
  },
  upgrade_required: {
    status: 426,
    title: {
      en: 'A WebSocket upgrade is required',
      ar: 'يلزم اتصال WebSocket',
    },
    detail: {
      en: 'Open this address as a WebSocket with the subprotocol khidma.v1.',
      ar: 'افتح هذا العنوان كاتصال WebSocket بالبروتوكول الفرعي khidma.v1.',
    },
  },
  method_not_allowed: {
    status: 405,
    title: {
      en: 'Method not allowed',
      ar: 'الطريقة غير مسموح بها',
    },
    detail: {
      en: 'See the Allow header.',
      ar: 'انظر ترويسة Allow.',
    },
  },
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
  },
  unknown_reference: {
    status: 422,
    title: {
      en: 'A referenced object does not exist',
      ar: 'عنصر مشار إليه غير موجود',
    },
    detail: {
      en: 'An id in the body does not refer to an existing object.',
      ar: 'أحد المعرّفات في الطلب لا يشير إلى عنصر موجود.',
    },
  },
  not_found: {
    status: 404,
    title: {
      en: 'Not found',
      ar: 'غير موجود',
    },
    detail: {
      en: 'It does not exist, or you do not have access to it.',
      ar: 'العنصر غير موجود، أو لا يحق لك الاطلاع عليه.',
    },
  },
  link_expired: {
    status: 410,
    title: {
      en: 'The link has expired',
      ar: 'انتهت صلاحية الرابط',
    },
    detail: {
      en: 'Signed URLs are valid for 15 minutes. Request a new one from where you got it.',
      ar: 'الروابط الموقّعة صالحة لمدة 15 دقيقة. اطلب رابطًا جديدًا من حيث حصلت على هذا.',
    },
  },
  conflict: {
    status: 409,
    title: {
      en: 'Conflict with the current state',
      ar: 'تعارض مع الحالة الحالية',
    },
    detail: {
      en: 'Another object already takes its place.',
      ar: 'يوجد عنصر آخر في مكانه بالفعل.',
    },
  },
  already_exists: {
    status: 409,
    title: {
      en: 'Already exists',
      ar: 'موجود بالفعل',
    },
    detail: {
      en: 'There can be only one.',
      ar: 'لا يمكن أن يوجد أكثر من واحد.',
    },
  },
  invalid_transition: {
    status: 409,
    title: {
      en: 'Not possible in the current state',
      ar: 'غير ممكن في الحالة الحالية',
    },
    detail: {
      en: 'Current state: {from}. It cannot change to {to}.',
      ar: 'الحالة الحالية: {from}. لا يمكن أن تتغير إلى {to}.',
    },
  },
  not_editable: {
    status: 409,
    title: {
      en: 'No longer editable',
      ar: 'لم يعد قابلًا للتعديل',
    },
    detail: {
      en: 'Only drafts can be changed.',
      ar: 'يمكن تعديل المسودات فقط.',
    },
  },
  limit_reached: {
    status: 409,
    title: {
      en: 'Limit reached',
      ar: 'بلغت الحد الأقصى',
    },
    detail: {
      en: 'The maximum is {limit}. Remove some first.',
      ar: 'الحد الأقصى هو {limit}. احذف بعضها أولًا.',
    },
  },
  idempotency_in_progress: {
    status: 409,
    title: {
      en: 'The first request is still running',
      ar: 'الطلب الأول ما زال قيد التنفيذ',
    },
    detail: {
      en: 'Retry with the same key in a moment.',
      ar: 'أعد المحاولة بالمفتاح نفسه بعد لحظات.',
    },
  },
  idempotency_mismatch: {
    status: 422,
    title: {
      en: 'The key belongs to another request',
      ar: 'المفتاح يخص طلبًا آخر',
    },
    detail: {
      en: 'This Idempotency-Key was used with another body or operation.',
      ar: 'سبق استخدام هذا المفتاح مع محتوى آخر أو عملية أخرى.',
    },
  },
  precondition_failed: {
    status: 412,
    title: {
      en: 'The resource has changed',
      ar: 'تغيّر العنصر منذ آخر قراءة',
    },
    detail: {
      en: 'Fetch it again and repeat the change on the current version.',
      ar: 'اقرأه من جديد وكرّر التعديل على النسخة الحالية.',
    },
  },
  precondition_required: {
    status: 428,
    title: {
      en: 'An If-Match header is required',
      ar: 'يلزم إرسال ترويسة If-Match',
    },
    detail: {
      en: 'Send the ETag that you last read, to prevent lost updates.',
      ar: 'أرسل آخر ETag قرأته، حتى لا يضيع أي تعديل.',
    },
  },
  rate_limited: {
    status: 429,
    title: {
      en: 'Too many requests',
      ar: 'طلبات كثيرة جدًا',
    },
    detail: {
      en: 'Retry in {retryAfterSeconds} s.',
      ar: 'أعد المحاولة بعد {retryAfterSeconds} ثانية.',
    },
  },
  too_many: {
    status: 409,
    title: {
      en: 'Limit reached',
      ar: 'بلغت الحد الأقصى',
    },
    detail: {
      en: 'The maximum is {limit}. Delete one first.',
      ar: 'الحد الأقصى هو {limit}. احذف واحدًا أولًا.',
    },
  },
  internal_error: {
    status: 500,
    title: {
      en: 'Something went wrong on our side',
      ar: 'حدث خطأ لدينا',
    },
    detail: {
      en: 'The error has been recorded under this request id.',
      ar: 'سُجّل الخطأ برقم هذا الطلب.',
    },
  },
  temporarily_unavailable: {
    status: 503,
    title: {
      en: 'Temporarily unavailable',
      ar: 'الخدمة غير متاحة مؤقتًا',
    },
    detail: {
      en: 'Nothing was lost. Retry with the same Idempotency-Key.',
      ar: 'لم يُفقد شيء. أعد المحاولة بقيمة Idempotency-Key نفسها.',
    },
  },
} as const satisfies Record<string, ProblemText>
