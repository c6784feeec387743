import {
  type AttemptResult,
  recordAttempt,
  type TakenDelivery,
  takeDelivery,
} from '../areas/platform/webhooks/deliveries.ts'
import { refusalOf } from '../areas/platform/webhooks/url-guard.ts'
import { openSecret } from '../areas/platform/webhooks/webhooks.ts'
import { lazy } from '../core/lazy.ts'
import type { Env } from '../env.ts'
import { systemContext } from '../system-context.ts'

const standardWebhooks = lazy(() => import('standardwebhooks'))

const timeoutMs = 10_000
const keptBodyChars = 1_000
/** Waits between attempts: about a day in all. `WEBHOOK_RETRY_SECONDS` shortens them on a development machine. */
const defaultWaitsSeconds = [5, 30, 120, 600, 3_600, 21_600, 43_200]

export type Consumed = { retryInSeconds: number } | 'done'

/** One attempt at one delivery. What came of it is in the database before the message is given back. */
export async function consumeDelivery(env: Env, deliveryId: string): Promise<Consumed> {
  const ctx = systemContext(env, 'webhooks')
  const taking = await takeDelivery(ctx, deliveryId)
  if (taking.kind === 'over') return 'done'
  if (taking.kind === 'not_due') return { retryInSeconds: taking.inSeconds }
  const result = await attempt(env, taking.delivery)
  await recordAttempt(ctx, deliveryId, result)
  return result.retrySeconds === null ? 'done' : { retryInSeconds: result.retrySeconds }
}

async function attempt(env: Env, delivery: TakenDelivery): Promise<AttemptResult> {
  const startedAt = Date.now()
  const answer = await send(env, delivery, startedAt)
  const { status } = answer
  const ok = status !== null && status >= 200 && status < 300
  const wait = waitsOf(env)[delivery.attempts - 1]
  const outcome = ok ? 'delivered' : status === 410 ? 'gone' : wait === undefined ? 'failed' : 'retry'
  return {
    outcome,
    responseStatus: status,
    responseBody: answer.body,
    attempt: {
      at: new Date(startedAt).toISOString(),
      status,
      durationMs: Date.now() - startedAt,
      ...(answer.error && { error: answer.error }),
    },
    retrySeconds: outcome === 'retry' && wait !== undefined ? jittered(wait) : null,
  }
}

interface Answer {
  status: number | null
  body: string | null
  error?: string
}

async function send(env: Env, delivery: TakenDelivery, nowMs: number): Promise<Answer> {
  // The rules may be stricter today than when the URL was accepted.
  const refusal = refusalOf(delivery.url, { allowLoopback: env.ENVIRONMENT === 'development' })
  if (refusal) return { status: null, body: null, error: `refused: ${refusal}` }
  const body = JSON.stringify(delivery.payload)
  try {
    const response = await fetch(delivery.url, {
      method: 'POST',
      redirect: 'manual',
      signal: AbortSignal.timeout(timeoutMs),
      headers: {
        'content-type': 'application/json',
        'user-agent': 'Khidma-Webhooks/1',
        ...(await signatureHeaders(env, delivery, body, nowMs)),
      },
      body,
    })
    const isRedirect = response.status >= 300 && response.status < 400
    return {
      status: response.status,
      // The status decides: an answer that breaks off after it has been given all the same.
      body: await beginningOf(response).catch(() => null),
      ...(isRedirect && { error: 'redirects are not followed' }),
    }
  } catch (error) {
    const timedOut = error instanceof Error && error.name === 'TimeoutError'
    return { status: null, body: null, error: timedOut ? 'timed out' : 'no connection' }
  }
}

/** Standard Webhooks; with both secrets while one replaces the other. */
async function signatureHeaders(
  env: Env,
  { eventId, secret, previousSecret }: TakenDelivery,
  body: string,
  nowMs: number,
): Promise<Record<string, string>> {
  const { Webhook } = await standardWebhooks()
  const sealed = previousSecret ? [secret, previousSecret] : [secret]
  const secrets = await Promise.all(sealed.map((one) => openSecret(env.ENCRYPTION_KEYS, one)))
  return {
    'webhook-id': eventId,
    'webhook-timestamp': String(Math.floor(nowMs / 1_000)),
    'webhook-signature': secrets
      .map((one) => new Webhook(one).sign(eventId, new Date(nowMs), body))
      .join(' '),
  }
}

/** Enough of the answer to find a mistake by; the rest is never read. */
async function beginningOf(response: Response): Promise<string | null> {
  const reader = response.body?.getReader()
  if (!reader) return null
  const decoder = new TextDecoder()
  let text = ''
  while (text.length < keptBodyChars) {
    const { done, value } = await reader.read()
    if (done) break
    text += decoder.decode(value, { stream: true })
  }
  await reader.cancel()
  return text.slice(0, keptBodyChars).replaceAll('\0', '')
}

const waitsOf = (env: Env): number[] =>
  env.WEBHOOK_RETRY_SECONDS ? env.WEBHOOK_RETRY_SECONDS.split(',').map(Number) : defaultWaitsSeconds

/** Up to a fifth more, so that the endpoints of one outage do not all come back in the same second. */
const jittered = (seconds: number): number => Math.ceil(seconds * (1 + Math.random() / 5))
