import { sql } from 'drizzle-orm'
import type { Context } from '../../../core/context.ts'
import { inDatabase, type Report } from '../../../core/jobs.ts'
import { reported } from '../../people/privacy/retention/runs.ts'

const rowsLimit = 5_000

/** Deletes stored replies whose period is over, at most `limit`. */
export const purgeReplies = (ctx: Context, limit: number): Promise<Report> =>
  reported(ctx, sql`khidma.purge_replies(${limit})`)

/** Deletes dead letters whose period is over, at most `limit` of a kind. */
export const purgeDeadLetters = (ctx: Context, limit: number): Promise<Report> =>
  reported(ctx, sql`khidma.purge_dead_letters(${limit})`)

/** Marks dead letters as resolved whose work was done since, at most `limit`. */
export const resolveDeadLetters = (ctx: Context, limit: number): Promise<Report> =>
  reported(ctx, sql`khidma.resolve_dead_letters(${limit})`)

export const jobs = {
  resolveDeadLetters: inDatabase('due', (ctx) => resolveDeadLetters(ctx, rowsLimit)),
  purgeReplies: inDatabase('purge', (ctx) => purgeReplies(ctx, rowsLimit)),
  purgeDeadLetters: inDatabase('purge', (ctx) => purgeDeadLetters(ctx, rowsLimit)),
}
