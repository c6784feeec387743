import { elsewhere } from '../../../core/jobs.ts'
import { reconcileDueDays } from './runs.ts'

export const jobs = {
  reconciliation: elsewhere('due', async (ctx) => ({ ...(await reconcileDueDays(ctx)) })),
}
