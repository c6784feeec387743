import { sql } from 'drizzle-orm'
import type { Context } from '../../../core/context.ts'
import { inDatabase, type Report } from '../../../core/jobs.ts'
import { reported } from '../../people/privacy/retention/runs.ts'

/** Tells of cases whose time has passed; lists judge by the instant itself. */
export const tellOverdueCases = (ctx: Context, limit: number): Promise<Report> =>
  reported(ctx, sql`khidma.tell_overdue_cases(${limit})`)

export const jobs = { overdueCases: inDatabase('due', (ctx) => tellOverdueCases(ctx, 500)) }
