import { defineArea } from '../../../core/area.ts'
import { limitsRetention } from './retention-policies.ts'

/** Limits as rows: `khidma.claim` takes a numbered seat in the transaction that needs it. */
export const limits = defineArea({
  name: 'limits',
  personalData: () => import('./personal-data.ts'),
  jobs: () => import('./jobs.ts'),
  retention: limitsRetention,
  problems: {
    limit_reached: {
      status: 409,
      title: {
        en: 'The limit is reached',
        ar: 'بلغت الحد الأقصى',
      },
      detail: {
        en: 'At most {most} are possible at a time. Try again later, or end one of them.',
        ar: 'الحد الأقصى هو {most} في المرة الواحدة. حاول لاحقًا أو أنهِ إحداها.',
      },
      cause: 'All seats under the limit named in `limit` are taken.',
      remedy: 'Show the limit. `freeAt`, where it is there, says when the next seat is free.',
    },
  },
  constraints: {
    claims_one_a_seat: 'limit_reached',
  },
})
