import type { MiddlewareHandler } from 'hono'
import type { ApiKeyCredential } from '../core/context.ts'
import { Problem } from '../core/problems.ts'
import type { AppEnv, Call } from './app-env.ts'
import { ipOf } from './context.ts'

const defaultRequestsPerMinute = 600
const windowSeconds = 60

/** Requests of the running minute by caller. Starting anew each minute bounds what it can hold. */
let running = { window: 0, counts: new Map<string, number>() }

/**
 * Two limits that cost no round trip: Cloudflare's counter (per location, approximate) and this isolate's own, which
 * also reports the remaining calls. Exact limits (OTP, per number) are kept by the database.
 */
export const rateLimits: MiddlewareHandler<AppEnv> = async (c, next) => {
  const key = callerOf(c)
  const limit = Math.min(
    Number(c.env.RATE_LIMIT_PER_MINUTE ?? defaultRequestsPerMinute),
    keyOf(c)?.requestsPerMinute ?? Number.POSITIVE_INFINITY,
  )
  const nowSeconds = Math.floor(c.get('startedAt').getTime() / 1000)
  const resetSeconds = windowSeconds - (nowSeconds % windowSeconds)
  const used = countUp(key, Math.floor(nowSeconds / windowSeconds))
  c.set('rateLimit', { limit, remaining: Math.max(0, limit - used), resetSeconds })
  if (used > limit) throw limited(resetSeconds)
  // A limit of one's own (benchmarks, load tests) replaces the bindings, whose limits are fixed when they are deployed.
  const counter = c.env.RATE_LIMIT_PER_MINUTE === undefined && locationCounter(c.env, limit)
  if (counter && !(await counter.limit({ key })).success) throw limited(resetSeconds)
  await next()
}

/** Cloudflare's counter whose limit is the caller's, or the next above it. */
function locationCounter(env: AppEnv['Bindings'], limit: number): RateLimit | undefined {
  if (limit <= 60) return env.RATE_LIMIT_60
  return limit <= 180 ? env.RATE_LIMIT_180 : env.RATE_LIMIT
}

function countUp(key: string, window: number): number {
  if (running.window !== window) running = { window, counts: new Map() }
  const used = (running.counts.get(key) ?? 0) + 1
  running.counts.set(key, used)
  return used
}

const limited = (retryAfterSeconds: number) => new Problem('rate_limited', { retryAfterSeconds })

/** A key is a caller of its own: what a machine uses up is not taken from its owner's phone. */
function callerOf(c: Call): string {
  const actor = c.get('actor')
  const key = keyOf(c)
  if (key) return `key:${key.keyId}`
  return actor.kind === 'user' ? actor.userId : networkOf(ipOf(c) ?? 'unknown')
}

function keyOf(c: Call): ApiKeyCredential | undefined {
  const actor = c.get('actor')
  return actor.kind === 'user' ? actor.key : undefined
}

/** An IPv4 address, or the /64 of an IPv6 address: who has one address of it has all of them. */
export function networkOf(ipAddress: string): string {
  const [head = '', tail] = ipAddress.split('::')
  if (!ipAddress.includes(':')) return ipAddress
  const left = head === '' ? [] : head.split(':')
  const right = tail ? tail.split(':') : []
  const zeros = Array.from({ length: tail === undefined ? 0 : 8 - left.length - right.length }, () => '0')
  return `${[...left, ...zeros, ...right].slice(0, 4).join(':')}::/64`
}

/** draft-ietf-httpapi-ratelimit-headers: structured fields, `q` and `r` in requests, `w` and `t` in seconds. */
export function rateLimitHeaders(state: RateLimitState): [string, string][] {
  return [
    ['RateLimit-Policy', `"default";q=${state.limit};w=${windowSeconds}`],
    ['RateLimit', `"default";r=${state.remaining};t=${state.resetSeconds}`],
  ]
}

export interface RateLimitState {
  limit: number
  remaining: number
  resetSeconds: number
}
