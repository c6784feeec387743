import { outside } from '../../../core/jobs.ts'
import { reconcileDueDays } from './runs.ts'

/** A day has pages, and questions about what no event has named. */
const budgetMs = 120_000

export const jobs = {
  reconciliation: outside(async (ctx, until) => ({ ...(await reconcileDueDays(ctx, until)) }), budgetMs),
}
