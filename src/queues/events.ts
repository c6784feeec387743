import { type LoadedEvent, loadEvent, recordFanOut } from '../areas/platform/events/fan-out.ts'
import { enqueueDeliveries, enqueueNotifications } from '../core/enqueue.ts'
import type { Env } from '../env.ts'
import { systemContext } from '../system-context.ts'

/**
 * What follows from an event outside of the database. First what is live (every reaction may happen twice: each is keyed),
 * then what is written down, then the messages for it. Dying anywhere before `dispatched_at` is committed means doing it
 * again; dying after it leaves rows that the sweep sends.
 */
export async function consumeEvent(env: Env, eventId: string): Promise<void> {
  const ctx = systemContext(env, 'events')
  const loaded = await loadEvent(ctx, eventId)
  if (!loaded || loaded.dispatched) return
  await Promise.all([react(env, loaded), tellChannels(env, loaded)])
  const { notifications, deliveries } = await recordFanOut(ctx, loaded)
  await Promise.all([enqueueNotifications(env, notifications), enqueueDeliveries(env, deliveries)])
}

/** The truth path of what handlers already did live: idempotent, for the Worker that died between commit and call. */
async function react(env: Env, { event, conversationId, acceptedOfferId }: LoadedEvent): Promise<void> {
  const { id, type, objectId, data } = event
  const { taskId, userId } = data as Record<string, string | undefined>
  if (taskId && type === 'task.posted') await env.TASK_MATCHERS.getByName(taskId).start(taskId)
  // A draft that is canceled had no matcher.
  if (taskId && endsMatching.has(type) && data.from !== 'draft') {
    await env.TASK_MATCHERS.getByName(taskId).taskClosed(taskId, acceptedOfferId ?? undefined)
  }
  if (taskId && type === 'offer.declined') await env.TASK_MATCHERS.getByName(taskId).offerAnswered(objectId)
  if (userId) await endSockets(env, userId, event)
  if (conversationId && type.startsWith('booking.')) {
    const note = { event: type, data: { bookingId: data.bookingId, status: data.to, party: data.party } }
    await env.CONVERSATIONS.getByName(conversationId).system(note, `event:${id}`)
  }
}

/** What sessions and keys were allowed to hear ends with them. */
async function endSockets(
  env: Env,
  userId: string,
  { type, objectId, createdAt, data }: LoadedEvent['event'],
): Promise<void> {
  const channel = env.USER_CHANNELS.getByName(userId)
  if (type === 'session.revoked') {
    await channel.closeSession(objectId)
    // An account is shut out with all of its machines, as of then: it may have been let in again since.
    if (String(data.reason).startsWith('account_'))
      await channel.closeAll('tokenExpired', Date.parse(createdAt))
  }
  if (type === 'api_key.revoked') await channel.closeSession(objectId)
  // A key that overlaps with its successor keeps its sockets.
  if (type === 'api_key.rotated' && data.overlaps === false) await channel.closeSession(objectId, true)
}

const endsMatching = new Set(['task.accepted', 'task.canceled_by_client', 'task.expired'])

/** Changes of tasks and bookings reach the sockets of the people they concern. */
async function tellChannels(env: Env, { event, recipients }: LoadedEvent): Promise<void> {
  const { id, type, objectType, objectId, objectSeq, data } = event
  if (objectType !== 'booking' && objectType !== 'task') return
  const push = {
    type: objectType,
    key: `event:${id}`,
    data: { event: type, id: objectId, version: objectSeq, ...data },
  } as const
  await Promise.all(recipients.map(({ userId }) => env.USER_CHANNELS.getByName(userId).push(push)))
}
