import type { Area } from '../../../core/area.ts'

export const contractsProblems = {
  contract_not_possible: {
    status: 409,
    title: { en: 'The booking cannot have a contract now', ar: 'لا يمكن إبرام عقد لهذا الحجز الآن' },
    detail: {
      en: 'A contract is made while the booking is accepted, confirmed or in progress; this one is {status}.',
      ar: 'يُبرم العقد بينما الحجز مقبول أو مؤكد أو قيد التنفيذ، وهذا الحجز حالته {status}.',
    },
    cause: 'The booking was never accepted, or has ended, or is in dispute.',
    remedy: 'Make contracts for bookings that are `accepted`, `confirmed` or `in_progress`.',
  },
  contract_not_draft: {
    status: 409,
    title: { en: 'The contract is no draft any more', ar: 'لم يعد العقد مسودة' },
    detail: {
      en: 'It is {status}. What both have signed changes by an amendment.',
      ar: 'حالته {status}. ما وقّعه الطرفان لا يتغير إلا بتعديل متفق عليه.',
    },
    cause: 'Both sides have signed the contract, or it has ended.',
    remedy: 'Propose an amendment while the contract is `active`.',
  },
  contract_not_active: {
    status: 409,
    title: { en: 'The contract is not active', ar: 'العقد غير سارٍ' },
    detail: {
      en: 'That is possible while the contract is active; this one is {status}.',
      ar: 'هذا ممكن أثناء سريان العقد فقط، وهذا العقد حالته {status}.',
    },
    cause: 'The contract is not signed by both sides, has ended, or is in dispute.',
    remedy: 'Read the contract, and offer only what its `allowedActions` say.',
  },
  contract_changed: {
    status: 409,
    title: { en: 'The text has changed', ar: 'تغيّر النص' },
    detail: {
      en: 'What you were shown is not what would be signed. Read it again.',
      ar: 'ما عُرض عليك ليس ما سيُوقَّع. اقرأه مرة أخرى.',
    },
    cause: '`sha256` is not that of the text as it is now: somebody has revised it.',
    remedy: 'Get the contract or the amendment again, show its text, and send its `sha256`.',
  },
  contract_expired: {
    status: 409,
    title: { en: 'The draft has expired', ar: 'انتهت مهلة المسودة' },
    detail: {
      en: 'It was not signed by both sides in time. Draft another one.',
      ar: 'لم يوقّعها الطرفان في الموعد. اكتب مسودة أخرى.',
    },
    cause: 'The instant in `expiresAt` of the draft has passed.',
    remedy: 'Revise the draft, which gives it its time again, or draft another one.',
  },
  contract_signed: {
    status: 409,
    title: { en: 'You have signed already', ar: 'لقد وقّعت بالفعل' },
    detail: { en: 'The other side has to sign.', ar: 'على الطرف الآخر أن يوقّع.' },
    cause: 'The caller’s signature of this text is there.',
    remedy: 'Wait for the other side, or revise the draft.',
  },
  contract_decides: {
    status: 409,
    title: { en: 'The contract decides that', ar: 'العقد هو الذي يحدد ذلك' },
    detail: {
      en: 'The booking has a contract: its milestones start, complete and pay the work, and an amendment changes the price.',
      ar: 'للحجز عقد: مراحله هي التي تبدأ العمل وتنهيه وتدفع ثمنه، ولا يتغير السعر إلا بتعديل العقد.',
    },
    cause: 'The booking has a signed contract.',
    remedy:
      'Use the operations of the contract: start, submit and approve milestones, fund escrow, propose an amendment.',
  },
  contract_needs_split: {
    status: 409,
    title: { en: 'What is held must be split', ar: 'يجب تقسيم المبلغ المحجوز' },
    detail: {
      en: 'The contract of the booking holds {held} minor units. Decide how much of it each side gets.',
      ar: 'عقد الحجز يحتجز {held} بالوحدات الصغرى. حدّد نصيب كل طرف منها.',
    },
    cause: 'The dispute has frozen a contract whose escrow holds money.',
    remedy: 'Decide with `disputes.split`.',
  },
  contract_not_dormant: {
    status: 409,
    title: { en: 'Nobody wants to close it', ar: 'لا أحد يريد إغلاقه' },
    detail: { en: 'The contract has had no notice of its end.', ar: 'لم يصدر للعقد إشعار بإغلاقه.' },
    cause: 'The contract was not announced to be dormant.',
    remedy: 'Nothing to do.',
  },
  amount_above_held: {
    status: 422,
    fields: ['taskerAmountMinor', 'arbitrationAmountMinor'],
    title: { en: 'That is more than there is', ar: 'المبلغ أكبر من المتاح' },
    detail: {
      en: 'There are {maximum} minor units to split.',
      ar: 'المبلغ المتاح للتقسيم هو {maximum} بالوحدات الصغرى.',
    },
    cause:
      'What the tasker would get and what the decision would cost are together more than the dispute is about.',
    remedy: 'Send amounts that together are at most `maximum` of `detail`.',
  },
  arbitration_too_dear: {
    status: 422,
    fields: ['arbitrationAmountMinor'],
    title: { en: 'The decision costs too much', ar: 'تكلفة القرار أعلى من المسموح' },
    detail: {
      en: 'A contract limits what a decision on it may cost to a share of the amount in dispute.',
      ar: 'يحدد العقد سقف تكلفة القرار بنسبة من المبلغ محل النزاع.',
    },
    cause:
      '`arbitrationAmountMinor` is above `arbitrationBasisPoints` of the contract, of what was held when the dispute was opened.',
    remedy: 'Send a lower amount.',
  },
  escrow_funded: {
    status: 409,
    title: { en: 'Everything is funded', ar: 'كل المراحل مموّلة' },
    detail: {
      en: 'No milestone of the contract waits for money.',
      ar: 'لا توجد مرحلة في العقد تنتظر التمويل.',
    },
    cause: 'The amounts of all open milestones are in escrow.',
    remedy: 'Nothing to do. An amendment can add milestones.',
  },
  milestone_not_funded: {
    status: 409,
    title: { en: 'The milestone is not funded', ar: 'المرحلة غير مموّلة' },
    detail: {
      en: 'The client has not paid its amount into escrow yet. Do not begin before.',
      ar: 'لم يدفع العميل مبلغها في حساب الضمان بعد. لا تبدأ قبل ذلك.',
    },
    cause: 'The amount of the milestone is not in escrow.',
    remedy: 'Wait for `escrow.funded`.',
  },
  milestone_funded: {
    status: 409,
    title: { en: 'A funded milestone cannot cost more', ar: 'لا يمكن رفع مبلغ مرحلة مموّلة' },
    detail: {
      en: '“{title}” can cost at most {maximum} minor units, which are in escrow. Add a milestone for the rest.',
      ar: 'لا يمكن أن يزيد مبلغ «{title}» عن {maximum} بالوحدات الصغرى وهي في حساب الضمان. أضف مرحلة للباقي.',
    },
    cause: 'The amendment raises the amount of a milestone whose money is in escrow.',
    remedy: 'Add a milestone with the difference.',
  },
  milestone_ended: {
    status: 409,
    title: { en: 'A completed milestone does not change', ar: 'المرحلة المكتملة لا تتغير' },
    detail: {
      en: '“{title}” is completed and paid.',
      ar: 'المرحلة «{title}» مكتملة ومدفوعة.',
    },
    cause: 'The amendment changes a completed milestone, or leaves it out.',
    remedy: 'Send completed milestones as they are.',
  },
  milestone_under_way: {
    status: 409,
    title: { en: 'Work is under way', ar: 'العمل جارٍ' },
    detail: {
      en: 'The tasker is at work on a milestone, or waits for an answer to one. Agree on an amendment, or open a dispute.',
      ar: 'مقدم الخدمة يعمل على مرحلة أو ينتظر ردًا عليها. اتفقا على تعديل أو افتح نزاعًا.',
    },
    cause: 'A milestone is `in_progress` or `submitted`.',
    remedy: 'Answer the submission, agree on an amendment, or open a dispute about the booking.',
  },
  release_due: {
    status: 409,
    title: { en: 'The milestone is released', ar: 'صُرف مبلغ المرحلة' },
    detail: {
      en: 'Its time for an answer is over: silence has approved it.',
      ar: 'انتهت مهلة الرد، وعدم الرد يُعد موافقة.',
    },
    cause: 'The instant in `releasesAt` of the milestone has passed.',
    remedy: 'Open a dispute about the booking if something is wrong.',
  },
  release_not_requestable: {
    status: 409,
    title: { en: 'The release cannot be asked for', ar: 'لا يمكن طلب الصرف' },
    detail: {
      en: 'It can be asked for once for each submission, while it waits for an answer; the milestone is {status}.',
      ar: 'يُطلب الصرف مرة واحدة لكل تسليم ما دام ينتظر الرد، والمرحلة حالتها {status}.',
    },
    cause: 'The milestone is not `submitted`, or its release was asked for already.',
    remedy: 'Wait: silence releases it at `releasesAt`.',
  },
  changes_used_up: {
    status: 409,
    title: { en: 'No more changes can be asked for', ar: 'لا يمكن طلب تعديلات أخرى' },
    detail: {
      en: 'The contract allows {rounds} rounds of changes and {pausedDays} days of them. Approve the work, or open a dispute.',
      ar: 'يسمح العقد بعدد {rounds} من جولات التعديل و{pausedDays} يومًا لها. اعتمد العمل أو افتح نزاعًا.',
    },
    cause: 'The client has asked for changes as often, or they have taken as long, as the contract allows.',
    remedy: 'Approve the milestone, or open a dispute about the booking.',
  },
  amendment_pending: {
    status: 409,
    title: { en: 'Another amendment is waiting for an answer', ar: 'هناك تعديل آخر في انتظار الرد' },
    detail: {
      en: 'A contract has one proposed amendment at a time. Answer or withdraw it first.',
      ar: 'للعقد تعديل مقترح واحد في كل مرة. أجب عنه أو اسحبه أولًا.',
    },
    cause: 'An amendment of this contract is `pending`.',
    remedy: 'List the amendments of the contract; accept, reject or withdraw the pending one.',
  },
  amendment_expired: {
    status: 409,
    title: { en: 'The amendment has expired', ar: 'انتهت مهلة التعديل' },
    detail: {
      en: 'Its time for an answer is over. Propose it again.',
      ar: 'انتهى وقت الرد عليه. اقترحه من جديد.',
    },
    cause: 'The instant in `expiresAt` of the amendment has passed.',
    remedy: 'Propose the amendment again.',
  },
} as const satisfies Area['problems']
