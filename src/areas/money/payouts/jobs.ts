import type { Context } from '../../../core/context.ts'
import { inDatabase, outside, type Report } from '../../../core/jobs.ts'
import { workOnPayouts } from './gateway-work.ts'
import { scheduledAtOnce, schedulePayouts } from './schedule.ts'

/** Chunks of one run of the job: 10,000 taskers. What is left comes with the next run, a minute later. */
const chunks = 10_000 / scheduledAtOnce

/** The payday of each currency. */
async function payTaskers(ctx: Context): Promise<Report> {
  const total = { taskers: 0, payouts: 0, netted: 0 }
  for (let chunk = 0; chunk < chunks; chunk++) {
    const { taskers = 0, payouts = 0, netted = 0 } = await schedulePayouts(ctx)
    total.taskers += taskers
    total.payouts += payouts
    total.netted += netted
    if (taskers === 0) break
  }
  return total
}

export const jobs = {
  schedulePayouts: inDatabase('due', payTaskers),
  gatewayPayouts: outside(async (ctx, until) => ({ ...(await workOnPayouts(ctx, until)) })),
}
