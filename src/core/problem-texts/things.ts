import type { ProblemText } from './problem-text.ts'

/** What stands there. */
export const thingTexts = {
  not_found: {
    status: 404,
    title: { en: 'Nothing here', ar: 'لا شيء هنا' },
    detail: { en: 'It does not exist, or it is not yours to see.', ar: 'غير موجود، أو لا يحق لك رؤيته.' },
  },
  link_expired: {
    status: 410,
    title: { en: 'The address has expired', ar: 'انتهت صلاحية الرابط' },
    detail: {
      en: 'Signed addresses are good for 15 minutes. Ask for a fresh one where you got this.',
      ar: 'الروابط الموقّعة صالحة لمدة 15 دقيقة. اطلب رابطًا جديدًا من حيث حصلت على هذا.',
    },
  },
  conflict: {
    status: 409,
    title: { en: 'It conflicts with what stands', ar: 'يتعارض مع الحالة القائمة' },
    detail: { en: 'Something else stands in its place already.', ar: 'يوجد شيء آخر في مكانه.' },
  },
  already_exists: {
    status: 409,
    title: { en: 'It exists already', ar: 'موجود من قبل' },
    detail: { en: 'There can be only one of these.', ar: 'لا يمكن أن يوجد سوى واحد.' },
  },
  invalid_transition: {
    status: 409,
    title: { en: 'Not possible in this state', ar: 'غير ممكن في هذه الحالة' },
    detail: {
      en: 'It is "{from}" and cannot become "{to}".',
      ar: 'الحالة الآن "{from}" ولا يمكن أن تصبح "{to}".',
    },
  },
  not_editable: {
    status: 409,
    title: { en: 'It can no longer be changed', ar: 'لم يعد قابلًا للتعديل' },
    detail: { en: 'Only a draft can be changed.', ar: 'يمكن تعديل المسودة فقط.' },
  },
  offer_taken: {
    status: 409,
    title: { en: 'Another tasker was faster', ar: 'سبقك مقدم خدمة آخر' },
    detail: { en: 'This task has its tasker already.', ar: 'لهذه المهمة مقدم خدمة بالفعل.' },
  },
  api_key_ended: {
    status: 409,
    title: { en: 'The key has ended', ar: 'انتهى المفتاح' },
    detail: {
      en: 'It was revoked, or has expired: make another.',
      ar: 'أُلغي أو انتهت صلاحيته: أنشئ مفتاحًا آخر.',
    },
  },
  offer_closed: {
    status: 409,
    title: { en: 'The offer is closed', ar: 'أُغلق العرض' },
    detail: { en: 'It has expired, or was declined or withdrawn.', ar: 'انتهت صلاحيته أو رُفض أو سُحب.' },
  },
  tasker_busy: {
    status: 409,
    title: { en: 'That time is taken', ar: 'هذا الوقت محجوز' },
    detail: {
      en: 'The tasker has another booking at that time.',
      ar: 'لدى مقدم الخدمة حجز آخر في هذا الوقت.',
    },
  },
  starts_at_refused: {
    status: 422,
    fields: ['startsAt'],
    title: { en: 'That time cannot be planned', ar: 'لا يمكن التخطيط لهذا الوقت' },
    detail: {
      en: 'Choose a time in the future, at most a year ahead.',
      ar: 'اختر وقتًا في المستقبل خلال عام على الأكثر.',
    },
  },
  limit_reached: {
    status: 409,
    title: { en: 'There are too many of these', ar: 'العدد كبير جدًا' },
    detail: {
      en: 'At most {limit} can stand at once: remove some first.',
      ar: 'الحد الأقصى {limit} في آن واحد: احذف بعضها أولًا.',
    },
  },
  document_in_use: {
    status: 409,
    fields: ['number'],
    title: { en: 'Another account is verified by it', ar: 'حساب آخر موثّق به' },
    detail: {
      en: 'One document number verifies one account.',
      ar: 'رقم المستند الواحد يوثّق حسابًا واحدًا.',
    },
  },
  unknown_timezone: {
    status: 422,
    fields: ['timezone'],
    title: { en: 'The time zone is unknown', ar: 'المنطقة الزمنية غير معروفة' },
    detail: { en: 'Send an IANA name such as Africa/Cairo.', ar: 'أرسل اسم IANA مثل Africa/Cairo.' },
  },
  country_required: {
    status: 422,
    title: { en: 'The country is missing', ar: 'الدولة ناقصة' },
    detail: {
      en: 'We do not know your own: send `country`, or set it with PATCH /v1/me.',
      ar: 'لا نعرف دولتك: أرسل `country` أو عيّنها عبر PATCH /v1/me.',
    },
  },
  unknown_language: {
    status: 422,
    fields: ['languages'],
    title: { en: 'The language is unknown', ar: 'اللغة غير معروفة' },
    detail: { en: 'Choose from GET /v1/languages.', ar: 'اختر من GET /v1/languages.' },
  },
  already_reviewed: {
    status: 409,
    title: { en: 'You have reviewed this booking', ar: 'قيّمت هذا الحجز من قبل' },
    detail: { en: 'Each party reviews a booking once.', ar: 'يقيّم كل طرف الحجز مرة واحدة.' },
  },
  not_reviewable: {
    status: 409,
    title: { en: 'It cannot be reviewed yet', ar: 'لا يمكن التقييم بعد' },
    detail: { en: 'A booking is reviewed after its completion.', ar: 'يُقيَّم الحجز بعد اكتماله.' },
  },
  unknown_category: {
    status: 422,
    fields: ['category', 'categories', 'parentId'],
    title: { en: 'The category is unknown', ar: 'الفئة غير معروفة' },
    detail: { en: 'No such category stands, or it was deleted.', ar: 'لا توجد فئة كهذه، أو أنها حُذفت.' },
  },
  category_cycle: {
    status: 409,
    fields: ['parentId'],
    title: { en: 'A category cannot stand below itself', ar: 'لا يمكن أن تقع الفئة تحت نفسها' },
    detail: {
      en: 'The parent is the category itself or lies below it.',
      ar: 'الفئة الأم هي الفئة نفسها أو تقع تحتها.',
    },
  },
  parent_deleted: {
    status: 409,
    title: { en: 'Its parent is deleted', ar: 'العنصر الأب محذوف' },
    detail: { en: 'Restore the parent first.', ar: 'استعد العنصر الأب أولًا.' },
  },
  idempotency_in_progress: {
    status: 409,
    title: { en: 'The first request is still running', ar: 'الطلب الأول ما زال قيد التنفيذ' },
    detail: { en: 'Retry with the same key in a moment.', ar: 'أعد المحاولة بالمفتاح نفسه بعد لحظة.' },
  },
  idempotency_mismatch: {
    status: 422,
    title: { en: 'The key belongs to another request', ar: 'المفتاح يخص طلبًا آخر' },
    detail: {
      en: 'This Idempotency-Key was used with another body or operation.',
      ar: 'استُخدم هذا المفتاح مع محتوى أو عملية أخرى.',
    },
  },
  precondition_failed: {
    status: 412,
    title: { en: 'It has changed since you read it', ar: 'تغيّر منذ قراءتك له' },
    detail: {
      en: 'Fetch it again and repeat the change on what stands now.',
      ar: 'اقرأه مجددًا وكرّر التعديل على حالته الحالية.',
    },
  },
  precondition_required: {
    status: 428,
    title: { en: 'An If-Match header is required', ar: 'مطلوب ترويسة If-Match' },
    detail: {
      en: 'Send the ETag you last read, so that no change is lost.',
      ar: 'أرسل ETag الذي قرأته آخر مرة حتى لا يضيع تعديل.',
    },
  },
} as const satisfies Record<string, ProblemText>
