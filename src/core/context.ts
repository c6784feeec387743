import type { Unit } from './unit.ts'

export const userRoles = ['client', 'tasker', 'ops', 'admin'] as const
export type UserRole = (typeof userRoles)[number]

export const locales = ['en', 'ar'] as const
export type Locale = (typeof locales)[number]

/** Actor who does this. Every entry point (HTTP, socket, queue, cron, alarm) names its actor; triggers record it. */
export type Actor =
  | { kind: 'anonymous' }
  | UserActor
  | { kind: 'system'; job: string }
  | { kind: 'provider'; provider: string }

export interface UserActor {
  kind: 'user'
  userId: string
  role: UserRole
  /** Id of the session; for a caller with an API key, the id of the key. */
  sessionId: string
  /** `resource.action`: what a member of staff may do. */
  permissions?: readonly string[]
  /** Abilities that staff have restricted, as the token says. */
  restrictions?: readonly string[]
  /** Unix seconds of the last second factor that this session has shown. */
  mfaAt?: number
  /** Has a second factor that can be asked for. */
  hasMfa?: boolean
  /** Set where the caller is a machine with an API key of the user's. */
  key?: ApiKeyCredential
}

export interface ApiKeyCredential {
  keyId: string
  /** SHA-256 of the key's secret, hex: the database compares it within the operation's round trip. */
  hash: string
  scopes: readonly string[]
  /** Where the key has a limit of its own. */
  requestsPerMinute?: number
}

/** Context of a verb: all that it knows of the call it serves, never HTTP, never the raw bindings. */
export interface Context<A extends Actor = Actor> {
  actor: A
  db: Unit
  now: Date
  requestId: string
  locale: Locale
  ipAddress: string | null
  userAgent: string | null
  secrets: Secrets
}

/** Keyed material a verb may need; built once per isolate from `Env`. */
export interface Secrets {
  pepper: string
  encryptionKeys: string
  signingKeys: string
  apiOrigin: string
}

/** The bindings that hold them. */
export interface SecretBindings {
  /** Public origin of this API, without a trailing slash: issuer of tokens, base of problem types. */
  API_ORIGIN: string
  /** JSON array of private Ed25519 JWKs, newest first; all verify, the first signs. */
  SIGNING_KEYS: string
  /** Base64, ≥ 32 bytes: keys every HMAC of low-entropy values (OTP codes, phone look-ups). */
  PEPPER: string
  /** JSON array `[{ id, key }]` of base64 AES-256 keys, newest first; the first encrypts. */
  ENCRYPTION_KEYS: string
  /** JSON array of private Ed25519 JWKs with `kid`, newest first; the first two sign webhooks (`v1a`). */
  WEBHOOK_SIGNING_KEYS: string
}

export const secretsOf = (env: SecretBindings): Secrets => ({
  pepper: env.PEPPER,
  encryptionKeys: env.ENCRYPTION_KEYS,
  signingKeys: env.SIGNING_KEYS,
  apiOrigin: env.API_ORIGIN,
})

export const isStaff = (actor: Actor): boolean =>
  actor.kind === 'user' && (actor.role === 'ops' || actor.role === 'admin')

/** The caller's user id, or null for a caller that is no user (system, provider, anonymous). */
export const userIdOf = (actor: Actor): string | null => (actor.kind === 'user' ? actor.userId : null)
