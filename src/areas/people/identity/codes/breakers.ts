import { type SQL, sql } from 'drizzle-orm'
import type { Context, UserActor } from '../../../../core/context.ts'
import { type JsonRow, rowColumns } from '../../../../db/json.ts'
import { newestFirst, type PageRequest } from '../../../../db/keyset.ts'
import { otpBreakers } from '../../../../db/schema/people/credentials.ts'
import { one, type Statement } from '../../../../db/unit.ts'
import type { OtpChannel } from '../limits.ts'

export interface OtpBreakerRow extends Omit<JsonRow<typeof otpBreakers>, 'channel'> {
  channel: OtpChannel
  active: boolean
}

/** By the clock, as pauses end by it: a transaction that waited for another stands in the past. */
const isActive = sql`b.paused_until > clock_timestamp()`

const breakerView = (where: SQL): Statement<OtpBreakerRow> =>
  sql`select ${rowColumns(otpBreakers, 'b')}, ${isActive} as active from otp_breakers b where ${where}`

export interface OtpBreakerFilters {
  channel?: OtpChannel | undefined
  active?: boolean | undefined
}

export function listOtpBreakers(
  ctx: Context<UserActor>,
  { channel, active }: OtpBreakerFilters,
  page: PageRequest,
): Promise<OtpBreakerRow[]> {
  const { after, orderAndLimit } = newestFirst(page, sql`b.id`)
  const conditions = [after]
  if (channel) conditions.push(sql`b.channel = ${channel}`)
  if (active !== undefined) conditions.push(sql`(${isActive}) = ${active}`)
  return ctx.db.read(breakerView(sql`${sql.join(conditions, sql` and `)} ${orderAndLimit}`))
}

/**
 * Ends a pause. What was counted until now counts no more (`khidma.otp_pause` begins behind the last pause); the trips stay,
 * so that what is pumped all the same rests for twice as long. Of two at once one hears that there is none.
 */
export async function resetOtpBreaker(
  ctx: Context<UserActor>,
  id: string,
  reason: string,
): Promise<OtpBreakerRow> {
  const effects = [
    sql`select khidma.give_reason(${reason})`,
    // A statement of its own: the next one sees what whoever held the row has made of it.
    sql`select 1 from otp_breakers b where b.id = ${id} for update`,
    sql`select khidma.refuse(409, 'otp_breaker_not_paused') from otp_breakers b where b.id = ${id} and not ${isActive}`,
    // Later than the beginning of any request that waits here to trip it, with what it counted before.
    sql`update otp_breakers set paused_until = clock_timestamp(), reset_at = clock_timestamp() where id = ${id}`,
  ]
  return one(await ctx.db.write(effects, breakerView(sql`b.id = ${id}`)))
}
