import type { ProblemText } from './problem-text.ts'

/** The request itself. */
export const requestTexts = {
  invalid_request: {
    status: 400,
    title: { en: 'The request is not valid', ar: 'الطلب غير صالح' },
    detail: {
      en: 'One or more values are not valid; see "errors".',
      ar: 'قيمة أو أكثر غير صالحة؛ انظر "errors".',
    },
  },
  malformed_json: {
    status: 400,
    title: { en: 'The body is not valid JSON', ar: 'محتوى الطلب ليس JSON صالحًا' },
    detail: { en: 'Send one JSON object, encoded as UTF-8.', ar: 'أرسل كائن JSON واحدًا بترميز UTF-8.' },
  },
  invalid_cursor: {
    status: 400,
    title: { en: 'The cursor is not valid', ar: 'المؤشر غير صالح' },
    detail: {
      en: 'Use "nextCursor" of an earlier page, unchanged.',
      ar: 'استخدم "nextCursor" من صفحة سابقة دون تغيير.',
    },
  },
  cursor_mismatch: {
    status: 400,
    title: { en: 'The cursor belongs to other filters', ar: 'المؤشر يخص مرشحات أخرى' },
    detail: {
      en: 'A cursor only continues the list that it came from. Start again without it.',
      ar: 'المؤشر يكمل القائمة التي جاء منها فقط. ابدأ من جديد بدونه.',
    },
  },
  idempotency_key_required: {
    status: 400,
    title: { en: 'An Idempotency-Key is required', ar: 'يلزم إرسال Idempotency-Key' },
    detail: {
      en: 'This operation moves money: send an Idempotency-Key header.',
      ar: 'هذه العملية تنقل أموالًا: أرسل ترويسة Idempotency-Key.',
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
    detail: { en: 'The maximum here is {limit} bytes.', ar: 'الحد الأقصى هنا {limit} بايت.' },
  },
  unsupported_media_type: {
    status: 415,
    title: { en: 'Unsupported content type', ar: 'نوع المحتوى غير مدعوم' },
    detail: { en: 'Send application/json.', ar: 'أرسل application/json.' },
  },
  upgrade_required: {
    status: 426,
    title: { en: 'A WebSocket upgrade is required', ar: 'يلزم اتصال WebSocket' },
    detail: {
      en: 'Open this address as a WebSocket with the subprotocol khidma.v1.',
      ar: 'افتح هذا العنوان كاتصال WebSocket بالبروتوكول الفرعي khidma.v1.',
    },
  },
  method_not_allowed: {
    status: 405,
    title: { en: 'Method not allowed', ar: 'الطريقة غير مسموح بها' },
    detail: { en: 'See the Allow header.', ar: 'انظر ترويسة Allow.' },
  },
} as const satisfies Record<string, ProblemText>
