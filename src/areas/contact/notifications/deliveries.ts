import { type SQL, sql } from 'drizzle-orm'
import type { Context } from '../../../core/context.ts'
import { isoTime } from '../../../db/json.ts'
import { one } from '../../../db/unit.ts'
import { forgetDeadTokens } from '../../people/identity/me/devices.ts'

export type Channel = 'push' | 'sms' | 'email' | 'letter'

/** As the device of a letter that goes by SMS, to the number that was, and not by mail. */
export const letterToPhone = 'phone'

/** One way to one reader. A person has as many push targets as devices. */
export interface Target {
  channel: Channel
  /** The device's row, by id; empty for channels with one address a person; of a letter see `letterToPhone`. */
  device: string
  /** The device's token, the number, the address; of a letter, what it is sealed as. */
  address: string
}

export interface Addressed {
  id: string
  userId: string
  kind: string
  title: string
  body: string | null
  data: Record<string, unknown>
  /** Where the owner of the account is written to about its safety (`security-letters.ts`). */
  letterId: string | null
  happenedAt: string | null
  /** BCP 47. */
  locale: string
  timezone: string
  /** Those that have not been reached yet. */
  targets: Target[]
}

/** Of whom is gone, none. */
const itsLetter = sql`left join security_letters l on l.event_id = n.event_id and u.erased_at is null`

/**
 * The ways that the reader wants. Who switched a kind off still finds it in the list. A letter about the account's safety goes
 * whatever they want, as it may be somebody else who wants it; a mail beside it would be the same twice, but for an address
 * that has changed.
 */
const wantedTargets = (id: string): SQL => sql`
  select n.id as notification_id, t.channel, t.device
    from notifications n
    join users u on u.id = n.user_id
    left join notification_preferences p on p.user_id = n.user_id
    ${itsLetter}
    cross join lateral (
      select 'push' as channel, d.id::text as device from user_devices d
       where d.user_id = n.user_id and d.push_token is not null and coalesce(p.push_enabled, true)
      union all select 'sms', '' where coalesce(p.sms_enabled, false)
      union all select 'email', '' where coalesce(p.email_enabled, false) and u.email is not null
         and (n.kind = 'user.email_changed' or l.id is null and not exists (
               select from notification_deliveries d where d.notification_id = n.id and d.channel = 'letter'))
      union all select 'letter', '' where l.id is not null
      union all select 'letter', ${letterToPhone} where l.id is not null and n.kind = 'user.phone_changed') t
   where n.id = ${id} and n.delivered_at is null
     and (t.channel = 'letter' or coalesce((p.preferences ->> n.kind)::boolean, true))`

/** Longer than an attempt lasts. */
const soon = sql`now() + interval '1 minute'`

/** Mail providers know no idempotency: of two attempts at once one has the letter. */
const takeLetter = (id: string): SQL => sql`
  update security_letters l set taken_until = ${soon} from notifications n
   where n.id = ${id} and n.delivered_at is null and l.event_id = n.event_id and coalesce(l.taken_until, '-infinity') < now()`

/**
 * A notification with the ways to its reader that are still open. Written down at the first look, so that a repeat goes
 * only where none has arrived. Null: delivered on every way, or gone.
 */
export async function planDelivery(ctx: Context, id: string): Promise<Addressed | null> {
  const plan = sql`insert into notification_deliveries (notification_id, channel, device)
    ${wantedTargets(id)} on conflict do nothing`
  const address = sql`case t.channel when 'push' then d.push_token when 'sms' then u.phone
    when 'letter' then encode(l.sealed, 'base64') else u.email end`
  const [row] = await ctx.db.write<Addressed>(
    [plan, takeLetter(id)],
    sql`
    select n.id, n.user_id as "userId", n.kind, n.title, n.body, n.data, u.locale, u.timezone,
           l.id as "letterId", ${isoTime(sql`l.created_at`)} as "happenedAt",
           (select coalesce(json_agg(json_build_object('channel', t.channel, 'device', t.device, 'address', ${address})), '[]')
              from notification_deliveries t left join user_devices d on t.channel = 'push' and d.id::text = t.device
             where t.notification_id = n.id and t.status = 'pending' and ${address} is not null
                and (t.channel <> 'letter' or l.taken_until = ${soon})) as targets
      from notifications n join users u on u.id = n.user_id ${itsLetter}
     where n.id = ${id} and n.delivered_at is null`,
  )
  return row ?? null
}

export interface Attempt extends Pick<Target, 'channel' | 'device'> {
  /** `pending`: it may arrive at a later attempt. */
  status: 'sent' | 'refused' | 'pending'
  /** The provider's name of the message, or its word against it: never an address. */
  note: string
  /** The token that the provider knows no more; the device may have another by now. */
  deadToken?: string
}

const letterOf = (id: string): SQL => sql`
  select from security_letters l join notifications n on n.event_id = l.event_id and n.user_id = l.user_id where n.id = ${id}`

/**
 * Writes down what the attempts came to; a letter that is sent, or refused for good, is kept no longer; dead tokens are forgotten. Returns how many ways are still open: with none left
 * the notification is delivered. A device that has lost its token meanwhile is none.
 */
export async function recordAttempts(ctx: Context, id: string, attempts: Attempt[]): Promise<number> {
  const made = sql`json_to_recordset(${JSON.stringify(attempts)}::json)
    as a (channel text, device text, status text, note text, "deadToken" text)`
  const open = sql`select from notification_deliveries t
     where t.notification_id = ${id} and t.status = 'pending'
       and (t.channel <> 'push' or exists (select from user_devices d where d.id::text = t.device and d.push_token is not null))
       and (t.channel <> 'letter' or exists (${letterOf(id)}))`
  const rows = await ctx.db.write<{ open: number }>(
    [
      forgetDeadTokens(made),
      sql`update notification_deliveries t
             set status = case t.status when 'sent' then 'sent' else a.status end,
                 attempts = t.attempts + 1, note = a.note, attempted_at = now()
            from ${made} where t.notification_id = ${id} and t.channel = a.channel and t.device = a.device`,
      sql`update security_letters l set taken_until = null from notifications n, ${made}
           where n.id = ${id} and l.event_id = n.event_id and a.channel = 'letter' and a.status = 'pending'`,
      sql`delete from security_letters l using notifications n
           where n.id = ${id} and l.event_id = n.event_id and exists (
             select from notification_deliveries t where t.notification_id = n.id and t.channel = 'letter'
             having count(*) > 0 and bool_and(t.status <> 'pending'))`,
      sql`update notifications set delivered_at = now() where id = ${id} and delivered_at is null and not exists (${open})`,
    ],
    sql`select count(*) as open from (${open}) o`,
  )
  return one(rows).open
}
