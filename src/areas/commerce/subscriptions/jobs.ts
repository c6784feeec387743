import { sql } from 'drizzle-orm'
import type { Context } from '../../../core/context.ts'
import { inParallel } from '../../../core/in-parallel.ts'
import { elsewhere, outside, type Report } from '../../../core/jobs.ts'
import { logFailure } from '../../../core/log.ts'
import { putOff } from '../../../core/put-off.ts'
import { rowsOf, uuid } from '../../../db/rows.ts'
import { chargeSubscriptions } from './charging.ts'

const subscriptionsLimit = 200
const atOnce = 3

/**
 * Renewals, retries, ends of trials, graces and pauses, and the credits of the month. Each subscription in a transaction of its own: one that
 * held the wallets and discounts of many would deadlock with their owners. One that fails is left out for an hour.
 */
export async function runSubscriptions(ctx: Context, limit: number): Promise<Report> {
  const due = await ctx.db.read(rowsOf({ id: uuid })`
    select s.id from subscriptions s where s.next_at <= now() and not khidma.is_put_off('subscription.step', s.id)
     order by s.next_at, s.id limit ${limit}`)
  const report = { stepped: 0, failed: 0 }
  await inParallel(atOnce, due, async ({ id }) => {
    try {
      await ctx.db.write([sql`select khidma.step_subscription(${id})`])
      report.stepped += 1
    } catch (error) {
      report.failed += 1
      logFailure('subscription.step_failed', error, { subscriptionId: id })
      await putOff(ctx, 'subscription.step', id, error)
    }
  })
  return report
}

export const jobs = {
  subscriptions: elsewhere('due', (ctx) => runSubscriptions(ctx, subscriptionsLimit)),
  chargeSubscriptions: outside(async (ctx, until) => ({
    charged: await chargeSubscriptions(ctx, null, until),
  })),
}
