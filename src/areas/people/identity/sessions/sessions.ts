import { type SQL, sql } from 'drizzle-orm'
import type { Context, UserActor, UserRole } from '../../../../core/context.ts'
import { sha256Hex } from '../../../../core/crypto.ts'
import { newId } from '../../../../core/ids.ts'
import { Problem } from '../../../../core/problems.ts'
import { idSignedIn, signedId } from '../../../../core/signed-tokens.ts'
import { signAccessToken } from '../../../../core/tokens.ts'
import { isoTime, maybeRowJson, rowColumns } from '../../../../db/json.ts'
import { newestFirst, type PageRequest } from '../../../../db/keyset.ts'
import {
  bool,
  columnsOf,
  int,
  list,
  nullable,
  oneOf,
  type RowOf,
  rowsOf,
  text,
  time,
  uuid,
} from '../../../../db/rows.ts'
import { userDevices, users } from '../../../../db/schema/people/identity.ts'
import { one, type Statement } from '../../../../db/unit.ts'
import { mfaPolicy, sessionPolicy } from '../limits.ts'
import { factorsOf, sealedFactor, toChallenge } from '../mfa/challenges.ts'

export interface Tokens {
  accessToken: string
  refreshToken: string
  /** Seconds. */
  expiresIn: number
}

const userRow = columnsOf(users)

export interface SignedIn extends Tokens {
  /** Outlives the session's end by log-out: it signs nobody in. */
  deviceToken: string
  user: RowOf<typeof userRow>
}

export interface DeviceAtSignIn {
  deviceId: string
  platform: 'ios' | 'android' | 'web'
  pushToken?: string | undefined
}

/** Claims of the access token about a session, besides the session's owner. */
export const sessionClaims = {
  permissions: nullable(list(text)),
  hasMfa: nullable(bool),
  /** Unix seconds. */
  mfaAt: nullable(int),
  restrictions: nullable(list(text)),
}
export type SessionClaims = RowOf<typeof sessionClaims>

/** A session that was opened or goes on; all but the outcome is null where it was a refusal. */
const openedSession = <const Outcome extends string>(outcomes: readonly Outcome[]) => ({
  ...sessionClaims,
  outcome: oneOf(outcomes),
  user: nullable(userRow),
  sessionId: nullable(uuid),
  refreshTokenId: nullable(uuid),
  issuedAt: nullable(time),
})
export type OpenedSession<Outcome extends string> = RowOf<ReturnType<typeof openedSession<Outcome>>>

/** Outcome of a sign-in by any method (`khidma.sign_in`). */
const signInRow = <const Refusal extends string>(refusals: readonly Refusal[]) => ({
  ...openedSession(['signed_in', 'mfa_required', ...refusals]),
  challengeId: nullable(uuid),
  challengeUntil: nullable(time),
  factors: nullable(list(sealedFactor)),
  retryAfter: nullable(int),
})
export type SignInRow<Refusal extends string> = RowOf<ReturnType<typeof signInRow<Refusal>>>

export const claimsColumns: SQL = sql`c.permissions, c.has_mfa as "hasMfa", c.mfa_at as "mfaAt", c.restrictions`

const sessionColumns: SQL = sql`r.outcome, r.family as "sessionId", r.token as "refreshTokenId",
  ${isoTime(sql`r.issued_at`)} as "issuedAt", ${maybeRowJson(users, 'u')} as "user", ${claimsColumns}`

/** The claims are read by a volatile function: it sees the session that the same statement has opened. */
const sessionJoins: SQL = sql`left join lateral (select (r.account).*) u on true
  left join lateral khidma.session_claims(u.id, r.family) c on true`

const signInColumns: SQL = sql`${sessionColumns}, r.challenge as "challengeId", r.retry_after as "retryAfter",
  ${isoTime(sql`r.challenge_until`)} as "challengeUntil", ${factorsOf(sql`(r.account).id`)} as factors`

/** Ends a sign-in with a session or a challenge: `work` gets what either is made of. */
export function signInBy<const Refusal extends string>(
  refusals: readonly Refusal[],
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
  return rowsOf(
    signInRow(refusals),
  )`select ${signInColumns} from ${work(sql`${next}::jsonb`)} r ${sessionJoins}`
}

/** All tokens from what was stored and nothing else: a replay is the same to the byte. */
export async function toSignedIn(
  ctx: Context,
  row: (OpenedSession<string> & Partial<SignInRow<string>>) | undefined,
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
  { permissions, hasMfa, mfaAt, restrictions }: SessionClaims,
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
      restrictions: restrictions ?? [],
    },
    new Date(issuedAt),
  )

