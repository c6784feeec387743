import { sql } from 'drizzle-orm'
import type { Context } from '../../../core/context.ts'
import { inDatabase, type Report } from '../../../core/jobs.ts'
import { reported } from '../../people/privacy/retention/runs.ts'

/** Closes postings whose time is over, for which nobody can apply already, and ends what companies have not answered in time. */
export const endJobPostings = (ctx: Context, limit: number): Promise<Report> =>
  reported(
    ctx,
    sql`json_build_object('postings', khidma.end_job_postings(${limit}), 'unanswered', khidma.end_unanswered_applications(${limit}))`,
  )

export const purgeJobs = (ctx: Context, limit: number): Promise<Report> =>
  reported(
    ctx,
    sql`(khidma.purge_jobs(${limit})::jsonb || khidma.purge_candidate_views(${limit})::jsonb)::json`,
  )

export const jobs = {
  endOfJobPostings: inDatabase('due', (ctx) => endJobPostings(ctx, 500)),
  purgeJobs: inDatabase('purge', (ctx) => purgeJobs(ctx, 2_000)),
}
