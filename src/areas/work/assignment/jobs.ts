import { sql } from 'drizzle-orm'
import type { Context } from '../../../core/context.ts'
import { inDatabase, type Report } from '../../../core/jobs.ts'
import { reported } from '../../people/privacy/retention/runs.ts'

/** Ends assignments whose taskers were silent, and lets tasks expire whose time is long over. Reports how many of each. */
export const expireAssignments = (ctx: Context, limit: number): Promise<Report> =>
  reported(
    ctx,
    sql`json_build_object('assignments', khidma.expire_assignments(${limit}), 'tasks', khidma.expire_unassigned_tasks(${limit}))`,
  )

/** Tells staff of service levels that were missed. Reports how many. */
export const tellBreaches = (ctx: Context, limit: number): Promise<Report> =>
  reported(ctx, sql`json_build_object('breaches', khidma.breach_clocks(${limit}))`)

export const jobs = {
  endOfAssignments: inDatabase('due', (ctx) => expireAssignments(ctx, 200)),
  breachesOfServiceLevels: inDatabase('due', (ctx) => tellBreaches(ctx, 500)),
}
