import type { Area } from '../../../core/area.ts'

export const bidsProblems = {
  another_bid_awarded: {
    status: 409,
    title: {
      en: 'Another bid is awarded',
      ar: 'رسا الاختيار على عرض سعر آخر',
    },
    detail: {
      en: 'Wait for its tasker to accept, or revoke that award first.',
      ar: 'انتظر قبول صاحبه، أو اسحب الاختيار أولًا.',
    },
    cause: 'A bid of the task is `awarded`, and its tasker can still accept.',
    remedy: 'List the bids of the task, and revoke the award with `bids.revoke` to award another one.',
  },
  award_over: {
    status: 409,
    title: {
      en: 'The award is over',
      ar: 'انتهت مهلة قبول الاختيار',
    },
    detail: {
      en: 'The time to accept it has passed.',
      ar: 'مضى الوقت المتاح لقبوله.',
    },
    cause: 'The instant in `awardExpiresAt` of the bid has passed.',
    remedy: 'Remove it from the screen.',
  },
  bid_declined: {
    status: 409,
    title: {
      en: 'The client has declined',
      ar: 'رفض العميل عرضك',
    },
    detail: {
      en: 'The client declined your bid on this task. Another one is not possible.',
      ar: 'رفض العميل عرضك لهذه المهمة، ولا يمكن تقديم عرض آخر لها.',
    },
    cause: 'The client declined an earlier bid of this tasker on the same task.',
    remedy: 'Show it. Retrying does not help.',
  },
  bid_exists: {
    status: 409,
    title: {
      en: 'You have a bid already',
      ar: 'لديك عرض بالفعل',
    },
    detail: {
      en: 'There is one bid a task. Change that one.',
      ar: 'لكل مهمة عرض واحد منك. عدّل عرضك الحالي.',
    },
    cause: 'The tasker has an open bid on this task.',
    remedy: 'Change it with `bids.update`, or withdraw it first.',
  },
  bid_not_pending: {
    status: 409,
    title: {
      en: 'The bid can no longer be changed',
      ar: 'لم يعد تعديل العرض ممكنًا',
    },
    detail: {
      en: 'Only pending bids change; this one is {status}.',
      ar: 'يمكن تعديل العروض المعلقة فقط، وهذا العرض حالته {status}.',
    },
    cause: 'The bid is awarded, or has ended.',
    remedy: 'Read the bid again. An award can be revoked by the client.',
  },
  rate_missing: {
    status: 409,
    title: { en: 'There is no rate to bid at', ar: 'لا يوجد سعر لتقديم العرض به' },
    detail: {
      en: 'Neither your profile nor the estimate of the task says a price in its currency.',
      ar: 'لا يحدد ملفك ولا تقدير المهمة سعرًا بعملتها.',
    },
    cause: 'The tasker has no hourly rate in the currency of the task, and the task has no estimate.',
    remedy: 'Set an hourly rate in the profile, or bid with an amount (`bids.create`).',
  },
  bid_text_repeated: {
    status: 409,
    fields: ['message'],
    title: {
      en: 'You have sent this text before',
      ar: 'سبق أن أرسلت هذا النص',
    },
    detail: {
      en: 'Another open bid of yours has the same text. Write about this task.',
      ar: 'لديك عرض مفتوح آخر بالنص نفسه. اكتب عن هذه المهمة تحديدًا.',
    },
    cause: 'An open bid of this tasker has the same `message`, apart from case, spaces and punctuation.',
    remedy: 'Let the tasker write a text for this task.',
  },
  bidder_unavailable: {
    status: 409,
    title: {
      en: 'The tasker is not available',
      ar: 'مقدم الخدمة غير متاح',
    },
    detail: {
      en: 'This tasker cannot take new work at the moment. Choose another bid.',
      ar: 'لا يمكن لمقدم الخدمة هذا قبول عمل جديد حاليًا. اختر عرضًا آخر.',
    },
    cause: 'The tasker is suspended, or may not take work.',
    remedy: 'Award another bid.',
  },
  bidding_closed: {
    status: 409,
    title: {
      en: 'Bidding is over',
      ar: 'انتهى تقديم العروض',
    },
    detail: {
      en: 'The task has its tasker, was canceled, or its deadline has passed.',
      ar: 'أُسندت المهمة أو أُلغيت أو مضى موعدها النهائي.',
    },
    cause: 'The task takes no bids any more: it was won or canceled, or its `deadline` has passed.',
    remedy: 'Remove the task from the screen.',
  },
  contacts_refused: {
    status: 422,
    title: {
      en: 'The text is not allowed',
      ar: 'النص غير مسموح به',
    },
    detail: {
      en: 'Leave out phone numbers, addresses, links and insults. You can share contacts once the booking is confirmed.',
      ar: 'احذف أرقام الهواتف والعناوين والروابط والإساءات. يمكنكما تبادل بيانات الاتصال بعد تأكيد الحجز.',
    },
    cause:
      'The filter of contents refused the text; before a booking it also refuses ways to reach each other.',
    remedy: 'Tell the author, and let them write it otherwise.',
  },
  counter_missing: {
    status: 409,
    title: {
      en: 'There is no counter-offer',
      ar: 'لا يوجد عرض مقابل',
    },
    detail: {
      en: 'It was answered, or the bid has changed since.',
      ar: 'سبق الرد عليه، أو تغيّر العرض بعده.',
    },
    cause: 'The client has made no counter-offer that waits for an answer.',
    remedy: 'Read the bid again.',
  },
  deadline_refused: {
    status: 422,
    fields: ['deadline'],
    title: {
      en: 'The deadline is not possible',
      ar: 'الموعد النهائي غير مقبول',
    },
    detail: {
      en: 'A task that taskers bid on or ask for needs a deadline in the future, not after its start.',
      ar: 'تحتاج المهمة التي تُقدَّم لها عروض إلى موعد نهائي في المستقبل لا يتجاوز بدايتها.',
    },
    cause: 'The task has sourcing `bid` or `lead`, and no `deadline` between now and `startsAt`.',
    remedy: 'Set `deadline` with `tasks.update`, and post the task again.',
  },
  milestones_refused: {
    status: 422,
    fields: ['milestones'],
    title: {
      en: 'The milestones do not fit the price',
      ar: 'المراحل لا تناسب السعر',
    },
    detail: {
      en: 'Milestones are for a fixed price, and their amounts sum up to it.',
      ar: 'المراحل للأسعار الثابتة، ومجموع مبالغها يساوي السعر.',
    },
    cause: 'The task is priced by the hour, or the amounts of the milestones do not sum up to `amountMinor`.',
    remedy: 'Correct the amounts, or send no milestones.',
  },
  question_answered: {
    status: 409,
    title: {
      en: 'The question is answered',
      ar: 'سبق الرد على السؤال',
    },
    detail: {
      en: 'An answer is given once, as others rely on it.',
      ar: 'يُرد على السؤال مرة واحدة، لأن آخرين يعتمدون على الرد.',
    },
    cause: 'The question has an answer.',
    remedy: 'Read the questions of the task again.',
  },
  tasker_not_invitable: {
    status: 422,
    fields: ['taskerId'],
    title: {
      en: 'The tasker cannot be invited',
      ar: 'لا يمكن دعوة مقدم الخدمة هذا',
    },
    detail: {
      en: 'Choose an active tasker other than yourself.',
      ar: 'اختر مقدم خدمة نشطًا غيرك.',
    },
    cause: 'There is no such active tasker, or it is the client.',
    remedy: 'Choose a tasker from `taskers.search`.',
  },
  title_required: {
    status: 422,
    fields: ['title'],
    title: {
      en: 'A title is missing',
      ar: 'العنوان ناقص',
    },
    detail: {
      en: 'A task that taskers bid on or ask for needs a title.',
      ar: 'تحتاج المهمة التي تُقدَّم لها عروض إلى عنوان.',
    },
    cause: 'The task has sourcing `bid` or `lead` and no `title`.',
    remedy: 'Set `title` with `tasks.update`, and post the task again.',
  },
} as const satisfies Area['problems']
