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
    cause: 'The filter of contents refused the text.',
    remedy: 'Tell the author, and let them write it otherwise.',
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
    cause:
      'The text is not JSON, or is no frame that the protocol knows; `detail` points at the wrong field.',
    remedy: 'Correct the program: a valid frame passes the schemas of `/asyncapi.json`.',
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
    cause: 'The frame has more bytes than `limits` of the welcome frame allow. The socket closes with 1009.',
    remedy: 'Reconnect, send less, and send files with `media.create`.',
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
    cause: 'The first frame of the socket was not `hello`.',
    remedy: 'Send `hello` after each opening, and wait for `welcome`.',
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
    cause: 'The message that the request refers to was deleted by its author or by staff.',
    remedy: 'Remove it from the screen.',
  },
  conversation_shut: {
    status: 409,
    title: {
      en: 'The conversation is over',
      ar: 'انتهت المحادثة',
    },
    detail: {
      en: 'Its booking or lead is over, and it takes no more messages.',
      ar: 'انتهى حجزها أو طلبها ولم تعد تستقبل رسائل.',
    },
    cause:
      'The booking of the conversation is over and the two people no longer deal with each other, or its request for a lead has ended without a booking.',
    remedy: 'Show it without the input field. Messages can still be read, and your own be deleted.',
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
    cause: 'The caller is blocked in this conversation.',
    remedy: 'Show it without the input field. Retrying does not help.',
  },
} as const satisfies Area['problems']
