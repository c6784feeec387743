import type { Area } from '../../../core/area.ts'

export const jobEvents = {
  'candidate_view.created': {
    summary: 'A company has viewed how to reach a candidate',
    notifies: {
      user: {
        en: {
          title: 'A company has viewed you',
          body: 'It can read your profile and contact you. See which one.',
        },
        ar: { title: 'اطّلعت شركة على بياناتك', body: 'يمكنها قراءة ملفك والتواصل معك. اعرف أي شركة هي.' },
      },
    },
  },
  'job_posting.created': { summary: 'A company drafted a job posting' },
  'job_posting.submitted': { summary: 'A job posting waits for approval' },
  'job_posting.withdrawn': { summary: 'A company took a job posting back before the decision' },
  'job_posting.rejected': {
    summary: 'A job posting was not approved',
    notifiesMembers: true,
    notifies: {
      company: {
        en: { title: 'Please revise your job', body: 'Open it to read why it was not approved.' },
        ar: { title: 'راجع إعلان الوظيفة', body: 'افتحه لقراءة سبب عدم الموافقة عليه.' },
      },
    },
  },
  'job_posting.live': {
    summary: 'A job posting is public',
    notifiesMembers: true,
    notifies: {
      company: {
        en: { title: 'Your job is live', body: 'Everyone can find it and apply.' },
        ar: { title: 'نُشرت وظيفتك', body: 'يمكن للجميع العثور عليها والتقديم.' },
      },
    },
  },
  'job_posting.closed': {
    summary: 'A job posting has ended',
    notifiesMembers: true,
    notifies: {
      company: {
        en: { title: 'Your job is closed', body: 'Nobody can apply any more. Answer those who have.' },
        ar: { title: 'أُغلقت وظيفتك', body: 'لم يعد التقديم ممكنًا. أجب من تقدموا بالفعل.' },
      },
    },
  },
  'job_posting.changes_pending': { summary: 'Changes of a live job posting wait for approval' },
  'job_posting.changes_approved': {
    summary: 'Changes of a live job posting are public',
    notifiesMembers: true,
    notifies: {
      company: {
        en: { title: 'Your changes are live', body: 'Everyone sees the job as you have changed it.' },
        ar: { title: 'نُشرت تغييراتك', body: 'يرى الجميع الوظيفة كما عدّلتها.' },
      },
    },
  },
  'job_posting.changes_rejected': {
    summary: 'Changes of a live job posting were not approved',
    notifiesMembers: true,
    notifies: {
      company: {
        en: { title: 'Please revise your changes', body: 'The job stays as it was. Open it to read why.' },
        ar: { title: 'راجع تغييراتك', body: 'تبقى الوظيفة كما كانت. افتحها لمعرفة السبب.' },
      },
    },
  },
  'job_application.applied': {
    summary: 'Somebody applied for a job',
    notifiesMembers: true,
    notifies: {
      company: {
        en: { title: 'Somebody has applied', body: 'See the application, and answer it.' },
        ar: { title: 'وصل طلب توظيف جديد', body: 'اطّلع على الطلب وأجب عنه.' },
      },
    },
  },
  'job_application.shortlisted': {
    summary: 'An applicant is on the shortlist',
    notifies: {
      user: {
        en: { title: 'You are on the shortlist', body: 'The company wants to know more about you.' },
        ar: { title: 'أنت في القائمة المختصرة', body: 'تريد الشركة معرفة المزيد عنك.' },
      },
    },
  },
  'job_application.interview': {
    summary: 'An applicant is invited to an interview',
    notifies: {
      user: {
        en: { title: 'You are invited to an interview', body: 'Choose one of the proposed times.' },
        ar: { title: 'أنت مدعو إلى مقابلة', body: 'اختر أحد المواعيد المقترحة.' },
      },
    },
  },
  'job_application.interview_proposed': {
    summary: 'A company proposes other times for an interview',
    notifies: {
      user: {
        en: { title: 'New times for your interview', body: 'Choose one of the proposed times.' },
        ar: { title: 'مواعيد جديدة لمقابلتك', body: 'اختر أحد المواعيد المقترحة.' },
      },
    },
  },
  'job_application.interview_chosen': {
    summary: 'An applicant has chosen the time of an interview',
    notifiesMembers: true,
    notifies: {
      company: {
        en: { title: 'An interview has its time', body: 'See which time the applicant has chosen.' },
        ar: { title: 'تحدد موعد مقابلة', body: 'اطّلع على الموعد الذي اختاره المتقدم.' },
      },
    },
  },
  'job_application.offered': {
    summary: 'A company offers the job to an applicant',
    notifies: {
      user: {
        en: { title: 'You are offered the job', body: 'See your application.' },
        ar: { title: 'عُرضت عليك الوظيفة', body: 'اطّلع على طلبك.' },
      },
    },
  },
  'job_application.hired': {
    summary: 'An applicant was hired',
    notifies: {
      user: {
        en: { title: 'You are hired', body: 'Congratulations on your new job.' },
        ar: { title: 'تم توظيفك', body: 'تهانينا على وظيفتك الجديدة.' },
      },
    },
  },
  'job_application.rejected': {
    summary: 'A company rejected an applicant',
    notifies: {
      user: {
        en: { title: 'Your application was not successful', body: 'See what the company has answered.' },
        ar: { title: 'لم يُقبل طلبك', body: 'اطّلع على رد الشركة.' },
      },
    },
  },
  'job_application.ended': {
    summary: 'An application ended with its posting',
    notifies: {
      user: {
        en: { title: 'The job is closed', body: 'Your application has ended with it.' },
        ar: { title: 'أُغلقت الوظيفة', body: 'انتهى طلبك بإغلاقها.' },
      },
    },
  },
  'job_application.withdrawn': {
    summary: 'An application was withdrawn',
    notifiesMembers: true,
    notifies: {
      company: {
        en: { title: 'An application was withdrawn', body: 'The applicant is no longer available.' },
        ar: { title: 'سُحب طلب توظيف', body: 'لم يعد المتقدم متاحًا.' },
      },
    },
  },
} as const satisfies Area['events']
