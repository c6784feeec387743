import {
  type AttemptResult,
  recordAttempt,
  recordOwnFailure,
  type Speed,
  type TakenDelivery,
  takeDelivery,
} from '../areas/platform/webhooks/deliveries.ts'
import { openHeaders } from '../areas/platform/webhooks/headers.ts'
import { signatureHeaders } from '../areas/platform/webhooks/signatures.ts'
import { refusalOf, urlRulesOf } from '../areas/platform/webhooks/url-guard.ts'
import { openSecret } from '../areas/platform/webhooks/webhooks.ts'
import { cut } from '../core/cut.ts'
import { enqueueDeliveryIn } from '../core/enqueue.ts'
import { logFailure } from '../core/log.ts'
import type { Env } from '../env.ts'
import { systemContext } from '../system-context.ts'

const timeoutMs = 15_000
const keptBodyChars = 1_000
/** Waits between attempts: three days in all. `WEBHOOK_RETRY_SECONDS` shortens them on a development machine. */
const defaultWaitsSeconds = [5, 30, 120, 600, 3_600, 10_800, 28_800, 43_200, 43_200, 43_200, 43_200, 43_200]
/** An endpoint may ask for no longer a pause than the longest wait of the schedule. */
const longestPauseSeconds = 43_200
/** The pause of one that says 429 and not for how long; twice as long each time in a row, up to a quarter of an hour. */
const throttleSeconds = 60
const longestThrottleSeconds = 900
/** The platform ends what goes on for 30 seconds after a batch: no attempt is begun that might last longer. */
const successorsMs = 10_000

/** A delivery after its attempt: when it comes again, and the one that waited for its place. */
export interface Consumed {
  retryInSeconds: number | null
  woken: string | null
}

export interface Begun {
  /** Null where there is nothing to send now. */
  attempt: Promise<Consumed> | null
  /** Where the message must go on: in the slow queue, or again later. */
  goesOn: { speed: Speed; inSeconds: number } | null
  /** The one that has the place which this one did not use. */
  woken?: string | undefined
}

/**
 * Each message is done with as soon as its delivery is taken. In the usual queue the attempt goes on beside the batch: an endpoint
 * that hangs holds up no message of another one. A Worker that dies meanwhile leaves a row that the sweep finds.
 */
export async function consumeWebhook(
  env: Env,
  deliveryId: string,
  speed: Speed,
  waitUntil: (running: Promise<unknown>) => void,
): Promise<void> {
  const running = await begin(env, deliveryId, speed)
  if (speed === 'fast') waitUntil(running.ended)
  else await running.ended
}

/** An attempt, and then those that waited for its place, as long as there is time. */
async function begin(env: Env, deliveryId: string, speed: Speed): Promise<{ ended: Promise<void> }> {
  const startedAt = Date.now()
  const first = await beginDelivery(env, deliveryId, speed)
  const goOn = async () => {
    let next: string | null = deliveryId
    let begun: Begun = first
    while (next !== null) {
      const woken: string | null = await settle(env, next, speed, begun)
      next = woken
      if (woken === null) return
      if (Date.now() - startedAt > successorsMs) return enqueueDeliveryIn(queueOf(env, speed), woken, 0)
      begun = await beginDelivery(env, woken, speed)
    }
  }
  const ended = goOn().catch((error) => logFailure('webhook.attempt_lost', error, { deliveryId }))
  return { ended }
}

async function settle(env: Env, deliveryId: string, speed: Speed, begun: Begun): Promise<string | null> {
  if (begun.goesOn) {
    await enqueueDeliveryIn(queueOf(env, begun.goesOn.speed), deliveryId, begun.goesOn.inSeconds)
  }
  const consumed = await begun.attempt
  if (!consumed) return begun.woken ?? null
  if (consumed.retryInSeconds !== null)
    await enqueueDeliveryIn(queueOf(env, speed), deliveryId, consumed.retryInSeconds)
  return consumed.woken
}

const queueOf = (env: Env, speed: Speed) => (speed === 'slow' ? env.SLOW_WEBHOOKS : env.WEBHOOKS)

/** Takes the delivery, and begins the attempt. What came of it is in the database when the promise is kept. */
export async function beginDelivery(env: Env, deliveryId: string, speed: Speed): Promise<Begun> {
  const ctx = systemContext(env, 'webhooks')
  const taking = await takeDelivery(ctx, deliveryId, speed)
  switch (taking.kind) {
    case 'over':
      return { attempt: null, goesOn: null, woken: taking.woken }
    case 'not_due':
      return { attempt: null, goesOn: { speed, inSeconds: taking.inSeconds }, woken: taking.woken }
    case 'slow':
      return { attempt: null, goesOn: { speed: 'slow', inSeconds: 0 }, woken: taking.woken }
    case 'taken': {
      const attempting = async () => {
        if (taking.delivery.waitMs > 0) await scheduler.wait(taking.delivery.waitMs)
        const request = await requestOf(env, taking.delivery).catch((error) =>
          notSent(taking.delivery, error),
        )
        if (!request) return retryUnsent(env, taking.delivery)
        const result = await attempt(env, taking.delivery, request)
        const woken = await recordAttempt(systemContext(env, 'webhooks'), taking.delivery, result)
        return { retryInSeconds: result.retrySeconds, woken }
      }
      return { attempt: attempting(), goesOn: null }
    }
  }
}

/** A secret that cannot be opened, signing keys that cannot be read: the endpoint has no part in it. */
function notSent({ id, webhookId }: TakenDelivery, error: unknown): null {
  logFailure('webhook.not_sent', error, { deliveryId: id, webhookId })
  return null
}

