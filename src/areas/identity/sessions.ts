import { type SQL, sql } from 'drizzle-orm'
import type { Context, UserActor } from '../../core/context.ts'
import { Problem } from '../../core/problems.ts'
import { signAccessToken } from '../../core/tokens.ts'
import { isoTime, type JsonRow, maybeRowJson } from '../../db/json.ts'
import { users } from '../../db/schema/identity.ts'
import { sessionPolicy } from './policy.ts'
import { hashOfToken, isOurRefreshToken, newRefreshToken, refreshTokenOf } from './refresh-tokens.ts'

export interface Tokens {
  accessToken: string
  refreshToken: string
  /** Seconds. */
  expiresIn: number
}

export interface SignedIn extends Tokens {
  user: JsonRow<typeof users>
}

export interface DeviceAtSignIn {
  deviceId: string
  platform: 'ios' | 'android' | 'web'
  pushToken?: string | undefined
}

/** What `khidma.verify_otp` and `khidma.refresh_session` answer; all but the outcome is null where it was a refusal. */
export interface SignInRow<Outcome extends string> {
  outcome: Outcome
  user: JsonRow<typeof users> | null
  sessionId: string | null
  refreshTokenId: string | null
  issuedAt: string | null
}

export const signInColumns: SQL = sql`r.outcome, r.family as "sessionId", r.token as "refreshTokenId",
  ${isoTime(sql`r.issued_at`)} as "issuedAt", ${maybeRowJson(users, 'u')} as "user"`

/** Both tokens from what was stored and nothing else: a replay is the same to the byte. */
export async function toSignedIn(
  ctx: Context,
  row: SignInRow<string> | undefined,
  refusal: () => Problem,
): Promise<SignedIn> {
  if (!row?.user || !row.sessionId || !row.refreshTokenId || !row.issuedAt) throw refusal()
  const subject = { userId: row.user.id, role: row.user.role, sessionId: row.sessionId }
  const { accessToken, expiresIn } = await signAccessToken(ctx.secrets, subject, new Date(row.issuedAt))
  return { accessToken, refreshToken: refreshTokenOf(ctx, row.refreshTokenId), expiresIn, user: row.user }
}

/** Exchanges a refresh token, once. One that comes again ends its session: `onReuse` learns which. */
export async function refreshSession(
  ctx: Context,
  input: { refreshToken: string },
  onReuse: (session: { userId: string; sessionId: string }) => void,
): Promise<Tokens> {
  if (!isOurRefreshToken(ctx, input.refreshToken)) throw new Problem('invalid_refresh_token')
  const next = newRefreshToken(ctx, ctx.now.getTime())
  const [row] = await ctx.db.write<SignInRow<'refreshed' | 'invalid' | 'overtaken' | 'reused'>>(
    [],
    sql`select ${signInColumns} from khidma.refresh_session(${hashOfToken(input.refreshToken)}, ${next.id}, ${next.hash},
          ${sessionPolicy.refreshTokenSeconds}) r
        left join lateral (select (r.account).*) u on true`,
  )
  if (row?.outcome === 'overtaken') throw new Problem('refresh_token_overtaken')
  if (row?.outcome === 'reused') {
    if (row.user && row.sessionId) onReuse({ userId: row.user.id, sessionId: row.sessionId })
    throw new Problem('refresh_token_reused')
  }
  return toSignedIn(ctx, row, () => new Problem('invalid_refresh_token'))
}

/** Ends the caller's session. Access tokens that were given out live on, for their quarter of an hour. */
export async function logout(ctx: Context<UserActor>): Promise<void> {
  const { sessionId, userId } = ctx.actor
  await ctx.db.write([sql`select khidma.end_session(${sessionId}, ${userId}, 'logout')`])
}