/** Exchanges a refresh token, once. One that comes again, be it at the same moment, ends its session. */
export async function refreshSession(ctx: Context, input: { refreshToken: string }): Promise<Tokens> {
  if (!idSignedIn(ctx, refreshPurpose, input.refreshToken)) throw new Problem('invalid_refresh_token')
  const next = newRefreshToken(ctx, ctx.now.getTime())
  const [row] = await ctx.db.write(
    [],
    rowsOf(openedSession(['refreshed', 'invalid', 'reused']))`
        select ${sessionColumns} from khidma.refresh_session(${hashOfToken(input.refreshToken)}, ${next.id}, ${next.hash},
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

const sessionRow = {
  id: uuid,
  deviceId: nullable(text),
  platform: nullable(text),
  ipAddress: nullable(text),
  userAgent: nullable(text),
  country: nullable(text),
  city: nullable(text),
  createdAt: time,
  lastUsedAt: time,
}
export type SessionRow = RowOf<typeof sessionRow>

/** It can still be refreshed: neither ended, nor left alone for as long as its token lives. */
const isActive = sql`s.revoked_at is null
  and s.last_used_at > now() - make_interval(secs => ${sql.raw(String(sessionPolicy.refreshTokenSeconds))})`

export function listSessions(ctx: Context<UserActor>, page: PageRequest): Promise<SessionRow[]> {
  const { after, orderAndLimit } = newestFirst(page, sql`s.id`)
  return ctx.db.read(rowsOf(sessionRow)`
    select s.id, s.device_id as "deviceId", d.platform, coalesce(s.last_ip_address, s.ip_address) as "ipAddress",
           s.user_agent as "userAgent", case when s.last_ip_address is null then s.country else s.last_country end as country,
           case when s.last_ip_address is null then s.city else s.last_city end as city, ${isoTime(sql`s.created_at`)} as "createdAt", ${isoTime(sql`s.last_used_at`)} as "lastUsedAt"
      from sessions s left join user_devices d on d.user_id = s.user_id and d.device_id = s.device_id
     where s.user_id = ${ctx.actor.userId} and ${isActive} and ${after} ${orderAndLimit}`)
}

/** One that has ended already stays ended; of others nothing is known. */
export async function revokeSession(ctx: Context<UserActor>, id: string): Promise<void> {
  const { userId } = ctx.actor
  await ctx.db.write([
    sql`select khidma.refuse(404, 'not_found')
         where not exists (select from sessions where id = ${id} and user_id = ${userId})`,
    sql`select khidma.end_session(${id}, ${userId}, 'revoked')`,
  ])
}

/** Two that end each other's sessions lock them in one order. */
export const endSessionsOf = (userId: string, reason: string, which: SQL = sql`true`): SQL => sql`
  update sessions set revoked_at = now(), revoked_reason = ${reason} where id in (
    select s.id from sessions s where s.user_id = ${userId} and s.revoked_at is null and ${which} order by s.id for update)`

/** How many sessions this call has ended. */
export const revokeOtherSessions = (ctx: Context<UserActor>): Promise<number> =>
  revokeWhere(ctx, sql`s.id <> ${ctx.actor.sessionId}`)

export const revokeAllSessions = (ctx: Context<UserActor>): Promise<number> => revokeWhere(ctx, sql`true`)

async function revokeWhere(ctx: Context<UserActor>, which: SQL): Promise<number> {
  const { userId } = ctx.actor
  const rows = await ctx.db.write(
    [endSessionsOf(userId, 'revoked', sql`${isActive} and ${which}`)],
    // The transaction's own: what ended earlier has another time.
    rowsOf({ revoked: int })`select count(*) as revoked from sessions s
         where s.user_id = ${userId} and s.revoked_at = now() and s.revoked_reason = 'revoked'`,
  )
  return one(rows).revoked
}

const deviceRow = columnsOf(userDevices)
export type DeviceRow = RowOf<typeof deviceRow>

export interface DeviceFields {
  platform: 'ios' | 'android' | 'web'
  pushToken?: string | null | undefined
}

export function listDevices(ctx: Context<UserActor>, page: PageRequest): Promise<DeviceRow[]> {
  const { after, orderAndLimit } = newestFirst(page, sql`d.id`)
  return ctx.db.read(rowsOf(deviceRow)`
    select ${rowColumns(userDevices, 'd')} from user_devices d
     where d.user_id = ${ctx.actor.userId} and ${after} ${orderAndLimit}`)
}

/** The app says where it runs and how to reach it; its session is that device's from then on. */
export async function registerDevice(
  ctx: Context<UserActor>,
  deviceId: string,
  { platform, pushToken }: DeviceFields,
): Promise<DeviceRow> {
  const { userId, sessionId } = ctx.actor
  const rows = await ctx.db.write(
    [
      // A registration that was overtaken by the log-out must not make the phone ring again.
      sql`select 1 from sessions where id = ${sessionId} for update`,
      sql`select khidma.refuse_ended(user_id) from sessions where id = ${sessionId} and revoked_at is not null`,
      sql`select khidma.register_device(${userId}, ${deviceId}, ${platform}, ${pushToken ?? null}, ${sessionPolicy.devicesAUser})`,
      sql`update sessions set device_id = ${deviceId}
          where id = ${sessionId} and user_id = ${userId} and device_id is distinct from ${deviceId}`,
    ],
    rowsOf(deviceRow)`
        select ${rowColumns(userDevices, 'd')} from user_devices d where d.user_id = ${userId} and d.device_id = ${deviceId}`,
  )
  return one(rows)
}

export async function removeDevice(ctx: Context<UserActor>, deviceId: string): Promise<void> {
  const { userId } = ctx.actor
  await ctx.db.write([
    sql`select khidma.refuse(404, 'not_found') where not exists
          (select from user_devices where user_id = ${userId} and device_id = ${deviceId})`,
    sql`delete from user_devices where user_id = ${userId} and device_id = ${deviceId}`,
  ])
}

/**
 * Tokens that their provider knows no more. `source` is a table `a` of `device`, an id, and `deadToken`. A device may have another
 * by now, which it keeps.
 */
export const forgetDeadTokens = (source: SQL): SQL => sql`
  update user_devices d set push_token = null from ${source} where d.id::text = a.device and d.push_token = a."deadToken"`
