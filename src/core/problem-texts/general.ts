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
    cause:
      'A value in the path, the query, a header or the body breaks the schema of the operation, or a field or parameter is unknown.',
    remedy:
      'Correct what `errors` points at, and send the request again. Sending it unchanged gives the same answer.',
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
    cause: 'The body is empty where one is required, is not JSON in UTF-8, or is JSON other than an object.',
    remedy:
      'Send one JSON object; check that the body is serialised once and that `Content-Length` covers all of it.',
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
    cause: '`cursor` was altered, cut off, or made by something else than this API.',
    remedy:
      'Take `nextCursor` of the last page as it is, and encode it once for the URL. If it is lost, read from the first page.',
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
    cause: 'The filters or the order of this request differ from those of the page that returned the cursor.',
    remedy: 'Repeat the filters of the first page, or drop `cursor` to begin a new list.',
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
    cause: 'The operation moves money, and the request has no `Idempotency-Key`.',
    remedy:
      'Make a random key (a UUID) for each intended action, keep it, and send it with every retry of that action.',
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
    cause:
      '`Idempotency-Key` is empty, longer than 255 characters, or has characters outside printable ASCII.',
    remedy: 'Send a UUID.',
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
    cause:
      'The body has more bytes than the operation takes: 256 KiB for JSON, the announced size for a file.',
    remedy: 'Send less, in several requests where the operation allows it. Upload files with `media.create`.',
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
    cause: '`Content-Type` is not the one that the operation takes.',
    remedy: 'Send `Content-Type: application/json`; for an upload, the type that was announced for the file.',
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
    cause: 'The address is a socket, and was requested without `Upgrade: websocket`.',
    remedy:
      'Open it with a WebSocket client and the subprotocol `khidma.v1`. Proxies in between must let upgrades pass.',
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
    cause: 'The path exists, but not with this method.',
    remedy: 'Use a method of the `Allow` header.',
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
    remedy: 'Tell the user. A new account can be registered; this one does not come back.',
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
    cause: 'An id in the body names an object that does not exist or was deleted.',
    remedy: 'Read the list that the id comes from, and send an id of it. `errors` points at the field.',
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
    cause:
      'The object does not exist, was deleted, or is hidden from the caller; the answer is the same on purpose. Or the path is wrong.',
    remedy: 'Check the id, the path, and that the token belongs to the right person. Retrying does not help.',
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
    cause: 'A signed URL was used after its 15 minutes.',
    remedy: 'Request a new one from the operation that gave the link, and use it at once.',
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
    cause:
      'Something else already holds the place that the request wants, as another content for a file that is uploaded.',
    remedy: 'Read the current state, and decide again. For a file, create a new one.',
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
    cause:
      'An object with the same unique value exists, such as a slug, an address or a dispute of the booking.',
    remedy: 'Use the existing object, or send another value where `errors` points at one.',
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
    cause: 'The state of the object does not allow the action; often somebody else acted first.',
    remedy: 'Read the object again, and offer what its `allowedActions` allow.',
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
    cause: 'The task has been posted.',
    remedy: 'Cancel it and create another, or leave it as it is.',
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
    cause: 'The caller has as many objects of this kind as one may have.',
    remedy: 'Delete one that is not needed, then repeat the request.',
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
    cause: 'A request with the same `Idempotency-Key` has not been answered yet.',
    remedy:
      'Wait as `Retry-After` says, and send the same request with the same key: it gets the first answer.',
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
    cause: 'The key was used within 24 hours for another body or operation.',
    remedy: 'Use a new key for a new action. A retry must repeat the body unchanged.',
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
    cause: '`If-Match` names a version that is no longer the current one: somebody changed the object.',
    remedy: 'Read the object, apply the change to what it is now, and send the new `ETag`.',
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
    cause: 'The object is shared, and the request has no `If-Match`.',
    remedy: 'Read the object, and send its `ETag` as `If-Match`.',
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
    cause:
      'The caller, or their network, made more requests in a minute than the limit in `RateLimit-Policy`.',
    remedy: 'Wait as `Retry-After` says. Slow down when `RateLimit` shows few that remain.',
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
    cause: 'The account has as many objects of this kind as it may have.',
    remedy: 'Delete or revoke one that is not used, then repeat the request.',
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
    cause: 'An error of ours; it was recorded.',
    remedy:
      'Retry a read or a request with an `Idempotency-Key` with growing pauses. If it lasts, report `requestId`.',
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
    cause: 'The database, a queue or an object did not respond in time; nothing was changed half.',
    remedy: 'Wait as `Retry-After` says, and retry with the same `Idempotency-Key`.',
  },
} as const satisfies Record<string, ProblemText>
