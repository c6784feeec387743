import type { Area } from '../../../core/area.ts'

export const chatProblems = {
  message_rejected: {
    status: 422,
    fields: ['text'],
    title: {
      en: 'The message is not allowed',
      ar: 'الرسالة غير مسموح بها',
    },
    detail: {
      en: 'It contains content that cannot be sent here.',
      ar: 'تحتوي على ما لا يُسمح بإرساله هنا.',
    },
  },
  invalid_frame: {
    status: 400,
    title: {
      en: 'The frame is not valid',
      ar: 'الإطار غير صالح',
    },
    detail: {
      en: 'It is not a frame of khidma.v1; see "detail" and /asyncapi.json.',
      ar: 'ليس من إطارات khidma.v1؛ انظر "detail" و‎/asyncapi.json.',
    },
  },
  frame_too_large: {
    status: 413,
    title: {
      en: 'The frame is too large',
      ar: 'الإطار كبير جدًا',
    },
    detail: {
      en: 'See "limits" in the welcome frame.',
      ar: 'انظر "limits" في إطار الترحيب.',
    },
  },
  hello_required: {
    status: 409,
    title: {
      en: 'Hello frame required',
      ar: 'يلزم إرسال إطار hello',
    },
    detail: {
      en: 'Send a hello frame before any other.',
      ar: 'أرسل إطار hello قبل أي إطار آخر.',
    },
  },
  message_deleted: {
    status: 409,
    title: {
      en: 'The message was deleted',
      ar: 'حُذفت الرسالة',
    },
    detail: {
      en: 'Deleted messages cannot be edited or reacted to.',
      ar: 'لا يمكن تعديل رسالة محذوفة أو التفاعل معها.',
    },
  },
  conversation_blocked: {
    status: 403,
    title: {
      en: 'You cannot participate at the moment',
      ar: 'لا يمكنك المشاركة حاليًا',
    },
    detail: {
      en: 'You are blocked in this conversation.',
      ar: 'مشاركتك في هذه المحادثة محظورة.',
    },
  },
} as const satisfies Area['problems']
