import { sql } from 'drizzle-orm'
import type { Context } from '../../../core/context.ts'
import { inDatabase, type Report } from '../../../core/jobs.ts'
import { reported } from '../privacy/retention/runs.ts'

const rowsLimit = 5_000

/** Deletes API keys that ended a period ago, at most `limit`. */
export const purgeApiKeys = (ctx: Context, limit: number): Promise<Report> =>
  reported(ctx, sql`khidma.purge_api_keys(${limit})`)

export const jobs = {
  purgeApiKeys: inDatabase('purge', (ctx) => purgeApiKeys(ctx, rowsLimit)),
}
