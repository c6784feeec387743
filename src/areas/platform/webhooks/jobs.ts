import { sql } from 'drizzle-orm'
import type { Context } from '../../../core/context.ts'
import { inDatabase, type Report } from '../../../core/jobs.ts'
import { reported } from '../../people/privacy/retention/runs.ts'

const rowsLimit = 5_000

/** Deletes deliveries that have ended and whose period is over, at most `limit`. */
export const purgeDeliveries = (ctx: Context, limit: number): Promise<Report> =>
  reported(ctx, sql`khidma.purge_deliveries(${limit})`)

export const jobs = {
  purgeDeliveries: inDatabase('purge', (ctx) => purgeDeliveries(ctx, rowsLimit)),
}
