import {
  createExecutionContext,
  createMessageBatch,
  getQueueResult,
  waitOnExecutionContext,
} from 'cloudflare:test'
import { sql } from 'drizzle-orm'
import { inject } from 'vitest'
import type { Speed } from '../../src/areas/platform/webhooks/deliveries.ts'
import { newId } from '../../src/core/ids.ts'
import type { QueueMessage } from '../../src/core/messages.ts'
import type { Env } from '../../src/env.ts'
import { consume } from '../../src/queues/consume.ts'
import { beginDelivery } from '../../src/queues/webhooks.ts'
import type { Behaviour, Received } from '../../tools/simulators/webhook-receiver.ts'
import './provided.ts'
import { database, env } from './api.ts'

/** One batch through the real consumer; which messages were acknowledged and which come again. */
export async function consumeNow(queue: string, ...bodies: unknown[]) {
  const { settled } = await consumeBatch(queue, ...bodies)
  return settled()
}

/** The same, as soon as the batch is over: `settled` waits for what goes on beside it. */
export async function consumeBatch(queue: string, ...bodies: unknown[]) {
  const messages = bodies.map((body) => ({
    id: newId(),
    timestamp: new Date(),
    attempts: 1,
    body: body as QueueMessage,
  }))
  const batch = createMessageBatch<QueueMessage>(queue, messages)
  const context = createExecutionContext()
  await consume(batch, env, context)
  const settled = async () => {
    await waitOnExecutionContext(context)
    const result = await getQueueResult(batch, context)
    return {
      ids: messages.map(({ id }) => id),
      acknowledged: result.explicitAcks,
      retried: result.retryMessages,
    }
  }
  return { settled }
}

/** One attempt at a delivery, and the seconds until it comes again. */
export async function attemptNow(
  deliveryId: string,
  { as = env, speed = 'fast' }: { as?: Env; speed?: Speed } = {},
): Promise<'done' | { retryInSeconds: number }> {
  const { attempt, goesOn } = await beginDelivery(as, deliveryId, speed)
  const retryInSeconds = goesOn ? goesOn.inSeconds : ((await attempt)?.retryInSeconds ?? null)
  return retryInSeconds === null ? 'done' : { retryInSeconds }
}

/** The events of an object, oldest first. */
export const eventsOf = (objectId: string) =>
  database().read<{ id: string; type: string; dispatched: boolean }>(
    sql`select id, type, dispatched_at is not null as dispatched from outbox where object_id = ${objectId} order by seq`,
  )

/** Creates an endpoint at the receiver that fails as configured. Returns its URL. */
export async function hookAt(name: string, behaviour: Behaviour = {}): Promise<string> {
  const origin = inject('webhookReceiver')
  await fetch(`${origin}/control/${name}`, { method: 'PUT', body: JSON.stringify({ behaviour }) })
  return `${origin}/hooks/${name}`
}

export async function receivedAt(name: string): Promise<Received[]> {
  return (await fetch(`${inject('webhookReceiver')}/control/${name}`)).json()
}

/** A delivery whose message has not come yet. */
export async function aDelivery({ webhookId }: { webhookId: string }, attempts = 0): Promise<string> {
  const id = newId()
  await database().write([
    sql`insert into webhook_deliveries (id, subscription_id, event_id, event_type, payload, attempts)
        values (${id}, ${webhookId}, ${newId()}, 'task.posted', '{"type":"task.posted"}', ${attempts})`,
  ])
  return id
}
