import { type SQL, sql } from 'drizzle-orm'
import type { Context } from '../../../../core/context.ts'
import type { Report } from '../../../../core/jobs.ts'
import { rowColumns } from '../../../../db/json.ts'
import { newestFirst, type PageRequest } from '../../../../db/keyset.ts'
import { columnsOf, json, type RowOf, rowsOf } from '../../../../db/rows.ts'
import { retentionRuns } from '../../../../db/schema/people/privacy.ts'
import { one, type Statement } from '../../../../db/unit.ts'

const runRow = columnsOf(retentionRuns)
export type RunRow = RowOf<typeof runRow>

/** `cron.purge` is the job `purge`. */
const jobOf = ({ actor }: Context): string =>
  actor.kind === 'system' ? actor.job.replace(/^cron\./, '') : actor.kind

/**
 * A job that is one call of the database: its report is stored in the same round trip. `call` gives its report as JSON. A
 * legal hold is placed before it or after it, never in between.
 */
export async function reported(ctx: Context, call: SQL): Promise<Report> {
  const rows = await ctx.db.write([sql`select khidma.heed_holds()`], reportOf(ctx, call))
  return one(rows).report
}

/** The same as the last statement of a job that makes a round trip of its own. */
export const reportOf = (ctx: Context, call: SQL): Statement<{ report: Report }> =>
  rowsOf({ report: json<Report>() })`
    select khidma.report_run(${jobOf(ctx)}, r.report) as report from (select ${call} as report) r`

export interface Run {
  job: string
  report: Report
  isNews: boolean
  /** A name or a code, never a message: those may quote what people wrote. */
  error: string | null
  startedAt: Date
  durationMs: number
}

/** Jobs that did their work elsewhere. Of runs without news the database keeps one an hour. */
export async function reportRuns(ctx: Context, runs: Run[]): Promise<void> {
  await ctx.db.write(
    runs.map(
      ({ job, report, isNews, error, startedAt, durationMs }) => sql`
        select khidma.report_run(${job}, ${JSON.stringify(report)}::json, ${isNews}, ${error}::text,
                 ${startedAt.toISOString()}::timestamptz, ${durationMs}::int)`,
    ),
  )
}

/** Names an error by its code or its kind. */
export function errorClassOf(error: unknown): string {
  const { name, code } = error as { name?: unknown; code?: unknown }
  const parts = [name, code].filter((part) => typeof part === 'string' && /^[A-Za-z0-9_]{1,60}$/.test(part))
  return parts.length > 0 ? parts.join(' ') : 'unknown'
}

export interface RunFilters {
  job?: string | undefined
  outcome?: RunRow['outcome'] | undefined
}

/** For those with the permission: the policy of its operation says so. */
export function listRuns(ctx: Context, { job, outcome }: RunFilters, page: PageRequest): Promise<RunRow[]> {
  const { after, orderAndLimit } = newestFirst(page, sql`r.id`)
  const conditions = [after]
  if (job) conditions.push(sql`r.job = ${job}`)
  if (outcome) conditions.push(sql`r.outcome = ${outcome}`)
  return ctx.db.read(rowsOf(runRow)`
    select ${rowColumns(retentionRuns, 'r')} from retention_runs r where ${sql.join(conditions, sql` and `)} ${orderAndLimit}`)
}

/** The newest run of each job. */
export function lastRuns(ctx: Context, jobs: string[]): Promise<RunRow[]> {
  return ctx.db.read(rowsOf(runRow)`
    select ${rowColumns(retentionRuns, 'r')}
      from jsonb_array_elements_text(${JSON.stringify(jobs)}::jsonb) as j (job)
      cross join lateral (select * from retention_runs l where l.job = j.job order by l.id desc limit 1) r`)
}
