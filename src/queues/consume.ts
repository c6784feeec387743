import { inParallel } from '../core/in-parallel.ts'
import { lazy } from '../core/lazy.ts'
import { logFailure } from '../core/log.ts'
import type { QueueMessage } from '../core/messages.ts'
import type { Env } from '../env.ts'

const events = lazy(() => import('./events.ts'))
const notifications = lazy(() => import('./notifications.ts'))
const webhooks = lazy(() => import('./webhooks.ts'))
const erasure = lazy(() => import('./erasure.ts'))
const exports_ = lazy(() => import('./export.ts'))
const deadLetters = lazy(() => import('./dead-letters.ts'))

const deadLetterQueue = 'khidma-dead-letters'
const slowQueue = 'khidma-webhooks-slow'
const longestWaitSeconds = 3_600

/** How many messages of a kind are handled beside each other: an event makes writes and calls. */
const concurrency = new Map<QueueMessage['kind'], number>([
  ['event', 6],
  // An invocation has six connections: codes to sign in keep some while a provider hangs.
  ['notification', 2],
])

/**
 * Messages one by one: each is acknowledged or given back by itself, so that one bad message holds up no other. A kind
 * does not wait for another; a full batch of events leaves room at the database for those who are waiting for an answer.
 */
export async function consume(
  batch: MessageBatch<QueueMessage>,
  env: Env,
  ctx: ExecutionContext,
): Promise<void> {
  const byKind = Map.groupBy(batch.messages, ({ body }) => body?.kind)
  const running = [...byKind].map(([kind, messages]) =>
    inParallel(concurrency.get(kind) ?? messages.length, messages, (message) =>
      settle(env, ctx, batch.queue, message),
    ),
  )
  await Promise.all(running)
}

async function settle(
  env: Env,
  ctx: ExecutionContext,
  queue: string,
  message: Message<QueueMessage>,
): Promise<void> {
  try {
    await (queue === deadLetterQueue ? keep(env, message) : handle(env, ctx, queue, message))
    message.ack()
  } catch (error) {
    logFailure('queue.message_failed', error, { queue, id: message.id, attempts: message.attempts })
    message.retry({ delaySeconds: waitAfter(message.attempts, error) })
  }
}

async function handle(
  env: Env,
  ctx: ExecutionContext,
  queue: string,
  { body }: Message<QueueMessage>,
): Promise<void> {
  switch (body?.kind) {
    case 'event': {
      const { consumeEvent } = await events()
      await consumeEvent(env, body.eventId)
      return
    }
    case 'notification':
    case 'otp':
    case 'email_code':
    case 'invitation': {
      const { consumeNotification } = await notifications()
      await consumeNotification(env, body)
      return
    }
    case 'erasure': {
      const { consumeErasure } = await erasure()
      await consumeErasure(env, body.erasureId)
      return
    }
    case 'export': {
      const { consumeExport } = await exports_()
      await consumeExport(env, body.exportId)
      return
    }
    case 'webhook': {
      const { consumeWebhook } = await webhooks()
      const speed = queue === slowQueue ? 'slow' : 'fast'
      await consumeWebhook(env, body.deliveryId, speed, (running) => ctx.waitUntil(running))
      return
    }
    default:
      throw new Error('an unknown kind of message')
  }
}

async function keep(env: Env, message: Message<QueueMessage>): Promise<void> {
  const { consumeDeadLetter } = await deadLetters()
  await consumeDeadLetter(env, message)
}

/** 2, 4, 8 … seconds and up to as much again, so that a fallen provider is not hit by all at once. Longer where it asks. */
function waitAfter(attempts: number, error: unknown): number {
  const asked = (error as { retryAfterSeconds?: number | null } | null)?.retryAfterSeconds ?? 0
  const base = Math.min(Math.max(2 ** Math.max(attempts, 1), asked), longestWaitSeconds / 2)
  return Math.ceil(base * (1 + Math.random()))
}
