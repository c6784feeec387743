import { sql } from 'drizzle-orm'
import type { Context } from '../../../core/context.ts'
import { inDatabase, type Report } from '../../../core/jobs.ts'
import { reported } from '../privacy/retention/runs.ts'

const rowsLimit = 5_000
const accountsLimit = 1_000

/** Deletes devices and sessions whose period is over, at most `limit` rows of a kind. */
export const purgeCallers = (ctx: Context, limit: number): Promise<Report> =>
  reported(ctx, sql`khidma.purge_callers(${limit})`)

/** Deletes codes, tokens, challenges, attempts and counts whose period is over, at most `limit` rows of a kind. */
export const purgeCredentials = (ctx: Context, limit: number): Promise<Report> =>
  reported(ctx, sql`khidma.purge_credentials(${limit})`)

/** Looks at the next `limit` accounts, and makes those inactive that nobody has used for long. */
export const deactivateUnused = (ctx: Context, limit: number): Promise<Report> =>
  reported(ctx, sql`khidma.deactivate_unused_accounts(${limit})`)

export const jobs = {
  deactivateUnused: inDatabase('purge', (ctx) => deactivateUnused(ctx, accountsLimit)),
  purgeCallers: inDatabase('purge', (ctx) => purgeCallers(ctx, rowsLimit)),
  purgeCredentials: inDatabase('purge', (ctx) => purgeCredentials(ctx, rowsLimit)),
}
