import { sql } from 'drizzle-orm'
import type { Context } from '../../../core/context.ts'
import { inDatabase, type Report } from '../../../core/jobs.ts'
import { reported } from '../../people/privacy/retention/runs.ts'

/** Closes postings whose time is over; nobody can apply for them already. */
export const endJobPostings = (ctx: Context, limit: number): Promise<Report> =>
  reported(ctx, sql`json_build_object('postings', khidma.end_job_postings(${limit}))`)

export const jobs = { endOfJobPostings: inDatabase('due', (ctx) => endJobPostings(ctx, 500)) }
