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
} as const satisfies Area['problems']
