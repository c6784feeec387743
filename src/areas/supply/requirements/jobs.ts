import { sql } from 'drizzle-orm'
import type { Context } from '../../../core/context.ts'
import { inDatabase, type Report } from '../../../core/jobs.ts'
import { reported } from '../../people/privacy/retention/runs.ts'

/** Ends waivers whose time has passed. */
export const endWaivers = (ctx: Context, limit: number): Promise<Report> =>
  reported(ctx, sql`khidma.end_waivers(${limit})`)

export const jobs = { endOfWaivers: inDatabase('due', (ctx) => endWaivers(ctx, 500)) }
