import type { Context } from './context.ts'

/** Report of a run: counts by name, nothing else. */
export type Report = Record<string, number>

/**
 * Stages of a scheduled run, in order; within one the order is that of the areas.
 *
 * - `seal`: the audit log. First, because what others take long over must not widen the window in which a row can be changed.
 * - `recover`: continues what was lost between a commit and a queue or an object.
 * - `due`: does what has become due.
 * - `purge`: deletes what is kept no longer, and decides what goes outside of the database.
 * - `remove`: carries out those decisions.
 */
export const stages = ['seal', 'recover', 'due', 'purge', 'remove'] as const
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
