import { sql } from 'drizzle-orm'
import type { Context } from '../../../core/context.ts'
import { inDatabase, type Report } from '../../../core/jobs.ts'
import { reported } from '../privacy/retention/runs.ts'

/** Lets accounts follow grants that have run out, which count for nothing already. Reports how many. */
export const expireGrants = (ctx: Context, limit: number): Promise<Report> =>
  reported(ctx, sql`json_build_object('grants', khidma.expire_grants(${limit}))`)

export const jobs = { endOfGrants: inDatabase('due', (ctx) => expireGrants(ctx, 500)) }
