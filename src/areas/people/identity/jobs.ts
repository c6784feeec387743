import { sql } from 'drizzle-orm'
import type { Context } from '../../../core/context.ts'
import { inDatabase, type Report } from '../../../core/jobs.ts'
import { reported } from '../privacy/retention/runs.ts'

const rowsLimit = 5_000

/** Deletes devices and sessions whose period is over, at most `limit` rows of a kind. */
export const purgeCallers = (ctx: Context, limit: number): Promise<Report> =>
  reported(ctx, sql`khidma.purge_callers(${limit})`)

/** Deletes codes, tokens, challenges, attempts and counts whose period is over, at most `limit` rows of a kind. */
export const purgeCredentials = (ctx: Context, limit: number): Promise<Report> =>
  reported(ctx, sql`khidma.purge_credentials(${limit})`)

/** Makes accounts inactive that nobody has used for long, at most `limit`. */
export const deactivateUnused = (ctx: Context, limit: number): Promise<Report> =>
  reported(ctx, sql`khidma.deactivate_unused_accounts(${limit})`)

export const jobs = {
  deactivateUnused: inDatabase('purge', (ctx) => deactivateUnused(ctx, 500)),
  purgeCallers: inDatabase('purge', (ctx) => purgeCallers(ctx, rowsLimit)),
  purgeCredentials: inDatabase('purge', (ctx) => purgeCredentials(ctx, rowsLimit)),
}
