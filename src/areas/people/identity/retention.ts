import { sql } from 'drizzle-orm'
import type { Context } from '../../../core/context.ts'
import { type Report, reported } from '../privacy/retention/runs.ts'

/** Retention of devices, sessions and API keys, at most `limit` rows of a kind. Tells what went. */
export const purgeCallers = (ctx: Context, limit: number): Promise<Report> =>
  reported(ctx, sql`khidma.purge_callers(${limit})`)

/** Retention of codes by e-mail, challenges, attempts and counts, at most `limit` rows of a kind. Tells what went. */
export const purgeCredentials = (ctx: Context, limit: number): Promise<Report> =>
  reported(ctx, sql`khidma.purge_credentials(${limit})`)
