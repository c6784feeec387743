import type { ProblemText } from './problem-text.ts'

/** What stands there. */
export const thingTexts = {
  not_found: {
    status: 404,
    title: { en: 'Not found', ar: 'غير موجود' },
    detail: {
      en: 'It does not exist, or you do not have access to it.',
      ar: 'العنصر غير موجود، أو لا يحق لك الاطلاع عليه.',
    },
  },
  link_expired: {
    status: 410,
    title: { en: 'The link has expired', ar: 'انتهت صلاحية الرابط' },
    detail: {
      en: 'Signed URLs are valid for 15 minutes. Request a new one from where you got it.',
      ar: 'الروابط الموقّعة صالحة لمدة 15 دقيقة. اطلب رابطًا جديدًا من حيث حصلت على هذا.',
    },
  },
  conflict: {
    status: 409,
    title: { en: 'Conflict with the current state', ar: 'تعارض مع الحالة الحالية' },
    detail: { en: 'Another object already takes its place.', ar: 'يوجد عنصر آخر في مكانه بالفعل.' },
  },
  already_exists: {
    status: 409,
    title: { en: 'Already exists', ar: 'موجود بالفعل' },
    detail: { en: 'There can be only one.', ar: 'لا يمكن أن يوجد أكثر من واحد.' },
  },
  invalid_transition: {
    status: 409,
    title: { en: 'Not possible in the current state', ar: 'غير ممكن في الحالة الحالية' },
    detail: {
      en: 'Current state: {from}. It cannot change to {to}.',
      ar: 'الحالة الحالية: {from}. لا يمكن أن تتغير إلى {to}.',
    },
  },
  not_editable: {
    status: 409,
    title: { en: 'No longer editable', ar: 'لم يعد قابلًا للتعديل' },
    detail: { en: 'Only drafts can be changed.', ar: 'يمكن تعديل المسودات فقط.' },
  },
  offer_taken: {
    status: 409,
    title: { en: 'Another tasker was faster', ar: 'سبقك مقدم خدمة آخر' },
    detail: { en: 'This task has already been accepted.', ar: 'سبق قبول هذه المهمة.' },
  },
  api_key_ended: {
    status: 409,
    title: { en: 'The API key has ended', ar: 'لم يعد مفتاح API صالحًا' },
    detail: {
      en: 'It was revoked or has expired. Create another one.',
      ar: 'أُلغي أو انتهت صلاحيته. أنشئ مفتاحًا آخر.',
    },
  },
  offer_closed: {
    status: 409,
    title: { en: 'The offer is closed', ar: 'العرض مغلق' },
    detail: { en: 'It has expired, or was declined or withdrawn.', ar: 'انتهت صلاحيته أو رُفض أو سُحب.' },
  },
  tasker_busy: {
    status: 409,
    title: { en: 'The time is taken', ar: 'هذا الوقت محجوز' },
    detail: {
      en: 'The tasker has another booking at that time.',
      ar: 'لدى مقدم الخدمة حجز آخر في هذا الوقت.',
    },
  },
  starts_at_refused: {
    status: 422,
    fields: ['startsAt'],
    title: { en: 'The start time is not allowed', ar: 'موعد البدء غير مقبول' },
    detail: {
      en: 'Choose a time in the future, within a year.',
      ar: 'اختر موعدًا في المستقبل خلال عام.',
    },
  },
  limit_reached: {
    status: 409,
    title: { en: 'Limit reached', ar: 'بلغت الحد الأقصى' },
    detail: {
      en: 'The maximum is {limit}. Remove some first.',
      ar: 'الحد الأقصى هو {limit}. احذف بعضها أولًا.',
    },
  },
  document_in_use: {
    status: 409,
    fields: ['number'],
    title: { en: 'The document verifies another account', ar: 'المستند موثّق لحساب آخر' },
    detail: {
      en: 'A document number can verify only one account.',
      ar: 'رقم المستند الواحد يوثّق حسابًا واحدًا فقط.',
    },
  },
  unknown_timezone: {
    status: 422,
    fields: ['timezone'],
    title: { en: 'Unknown time zone', ar: 'المنطقة الزمنية غير معروفة' },
    detail: {
      en: 'Send an IANA name, such as Africa/Cairo.',
      ar: 'أرسل اسمًا من قائمة IANA، مثل Africa/Cairo.',
    },
  },
  country_required: {
    status: 422,
    title: { en: 'The country is missing', ar: 'الدولة مطلوبة' },
    detail: {
      en: 'Your own country is not known: send `country`, or set it with PATCH /v1/me.',
      ar: 'دولتك غير معروفة لدينا: أرسل `country` أو حدّدها عبر PATCH ‎/v1/me.',
    },
  },
  unknown_language: {
    status: 422,
    fields: ['languages'],
    title: { en: 'Unknown language', ar: 'اللغة غير معروفة' },
    detail: { en: 'Choose from GET /v1/languages.', ar: 'اختر من GET ‎/v1/languages.' },
  },
  already_reviewed: {
    status: 409,
    title: { en: 'You have already reviewed this booking', ar: 'سبق أن قيّمت هذا الحجز' },
    detail: { en: 'Each party can review a booking once.', ar: 'يقيّم كل طرف الحجز مرة واحدة.' },
  },
  not_reviewable: {
    status: 409,
    title: { en: 'Not open for review yet', ar: 'لا يمكن التقييم بعد' },
    detail: { en: 'A booking can be reviewed once it is completed.', ar: 'يمكن تقييم الحجز بعد اكتماله.' },
  },
  unknown_category: {
    status: 422,
    fields: ['category', 'categories', 'parentId'],
    title: { en: 'Unknown category', ar: 'الفئة غير معروفة' },
    detail: { en: 'The category does not exist or was deleted.', ar: 'الفئة غير موجودة أو حُذفت.' },
  },
  category_cycle: {
    status: 409,
    fields: ['parentId'],
    title: { en: 'A category cannot be below itself', ar: 'لا يمكن أن تقع الفئة تحت نفسها' },
    detail: {
      en: 'The parent is the category itself or one below it.',
      ar: 'الفئة الأم هي الفئة نفسها أو فئة تحتها.',
    },
  },
  parent_deleted: {
    status: 409,
    title: { en: 'The parent is deleted', ar: 'العنصر الأب محذوف' },
    detail: { en: 'Restore the parent first.', ar: 'استعد العنصر الأب أولًا.' },
  },
  idempotency_in_progress: {
    status: 409,
    title: { en: 'The first request is still running', ar: 'الطلب الأول ما زال قيد التنفيذ' },
    detail: { en: 'Retry with the same key in a moment.', ar: 'أعد المحاولة بالمفتاح نفسه بعد لحظات.' },
  },
  idempotency_mismatch: {
    status: 422,
    title: { en: 'The key belongs to another request', ar: 'المفتاح يخص طلبًا آخر' },
    detail: {
      en: 'This Idempotency-Key was used with another body or operation.',
      ar: 'سبق استخدام هذا المفتاح مع محتوى آخر أو عملية أخرى.',
    },
  },
  precondition_failed: {
    status: 412,
    title: { en: 'The resource has changed', ar: 'تغيّر العنصر منذ آخر قراءة' },
    detail: {
      en: 'Fetch it again and repeat the change on the current version.',
      ar: 'اقرأه من جديد وكرّر التعديل على النسخة الحالية.',
    },
  },
  precondition_required: {
    status: 428,
    title: { en: 'An If-Match header is required', ar: 'يلزم إرسال ترويسة If-Match' },
    detail: {
      en: 'Send the ETag that you last read, to prevent lost updates.',
      ar: 'أرسل آخر ETag قرأته، حتى لا يضيع أي تعديل.',
    },
  },
} as const satisfies Record<string, ProblemText>
