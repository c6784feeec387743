import { sql } from 'drizzle-orm'
import type { Context } from '../../../core/context.ts'
import { inDatabase, type Report } from '../../../core/jobs.ts'
import { reported } from '../../people/privacy/retention/runs.ts'

/** Ends orders that were not paid in time; nobody can pay them already. */
export const expireOrders = (ctx: Context, limit: number): Promise<Report> =>
  reported(ctx, sql`khidma.expire_orders(${limit})`)

export const purgeQuotes = (ctx: Context, limit: number): Promise<Report> =>
  reported(ctx, sql`khidma.purge_quotes(${limit})`)

export const jobs = {
  expireOrders: inDatabase('due', (ctx) => expireOrders(ctx, 500)),
  purgeQuotes: inDatabase('purge', (ctx) => purgeQuotes(ctx, 2_000)),
}
