import { sql } from 'drizzle-orm'
import type { Context } from '../../../core/context.ts'
import { inDatabase, type Report } from '../../../core/jobs.ts'
import { reported } from '../../people/privacy/retention/runs.ts'

/** Publishes reviews whose instant has passed; everybody reads them already, and the figures follow. */
export const publishDueReviews = (ctx: Context, limit: number): Promise<Report> =>
  reported(ctx, sql`json_build_object('reviews', khidma.publish_due_reviews(${limit}))`)

/** Folds figures anew whose weights are a week old. */
export const refreshOldFigures = (ctx: Context, limit: number): Promise<Report> =>
  reported(ctx, sql`json_build_object('figures', khidma.refresh_old_figures(${limit}))`)

/** Looks for signs of dishonesty in reviews that were published since the last run. */
export const findReviewSignals = (ctx: Context, limit: number): Promise<Report> =>
  reported(ctx, sql`khidma.find_review_signals(${limit})`)

export const purgeReviewSignals = (ctx: Context, limit: number): Promise<Report> =>
  reported(ctx, sql`khidma.purge_review_signals(${limit})`)

export const jobs = {
  signalsOfReviews: inDatabase('due', (ctx) => findReviewSignals(ctx, 100)),
  purgeReviewSignals: inDatabase('purge', (ctx) => purgeReviewSignals(ctx, 5_000)),
  publicationOfReviews: inDatabase('due', (ctx) => publishDueReviews(ctx, 500)),
  ageOfFigures: inDatabase('due', (ctx) => refreshOldFigures(ctx, 200)),
}
