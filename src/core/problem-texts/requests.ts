import type { ProblemText } from './problem-text.ts'

/** The request itself. */
export const requestTexts = {
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
} as const satisfies Record<string, ProblemText>
