import { planNotifications, plannedNotifications } from '../areas/contact/notifications/notifications.ts'
import { type LoadedEvent, loadEvent, markDispatched } from '../areas/platform/events/fan-out.ts'
import { planDeliveries, plannedDeliveries } from '../areas/platform/webhooks/deliveries.ts'
import type { Context } from '../core/context.ts'
import { enqueueDeliveries, enqueueNotifications } from '../core/enqueue.ts'
import { list, type RowOf, rowsOf, uuid } from '../db/rows.ts'
import { one } from '../db/unit.ts'
import type { Env } from '../env.ts'
import { systemContext } from '../system-context.ts'
import { react } from './reactions.ts'

/**
 * Carries out what follows from an event outside of the database: first the live reactions (each may happen twice, and is
 * keyed), then the rows, then the messages for them. A consumer that dies anywhere before `dispatched_at` is committed does
 * all of it again; one that dies after it leaves rows that the sweep sends. A live object that fails is asked again, and keeps
 * nothing from phones and webhooks meanwhile.
 */
export async function consumeEvent(env: Env, eventId: string): Promise<void> {
  const ctx = systemContext(env, 'events')
  const loaded = await loadEvent(ctx, eventId)
  if (!loaded || loaded.dispatched) return
  const { event, recipients, conversationId } = loaded
  const reacting = await Promise.allSettled([
    react(env, event, { objectSeq: event.objectSeq, recipients, conversationId }),
  ])
  const failed = reacting.find(({ status }) => status === 'rejected') as PromiseRejectedResult | undefined
  const { notifications, deliveries } = await recordFanOut(ctx, loaded, failed === undefined)
  await Promise.all([enqueueNotifications(env, notifications), enqueueDeliveries(env, deliveries)])
  if (failed) throw failed.reason
}

/** Ids of what is to be sent. */
const fannedOut = { notifications: list(uuid), deliveries: list(uuid) }
type FannedOut = RowOf<typeof fannedOut>

/** Writes down whom the event goes to, and whether all is done with that, in one transaction. A second run finds what the first wrote. */
async function recordFanOut(
  ctx: Context,
  { event, recipients, subscriptions }: LoadedEvent,
  isDone: boolean,
): Promise<FannedOut> {
  const effects = [
    ...(isDone ? [markDispatched(event.id)] : []),
    ...(await planNotifications(event, recipients)),
    ...planDeliveries(event, subscriptions),
  ]
  const planned = rowsOf(fannedOut)`
    select ${plannedNotifications(event.id)} as notifications, ${plannedDeliveries(event.id)} as deliveries`
  return one(await ctx.db.write(effects, planned))
}
