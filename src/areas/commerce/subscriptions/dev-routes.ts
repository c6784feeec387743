import { sql } from 'drizzle-orm'
import type { Routes } from '../../../http/mount.ts'
import { systemContext } from '../../../system-context.ts'
import { chargeSubscriptions } from './charging.ts'

/** Mounted in development builds only. */
export function mountSubscriptionClock(app: Routes): void {
  /** Moves the clock of one subscription ahead, and does what is due by it: a year takes a second. */
  app.post('/__dev/subscriptions/:subscriptionId/pass-time', async (c) => {
    if (c.env.ENVIRONMENT !== 'development') return c.notFound()
    const [id, seconds] = [c.req.param('subscriptionId'), Number(c.req.query('days')) * 86_400]
    const ctx = systemContext(c.env, 'dev-clock')
    await ctx.db.write([sql`select khidma.pass_subscription_time(${id}::uuid, ${seconds}::int)`])
    await chargeSubscriptions(ctx, null)
    return c.body(null, 204)
  })
}
