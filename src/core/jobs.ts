import type { Context } from './context.ts'

/** Report of a run: counts by name, nothing else. */
export type Report = Record<string, number>

/**
 * Stages of a scheduled run, in order; within one the order is that of the areas.
 *
 * - `seal`: the audit log. First, because what others take long over must not widen the window in which a row can be changed.
 * - `resend`: enqueues what was lost between a commit and a queue: the net below every crash, which waits for nothing.
 * - `recover`: continues what was lost between a commit and an object.
 * - `due`: does what has become due.
 * - `purge`: deletes what is kept no longer, and decides what goes outside of the database.
 * - `remove`: carries out those decisions.
 * - `outside`: asks servers of others, each job for no longer than its budget. Last, so that one that hangs keeps nothing of ours waiting.
 */
export const stages = ['seal', 'resend', 'recover', 'due', 'purge', 'remove', 'outside'] as const
type Stage = (typeof stages)[number]

export interface Outcome {
  report: Report
  /** The round trip of the work has written the report down. */
  isReported: boolean
  /** Whether the run is worth a log line. By default it is where any count is above zero. */
  isNews?: boolean
}

/** Work of one scheduled run with the bindings that it needs. Idempotent and bounded: what a run leaves, the next one takes. */
export interface Job<Bindings> {
  stage: Stage
  /** Belongs to a job of `outside`: no call begins after it, and what is under way takes a few time-outs longer. */
  budgetMs?: number
  run: (ctx: Context, env: Bindings) => Promise<Outcome>
}

/** Work of the database alone, which writes its report down with it. */
export const inDatabase = (stage: Stage, work: (ctx: Context) => Promise<Report>): Job<unknown> => ({
  stage,
  run: async (ctx) => ({ report: await work(ctx), isReported: true }),
})

/** Work that is also done elsewhere: its report is written down when all of it is done. */
export const elsewhere = <Bindings>(
  stage: Stage,
  work: (ctx: Context, env: Bindings) => Promise<Report>,
): Job<Bindings> => ({
  stage,
  run: async (ctx, env) => ({ report: await work(ctx, env), isReported: false }),
})

/** The sum over all jobs, with what is under way at the end of each, is less than the quarter of an hour of a scheduled run. */
export const outsideBudgetMs = 30_000

/** Work at servers of others. `until`: no call begins after it, and what is left comes with the next run. */
export const outside = <Bindings>(
  work: (ctx: Context, until: number, env: Bindings) => Promise<Report>,
  budgetMs = outsideBudgetMs,
): Job<Bindings> => ({
  stage: 'outside',
  budgetMs,
  run: async (ctx, env) => ({ report: await work(ctx, untilIn(budgetMs), env), isReported: false }),
})

export const untilIn = (budgetMs: number): number => Date.now() + budgetMs
