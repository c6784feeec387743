import { sql } from 'drizzle-orm'
import type { Context } from '../../../core/context.ts'
import { inDatabase, type Report } from '../../../core/jobs.ts'
import { reported } from '../../people/privacy/retention/runs.ts'

const rowsLimit = 5_000

/** Deletes claims whose time and period are over, at most `limit`. */
export const purgeClaims = (ctx: Context, limit: number): Promise<Report> =>
  reported(ctx, sql`khidma.purge_claims(${limit})`)

export const jobs = { purgeClaims: inDatabase('purge', (ctx) => purgeClaims(ctx, rowsLimit)) }
