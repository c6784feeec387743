import { type Secrets, type UserActor, type UserRole, userRoles } from './context.ts'
import { constantTimeEqual, fromBase64Url, hmac, sha256Hex, toBase64Url } from './crypto.ts'
import { isId } from './ids.ts'
import { Problem } from './problems.ts'
import { accessTokenTtlSeconds, type VerifiedToken } from './tokens.ts'

/**
 * `khk_<12 hex>_<facts>.<secret>.<signature>`. The key carries its owner and scopes, signed: its caller is known,
 * scoped and rate-limited without asking the database. The database checks within the operation's round trip that it
 * is still active, by the hash of the secret. Derived from stored ids and the pepper alone: a lost answer can be repeated.
 */
export interface ApiKeyFacts {
  id: string
  /** A new one with every rotation. */
  secretId: string
  userId: string
  ownerRole: UserRole
  scopes: readonly string[]
  /** ISO text; whole seconds. */
  expiresAt: string | null
  requestsPerMinute: number | null
}

type Pepper = Pick<Secrets, 'pepper'>

const start = 'khk_'
const shape = /^khk_[0-9a-f]{12}_([A-Za-z0-9_-]{1,3000})\.([A-Za-z0-9_-]{43})\.([A-Za-z0-9_-]{43})$/

/** The part of a key that is shown and stored: enough to tell one from another. */
export const apiKeyPrefixOf = (id: string): string => `${start}${id.replaceAll('-', '').slice(-12)}`

const secretOf = ({ pepper }: Pepper, secretId: string): string =>
  toBase64Url(hmac(pepper, 'api-key-secret', secretId))

const signatureOf = ({ pepper }: Pepper, signed: string): Uint8Array =>
  hmac(pepper, 'api-key-signature', signed)

export function apiKeyOf(secrets: Pepper, facts: ApiKeyFacts): string {
  const { id, secretId, userId, ownerRole, scopes, expiresAt, requestsPerMinute } = facts
  const payload = {
    id,
    sub: userId,
    role: ownerRole,
    scopes,
    ...(expiresAt !== null && { exp: Math.floor(Date.parse(expiresAt) / 1_000) }),
    ...(requestsPerMinute !== null && { rpm: requestsPerMinute }),
  }
  const encoded = toBase64Url(Buffer.from(JSON.stringify(payload)))
  const signed = `${apiKeyPrefixOf(id)}_${encoded}.${secretOf(secrets, secretId)}`
  return `${signed}.${toBase64Url(signatureOf(secrets, signed))}`
}

/** Hash that the database compares; known before the rest of the key is. */
export const apiKeyHashOf = (secrets: Pepper, secretId: string): string =>
  sha256Hex(secretOf(secrets, secretId))

/** Tells an API key from a JWT among bearer tokens, by its start. */
export const looksLikeApiKey = (token: string): boolean => token.startsWith(start)

/**
 * Identifies the caller from the key alone; throws the Problem `invalid_api_key`. Its sockets live no longer than those of a
 * token.
 */
export function verifyApiKey(secrets: Pepper, key: string, now: Date): VerifiedToken {
  const [, encoded, secret, signature] = shape.exec(key) ?? []
  const sent = signature === undefined ? null : fromBase64Url(signature)
  if (!encoded || !secret || !sent) throw new Problem('invalid_api_key')
  const signed = key.slice(0, key.lastIndexOf('.'))
  if (!constantTimeEqual(sent, signatureOf(secrets, signed))) throw new Problem('invalid_api_key')
  const payload = JSON.parse(Buffer.from(encoded, 'base64url').toString()) as Record<string, unknown>
  const endsAtMs = typeof payload.exp === 'number' ? payload.exp * 1_000 : Number.POSITIVE_INFINITY
  if (now.getTime() >= endsAtMs) throw new Problem('invalid_api_key')
  const expiresAtMs = Math.min(endsAtMs, now.getTime() + accessTokenTtlSeconds * 1_000)
  return { actor: actorOf(sha256Hex(secret), payload), expiresAtMs }
}

function actorOf(hash: string, { id, sub, role, scopes, rpm }: Record<string, unknown>): UserActor {
  const knownRole = userRoles.find((candidate) => candidate === role)
  if (!isText(id) || !isId(id) || !isText(sub) || !isId(sub) || !knownRole || !Array.isArray(scopes)) {
    throw new Problem('invalid_api_key')
  }
  return {
    kind: 'user',
    userId: sub,
    role: knownRole,
    sessionId: id,
    key: {
      keyId: id,
      hash,
      scopes: scopes.filter(isText),
      ...(typeof rpm === 'number' && { requestsPerMinute: rpm }),
    },
  }
}

const isText = (value: unknown): value is string => typeof value === 'string'
