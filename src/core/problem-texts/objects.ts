import type { ProblemText } from './problem-text.ts'

/** Refusals because of what the request is about: it is missing, or its state does not allow it. */
export const objectTexts = {
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
  already_appealed: {
    status: 409,
    title: {
      en: 'It was appealed already',
      ar: 'سبق الاعتراض على القرار',
    },
    detail: {
      en: 'A decision can be appealed once.',
      ar: 'يمكن الاعتراض على القرار مرة واحدة.',
    },
    cause: 'The decision on the dispute or the review was appealed before.',
    remedy:
      'Show the decision on the appeal: that of the dispute of the same booking which has it in `appealOf`, or of the review whose `appealedAt` is set.',
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
      en: 'The limit is reached',
      ar: 'بلغت الحد الأقصى',
    },
    detail: {
      en: 'At most {limit} are possible at a time. End or remove one first, or try again later.',
      ar: 'الحد الأقصى هو {limit} في المرة الواحدة. أنهِ إحداها أو احذفها أولًا، أو حاول لاحقًا.',
    },
    cause: 'There are as many objects of this kind as there may be at a time.',
    remedy:
      'Show the limit. End or delete one that is not needed, and repeat the request; where others take part, one may end by itself.',
  },
} as const satisfies Record<string, ProblemText>
