import type { Area } from '../../../core/area.ts'

export const jobProblems = {
  job_posting_over: {
    status: 409,
    fields: ['closesAt'],
    title: { en: 'The deadline has passed', ar: 'انتهى الموعد النهائي' },
    detail: {
      en: 'Choose a later deadline for this job.',
      ar: 'اختر موعدًا نهائيًا لاحقًا لهذه الوظيفة.',
    },
    cause: '`closesAt` of the posting is not in the future.',
    remedy: 'Change `closesAt` (`jobPostings.update`), within `job_postings.most_days`, and try again.',
  },
  job_deadline_refused: {
    status: 422,
    fields: ['closesAt'],
    title: { en: 'The deadline is not possible', ar: 'الموعد النهائي غير ممكن' },
    detail: {
      en: 'The deadline is in the future, and at most {days, plural, one {# day} other {# days}} away.',
      ar: 'يجب أن يكون الموعد النهائي في المستقبل وخلال {days, plural, one {يوم واحد} two {يومين} few {# أيام} many {# يومًا} other {# يوم}} على الأكثر.',
    },
    cause: '`closesAt` is in the past, or further away than `job_postings.most_days`.',
    remedy: 'Send a time within that many days.',
  },
  job_place_missing: {
    status: 422,
    fields: ['location'],
    title: { en: 'The city is missing', ar: 'المدينة غير محددة' },
    detail: {
      en: 'A job that is not remote is done in a city.',
      ar: 'الوظيفة التي ليست عن بُعد لها مدينة.',
    },
    cause: '`workMode` is `onsite` or `hybrid`, and `location.city` is absent.',
    remedy: 'Send `location.city`, or `workMode: remote`.',
  },
  job_posting_fixed: {
    status: 409,
    title: { en: 'The job cannot be changed now', ar: 'لا يمكن تغيير الوظيفة الآن' },
    detail: {
      en: 'Drafts and live jobs can be changed.',
      ar: 'يمكن تغيير المسودات والوظائف المنشورة فقط.',
    },
    cause: 'The posting waits for approval, or is closed.',
    remedy: 'Withdraw it first (`jobPostings.withdraw`); one that is closed stays as it is.',
  },
  job_posting_unpaid: {
    status: 409,
    title: { en: 'Nothing is left that pays for this job', ar: 'لا يوجد ما يدفع ثمن هذه الوظيفة' },
    detail: {
      en: 'No posting of a package is left, and a job costs {needed} credits. The company can spend {available}. Buy a package first.',
      ar: 'لم يتبقَّ إعلان من باقة، وثمن الوظيفة {needed} نقطة بينما يمكن للشركة إنفاق {available}. اشترِ باقة أولًا.',
    },
    cause: 'The account of the company has neither a `job_posting` entitlement nor enough credits now.',
    remedy: 'Buy a package (`packages.list`) with the account of the company, and try again.',
  },
  job_posting_paid_until: {
    status: 409,
    fields: ['closesAt'],
    title: { en: 'These days are not paid', ar: 'هذه الأيام غير مدفوعة' },
    detail: {
      en: 'This job is paid until {paidUntil}. Extend it to have it public for longer.',
      ar: 'هذه الوظيفة مدفوعة حتى {paidUntil}. مدّدها لتبقى منشورة مدة أطول.',
    },
    cause: '`closesAt` is after `paidUntil` of the live posting.',
    remedy: 'Send a time until `paidUntil`, or extend the posting first (`jobPostings.extend`).',
  },
  job_posting_paid: {
    status: 409,
    title: { en: 'The job is paid for long enough', ar: 'الوظيفة مدفوعة لمدة كافية' },
    detail: {
      en: 'This job is paid until {paidUntil}, which is as late as is allowed now.',
      ar: 'هذه الوظيفة مدفوعة حتى {paidUntil}، وهو أبعد موعد مسموح به الآن.',
    },
    cause: '`paidUntil` is less than a day before the latest deadline that `job_postings.most_days` allows.',
    remedy: 'Move `closesAt` for free (`jobPostings.update`), or extend it later.',
  },
  job_posting_not_closed: {
    status: 409,
    title: { en: 'The job is not closed', ar: 'الوظيفة ليست مغلقة' },
    detail: {
      en: 'A job is posted anew once it is closed.',
      ar: 'يُعاد نشر الوظيفة بعد إغلاقها.',
    },
    cause: 'The posting is a draft, waits for approval, or is live.',
    remedy: 'Extend a live one (`jobPostings.extend`), or close it first.',
  },
  no_job_changes: {
    status: 409,
    title: { en: 'No changes wait', ar: 'لا توجد تغييرات قيد الانتظار' },
    detail: {
      en: 'The changes of this job were decided already, or there are none.',
      ar: 'حُسمت تغييرات هذه الوظيفة بالفعل أو لا توجد تغييرات.',
    },
    cause: '`pendingChanges` of the posting is null.',
    remedy: 'Read the posting again (`jobPostings.getDetails`).',
  },
  already_applied: {
    status: 409,
    title: { en: 'Already applied', ar: 'سبق التقديم' },
    detail: {
      en: 'You apply for a job once. See your application.',
      ar: 'يمكنك التقديم على الوظيفة مرة واحدة. اطّلع على طلبك.',
    },
    cause: 'The caller has an application for this posting, in whatever state.',
    remedy: 'Read it (`me.listJobApplications`).',
  },
  own_job: {
    status: 409,
    title: { en: 'Your own company', ar: 'شركتك أنت' },
    detail: {
      en: 'You work for the company that posts this job.',
      ar: 'أنت تعمل لدى الشركة التي نشرت هذه الوظيفة.',
    },
    cause: 'The caller is a member of the company, or its account.',
    remedy: 'Only others apply for its jobs.',
  },
  candidate_profile_missing: {
    status: 409,
    title: { en: 'You have no candidate profile', ar: 'ليس لديك ملف مرشح' },
    detail: {
      en: 'Create your candidate profile first: it is what the company reads.',
      ar: 'أنشئ ملف المرشح أولًا، فهو ما تقرؤه الشركة.',
    },
    cause: 'The caller has never written a candidate profile.',
    remedy: 'Write it (`me.putCandidateProfile`); it need not be public.',
  },
  job_closed: {
    status: 409,
    title: { en: 'The job is closed', ar: 'أُغلقت الوظيفة' },
    detail: {
      en: 'Nobody can apply for this job any more.',
      ar: 'لم يعد التقديم على هذه الوظيفة ممكنًا.',
    },
    cause: 'The posting was closed, or its deadline has passed.',
    remedy: 'Search for others (`jobPostings.search`).',
  },
  job_answer_missing: {
    status: 422,
    fields: ['answers'],
    title: { en: 'An answer is missing', ar: 'تنقص إجابة' },
    detail: {
      en: 'Answer the question {key}.',
      ar: 'أجب عن السؤال {key}.',
    },
    cause: 'A required question of the posting has no answer.',
    remedy: 'Answer each question with `isRequired` (`jobPostings.get`).',
  },
  job_question_unknown: {
    status: 422,
    fields: ['answers'],
    title: { en: 'Unknown question', ar: 'السؤال غير معروف' },
    detail: {
      en: 'The job has no question {key}. It may have changed.',
      ar: 'لا يوجد سؤال {key} في هذه الوظيفة، وربما تغيّر.',
    },
    cause: 'An answer names a key that is not in `questions` of the posting.',
    remedy: 'Read the posting again (`jobPostings.get`).',
  },
  interview_over: {
    status: 422,
    fields: ['slots'],
    title: { en: 'A time has passed', ar: 'انقضى أحد المواعيد' },
    detail: {
      en: 'Propose times in the future.',
      ar: 'اقترح مواعيد في المستقبل.',
    },
    cause: 'One of `slots` is not in the future.',
    remedy: 'Send times after now.',
  },
  interview_not_proposed: {
    status: 409,
    fields: ['startsAt'],
    title: { en: 'This time cannot be chosen', ar: 'لا يمكن اختيار هذا الموعد' },
    detail: {
      en: 'Choose one of the times that the company proposes now.',
      ar: 'اختر أحد المواعيد التي تقترحها الشركة الآن.',
    },
    cause: '`startsAt` is not in `interview.slots`, or has passed.',
    remedy: 'Read the application again (`jobApplications.get`), and choose from its slots.',
  },
} as const satisfies Area['problems']
