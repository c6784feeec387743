import { loadEvent, recordFanOut } from '../areas/platform/events/fan-out.ts'
import { enqueueDeliveries, enqueueNotifications } from '../core/enqueue.ts'
import type { Env } from '../env.ts'
import { systemContext } from '../system-context.ts'
import { react } from './reactions.ts'

/**
 * What follows from an event outside of the database. First what is live (every reaction may happen twice: each is keyed),
 * then what is written down, then the messages for it. Dying anywhere before `dispatched_at` is committed means doing it
 * again; dying after it leaves rows that the sweep sends.
 */
export async function consumeEvent(env: Env, eventId: string): Promise<void> {
  const ctx = systemContext(env, 'events')
  const loaded = await loadEvent(ctx, eventId)
  if (!loaded || loaded.dispatched) return
  const { event, recipients, conversationId } = loaded
  await react(env, event, { objectSeq: event.objectSeq, recipients, conversationId })
  const { notifications, deliveries } = await recordFanOut(ctx, loaded)
  await Promise.all([enqueueNotifications(env, notifications), enqueueDeliveries(env, deliveries)])
}
