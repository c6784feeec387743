import type { ProblemText } from './problem-text.ts'

/** Webhooks, media and chat. */
export const liveTexts = {
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
    fields: ['url'],
    title: { en: 'The webhook URL is refused', ar: 'عنوان الـ webhook مرفوض' },
    detail: {
      en: 'Use https on port 443 with a public host name.',
      ar: 'استخدم https على المنفذ 443 باسم مضيف عام.',
    },
  },
  message_rejected: {
    status: 422,
    fields: ['text'],
    title: { en: 'The message is not allowed', ar: 'الرسالة غير مسموح بها' },
    detail: { en: 'It contains what may not be sent here.', ar: 'تحتوي على ما لا يجوز إرساله هنا.' },
  },
  media_refused: {
    status: 422,
    fields: [
      'mediaId',
      'avatarMediaId',
      'logoMediaId',
      'resumeMediaId',
      'frontMediaId',
      'backMediaId',
      'selfieMediaId',
    ],
    title: { en: 'The file is refused', ar: 'الملف مرفوض' },
    detail: {
      en: 'Its type or size is not allowed, its bytes are of another type, or it has not been uploaded.',
      ar: 'نوعه أو حجمه غير مسموح، أو محتواه من نوع آخر، أو لم يُرفع بعد.',
    },
  },
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
} as const satisfies Record<string, ProblemText>
