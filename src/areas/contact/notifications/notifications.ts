import { type SQL, sql } from 'drizzle-orm'
import type { Context, UserActor } from '../../../core/context.ts'
import type { EventRow } from '../../../core/events.ts'
import { newId } from '../../../core/ids.ts'
import { rowColumns } from '../../../db/json.ts'
import type { PageRequest } from '../../../db/keyset.ts'
import { listing } from '../../../db/listing.ts'
import { assignments } from '../../../db/patch.ts'
import { columnsOf, type RowOf, rowsOf } from '../../../db/rows.ts'
import { notificationPreferences, notifications } from '../../../db/schema/contact/notifications.ts'
import { one, type Statement } from '../../../db/unit.ts'
import { notificationsFor, type Recipient } from './templates.ts'

const notificationRow = columnsOf(notifications)
export type NotificationRow = RowOf<typeof notificationRow>
const preferencesRow = columnsOf(notificationPreferences)
export type PreferencesRow = RowOf<typeof preferencesRow>

const notificationView = (where: SQL): Statement<NotificationRow> =>
  rowsOf(notificationRow)`select ${rowColumns(notifications, 'n')} from notifications n where ${where}`

export function listNotifications(
  ctx: Context<UserActor>,
  unread: boolean | undefined,
  page: PageRequest,
): Promise<NotificationRow[]> {
  const { within, orderAndLimit } = listing(page, 'n')
  const onlyUnread = unread ? sql`n.read_at is null` : sql`true`
  const where = sql`n.user_id = ${ctx.actor.userId} and ${onlyUnread} and ${within} ${orderAndLimit}`
  return ctx.db.read(notificationView(where))
}

/** Reading what is read changes nothing: the first time counts. */
export async function markNotificationRead(ctx: Context<UserActor>, id: string): Promise<NotificationRow> {
  const own = sql`n.id = ${id} and n.user_id = ${ctx.actor.userId}`
  const mark = sql`update notifications n set read_at = now() where ${own} and n.read_at is null`
  return one(await ctx.db.write([mark], notificationView(own)))
}

/** A user without a row has the defaults: push on, the rest off. */
const preferencesView = (userId: string): Statement<PreferencesRow> => rowsOf(preferencesRow)`
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
  /** By kind of notification; merged into the stored preferences. */
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

/** Tells people of an event, each in their own language; a second run of this finds what the first wrote. */
export async function planNotifications(event: EventRow, recipients: Recipient[]): Promise<SQL[]> {
  const notes = await notificationsFor(event, recipients)
  if (notes.length === 0) return []
  const planned = notes.map((note) => ({ ...note, id: newId() }))
  return [
    sql`insert into notifications (id, user_id, event_id, kind, title, body, data)
        select n.id, n."userId", ${event.id}, ${event.type}, n.title, n.body, ${JSON.stringify(event.data)}::jsonb
          from jsonb_to_recordset(${JSON.stringify(planned)}::jsonb) as n (id uuid, "userId" uuid, title text, body text)
        on conflict (user_id, event_id) do nothing`,
  ]
}

/** As JSON: ids of the notifications of an event that are not delivered. */
export const plannedNotifications = (eventId: string): SQL => sql`
  (select coalesce(json_agg(n.id), '[]') from notifications n where n.event_id = ${eventId} and n.delivered_at is null)`
