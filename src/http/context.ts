import { type Actor, type Context, isStaff, secretsOf, type UserActor } from '../core/context.ts'
import { isCountry, type Origin } from '../core/countries.ts'
import { cut } from '../core/cut.ts'
import { enqueueEventsTogether } from '../core/enqueue.ts'
import { acceptedLanguages } from '../core/i18n.ts'
import { Problem } from '../core/problems.ts'
import { type CallFacts, createUnit, type ReadRecord } from '../db/unit.ts'
import { followUp, reactBeforeAnswer } from '../queues/reactions.ts'
import type { Call } from './app-env.ts'
import { pageLimitOf } from './pages.ts'
import { recordedReads } from './recorded-reads.ts'
import { switchOf } from './switches.ts'

const userAgentLimit = 400

/** The `Context` a verb works in, built once a call. Its events are on their way as soon as a write has committed. */
export function ctxOf(c: Call): Context {
  const built = c.get('context')
  if (built) return built
  const actor = actorOf(c)
  const requestId = c.get('requestId')
  const ipAddress = ipOf(c)
  const userAgent = userAgentOf(c, userAgentLimit)
  const unit = createUnit({
    env: c.env,
    actor,
    requestId,
    ipAddress,
    userAgent,
    idempotency: c.get('idempotency') ?? null,
    correlationId: c.get('correlationId'),
    call: callFactsOf(c, actor),
    recordReads: readRecordOf(c, actor),
    onEvents: (events) => {
      c.executionCtx.waitUntil(followUp(c.env, events, enqueueEventsTogether))
      return reactBeforeAnswer(c.env, events)
    },
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

/**
 * Returns the context for operations that call a live object without a round trip. A caller with an API key costs one: only
 * the database knows whether the key is still active.
 */
export async function checkedCtxOf(c: Call): Promise<Context<UserActor>> {
  const ctx = userCtxOf(c)
  if (ctx.actor.key) await ctx.db.write([])
  return ctx
}

/**
 * Returns the actor of the call. A public operation is open to a machine as to anybody, so that an API key is not checked
 * there. A token is not checked there either where something is changed: an app that sends its last token along must be able
 * to sign in after that session's end.
 */
function actorOf(c: Call): Actor {
  const actor = c.get('actor')
  if (c.get('operation')?.policy !== 'public' || actor.kind !== 'user') return actor
  return actor.key || c.req.method !== 'GET' ? { kind: 'anonymous' } : actor
}

/**
 * Returns the facts of the call for the database. A caller who signs in is still anonymous: their place is kept with their
 * session. For staff and for the owner of an API key, the facts hold the roles and the permission that the operation
 * requires: the database compares them with those that they have now.
 */
function callFactsOf(c: Call, actor: Actor): CallFacts | null {
  if (actor.kind === 'anonymous') return placeOf(c)
  const policy = c.get('operation')?.policy
  if (policy === undefined || policy === 'public') return null
  const { roles, permission, mayHaveEnded } = policy
  const operation = c.get('operation')
  const needs = operation && !isStaff(actor) ? switchOf(operation) : null
  const isKey = actor.kind === 'user' && actor.key !== undefined
  return {
    ...((isKey || isStaff(actor)) && { roles, ...(permission !== undefined && { permission }) }),
    ...(mayHaveEnded && { mayHaveEnded }),
    ...(needs !== null && { needs }),
  }
}

const lastIdInPath = /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}(?!.*[0-9a-f]{8}-)/i

/** Returns the record of a read by staff that must not go unseen: it is written in the read itself. */
function readRecordOf(c: Call, actor: Actor): ReadRecord | null {
  const action = c.get('operation')?.operationId ?? ''
  const targetType = isStaff(actor) ? recordedReads[action] : undefined
  if (targetType === undefined) return null
  const [targetId] = lastIdInPath.exec(c.req.path) ?? []
  return { action, targetType, ...(targetId !== undefined && { targetId }), atMost: pageLimitOf(c) }
}

const cityLimit = 100

function placeOf(c: Call): CallFacts | null {
  const { country, city } = (c.req.raw.cf ?? {}) as { country?: unknown; city?: unknown }
  if (typeof country !== 'string' || !/^[A-Z0-9]{2}$/.test(country)) return null
  return { country, ...(typeof city === 'string' && city !== '' && { city: cut(city, cityLimit) }) }
}

/** Where a newcomer is at home: as the edge saw it, else as the language that they want says. */
export function originOf(c: Call): Origin {
  const acceptLanguage = c.req.header('accept-language') ?? null
  const named = acceptedLanguages(acceptLanguage).map(({ region }) => region)
  const country = [placeOf(c)?.country, ...named].find((code) => typeof code === 'string' && isCountry(code))
  return { country: country ?? null, acceptLanguage }
}

/** Name that the caller gives itself, as it is stored. */
export function userAgentOf(c: Call, limit: number): string | null {
  const userAgent = c.req.header('user-agent')
  return userAgent === undefined ? null : cut(userAgent, limit)
}

/** The address Cloudflare saw; it overwrites the header, so that a caller cannot choose it. */
export const ipOf = (c: Call): string | null => c.req.header('cf-connecting-ip') ?? null
