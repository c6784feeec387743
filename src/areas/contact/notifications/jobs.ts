import { sql } from 'drizzle-orm'
import type { Context } from '../../../core/context.ts'
import { inDatabase, type Report } from '../../../core/jobs.ts'
import { reported } from '../../people/privacy/retention/runs.ts'

const rowsLimit = 5_000

/** Deletes notifications whose period is over, at most `limit`. */
export const purgeNotifications = (ctx: Context, limit: number): Promise<Report> =>
  reported(ctx, sql`khidma.purge_notifications(${limit})`)

export const jobs = {
  purgeNotifications: inDatabase('purge', (ctx) => purgeNotifications(ctx, rowsLimit)),
}
