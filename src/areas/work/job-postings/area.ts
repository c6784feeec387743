import { defineArea } from '../../../core/area.ts'
import { jobEvents } from './events.ts'
import { jobApplicationMachine, jobPostingMachine } from './machine.ts'
import { jobProblems } from './problems.ts'
import { jobRetention } from './retention-policies.ts'

export const jobPostings = defineArea({
  name: 'job-postings',
  tags: {
    'Job postings': 'Jobs that companies post: public search, approval, applications.',
  },
  routes: () => import('./routes.ts'),
  config: () => import('./config.ts'),
  personalData: () => import('./personal-data.ts'),
  jobs: () => import('./jobs.ts'),
  machines: [jobPostingMachine, jobApplicationMachine],
  scopes: {
    'jobs:read': 'Read the job postings of your company, and applications',
    'jobs:write': 'Post jobs for your company, and apply for jobs',
  },
  permissions: {
    'job_postings.read': {
      description: 'View job postings in every state',
      heldBy: ['ops', 'support'],
    },
    'job_postings.review': {
      description: 'Approve, reject and close job postings',
      heldBy: ['ops'],
    },
  },
  problems: jobProblems,
  constraints: {
    job_postings_place: 'job_place_missing',
    job_applications_one: 'already_applied',
    job_applications_other: 'own_job',
  },
  events: jobEvents,
  retention: jobRetention,
})
