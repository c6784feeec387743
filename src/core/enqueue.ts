import { logFailure } from './log.ts'
import type { PrivacyMessage, QueueBindings, QueueMessage, WebhookMessage } from './messages.ts'

const batchLimit = 100

/** Hands messages over in batches. A failure is only a delay: the cron sweep finds what was never enqueued. */
async function enqueue<M extends QueueMessage>(queue: Queue<M>, messages: M[]): Promise<void> {
  try {
    const [only, ...more] = messages
    if (only && more.length === 0) return void (await queue.send(only))
    for (let from = 0; from < messages.length; from += batchLimit) {
      await queue.sendBatch(messages.slice(from, from + batchLimit).map((body) => ({ body })))
    }
  } catch (error) {
    logFailure('queue.send_failed', error, { messages })
  }
}

export const enqueueEvents = (env: Pick<QueueBindings, 'EVENTS'>, eventIds: string[]): Promise<void> =>
  enqueue(
    env.EVENTS,
    eventIds.map((eventId) => ({ kind: 'event', eventId })),
  )

export const enqueuePrivacy = (
  env: Pick<QueueBindings, 'PRIVACY'>,
  messages: PrivacyMessage[],
): Promise<void> => enqueue(env.PRIVACY, messages)

const gatherMs = 5
const gathered: string[] = []

/**
 * The same for what requests leave behind: those that end within a few milliseconds of each other in one isolate share one
 * message to the platform, sent by the first to wake. Only ids cross from one request to another.
 */
export async function enqueueEventsTogether(
  env: Pick<QueueBindings, 'EVENTS'>,
  eventIds: string[],
): Promise<void> {
  gathered.push(...eventIds)
  await scheduler.wait(gatherMs)
  const taken = gathered.splice(0)
  if (taken.length > 0) await enqueueEvents(env, taken)
}

export const enqueueNotifications = (
  env: Pick<QueueBindings, 'NOTIFICATIONS'>,
  ids: string[],
): Promise<void> =>
  enqueue(
    env.NOTIFICATIONS,
    ids.map((notificationId) => ({ kind: 'notification', notificationId })),
  )

export const enqueueInvitations = (
  env: Pick<QueueBindings, 'NOTIFICATIONS'>,
  memberIds: string[],
): Promise<void> =>
  enqueue(
    env.NOTIFICATIONS,
    memberIds.map((memberId) => ({ kind: 'invitation', memberId })),
  )

export const enqueueDeliveries = (env: Pick<QueueBindings, 'WEBHOOKS'>, ids: string[]): Promise<void> =>
  enqueue(
    env.WEBHOOKS,
    ids.map((deliveryId) => ({ kind: 'webhook', deliveryId })),
  )

export const enqueueDelivery = (env: Pick<QueueBindings, 'WEBHOOKS'>, id: string): Promise<void> =>
  enqueueDeliveries(env, [id])

/** A queue keeps no message back for longer; what comes too early is sent again. */
const longestDelaySeconds = 12 * 3_600

/** One delivery into one of the queues, not before some seconds have passed. */
export async function enqueueDeliveryIn(
  queue: Queue<WebhookMessage>,
  deliveryId: string,
  seconds: number,
): Promise<void> {
  try {
    const delaySeconds = Math.min(seconds, longestDelaySeconds)
    await queue.send({ kind: 'webhook', deliveryId }, { delaySeconds })
  } catch (error) {
    logFailure('queue.send_failed', error, { deliveryId })
  }
}
