import { sql } from 'drizzle-orm'
import type { Context } from '../../../core/context.ts'
import { inDatabase, type Report } from '../../../core/jobs.ts'
import { reported } from '../../people/privacy/retention/runs.ts'

/** Strips tasks that ended five years ago, and ends their conversations; their messages go as removals. */
export const archiveTasks = (ctx: Context, limit: number): Promise<Report> =>
  reported(ctx, sql`khidma.archive_tasks(${limit})`)

export const jobs = { archiveTasks: inDatabase('purge', (ctx) => archiveTasks(ctx, 50)) }
