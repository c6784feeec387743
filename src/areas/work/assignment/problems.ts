import type { Area } from '../../../core/area.ts'

export const assignmentProblems = {
  already_assigned: {
    status: 409,
    title: {
      en: 'Somebody has this task already',
      ar: 'المهمة مسندة بالفعل',
    },
    detail: {
      en: 'Another member of staff may have been faster. Reassign it to take it away.',
      ar: 'ربما سبقك زميل آخر. أعد إسنادها إذا أردت نقلها.',
    },
    cause: 'The task has a booking that is not canceled, or you reassign it to the tasker who has it.',
    remedy: 'Read the task again; use `tasks.reassign` to give it to another tasker.',
  },
  assignment_conflict: {
    status: 409,
    fields: ['taskerId'],
    title: {
      en: 'The tasker is not free at that time',
      ar: 'مقدم الخدمة غير متاح في هذا الوقت',
    },
    detail: {
      en: '{kind, select, visit {Another booking takes the time} held {A client holds the time} absence {The tasker is absent} outside_hours {The working hours of the tasker are} other {The time is taken}} from {from} until {until}.',
      ar: '{kind, select, visit {يشغل حجز آخر هذا الوقت} held {يحجز عميل هذا الوقت مؤقتا} absence {مقدم الخدمة غائب} outside_hours {ساعات عمل مقدم الخدمة هي} other {الوقت محجوز}} من {from} إلى {until}.',
    },
    cause:
      'A visit, a slot held by a client, an absence or the working hours of the tasker exclude the time of the task. Staff cannot overrule that.',
    remedy: 'Assign another tasker, or change the calendar or the time first. The board names each conflict.',
  },
  assignment_expired: {
    status: 409,
    title: {
      en: 'Your time to answer is over',
      ar: 'انتهت مهلة ردك',
    },
    detail: {
      en: 'The task is assigned to somebody else.',
      ar: 'ستُسند المهمة إلى شخص آخر.',
    },
    cause: 'The instant in `expiresAt` of the assignment has passed.',
    remedy: 'Remove the task from the screen.',
  },
  estimate_agreed: {
    status: 409,
    fields: ['estimate'],
    title: {
      en: 'The estimate is agreed',
      ar: 'تم الاتفاق على التقدير',
    },
    detail: {
      en: 'The task has a booking ({status}) whose terms decide. Set the final cost, or let the parties change the price.',
      ar: 'للمهمة حجز ({status}) تسري شروطه. حدّد التكلفة النهائية أو دع الطرفين يعدلان السعر.',
    },
    cause: 'A booking was opened under the estimate.',
    remedy: 'Send `finalCostAmountMinor`, or let one side propose a change (`bookings.proposeChange`).',
  },
  final_cost_above_limit: {
    status: 409,
    fields: ['finalCostAmountMinor'],
    title: {
      en: 'The client has not agreed to that much',
      ar: 'لم يوافق العميل على هذا المبلغ',
    },
    detail: {
      en: 'The most that was agreed is {limit} minor units of {currency}.',
      ar: 'الحد الأقصى المتفق عليه هو {limit} بالوحدات الصغرى من {currency}.',
    },
    cause: 'The final cost is above the limit of the booking, to which the client has agreed.',
    remedy:
      'Send at most `limit`, or let the tasker propose a higher price first (`bookings.proposeChange`).',
  },
  no_price_to_set: {
    status: 409,
    fields: ['finalCostAmountMinor'],
    title: {
      en: 'There is no price to set now',
      ar: 'لا يوجد سعر يمكن تحديده الآن',
    },
    detail: {
      en: 'The final cost is that of a booking from its acceptance until the work is completed; the task is {state}.',
      ar: 'التكلفة النهائية تخص حجزًا منذ قبوله وحتى اكتمال العمل، والمهمة حالتها {state}.',
    },
    cause: 'The task has no accepted booking, or its work is completed.',
    remedy: 'Set the estimate before; after completion adjust or refund the payment.',
  },
  not_assignable: {
    status: 409,
    title: {
      en: 'The task cannot be assigned now',
      ar: 'لا يمكن إسناد المهمة الآن',
    },
    detail: {
      en: 'Only open tasks can be assigned; this one is {state}.',
      ar: 'يمكن إسناد المهام المفتوحة فقط، وهذه المهمة حالتها {state}.',
    },
    cause: 'The task is a draft, or its search is over.',
    remedy: 'Read the task again.',
  },
  not_reassignable: {
    status: 409,
    title: {
      en: 'The task cannot be taken back now',
      ar: 'لا يمكن استرداد المهمة الآن',
    },
    detail: {
      en: 'Only a task that somebody has, and whose work has not begun, can be taken back; this one is {state}.',
      ar: 'يمكن استرداد مهمة مسندة لم يبدأ العمل فيها، وهذه المهمة حالتها {state}.',
    },
    cause: 'The task has no booking, or the work has begun or is on hold.',
    remedy: 'Assign a task that nobody has; resume a task on hold first; end begun work with `tasks.fail`.',
  },
  task_on_hold: {
    status: 409,
    title: {
      en: 'The task is on hold',
      ar: 'المهمة معلقة',
    },
    detail: {
      en: 'While it is on hold nobody is expected to appear.',
      ar: 'لا يُنتظر حضور أحد ما دامت معلقة.',
    },
    cause: 'Staff have put the task on hold.',
    remedy: 'Wait until it is resumed, or cancel the booking.',
  },
  task_over: {
    status: 409,
    title: {
      en: 'The task is not in the queue',
      ar: 'المهمة ليست في قائمة الانتظار',
    },
    detail: {
      en: 'It is {state}: a draft still, or it has ended.',
      ar: 'حالتها {state}: ما زالت مسودة أو انتهت.',
    },
    cause: 'The task was not posted yet, or has ended.',
    remedy: 'Nothing to do.',
  },
  tasker_not_assignable: {
    status: 409,
    fields: ['taskerId'],
    title: {
      en: 'Nothing can be assigned to that tasker',
      ar: 'لا يمكن إسناد المهام إلى مقدم الخدمة هذا',
    },
    detail: {
      en: '{why, select, no_tasker {The user is no tasker.} own_task {The task is their own.} debts_above_cap {Their debts are above the cap.} blocked {One of tasker and client has blocked the other.} other {Their profile is {why}, not active.}}',
      ar: '{why, select, no_tasker {المستخدم ليس مقدم خدمة.} own_task {المهمة مهمته هو.} debts_above_cap {ديونه تتجاوز الحد.} blocked {أحد الطرفين حظر الآخر.} other {حالة ملفه {why} وليست نشطة.}}',
    },
    cause: 'The user has no active tasker profile, posted the task, or owes more than the cap.',
    remedy: 'Choose another tasker.',
  },
  undo_refused: {
    status: 409,
    title: {
      en: 'That cannot be taken back',
      ar: 'لا يمكن التراجع عن ذلك',
    },
    detail: {
      en: '{why, select, answered {The tasker has answered since.} too_late {The time to take it back is over.} other {Something has happened to the task since.}}',
      ar: '{why, select, answered {ردّ مقدم الخدمة بعد ذلك.} too_late {انتهت مهلة التراجع.} other {طرأ شيء على المهمة بعد ذلك.}}',
    },
    cause:
      'Only the last act on the assignment of a task can be taken back, within `assignment.undo_minutes`, and not after the tasker has answered. An undo is not undone.',
    remedy: 'Use `tasks.reassign` or `tasks.unassign`.',
  },
  not_a_member: {
    status: 422,
    fields: ['taskerId'],
    title: {
      en: 'The tasker does not work for the company',
      ar: 'مقدم الخدمة لا يعمل لدى الشركة',
    },
    detail: {
      en: 'A company gives work to its own members only.',
      ar: 'تسند الشركة العمل إلى أعضائها فقط.',
    },
    cause: 'The tasker has no active membership in the company.',
    remedy: 'Choose a member from `companyMembers.list`.',
  },
  work_not_begun: {
    status: 409,
    title: {
      en: 'The work has not begun',
      ar: 'لم يبدأ العمل بعد',
    },
    detail: {
      en: 'Only work that has begun can fail. Cancel the booking instead.',
      ar: 'لا يفشل إلا عمل بدأ. ألغِ الحجز بدلًا من ذلك.',
    },
    cause: 'The task is on hold, and its booking is only confirmed.',
    remedy: 'Call `bookings.cancel`, or resume the task.',
  },
} as const satisfies Area['problems']
