import type { JWK } from 'jose'
import { type Secrets, type UserActor, type UserRole, userRoles } from './context.ts'
import { isId } from './ids.ts'
import { lazy } from './lazy.ts'
import { Problem } from './problems.ts'

export const accessTokenTtlSeconds = 15 * 60
const audience = 'khidma'
const type = 'at+jwt'
const algorithm = 'EdDSA'
const clockToleranceSeconds = 5

/** Loaded with the first token: isolates that only know of tokens (objects) start without it. */
const jose = lazy(() => import('jose'))

interface KeyRing {
  signing: { kid: string; key: CryptoKey }
  verifying: Map<string, CryptoKey>
  published: JWK[]
}

const rings = new Map<string, Promise<KeyRing>>()

function ringOf(signingKeys: string): Promise<KeyRing> {
  let ring = rings.get(signingKeys)
  if (!ring) {
    ring = buildRing(JSON.parse(signingKeys) as JWK[])
    rings.set(signingKeys, ring)
  }
  return ring
}

async function buildRing(privateJwks: JWK[]): Promise<KeyRing> {
  const { calculateJwkThumbprint, importJWK } = await jose()
  const verifying = new Map<string, CryptoKey>()
  const published: JWK[] = []
  let signing: KeyRing['signing'] | undefined
  for (const { kty, crv, x, d, kid: declaredKid } of privateJwks) {
    const publicJwk = { kty, crv, x } as JWK
    const kid = declaredKid ?? (await calculateJwkThumbprint(publicJwk))
    verifying.set(kid, (await importJWK(publicJwk, algorithm)) as CryptoKey)
    published.push({ ...publicJwk, kid, alg: algorithm, use: 'sig' })
    signing ??= { kid, key: (await importJWK({ ...publicJwk, d } as JWK, algorithm)) as CryptoKey }
  }
  if (!signing) throw new Error('SIGNING_KEYS is empty')
  return { signing, verifying, published }
}

export interface TokenSubject {
  userId: string
  role: UserRole
  sessionId: string
  /** Claim `perms`; only staff have any. */
  permissions?: readonly string[]
  /** Claim `mfa_at`, Unix seconds. */
  mfaAt?: number
  /** Claim `mfa`. */
  hasMfa?: boolean
  /** Claim `off`: abilities that are restricted. */
  restrictions?: readonly string[]
}

/** An EdDSA JWT (RFC 9068 profile) that says who calls, in which role and session, for 15 minutes. */
export async function signAccessToken(
  secrets: Secrets,
  subject: TokenSubject,
  now: Date,
): Promise<{ accessToken: string; expiresIn: number }> {
  const { SignJWT } = await jose()
  const { signing } = await ringOf(secrets.signingKeys)
  const issuedAt = Math.floor(now.getTime() / 1000)
  const accessToken = await new SignJWT(claimsOf(subject))
    .setProtectedHeader({ alg: algorithm, typ: type, kid: signing.kid })
    .setSubject(subject.userId)
    .setIssuer(secrets.apiOrigin)
    .setAudience(audience)
    .setIssuedAt(issuedAt)
    .setExpirationTime(issuedAt + accessTokenTtlSeconds)
    .sign(signing.key)
  return { accessToken, expiresIn: accessTokenTtlSeconds }
}

const claimsOf = ({
  role,
  sessionId,
  permissions = [],
  mfaAt,
  hasMfa = false,
  restrictions = [],
}: TokenSubject) => ({
  role,
  sid: sessionId,
  ...(permissions.length > 0 && { perms: permissions }),
  ...(hasMfa && { mfa: true }),
  ...(mfaAt !== undefined && { mfa_at: mfaAt }),
  ...(restrictions.length > 0 && { off: restrictions }),
})

export interface VerifiedToken {
  actor: UserActor
  expiresAtMs: number
}

/** Identifies the caller from the token alone; throws the Problem `token_expired` or `unauthenticated`. */
export async function verifyAccessToken(secrets: Secrets, token: string, now: Date): Promise<VerifiedToken> {
  const { errors, jwtVerify } = await jose()
  const { verifying } = await ringOf(secrets.signingKeys)
  const keyOf = ({ kid }: { kid?: string }) => {
    const key = verifying.get(kid ?? '')
    if (!key) throw new Problem('unauthenticated')
    return key
  }
  try {
    const { payload } = await jwtVerify(token, keyOf, {
      algorithms: [algorithm],
      issuer: secrets.apiOrigin,
      audience,
      typ: type,
      requiredClaims: ['exp', 'iat', 'sub'],
      clockTolerance: clockToleranceSeconds,
      currentDate: now,
    })
    return { actor: actorOf(payload), expiresAtMs: Number(payload.exp) * 1000 }
  } catch (error) {
    if (error instanceof errors.JWTExpired) throw new Problem('token_expired', { cause: error })
    if (error instanceof errors.JOSEError) throw new Problem('unauthenticated', { cause: error })
    throw error
  }
}

function actorOf({
  sub,
  role,
  sid,
  perms = [],
  mfa,
  mfa_at: mfaAt,
  off = [],
}: Record<string, unknown>): UserActor {
  const knownRole = userRoles.find((candidate) => candidate === role)
  if (
    typeof sub !== 'string' ||
    !isId(sub) ||
    !knownRole ||
    typeof sid !== 'string' ||
    !Array.isArray(perms) ||
    !Array.isArray(off)
  ) {
    throw new Problem('unauthenticated')
  }
  return {
    kind: 'user',
    userId: sub,
    role: knownRole,
    sessionId: sid,
    ...(perms.length > 0 && { permissions: perms.map(String) }),
    ...(off.length > 0 && { restrictions: off.map(String) }),
    ...(mfa === true && { hasMfa: true }),
    ...(typeof mfaAt === 'number' && { mfaAt }),
  }
}

export const publicJwks = async (secrets: Secrets): Promise<{ keys: JWK[] }> => ({
  keys: (await ringOf(secrets.signingKeys)).published,
})
