import { type Actor, userIdOf } from '../core/context.ts'
import { sha256Hex } from '../core/crypto.ts'
import { Problem } from '../core/problems.ts'
import type { Idempotency } from '../db/unit.ts'
import type { Call } from './app-env.ts'

export type IdempotencyRule = 'required' | 'optional' | 'none'

const keyPattern = /^[\x21-\x7e](?:[\x20-\x7e]{0,253}[\x21-\x7e])?$/

/** The key of this call and the hash of its input; the unit of work stores and replays it in the write's own transaction. */
export function readIdempotency(
  c: Call,
  rule: IdempotencyRule,
  operationId: string,
  body: unknown,
): Idempotency | null {
  if (rule === 'none') return null
  const key = c.req.header('idempotency-key')
  if (key === undefined) {
    if (rule === 'required') throw new Problem('idempotency_key_required')
    return null
  }
  if (!keyPattern.test(key)) throw new Problem('invalid_idempotency_key')
  return {
    scope: scopeOf(c.get('actor')),
    key,
    requestHash: sha256Hex(`${operationId}\n${c.req.path}\n${canonicalJson(body)}`),
  }
}

/** Keys are their caller's alone: neither the owner of an API key nor another key of theirs repeats its requests. */
const scopeOf = (actor: Actor): string =>
  actor.kind === 'user' && actor.key ? `key:${actor.key.keyId}` : (userIdOf(actor) ?? 'anonymous')

/** The same text for the same JSON, whatever the order of its keys and its white space. */
export function canonicalJson(value: unknown): string {
  return (
    JSON.stringify(value, (_key, inner: unknown) =>
      isPlainObject(inner)
        ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
        : inner,
    ) ?? ''
  )
}

const isPlainObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
