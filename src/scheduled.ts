import { areas } from './areas/index.ts'
import { errorClassOf, type Run, reportRuns } from './areas/people/privacy/retention/runs.ts'
import { type Job, type Report, stages } from './core/jobs.ts'
import { lazy } from './core/lazy.ts'
import { logAlarm, logFailure } from './core/log.ts'
import type { Env } from './env.ts'
import { systemContext } from './system-context.ts'

/** Every job by name, in the order of a run: by stage, then by area. */
export const loadJobs = lazy(async (): Promise<Record<string, Job<Env>>> => {
  const parts = await Promise.all(areas.map((area) => ('jobs' in area ? area.jobs() : { jobs: {} })))
  const all = parts.flatMap(({ jobs }) => Object.entries<Job<Env>>(jobs))
  return Object.fromEntries(stages.flatMap((stage) => all.filter(([, job]) => job.stage === stage)))
})

export async function runScheduled(
  _controller: ScheduledController,
  env: Env,
  _ctx: ExecutionContext,
): Promise<void> {
  await runJobs(env, Object.keys(await loadJobs()))
}

export async function runJobs(env: Env, names: string[]): Promise<void> {
  let waiting: Run[] = []
  for (const name of names) {
    const run = await runJob(env, name)
    if (run) waiting = run.isNews ? await writeDown(env, [...waiting, run]) : [...waiting, run]
  }
  // Signs of life, in one round trip; and what could not be written down before.
  await writeDown(env, waiting)
}

/** Null: its report is written down already. One job's bad day is not the next one's. */
async function runJob(env: Env, name: string): Promise<Run | null> {
  const startedAt = new Date()
  const job = (await loadJobs())[name]
  if (!job) throw new Error(`No job ${name}`)
  const runOf = (report: Report, isNews: boolean, error: string | null): Run => {
    return { job: name, report, isNews, error, startedAt, durationMs: Date.now() - startedAt.getTime() }
  }
  try {
    const ctx = systemContext(env, `cron.${name}`)
    const { report, isReported, isNews = hasCounts(report) } = await job.run(ctx, env)
    const run = runOf(report, isNews, null)
    if (isNews) console.info({ message: 'job.done', job: name, ...report, durationMs: run.durationMs })
    const { failedRows = 0 } = report
    if (failedRows > 0) logAlarm('job.rows_failed', { job: name, failedRows })
    return isReported ? null : run
  } catch (error) {
    logFailure('job.failed', error, { job: name })
    return runOf({}, true, errorClassOf(error))
  }
}

const hasCounts = (report: Report): boolean => Object.values(report).some((count) => count > 0)

/** Returns what is still to be written down. */
async function writeDown(env: Env, runs: Run[]): Promise<Run[]> {
  if (runs.length === 0) return []
  try {
    await reportRuns(systemContext(env, 'cron'), runs)
    return []
  } catch (error) {
    logAlarm('job.report_failed', { runs: runs.length, error: errorClassOf(error) })
    return runs
  }
}
