import { rollUpBalances } from './areas/money/ledger/roll-up.ts'
import { expireGrants } from './areas/people/access/user-roles.ts'
import { purgeCallers, purgeCredentials } from './areas/people/identity/retention.ts'
import { listDueErasures } from './areas/people/privacy/erasure/erasing.ts'
import { countOverdueErasures } from './areas/people/privacy/erasure/erasures.ts'
import {
  countTroubledExports,
  forgetExports,
  listDueExports,
  listExpiredExports,
} from './areas/people/privacy/exports/exports.ts'
import { reencryptValues } from './areas/people/privacy/retention/reencryption.ts'
import {
  confirmRemovals,
  countOverdueRemovals,
  type Removal,
  removeWords,
  takeRemovals,
} from './areas/people/privacy/retention/removals.ts'
import {
  archiveTasks,
  errorClassOf,
  purgeMedia,
  purgeTraces,
  type Report,
  type Run,
  reportRuns,
} from './areas/people/privacy/retention/runs.ts'
import { purgeExpired, takeMissed } from './areas/platform/events/sweep.ts'
import { keepHeads } from './areas/trust/audit/anchors.ts'
import { purgeAuditLog, sealAuditLog } from './areas/trust/audit/chain.ts'
import { restartStalledMatching } from './areas/work/matching/matching.ts'
import type { Context } from './core/context.ts'
import { enqueueDeliveries, enqueueEvents, enqueueNotifications, enqueuePrivacy } from './core/enqueue.ts'
import { logAlarm, logFailure } from './core/log.ts'
import type { Env } from './env.ts'
import { startMatching } from './queues/reactions.ts'
import { systemContext } from './system-context.ts'

const sweepLimit = 500
const stalledLimit = 100
const purgeLimit = 5_000
const auditLimit = 50_000
/** As many as storage deletes in one call. */
const filesLimit = 1_000
const requestsLimit = 100
const oldTasksLimit = 50
/** Each means a call of a live object. No fewer than tasks, or they would pile up. */
const talksLimit = 50
const wordsLimit = 5_000
/** Turns for one conversation in a run; the rest of a long conversation goes in the next run. */
const wordsTurns = 10
const valuesLimit = 500

interface Outcome {
  report: Report
  /** Its own round trip has stored the report. */
  isReported: boolean
  /** Where that is less than a count above zero. */
  isNews?: boolean
}

/** Idempotent and bounded: what a run leaves, the next one takes. */
type Job = (env: Env, ctx: Context) => Promise<Outcome>

/** Work of the database alone, which writes its report down with it. */
const inDatabase =
  (work: (ctx: Context) => Promise<Report>): Job =>
  async (_env, ctx) => ({ report: await work(ctx), isReported: true })

/** Work that is also done elsewhere: its report is written down when all of it is done. */
const elsewhere =
  (work: (env: Env, ctx: Context) => Promise<Report>): Job =>
  async (env, ctx) => ({ report: await work(env, ctx), isReported: false })

async function sweep(env: Env, ctx: Context): Promise<Report> {
  const { events, notifications, deliveries } = await takeMissed(ctx, sweepLimit)
  await enqueueEvents(env, events)
  await enqueueNotifications(env, notifications)
  await enqueueDeliveries(env, deliveries)
  return { events: events.length, notifications: notifications.length, deliveries: deliveries.length }
}

async function restartMatching(env: Env, ctx: Context): Promise<Report> {
  const taskIds = await restartStalledMatching(ctx, stalledLimit)
  const started = await Promise.allSettled(taskIds.map((taskId) => startMatching(env, taskId)))
  for (const { reason } of started.filter(({ status }) => status === 'rejected') as PromiseRejectedResult[])
    logFailure('reaction.failed', reason, { event: 'task.posted' })
  return { tasks: taskIds.length }
}

/** A minute is the window in which a row can still be changed unseen. */
async function sealAudit(env: Env, ctx: Context): Promise<Report> {
  const { sealed, overdue, closed } = await sealAuditLog(ctx, auditLimit)
  if (overdue > 0) logAlarm('audit.seal_overdue', { rows: overdue })
  const days = await keepHeads(env.MEDIA, closed)
  // In the platform's log as well, where neither the database nor the bucket can take it back.
  if (days > 0) console.info({ message: 'audit.days_ended', closed })
  return { sealed, days }
}

/** Queues erasures that are due, and those whose message was lost or whose attempt has died. */
const dueErasures: Job = async (env, ctx) => {
  const due = await listDueErasures(ctx, requestsLimit)
  await enqueuePrivacy(
    env,
    due.map(({ id }) => ({ kind: 'erasure', erasureId: id })),
  )
  const overdue = await countOverdueErasures(ctx)
  if (overdue > 0) logAlarm('erasure.overdue', { erasures: overdue })
  return { report: { erasures: due.length, overdue }, isReported: false, isNews: due.length > 0 }
}

const dueExports: Job = async (env, ctx) => {
  const due = await listDueExports(ctx, requestsLimit)
  await enqueuePrivacy(
    env,
    due.map(({ id }) => ({ kind: 'export', exportId: id })),
  )
  const { overdue, givenUp } = await countTroubledExports(ctx)
  if (overdue + givenUp > 0) logAlarm('export.failed', { overdue, givenUp })
  return { report: { exports: due.length, overdue, givenUp }, isReported: false, isNews: due.length > 0 }
}

