import { sql } from 'drizzle-orm'
import type { Context } from '../../../core/context.ts'
import { elsewhere, inDatabase, type Report } from '../../../core/jobs.ts'
import { reported } from '../../people/privacy/retention/runs.ts'
import { planSeries } from './occurrences.ts'

/** Strips tasks that ended five years ago, and ends their conversations; their messages go as removals. */
export const archiveTasks = (ctx: Context, limit: number): Promise<Report> =>
  reported(ctx, sql`khidma.archive_tasks(${limit})`)

/** Deletes what the history of ended tasks holds for longer than its period. */
export const purgeTaskHistory = (ctx: Context, limit: number): Promise<Report> =>
  reported(ctx, sql`khidma.purge_task_history(${limit})`)

export const jobs = {
  planSeries: elsewhere('due', (ctx) => planSeries(ctx, 20)),
  archiveTasks: inDatabase('purge', (ctx) => archiveTasks(ctx, 50)),
  purgeTaskHistory: inDatabase('purge', (ctx) => purgeTaskHistory(ctx, 500)),
}
