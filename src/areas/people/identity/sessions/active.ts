import { type SQL, sql } from 'drizzle-orm'
import type { Context, UserActor } from '../../../../core/context.ts'
import { isoTime } from '../../../../db/json.ts'
import { newestFirst, type PageRequest } from '../../../../db/keyset.ts'
import { one } from '../../../../db/unit.ts'
import { sessionPolicy } from '../limits.ts'

export interface SessionRow {
  id: string
  deviceId: string | null
  platform: string | null
  ipAddress: string | null
  userAgent: string | null
  country: string | null
  city: string | null
  createdAt: string
  lastUsedAt: string
}

/** It can still be refreshed: neither ended, nor left alone for as long as its token lives. */
const stands = sql`s.revoked_at is null
  and s.last_used_at > now() - make_interval(secs => ${sql.raw(String(sessionPolicy.refreshTokenSeconds))})`

export function listSessions(ctx: Context<UserActor>, page: PageRequest): Promise<SessionRow[]> {
  const { after, orderAndLimit } = newestFirst(page, sql`s.id`)
  return ctx.db.read<SessionRow>(sql`
    select s.id, s.device_id as "deviceId", d.platform, coalesce(s.last_ip_address, s.ip_address) as "ipAddress",
           s.user_agent as "userAgent", case when s.last_ip_address is null then s.country else s.last_country end as country,
           case when s.last_ip_address is null then s.city else s.last_city end as city, ${isoTime(sql`s.created_at`)} as "createdAt", ${isoTime(sql`s.last_used_at`)} as "lastUsedAt"
      from sessions s left join user_devices d on d.user_id = s.user_id and d.device_id = s.device_id
     where s.user_id = ${ctx.actor.userId} and ${stands} and ${after} ${orderAndLimit}`)
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
  const rows = await ctx.db.write<{ revoked: number }>(
    [endSessionsOf(userId, 'revoked', sql`${stands} and ${which}`)],
    // The transaction's own: what ended earlier has another time.
    sql`select count(*) as revoked from sessions s
         where s.user_id = ${userId} and s.revoked_at = now() and s.revoked_reason = 'revoked'`,
  )
  return one(rows).revoked
}