async function expiredExports(env: Env, ctx: Context): Promise<Report> {
  const expired = await listExpiredExports(ctx, filesLimit)
  if (expired.length > 0) {
    await env.MEDIA.delete(expired.map(({ storageKey }) => storageKey))
    await forgetExports(ctx, idsOf(expired))
  }
  return { exports: expired.length }
}

/** Carries out what other jobs have decided in the database. What fails is tried again later, and holds up nothing else. */
const remove: Job = async (env, ctx) => {
  const files = await takeRemovals(ctx, 'file', filesLimit)
  const talks = await takeRemovals(ctx, 'talk', talksLimit)
  const done = [
    await Promise.allSettled([removeFiles(env, ctx, files)]),
    await Promise.allSettled(talks.map((talk) => removeTalk(env, ctx, talk))),
  ].flat()
  const failed = done.filter(({ status }) => status === 'rejected')
  const overdue = await countOverdueRemovals(ctx)
  if (overdue > 0) logAlarm('removal.overdue', { removals: overdue })
  if (failed.length > 0) throw (failed[0] as PromiseRejectedResult).reason
  const report = { files: files.length, talks: talks.length, overdue }
  return { report, isReported: false, isNews: files.length + talks.length > 0 }
}

async function removeFiles({ MEDIA }: Env, ctx: Context, files: Removal[]): Promise<void> {
  if (files.length === 0) return
  await MEDIA.delete(files.map(({ key }) => key))
  await confirmRemovals(ctx, files)
}

/** First what is archived, then the live log, which writes nothing into the archive any more. */
async function removeTalk({ CONVERSATIONS }: Env, ctx: Context, talk: Removal): Promise<void> {
  for (let turn = 0; turn < wordsTurns; turn += 1) {
    if ((await removeWords(ctx, talk.key, wordsLimit)) > 0) continue
    await CONVERSATIONS.getByName(talk.key).end()
    return confirmRemovals(ctx, [talk])
  }
}

/** Re-encrypts values. Values that cannot be opened are no news of a run: they are reported once an hour. */
const reencrypt: Job = async (_env, ctx) => {
  const { report, isReported } = await reencryptValues(ctx, valuesLimit)
  const { unopenable = 0 } = report
  if (unopenable > 0) logAlarm('encryption.unopenable', { values: unopenable })
  return { report, isReported, isNews: isReported }
}

const idsOf = (rows: { id: string }[]): string[] => rows.map(({ id }) => id)

const jobs: Record<string, Job> = {
  // First: what others take long over must not widen its window.
  sealAudit: elsewhere(sealAudit),
  sweep: elsewhere(sweep),
  restartMatching: elsewhere(restartMatching),
  rollUp: inDatabase(rollUpBalances),
  endOfGrants: inDatabase((ctx) => expireGrants(ctx, sweepLimit)),
  dueErasures,
  dueExports,
  purge: inDatabase((ctx) => purgeExpired(ctx, purgeLimit)),
  purgeCallers: inDatabase((ctx) => purgeCallers(ctx, purgeLimit)),
  purgeCredentials: inDatabase((ctx) => purgeCredentials(ctx, purgeLimit)),
  purgeTraces: inDatabase((ctx) => purgeTraces(ctx, purgeLimit)),
  purgeMedia: inDatabase((ctx) => purgeMedia(ctx, filesLimit)),
  expiredExports: elsewhere(expiredExports),
  purgeAudit: inDatabase((ctx) => purgeAuditLog(ctx, purgeLimit)),
  archiveTasks: inDatabase((ctx) => archiveTasks(ctx, oldTasksLimit)),
  remove,
  reencrypt,
}

export const jobNames = Object.keys(jobs)

export const runScheduled = (
  _controller: ScheduledController,
  env: Env,
  _ctx: ExecutionContext,
): Promise<void> => runJobs(env, jobNames)

export async function runJobs(env: Env, names: string[]): Promise<void> {
  let waiting: Run[] = []
  for (const name of names) {
    const run = await runJob(env, name)
    if (run) waiting = run.isNews ? await writeDown(env, [...waiting, run]) : [...waiting, run]
  }
  // Heartbeats, in one round trip, with reports that could not be stored before.
  await writeDown(env, waiting)
}

/** Null: its report is written down already. One job's bad day is not the next one's. */
async function runJob(env: Env, name: string): Promise<Run | null> {
  const startedAt = new Date()
  const job = jobs[name]
  if (!job) throw new Error(`No job ${name}`)
  const run = (report: Report, isNews: boolean, error: string | null): Run => {
    return { job: name, report, isNews, error, startedAt, durationMs: Date.now() - startedAt.getTime() }
  }
  try {
    const {
      report,
      isReported,
      isNews = hasCounts(report),
    } = await job(env, systemContext(env, `cron.${name}`))
    const told = run(report, isNews, null)
    if (isNews) console.info({ message: 'job.done', job: name, ...report, durationMs: told.durationMs })
    return isReported ? null : told
  } catch (error) {
    logFailure('job.failed', error, { job: name })
    return run({}, true, errorClassOf(error))
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
