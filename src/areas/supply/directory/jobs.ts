import { sql } from 'drizzle-orm'
import type { Context } from '../../../core/context.ts'
import { inDatabase, type Report } from '../../../core/jobs.ts'
import { reported } from '../../people/privacy/retention/runs.ts'

export const purgeSearches = (ctx: Context, limit: number): Promise<Report> =>
  reported(ctx, sql`khidma.purge_searches(${limit})`)

export const jobs = { purgeSearches: inDatabase('purge', (ctx) => purgeSearches(ctx, 5_000)) }
