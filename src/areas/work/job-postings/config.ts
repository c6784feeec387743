import { z } from 'zod'
import { configKey } from '../../../core/config.ts'

const days = (most: number) => z.int().min(1).max(most)

export const config = {
  'candidates.view_days': configKey({
    description:
      'Days for which a company that views a candidate reads profile, résumé and contact details; viewing again within them costs nothing.',
    schema: days(365),
    default: 30,
    scopes: [],
    isPublic: true,
  }),
  'job_postings.answer_days': configKey({
    description:
      'Days after the end of a job posting within which the company answers the applications that are open; then they end.',
    schema: days(180),
    default: 30,
    scopes: [],
  }),
  'job_postings.price': configKey({
    description:
      'Credits that a job posting costs where no posting of a package pays for it, and the days for which it is public then; an extension costs as much again. 0 credits: postings are free. The country is that of the job.',
    schema: z.strictObject({ credits: z.int().min(0).max(100_000), days: days(365) }),
    default: { credits: 20, days: 30 },
    scopes: ['country'],
    isPublic: true,
  }),
  'job_postings.most_days': configKey({
    description: 'Longest time for which a job posting takes applications, in days from now.',
    schema: days(365),
    default: 90,
    scopes: [],
    isPublic: true,
  }),
}
