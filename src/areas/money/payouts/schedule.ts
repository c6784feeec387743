import { sql } from 'drizzle-orm'
import type { Context } from '../../../core/context.ts'
import type { Report } from '../../../core/jobs.ts'
import { reported } from '../../people/privacy/retention/runs.ts'

/** Taskers in one transaction: their balances are locked until it ends, so that a refund beside it waits no longer than that. */
export const scheduledAtOnce = 250

/** Schedules the payouts of the next taskers of an open payday. */
export const schedulePayouts = (ctx: Context): Promise<Report> =>
  reported(ctx, sql`khidma.run_payouts(${scheduledAtOnce})`)
