import { expireGrants } from './areas/access/user-roles.ts'
import { keepHeads } from './areas/audit/anchors.ts'
import { purgeAuditLog, sealAuditLog } from './areas/audit/chain.ts'
import { purgeExpired, takeMissed } from './areas/events/sweep.ts'
import { purgeCallers } from './areas/identity/purge-callers.ts'
import { purgeCredentials } from './areas/identity/purge-credentials.ts'
import { rollUpBalances } from './areas/ledger/roll-up.ts'
import { startMatching } from './areas/matching/matcher.ts'
import { restartStalledMatching } from './areas/matching/matching.ts'
import { endTemporaryMedia, forgetMedia, listAbandonedMedia } from './areas/media/media.ts'
import { listDueErasures } from './areas/privacy/erasing.ts'
import { forgetExports, listDueExports, listExpiredExports } from './areas/privacy/exports.ts'
import { reencryptValues } from './areas/privacy/reencryption.ts'
import {
  archiveOldTasks,
  forgetFiles,
  listOldTasks,
  type OldTask,
  purgeTraces,
} from './areas/privacy/retention-jobs.ts'
import { errorClassOf, type Report, type Run, reportRuns } from './areas/privacy/retention-runs.ts'
import type { Context } from './core/context.ts'
import type { Env } from './env.ts'
import { enqueueDeliveries, enqueueEvents, enqueueNotifications, enqueuePrivacy } from './queues/enqueue.ts'
import { systemContext } from './system-context.ts'

const sweepLimit = 500
const stalledLimit = 100
const purgeLimit = 5_000
const auditLimit = 50_000
/** As many as storage deletes in one call. */
const filesLimit = 1_000
const requestsLimit = 100
/** Each means two calls of a live object. */
const oldTasksLimit = 20
const valuesLimit = 500

interface Outcome {
  report: Report
  /** Its own trip has written the report down. */
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
  await Promise.all(taskIds.map((taskId) => startMatching(env, taskId)))
  return { tasks: taskIds.length }
}

/** Bytes first: should the run die in between, the rows still name them. */
async function purgeMedia(env: Env, ctx: Context): Promise<Report> {
  const shownNowhere = await endTemporaryMedia(ctx, filesLimit)
  const abandoned = await listAbandonedMedia(ctx, filesLimit)
  if (abandoned.length > 0) {
    await env.MEDIA.delete(abandoned.map(({ storageKey }) => storageKey))
    await forgetMedia(ctx, idsOf(abandoned))
  }
  return { shownNowhere, removed: abandoned.length }
}

/** A minute is the window in which a row can still be changed unseen. */
async function sealAudit(env: Env, ctx: Context): Promise<Report> {
  const { sealed, overdue, closed } = await sealAuditLog(ctx, auditLimit)
  if (overdue > 0) console.error({ message: 'the audit log was not sealed in time', rows: overdue })
  const days = await keepHeads(env.MEDIA, closed)
  // In the platform's log as well, where neither the database nor the bucket can take it back.
  if (days > 0) console.info({ message: 'days of the audit log have ended', closed })
  return { sealed, days }
}

/** What was asked for, and everything whose message was lost or whose attempt has died. */
async function dueErasures(env: Env, ctx: Context): Promise<Report> {
  const due = await listDueErasures(ctx, requestsLimit)
  await enqueuePrivacy(
    env,
    due.map(({ id }) => ({ kind: 'erasure', erasureId: id })),
  )
  return { erasures: due.length }
}

async function dueExports(env: Env, ctx: Context): Promise<Report> {
  const due = await listDueExports(ctx, requestsLimit)
  await enqueuePrivacy(
    env,
    due.map(({ id }) => ({ kind: 'export', exportId: id })),
  )
  return { exports: due.length }
}

async function expiredExports(env: Env, ctx: Context): Promise<Report> {
  const expired = await listExpiredExports(ctx, filesLimit)
  if (expired.length > 0) {
    await env.MEDIA.delete(expired.map(({ storageKey }) => storageKey))
    await forgetExports(ctx, idsOf(expired))
  }
  return { exports: expired.length }
}

/** From outside in: files, the live logs of what was said, and last what names them both. */
const archiveTasks: Job = async (env, ctx) => {
  const old = await listOldTasks(ctx, oldTasksLimit)
  if (old.length === 0) return { report: { tasks: 0 }, isReported: false }
  const files = old.flatMap(({ media }) => media).slice(0, filesLimit)
  if (files.length > 0) {
    await env.MEDIA.delete(files.map(({ storageKey }) => storageKey))
    await forgetFiles(ctx, idsOf(files))
  }
  for (const task of old) await forgetTalk(env, task)
  return { report: await archiveOldTasks(ctx, idsOf(old)), isReported: true }
}

async function forgetTalk(env: Env, { conversationId, participants }: OldTask): Promise<void> {
  if (conversationId === null) return
  const room = env.CONVERSATIONS.getByName(conversationId)
  for (const userId of participants) while (!(await room.forget(userId, [])));
}

/** What cannot be opened is no news of a run: it is told once an hour. */
const reencrypt: Job = async (_env, ctx) => {
  const { report, isReported } = await reencryptValues(ctx, valuesLimit)
  const { unopenable = 0 } = report
  if (unopenable > 0) console.error({ message: 'values cannot be decrypted', values: unopenable })
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
  dueErasures: elsewhere(dueErasures),
  dueExports: elsewhere(dueExports),
  purge: inDatabase((ctx) => purgeExpired(ctx, purgeLimit)),
  purgeCallers: inDatabase((ctx) => purgeCallers(ctx, purgeLimit)),
  purgeCredentials: inDatabase((ctx) => purgeCredentials(ctx, purgeLimit)),
  purgeTraces: inDatabase((ctx) => purgeTraces(ctx, purgeLimit)),
  purgeMedia: elsewhere(purgeMedia),
  expiredExports: elsewhere(expiredExports),
  purgeAudit: inDatabase((ctx) => purgeAuditLog(ctx, purgeLimit)),
  archiveTasks,
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
  // Signs of life, in one trip; and what could not be written down before.
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
    if (isNews) console.info({ message: 'scheduled', job: name, ...report, durationMs: told.durationMs })
    return isReported ? null : told
  } catch (error) {
    console.error({ message: 'scheduled job failed', job: name, error: String(error) })
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
    console.error({ message: 'runs could not be reported', runs: runs.length, error: errorClassOf(error) })
    return runs
  }
}
