import { sql } from 'drizzle-orm'
import type { Context } from '../../../core/context.ts'
import { inDatabase, type Report } from '../../../core/jobs.ts'
import { reported } from '../../people/privacy/retention/runs.ts'

/** Ends awards that were not accepted in time and tasks whose deadline has passed; nobody can accept them already. */
export const endBidding = (ctx: Context, limit: number): Promise<Report> =>
  reported(ctx, sql`khidma.end_bidding(${limit})`)

export const jobs = { endOfBidding: inDatabase('due', (ctx) => endBidding(ctx, 500)) }
