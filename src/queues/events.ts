import { type LoadedEvent, loadEvent, recordFanOut } from '../areas/events/fan-out.ts'
import { type EventRow, toEnvelope } from '../core/events.ts'
import { systemContext } from '../core/system-context.ts'
import type { Env } from '../env.ts'
import { enqueueDeliveries, enqueueNotifications } from './enqueue.ts'

/**
 * What follows from an event outside of the database. First what is live (every reaction may happen twice: each is keyed),
 * then what is written down, then the messages for it. Dying anywhere before `dispatched_at` is committed means doing it
 * again; dying after it leaves rows that the sweep sends.
 */
export async function consumeEvent(env: Env, eventId: string): Promise<void> {
  const ctx = systemContext(env, 'events')
  const loaded = await loadEvent(ctx, eventId)
  if (!loaded || loaded.dispatched) return
  await react(env, loaded)
  const { notifications, deliveries } = await recordFanOut(ctx, loaded)
  await Promise.all([
    tellChannels(
      env,
      loaded.event,
      loaded.recipients.map(({ userId }) => userId),
    ),
    ...notifications.map(({ id, userId, title, body }) =>
      env.USER_CHANNELS.getByName(userId).push({
        type: 'notification',
        key: `notification:${id}`,
        data: { notificationId: id, kind: loaded.event.type, title, body },
      }),
    ),
    enqueueNotifications(
      env,
      notifications.map(({ id }) => id),
    ),
    enqueueDeliveries(env, deliveries),
  ])
}

/** The truth path of what handlers already did live: idempotent, for the Worker that died between commit and call. */
async function react(env: Env, { event: { id, type, data }, conversationId }: LoadedEvent): Promise<void> {
  const taskId = data.taskId as string | undefined
  if (type === 'task.posted' && taskId) await env.TASK_MATCHERS.getByName(taskId).start(taskId)
  if (endsMatching.has(type) && taskId) await env.TASK_MATCHERS.getByName(taskId).taskClosed(taskId)
  if (conversationId && type.startsWith('booking.')) {
    const note = { event: type, data: { bookingId: data.bookingId, status: data.to, party: data.party } }
    await env.CONVERSATIONS.getByName(conversationId).system(note, `event:${id}`)
  }
}

const endsMatching = new Set(['task.accepted', 'task.canceled_by_client', 'task.expired'])

/** Changes of tasks and bookings reach the sockets of the people they concern. */
async function tellChannels(env: Env, event: EventRow, userIds: string[]): Promise<void> {
  const { objectType } = event
  if (objectType !== 'booking' && objectType !== 'task') return
  const { id, type, object, data } = toEnvelope(event)
  await Promise.all(
    userIds.map((userId) =>
      env.USER_CHANNELS.getByName(userId).push({
        type: objectType,
        key: `event:${id}`,
        data: { event: type, id: object.id, version: object.sequence, ...data },
      }),
    ),
  )
}
