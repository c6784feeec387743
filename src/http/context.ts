import { type Context, secretsOf, type UserActor } from '../core/context.ts'
import { Problem } from '../core/problems.ts'
import { createUnit } from '../db/unit.ts'
import { enqueueEvents } from '../queues/enqueue.ts'
import type { Call } from './app-env.ts'

/** The `Context` a verb works in, built once a call. Its events are on their way as soon as a write has committed. */
export function ctxOf(c: Call): Context {
  const built = c.get('context')
  if (built) return built
  const actor = c.get('actor')
  const requestId = c.get('requestId')
  const ipAddress = ipOf(c)
  const userAgent = c.req.header('user-agent')?.slice(0, 400) ?? null
  const unit = createUnit({
    env: c.env,
    actor,
    requestId,
    ipAddress,
    userAgent,
    idempotency: c.get('idempotency') ?? null,
    onEvents: (eventIds) => c.executionCtx.waitUntil(enqueueEvents(c.env, eventIds)),
  })
  const context: Context = {
    actor,
    db: unit,
    now: c.get('startedAt'),
    requestId,
    locale: c.get('locale'),
    ipAddress,
    userAgent,
    secrets: secretsOf(c.env),
  }
  c.set('unit', unit)
  c.set('context', context)
  return context
}

/** The same for operations whose policy names roles: the caller is known to be a user. */
export function userCtxOf(c: Call): Context<UserActor> {
  const { actor, ...rest } = ctxOf(c)
  if (actor.kind !== 'user') throw new Problem('unauthenticated')
  return { ...rest, actor }
}

/** The address Cloudflare saw; it overwrites the header, so that a caller cannot choose it. */
export const ipOf = (c: Call): string | null => c.req.header('cf-connecting-ip') ?? null
