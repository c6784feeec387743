import { sql } from 'drizzle-orm'
import type { Context } from '../../../core/context.ts'
import { elsewhere, inDatabase, type Report } from '../../../core/jobs.ts'
import { reported } from '../../people/privacy/retention/runs.ts'
import { chargeSubscriptions } from './charging.ts'

const subscriptionsLimit = 200

/** Renewals, retries, ends of trials, graces and pauses, and the credits of the month. */
export const runSubscriptions = (ctx: Context, limit: number): Promise<Report> =>
  reported(ctx, sql`khidma.run_subscriptions(${limit})`)

export const jobs = {
  subscriptions: inDatabase('due', (ctx) => runSubscriptions(ctx, subscriptionsLimit)),
  chargeSubscriptions: elsewhere('recover', async (ctx) => ({
    charged: await chargeSubscriptions(ctx, null),
  })),
}
