import { type SQL, sql } from 'drizzle-orm'
import type { Context, UserActor } from '../../core/context.ts'
import { type JsonRow, rowColumns } from '../../db/json.ts'
import { newestFirst, type PageRequest } from '../../db/keyset.ts'
import { assignments } from '../../db/patch.ts'
import { notificationPreferences, notifications } from '../../db/schema/events.ts'
import { one, type Statement } from '../../db/unit.ts'

export type NotificationRow = JsonRow<typeof notifications>
export type PreferencesRow = JsonRow<typeof notificationPreferences>

const notificationView = (where: SQL): Statement<NotificationRow> =>
  sql`select ${rowColumns(notifications, 'n')} from notifications n where ${where}`

export function listNotifications(
  ctx: Context<UserActor>,
  unread: boolean | undefined,
  page: PageRequest,
): Promise<NotificationRow[]> {
  const { after, orderAndLimit } = newestFirst(page, sql`n.id`)
  const onlyUnread = unread ? sql`n.read_at is null` : sql`true`
  const where = sql`n.user_id = ${ctx.actor.userId} and ${onlyUnread} and ${after} ${orderAndLimit}`
  return ctx.db.read(notificationView(where))
}

/** Reading what is read changes nothing: the first time counts. */
export async function markNotificationRead(ctx: Context<UserActor>, id: string): Promise<NotificationRow> {
  const own = sql`n.id = ${id} and n.user_id = ${ctx.actor.userId}`
  const mark = sql`update notifications n set read_at = now() where ${own} and n.read_at is null`
  return one(await ctx.db.write([mark], notificationView(own)))
}

/** A user without a row has the defaults: push on, the rest off. */
const preferencesView = (userId: string): Statement<PreferencesRow> => sql`
  select ${rowColumns(notificationPreferences, 'p')} from (
    select user_id, push_enabled, sms_enabled, email_enabled, preferences, updated_at, version
      from notification_preferences where user_id = ${userId}
    union all
    select u.id, true, false, false, '{}'::jsonb, u.created_at, 0 from users u
     where u.id = ${userId} and not exists (select from notification_preferences where user_id = ${userId})) p`

export async function getPreferences(ctx: Context<UserActor>): Promise<PreferencesRow> {
  return one(await ctx.db.read(preferencesView(ctx.actor.userId)))
}

export interface PreferencesPatch {
  pushEnabled?: boolean | undefined
  smsEnabled?: boolean | undefined
  emailEnabled?: boolean | undefined
  /** By kind of notification; merged into what stands. */
  preferences?: Record<string, boolean> | undefined
}

export async function updatePreferences(
  ctx: Context<UserActor>,
  { preferences, ...channels }: PreferencesPatch,
  expectedVersion: number | null,
): Promise<PreferencesRow> {
  const { userId } = ctx.actor
  const changes = assignments(notificationPreferences, {
    ...channels,
    preferences: preferences && sql`preferences || ${JSON.stringify(preferences)}::jsonb`,
  })
  const effects = [
    sql`insert into notification_preferences (user_id, version) values (${userId}, 0) on conflict (user_id) do nothing`,
    sql`select khidma.assert_version(version, ${expectedVersion}) from notification_preferences where user_id = ${userId} for update`,
  ]
  if (changes) effects.push(sql`update notification_preferences set ${changes} where user_id = ${userId}`)
  return one(await ctx.db.write(effects, preferencesView(userId)))
}

export interface Addressed {
  id: string
  kind: string
  title: string
  body: string | null
  data: Record<string, string>
  phone: string
  email: string | null
  push: boolean
  sms: boolean
  byEmail: boolean
  pushTokens: string[]
}

/** A notification that is still to be delivered, with the channels its reader wants. Null: delivered, or gone. */
export async function notificationToDeliver(ctx: Context, id: string): Promise<Addressed | null> {
  const [row] = await ctx.db.read<Addressed>(sql`
    select n.id, n.kind, n.title, n.body, n.data, u.phone, u.email,
           coalesce(p.push_enabled, true) as push, coalesce(p.sms_enabled, false) as sms,
           coalesce(p.email_enabled, false) as "byEmail",
           (select coalesce(json_agg(d.push_token), '[]') from user_devices d
             where d.user_id = u.id and d.push_token is not null) as "pushTokens"
      from notifications n join users u on u.id = n.user_id
      left join notification_preferences p on p.user_id = u.id
     where n.id = ${id} and n.delivered_at is null
       -- Who switched a kind off still finds it in the list.
       and coalesce((p.preferences ->> n.kind)::boolean, true)`)
  return row ?? null
}

/** Every channel had its attempt. Tokens that the provider calls dead are forgotten. */
export async function markDelivered(ctx: Context, id: string, deadTokens: string[]): Promise<void> {
  const effects = [
    sql`update notifications set delivered_at = now() where id = ${id} and delivered_at is null`,
  ]
  if (deadTokens.length > 0) {
    effects.push(sql`update user_devices set push_token = null where push_token in ${deadTokens}`)
  }
  await ctx.db.write(effects)
}
