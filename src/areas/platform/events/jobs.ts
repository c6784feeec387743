import { sql } from 'drizzle-orm'
import type { Context } from '../../../core/context.ts'
import {
  enqueueDeliveries,
  enqueueEvents,
  enqueueInvitations,
  enqueueNotifications,
} from '../../../core/enqueue.ts'
import { elsewhere, inDatabase, type Report } from '../../../core/jobs.ts'
import type { QueueBindings } from '../../../core/messages.ts'
import { reported } from '../../people/privacy/retention/runs.ts'
import { takeMissed } from './sweep.ts'

const sweepLimit = 500
const purgeLimit = 5_000

async function sweep(ctx: Context, env: QueueBindings): Promise<Report> {
  const { events, notifications, invitations, deliveries } = await takeMissed(ctx, sweepLimit)
  await enqueueEvents(env, events)
  await enqueueNotifications(env, notifications)
  await enqueueInvitations(env, invitations)
  await enqueueDeliveries(env, deliveries)
  return {
    events: events.length,
    notifications: notifications.length,
    invitations: invitations.length,
    deliveries: deliveries.length,
  }
}

/** Deletes dispatched events whose period is over, at most `limit`. */
export const purgeEvents = (ctx: Context, limit: number): Promise<Report> =>
  reported(ctx, sql`khidma.purge_events(${limit})`)

export const jobs = {
  sweep: elsewhere('resend', sweep),
  purgeEvents: inDatabase('purge', (ctx) => purgeEvents(ctx, purgeLimit)),
}
