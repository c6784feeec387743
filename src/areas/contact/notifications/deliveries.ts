import { type SQL, sql } from 'drizzle-orm'
import type { Context } from '../../../core/context.ts'
import { isoTime } from '../../../db/json.ts'
import { int, json, list, nullable, oneOf, type RowOf, rowsOf, text, time, uuid } from '../../../db/rows.ts'
import { one } from '../../../db/unit.ts'
import { settleRecipients, takenUntil, takeRecipients } from '../../people/identity/security-recipients.ts'
import { forgetDeadTokens } from '../../people/identity/sessions/sessions.ts'

const channels = ['push', 'sms', 'email'] as const
export type Channel = (typeof channels)[number]

/** As the device of what goes to a recipient that `security_notifications` keeps, beside the reader's own address of now. */
export const securityDevice = 'security'

/** One way to one reader. A person has as many push targets as devices. */
const target = {
  channel: oneOf(channels),
  /** The device's row, by id; empty for channels with one address a person, or `securityDevice`. */
  device: text,
  /** The device's token, the number, the address. */
  address: text,
}
export type Target = RowOf<typeof target>

const addressed = {
  id: uuid,
  userId: uuid,
  kind: text,
  title: text,
  body: nullable(text),
  data: json<Record<string, unknown>>(),
  /** For the text of a security notification (`SecurityChange`). */
  happenedAt: nullable(time),
  changedTo: nullable(text),
  /** BCP 47. */
  locale: text,
  timezone: text,
  /** Those that have not been reached yet. */
  targets: list(target),
}
export type Addressed = RowOf<typeof addressed>

/** The recipients that a security notification `n` of `u` still has; none once the account is erased. */
const recipients = sql`security_notifications s where s.event_id = n.event_id and s.user_id = n.user_id and u.erased_at is null`

/**
 * The ways that the reader wants. Who switched a kind off still finds it in the list. A security notification goes whatever
 * they want, as it may be somebody else who wants it; a mail beside it would be the same twice, but for an address that has
 * changed.
 */
const wantedTargets = (id: string): SQL => sql`
  select n.id as notification_id, t.channel, t.device
    from notifications n
    join users u on u.id = n.user_id
    left join notification_preferences p on p.user_id = n.user_id
    cross join lateral (
      select 'push' as channel, d.id::text as device from user_devices d
       where d.user_id = n.user_id and d.push_token is not null and coalesce(p.push_enabled, true)
      union all select 'sms', '' where coalesce(p.sms_enabled, false) and u.phone is not null
      union all select 'email', '' where coalesce(p.email_enabled, false) and u.email is not null
         and (n.kind = 'user.email_changed' or not exists (select from ${recipients} and s.channel = 'email') and not exists (
               select from notification_deliveries d where d.notification_id = n.id and d.channel = 'email' and d.device = ${securityDevice}))
      union all select s.channel, ${securityDevice} from ${recipients}) t
   where n.id = ${id} and n.delivered_at is null
     and (t.device = ${securityDevice} or coalesce((p.preferences ->> n.kind)::boolean, true))`

/**
 * A notification with the ways to its reader that are still open. Written down at the first look, so that a repeat goes
 * only where none has arrived. Null: delivered on every way, or gone.
 */
export async function planDelivery(ctx: Context, id: string): Promise<Addressed | null> {
  const plan = sql`insert into notification_deliveries (notification_id, channel, device)
    ${wantedTargets(id)} on conflict do nothing`
  const address = sql`case when t.device = ${securityDevice} then r.recipient
    when t.channel = 'push' then d.push_token when t.channel = 'sms' then u.phone else u.email end`
  const [row] = await ctx.db.write(
    [plan, takeRecipients(id)],
    rowsOf(addressed)`
    select n.id, n.user_id as "userId", n.kind, n.title, n.body, n.data, u.locale, u.timezone, told.*,
           (select coalesce(json_agg(json_build_object('channel', t.channel, 'device', t.device, 'address', ${address})), '[]')
              from notification_deliveries t
              left join user_devices d on t.channel = 'push' and d.id::text = t.device
              left join lateral (select s.recipient from ${recipients} and s.channel = t.channel and s.taken_until = ${takenUntil}) r on true
             where t.notification_id = n.id and t.status = 'pending' and ${address} is not null) as targets
      from notifications n join users u on u.id = n.user_id
      left join lateral (select ${isoTime(sql`s.created_at`)} as "happenedAt", s.changed_to as "changedTo" from ${recipients} limit 1) told on true
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

/**
 * Writes down what the attempts came to; the recipient of a security notification that is sent, or refused for good, is kept no
 * longer; dead tokens are forgotten. Returns how many ways are still open: with none left the notification is delivered. A
 * device that has lost its token meanwhile is none.
 */
export async function recordAttempts(ctx: Context, id: string, attempts: Attempt[]): Promise<number> {
  const made = sql`json_to_recordset(${JSON.stringify(attempts)}::json)
    as a (channel text, device text, status text, note text, "deadToken" text)`
  const open = sql`select from notification_deliveries t join notifications n on n.id = t.notification_id
     where n.id = ${id} and t.status = 'pending'
       and (t.channel <> 'push' or exists (select from user_devices d where d.id::text = t.device and d.push_token is not null))
       and (t.device <> ${securityDevice} or exists (
             select from security_notifications s where s.event_id = n.event_id and s.user_id = n.user_id and s.channel = t.channel))`
  const rows = await ctx.db.write(
    [
      forgetDeadTokens(made),
      sql`update notification_deliveries t
             set status = case t.status when 'sent' then 'sent' else a.status end,
                 attempts = t.attempts + 1, note = a.note, attempted_at = now()
            from ${made} where t.notification_id = ${id} and t.channel = a.channel and t.device = a.device`,
      ...settleRecipients(id, made, securityDevice),
      sql`update notifications set delivered_at = now() where id = ${id} and delivered_at is null and not exists (${open})`,
    ],
    rowsOf({ open: int })`select count(*) as open from (${open}) o`,
  )
  return one(rows).open
}
