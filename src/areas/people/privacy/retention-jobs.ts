import { sql } from 'drizzle-orm'
import type { Context } from '../../../core/context.ts'
import { type Report, reported } from './retention-runs.ts'

/** Strips tasks that ended five years ago, and ends their conversations; what was said goes as a removal. */
export const archiveTasks = (ctx: Context, limit: number): Promise<Report> =>
  reported(ctx, sql`khidma.archive_tasks(${limit})`)

/** Events, deliveries, dead letters, reports and requests whose time is over, at most `limit` rows of a kind. */
export const purgeTraces = (ctx: Context, limit: number): Promise<Report> =>
  reported(ctx, sql`khidma.purge_traces(${limit})`)

/** Files whose time is over, at most `limit` of a kind: their bytes go as removals. */
export const purgeMedia = (ctx: Context, limit: number): Promise<Report> =>
  reported(ctx, sql`khidma.purge_media(${limit})`)
