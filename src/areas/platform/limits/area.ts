import { defineArea } from '../../../core/area.ts'
import { limitsRetention } from './retention-policies.ts'

/** Limits as rows: `khidma.claim` takes a numbered seat in the transaction that needs it. */
export const limits = defineArea({
  name: 'limits',
  personalData: () => import('./personal-data.ts'),
  jobs: () => import('./jobs.ts'),
  retention: limitsRetention,
  constraints: {
    claims_one_a_seat: 'limit_reached',
  },
})
