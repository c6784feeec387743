import type { RetentionPolicy } from '../../../core/retention.ts'

export const jobRetention = [
  {
    name: 'job_applications',
    data: 'Job applications',
    description: 'Applications with their answers, interviews and the notes of the company.',
    tables: ['job_applications', 'job_application_notes'],
    period: 'P1Y',
    since: 'the end of the application',
    action: 'deleted',
    job: 'purgeJobs',
    underLegalHold: 'kept',
    note: null,
  },
  {
    name: 'job_postings',
    data: 'Job postings',
    description: 'Closed job postings for which no application is kept.',
    tables: ['job_postings', 'job_posting_payments'],
    period: 'P2Y',
    since: 'the end of the posting',
    action: 'deleted',
    job: 'purgeJobs',
    underLegalHold: 'kept',
    note: null,
  },
] as const satisfies readonly RetentionPolicy[]