/** An attempt of the schedule is used up, but nothing is said of the endpoint. */
async function retryUnsent(env: Env, delivery: TakenDelivery): Promise<Consumed> {
  const wait = waitsOf(env)[delivery.attempts - 1]
  const retryInSeconds = wait === undefined ? null : jittered(wait)
  await recordOwnFailure(systemContext(env, 'webhooks'), delivery, retryInSeconds)
  return { retryInSeconds, woken: null }
}

async function attempt(env: Env, delivery: TakenDelivery, request: SignedRequest): Promise<AttemptResult> {
  const startedAt = Date.now()
  const answer = await send(env, delivery, request)
  const { status } = answer
  const ok = status !== null && status >= 200 && status < 300
  const wait = waitsOf(env)[delivery.attempts - 1]
  const outcome = ok ? 'delivered' : status === 410 ? 'gone' : wait === undefined ? 'failed' : 'retry'
  const pause = ok ? noPause : pauseOf(env, answer, delivery)
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
    retrySeconds:
      outcome === 'retry' && wait !== undefined ? Math.max(jittered(wait), pause.pauseSeconds ?? 0) : null,
    timedOut: answer.timedOut ?? false,
    ...pause,
  }
}

type Pause = Pick<AttemptResult, 'pauseSeconds' | 'throttled'>
const noPause: Pause = { pauseSeconds: null, throttled: false }

/** An endpoint that says `Retry-After` gets nothing until then; one that only says 429, nothing for a while of its own, not of the delivery. */
function pauseOf(env: Env, { status, retryAfter }: Answer, { throttles }: TakenDelivery): Pause {
  const asked = retryAfter ? secondsUntil(retryAfter) : null
  if (asked !== null)
    return asked > 0 ? { pauseSeconds: Math.min(asked, longestPauseSeconds), throttled: false } : noPause
  if (status !== 429) return noPause
  const seconds = Math.min(
    throttleSeconds * 2 ** throttles,
    longestThrottleSeconds,
    ...waitsOf(env).slice(-1),
  )
  return { pauseSeconds: jittered(seconds), throttled: true }
}

/** A date as HTTP writes it. `Date.parse` alone takes nearly anything for one: `-1` and `3.5` are days of 2001. */
const httpDate = /^(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun), \d{2} [A-Z][a-z]{2} \d{4} \d{2}:\d{2}:\d{2} GMT$/

/** `Retry-After` has seconds or a date; null for anything else. */
function secondsUntil(retryAfter: string): number | null {
  if (/^\d{1,9}$/.test(retryAfter)) return Number(retryAfter)
  const at = httpDate.test(retryAfter) ? Date.parse(retryAfter) : Number.NaN
  return Number.isNaN(at) ? null : Math.ceil((at - Date.now()) / 1_000)
}

interface Answer {
  status: number | null
  body: string | null
  retryAfter?: string | null
  error?: string
  timedOut?: boolean
}

async function send(env: Env, { url }: TakenDelivery, request: SignedRequest): Promise<Answer> {
  // The rules may be stricter today than when the URL was accepted.
  const refusal = refusalOf(url, urlRulesOf(env))
  if (refusal) return { status: null, body: null, error: `refused: ${refusal}` }
  try {
    const response = await fetch(url, {
      method: 'POST',
      redirect: 'manual',
      signal: AbortSignal.timeout(timeoutMs),
      ...request,
    })
    const isRedirect = response.status >= 300 && response.status < 400
    return {
      status: response.status,
      ...(await bodyOf(response)),
      retryAfter: response.headers.get('retry-after'),
      ...(isRedirect && { error: 'redirects are not followed' }),
    }
  } catch (error) {
    const timedOut = isTimeout(error)
    return { status: null, body: null, error: timedOut ? 'timed out' : 'no connection', timedOut }
  }
}

const isTimeout = (error: unknown): boolean => error instanceof Error && error.name === 'TimeoutError'

interface SignedRequest {
  headers: Record<string, string>
  body: string
}

async function requestOf(env: Env, delivery: TakenDelivery): Promise<SignedRequest> {
  const { webhookId, eventId, secret, previousSecret } = delivery
  const { ENCRYPTION_KEYS, WEBHOOK_SIGNING_KEYS } = env
  const body = JSON.stringify({ ...delivery.payload, webhookId })
  const sealed = previousSecret ? [secret, previousSecret] : [secret]
  const secrets = await Promise.all(sealed.map((one) => openSecret(ENCRYPTION_KEYS, one)))
  const headers = {
    // The endpoint's own first: none of them replaces one of ours.
    ...(await openHeaders(ENCRYPTION_KEYS, webhookId, delivery.headers)),
    'content-type': 'application/json',
    'user-agent': 'Khidma-Webhooks/1',
    ...(await signatureHeaders({ id: eventId, at: new Date(), body }, secrets, WEBHOOK_SIGNING_KEYS)),
  }
  return { headers, body }
}

/** The status decides: an answer that breaks off after it has been given all the same. One that goes on for too long still holds its place. */
async function bodyOf(response: Response): Promise<Pick<Answer, 'body' | 'timedOut'>> {
  try {
    return { body: await beginningOf(response) }
  } catch (error) {
    return { body: null, timedOut: isTimeout(error) }
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
  return cut(text, keptBodyChars).replaceAll('\0', '')
}

const waitsOf = (env: Env): number[] =>
  env.WEBHOOK_RETRY_SECONDS ? env.WEBHOOK_RETRY_SECONDS.split(',').map(Number) : defaultWaitsSeconds

/** Up to a fifth more, so that the endpoints of one outage do not all come back in the same second. */
const jittered = (seconds: number): number => Math.ceil(seconds * (1 + Math.random() / 5))
