import { expireGrants } from './areas/access/user-roles.ts'
import { keepHeads } from './areas/audit/anchors.ts'
import { purgeAuditLog, sealAuditLog } from './areas/audit/chain.ts'
import { purgeExpired, takeMissed } from './areas/events/sweep.ts'
import { purgeCallers } from './areas/identity/purge-callers.ts'
import { purgeCredentials } from './areas/identity/purge-credentials.ts'
import { rollUpBalances } from './areas/ledger/roll-up.ts'
import { startMatching } from './areas/matching/matcher.ts'
import { restartStalledMatching } from './areas/matching/matching.ts'
import { forgetMedia, listAbandonedMedia } from './areas/media/media.ts'
import type { Context } from './core/context.ts'
import type { Env } from './env.ts'
import { enqueueDeliveries, enqueueEvents, enqueueNotifications } from './queues/enqueue.ts'
import { systemContext } from './system-context.ts'

const sweepLimit = 500
const stalledLimit = 100
const purgeLimit = 5_000
const auditLimit = 50_000
/** As many as storage deletes in one call. */
const mediaLimit = 1_000

type Report = Record<string, number>

/** Idempotent, bounded, and told in one line: what a run leaves, the next one takes. */
type Job = (env: Env, ctx: Context) => Promise<Report>

const sweep: Job = async (env, ctx) => {
  const { events, notifications, deliveries } = await takeMissed(ctx, sweepLimit)
  await enqueueEvents(env, events)
  await enqueueNotifications(env, notifications)
  await enqueueDeliveries(env, deliveries)
  return { events: events.length, notifications: notifications.length, deliveries: deliveries.length }
}

const restartMatching: Job = async (env, ctx) => {
  const taskIds = await restartStalledMatching(ctx, stalledLimit)
  await Promise.all(taskIds.map((taskId) => startMatching(env, taskId)))
  return { tasks: taskIds.length }
}

const rollUp: Job = async (_env, ctx) => ({ accounts: await rollUpBalances(ctx) })

const purge: Job = (_env, ctx) => purgeExpired(ctx, purgeLimit)

const endOfGrants: Job = async (_env, ctx) => ({ grants: await expireGrants(ctx, sweepLimit) })

const purgeOfCallers: Job = (_env, ctx) => purgeCallers(ctx, purgeLimit)

const purgeOfCredentials: Job = (_env, ctx) => purgeCredentials(ctx, purgeLimit)

/** Bytes first: should the run die in between, the rows still name them. */
const purgeMedia: Job = async (env, ctx) => {
  const abandoned = await listAbandonedMedia(ctx, mediaLimit)
  if (abandoned.length > 0) {
    await env.MEDIA.delete(abandoned.map(({ storageKey }) => storageKey))
    await forgetMedia(
      ctx,
      abandoned.map(({ id }) => id),
    )
  }
  return { unfinished: abandoned.length }
}

/** A minute is the window in which a row can still be changed unseen. */
const sealAudit: Job = async (env, ctx) => {
  const { sealed, overdue, closed } = await sealAuditLog(ctx, auditLimit)
  if (overdue > 0) console.error({ message: 'the audit log was not sealed in time', rows: overdue })
  const days = await keepHeads(env.MEDIA, closed)
  // In the platform's log as well, where neither the database nor the bucket can take it back.
  if (days > 0) console.info({ message: 'days of the audit log have ended', closed })
  return { sealed, days }
}

const purgeAudit: Job = async (_env, ctx) => ({ rows: await purgeAuditLog(ctx, purgeLimit) })

const jobs: Record<string, Job> = {
  // First: what others take long over must not widen its window.
  sealAudit,
  sweep,
  restartMatching,
  rollUp,
  endOfGrants,
  purge,
  purgeCallers: purgeOfCallers,
  purgeCredentials: purgeOfCredentials,
  purgeMedia,
  purgeAudit,
}

export const jobNames = Object.keys(jobs)

export async function runScheduled(
  _controller: ScheduledController,
  env: Env,
  _ctx: ExecutionContext,
): Promise<void> {
  for (const [name, job] of Object.entries(jobs)) {
    const startedAt = Date.now()
    try {
      const report = await job(env, systemContext(env, `cron.${name}`))
      const didSomething = Object.values(report).some((count) => count > 0)
      if (didSomething)
        console.info({ message: 'scheduled', job: name, ...report, durationMs: Date.now() - startedAt })
    } catch (error) {
      // One job's bad day is not the next one's.
      console.error({ message: 'scheduled job failed', job: name, error: String(error) })
    }
  }
}
