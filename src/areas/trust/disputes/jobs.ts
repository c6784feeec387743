import { sql } from 'drizzle-orm'
import type { Context } from '../../../core/context.ts'
import { inDatabase, type Report } from '../../../core/jobs.ts'
import { reported } from '../../people/privacy/retention/runs.ts'

/** Escalates what nobody has ended in time, reminds who has to respond, and ends offers. Whoever reads a deadline judges by its instant. */
export const collectDisputeDeadlines = (ctx: Context, limit: number): Promise<Report> =>
  reported(ctx, sql`khidma.collect_dispute_deadlines(${limit})`)

export const jobs = { deadlinesOfDisputes: inDatabase('due', (ctx) => collectDisputeDeadlines(ctx, 200)) }
