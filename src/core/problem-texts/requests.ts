import type { ProblemText } from './problem-text.ts'

/** Refusals of a request as it was sent: its values, its body, its method. */
export const requestTexts = {
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
} as const satisfies Record<string, ProblemText>
