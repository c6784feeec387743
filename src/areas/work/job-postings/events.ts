import type { Area } from '../../../core/area.ts'

export const jobEvents = {
  'job_posting.created': { summary: 'A company drafted a job posting' },
  'job_posting.submitted': { summary: 'A job posting waits for approval' },
  'job_posting.withdrawn': { summary: 'A company took a job posting back before the decision' },
  'job_posting.rejected': {
    summary: 'A job posting was not approved',
    notifies: {
      company: {
        en: { title: 'Please revise your job', body: 'Open it to read why it was not approved.' },
        ar: { title: 'راجع إعلان الوظيفة', body: 'افتحه لقراءة سبب عدم الموافقة عليه.' },
      },
    },
  },
  'job_posting.live': {
    summary: 'A job posting is public',
    notifies: {
      company: {
        en: { title: 'Your job is live', body: 'Everyone can find it and apply.' },
        ar: { title: 'نُشرت وظيفتك', body: 'يمكن للجميع العثور عليها والتقديم.' },
      },
    },
  },
  'job_posting.closed': {
    summary: 'A job posting has ended',
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
    notifies: {
      company: {
        en: { title: 'Your changes are live', body: 'Everyone sees the job as you have changed it.' },
        ar: { title: 'نُشرت تغييراتك', body: 'يرى الجميع الوظيفة كما عدّلتها.' },
      },
    },
  },
  'job_posting.changes_rejected': {
    summary: 'Changes of a live job posting were not approved',
    notifies: {
      company: {
        en: { title: 'Please revise your changes', body: 'The job stays as it was. Open it to read why.' },
        ar: { title: 'راجع تغييراتك', body: 'تبقى الوظيفة كما كانت. افتحها لمعرفة السبب.' },
      },
    },
  },
} as const satisfies Area['events']
