import { sql } from 'drizzle-orm'
import {
  boolean,
  check,
  index,
  integer,
  jsonb,
  pgTable,
  primaryKey,
  text,
  unique,
  uuid,
} from 'drizzle-orm/pg-core'
import { createdAt, emptyObject, id, time, updatedAt, version } from '../columns.ts'
import { users } from '../people/identity.ts'

export const notifications = pgTable(
  'notifications',
  {
    id: id(),
    userId: uuid('user_id')
      .notNull()
      .references(() => users.id, { onDelete: 'cascade' }),
    /** The event it tells of, at most once a person. */
    eventId: uuid('event_id'),
    kind: text('kind').notNull(),
    title: text('title').notNull(),
    body: text('body'),
    data: jsonb('data').notNull().default(emptyObject).$type<Record<string, unknown>>(),
    readAt: time('read_at'),
    /** When it was sent, or refused for good, on every channel the person wants. */
    deliveredAt: time('delivered_at'),
    /** When the sweep has last sent it again. */
    sweptAt: time('swept_at'),
    createdAt: createdAt(),
  },
  (t) => [
    unique('notifications_user_event_key').on(t.userId, t.eventId),
    index('idx_notifications_user').on(t.userId, t.id),
    index('idx_notifications_time').on(t.createdAt),
    index('idx_notifications_undelivered').on(t.createdAt).where(sql`${t.deliveredAt} is null`),
  ],
)

/** One row a way to the reader: a device, the number, the address. What has arrived is not sent again. */
export const notificationDeliveries = pgTable(
  'notification_deliveries',
  {
    notificationId: uuid('notification_id')
      .notNull()
      .references(() => notifications.id, { onDelete: 'cascade' }),
    channel: text('channel').notNull(),
    /** The id in `user_devices`, for push; `security` if the recipient is that of `security_notifications`. */
    device: text('device').notNull().default(''),
    status: text('status').notNull().default('pending'),
    attempts: integer('attempts').notNull().default(0),
    /** The provider's name of the message, or its word against it. */
    note: text('note'),
    attemptedAt: time('attempted_at'),
  },
  (t) => [
    primaryKey({ name: 'notification_deliveries_pkey', columns: [t.notificationId, t.channel, t.device] }),
    check('notification_deliveries_channel', sql`${t.channel} in ('push', 'sms', 'email')`),
    check('notification_deliveries_status', sql`${t.status} in ('pending', 'sent', 'refused')`),
  ],
)

export const notificationPreferences = pgTable('notification_preferences', {
  userId: uuid('user_id')
    .primaryKey()
    .references(() => users.id, { onDelete: 'cascade' }),
  pushEnabled: boolean('push_enabled').notNull().default(true),
  smsEnabled: boolean('sms_enabled').notNull().default(false),
  emailEnabled: boolean('email_enabled').notNull().default(false),
  preferences: jsonb('preferences').notNull().default(emptyObject).$type<Record<string, boolean>>(),
  updatedAt: updatedAt(),
  version: version(),
})
