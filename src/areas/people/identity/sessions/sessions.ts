import { type SQL, sql } from 'drizzle-orm'
import type { Context, UserActor, UserRole } from '../../../../core/context.ts'
import { sha256Hex } from '../../../../core/crypto.ts'
import { newId } from '../../../../core/ids.ts'
import { Problem } from '../../../../core/problems.ts'
import { idSignedIn, signedId } from '../../../../core/signed-tokens.ts'
import { signAccessToken } from '../../../../core/tokens.ts'
import { isoTime, type JsonRow, maybeRowJson } from '../../../../db/json.ts'
import { users } from '../../../../db/schema/people/identity.ts'
import type { Statement } from '../../../../db/unit.ts'
import { mfaPolicy, sessionPolicy } from '../limits.ts'
import { factorsOf, type SealedFactor, toChallenge } from '../mfa/challenges.ts'

export interface Tokens {
  accessToken: string
  refreshToken: string
  /** Seconds. */
  expiresIn: number
}

export interface SignedIn extends Tokens {
  /** Outlives the session's end by log-out: it signs nobody in. */
  deviceToken: string
  user: JsonRow<typeof users>
}

export interface DeviceAtSignIn {
  deviceId: string
  platform: 'ios' | 'android' | 'web'
  pushToken?: string | undefined
}

/** Claims of the access token about a session, besides the session's owner. */
export interface SessionClaims {
  permissions: string[] | null
  hasMfa: boolean | null
  /** Unix seconds. */
  mfaAt: number | null
}

/** A session that was opened or goes on; all but the outcome is null where it was a refusal. */
export interface SessionRow<Outcome extends string> extends SessionClaims {
  outcome: Outcome
  user: JsonRow<typeof users> | null
  sessionId: string | null
  refreshTokenId: string | null
  issuedAt: string | null
}

/** Outcome of a sign-in by any method (`khidma.sign_in`). */
export interface SignInRow<Refusal extends string>
  extends SessionRow<Refusal | 'signed_in' | 'mfa_required'> {
  challengeId: string | null
  challengeUntil: string | null
  factors: SealedFactor[] | null
  retryAfter: number | null
}

export const claimsColumns: SQL = sql`c.permissions, c.has_mfa as "hasMfa", c.mfa_at as "mfaAt"`

const sessionColumns: SQL = sql`r.outcome, r.family as "sessionId", r.token as "refreshTokenId",
  ${isoTime(sql`r.issued_at`)} as "issuedAt", ${maybeRowJson(users, 'u')} as "user", ${claimsColumns}`

/** The claims are read by a volatile function: it sees the session that the same statement has opened. */
const sessionJoins: SQL = sql`left join lateral (select (r.account).*) u on true
  left join lateral khidma.session_claims(u.id, r.family) c on true`

const signInColumns: SQL = sql`${sessionColumns}, r.challenge as "challengeId", r.retry_after as "retryAfter",
  ${isoTime(sql`r.challenge_until`)} as "challengeUntil", ${factorsOf(sql`(r.account).id`)} as factors`

/** A way in ends with a session or a challenge: `work` gets what either is made of. */
export function signInBy<Refusal extends string>(
  work: (next: SQL) => SQL,
  ctx: Context,
  device: DeviceAtSignIn | undefined,
): Statement<SignInRow<Refusal>> {
  const nowMs = ctx.now.getTime()
  const token = newRefreshToken(ctx, nowMs)
  const next = JSON.stringify({
    sessionId: newId(nowMs),
    tokenId: token.id,
    tokenHash: token.hash,
    tokenSeconds: sessionPolicy.refreshTokenSeconds,
    device: device ?? null,
    maxDevices: sessionPolicy.devicesAUser,
    challengeId: newId(nowMs),
    challengeSeconds: mfaPolicy.challengeSeconds,
  })
  return sql`select ${signInColumns} from ${work(sql`${next}::jsonb`)} r ${sessionJoins}`
}

/** All tokens from what was stored and nothing else: a replay is the same to the byte. */
export async function toSignedIn(
  ctx: Context,
  row: (SessionRow<string> & Partial<SignInRow<string>>) | undefined,
  refusal: () => Problem,
): Promise<SignedIn> {
  if (row?.outcome === 'mfa_required') throw new Problem('mfa_required', { challenge: toChallenge(ctx, row) })
  if (!row?.user || !row.sessionId || !row.refreshTokenId || !row.issuedAt) throw refusal()
  const { accessToken, expiresIn } = await accessTokenOf(ctx, row.user, row.sessionId, row, row.issuedAt)
  const refreshToken = signedId(ctx, refreshPurpose, row.refreshTokenId)
  const deviceToken = signedId(ctx, devicePurpose, row.sessionId)
  return { accessToken, refreshToken, expiresIn, deviceToken, user: row.user }
}

export const accessTokenOf = (
  ctx: Context,
  user: { id: string; role: UserRole },
  sessionId: string,
  { permissions, hasMfa, mfaAt }: SessionClaims,
  issuedAt: string,
): Promise<{ accessToken: string; expiresIn: number }> =>
  signAccessToken(
    ctx.secrets,
    {
      userId: user.id,
      role: user.role,
      sessionId,
      permissions: permissions ?? [],
      hasMfa: hasMfa ?? false,
      ...(mfaAt !== null && { mfaAt }),
    },
    new Date(issuedAt),
  )

/** Exchanges a refresh token, once. One that comes again, be it at the same moment, ends its session. */
export async function refreshSession(ctx: Context, input: { refreshToken: string }): Promise<Tokens> {
  if (!idSignedIn(ctx, refreshPurpose, input.refreshToken)) throw new Problem('invalid_refresh_token')
  const next = newRefreshToken(ctx, ctx.now.getTime())
  const [row] = await ctx.db.write<SessionRow<'refreshed' | 'invalid' | 'reused'>>(
    [],
    sql`select ${sessionColumns} from khidma.refresh_session(${hashOfToken(input.refreshToken)}, ${next.id}, ${next.hash},
          ${sessionPolicy.refreshTokenSeconds}) r ${sessionJoins}`,
  )
  if (row?.outcome === 'reused') throw new Problem('refresh_token_reused')
  return toSignedIn(ctx, row, () => new Problem('invalid_refresh_token'))
}

/** Ends the caller's session. Access tokens that were given out live on, for their quarter of an hour. */
export async function logout(ctx: Context<UserActor>): Promise<void> {
  const { sessionId, userId } = ctx.actor
  await ctx.db.write([sql`select khidma.end_session(${sessionId}, ${userId}, 'logout')`])
}

const refreshPurpose = 'refresh-token'
const devicePurpose = 'device-token'

export function newRefreshToken(ctx: Context, nowMs: number): { id: string; hash: string } {
  const id = newId(nowMs)
  return { id, hash: hashOfToken(signedId(ctx, refreshPurpose, id)) }
}

export const hashOfToken = (token: string): string => sha256Hex(token)

/** The session by which a device shows that it has signed in before; null for a token that we never made. */
export const sessionOfDevice = (ctx: Context, deviceToken: string): string | null =>
  idSignedIn(ctx, devicePurpose, deviceToken)
