import { sql } from 'drizzle-orm'
import {
  bigint,
  boolean,
  check,
  index,
  integer,
  jsonb,
  pgTable,
  primaryKey,
  smallint,
  text,
  unique,
  uniqueIndex,
  uuid,
} from 'drizzle-orm/pg-core'
import { createdAt, emptyObject, id, time, transactionId, updatedAt, version } from './columns.ts'
import { users } from './identity.ts'

/** Every legal change of every status column: written from the `machine.ts` tables, read by the triggers. */
export const stateTransitions = pgTable(
  'state_transitions',
  {
    machine: text('machine').notNull(),
    name: text('name').notNull(),
    /** Null: how the object comes into being. */
    fromState: text('from_state'),
    toState: text('to_state').notNull(),
    /** Who may: client · tasker · ops · admin · system · provider · party names of the machine. */
    party: text('party').notNull(),
    /** The state that the object this one drives takes along (a booking drives its task). */
    drivesTo: text('drives_to'),
  },
  (t) => [unique('state_transitions_key').on(t.machine, t.fromState, t.toState, t.party).nullsNotDistinct()],
)

/**
 * What happened, in the transaction in which it happened. Readers go in the order (xid, seq) and stop below the oldest
 * running transaction: a slow one can then never insert behind a reader's back.
 */
export const outbox = pgTable(
  'outbox',
  {
    id: id(),
    xid: transactionId('xid').notNull().default(sql`pg_current_xact_id()`),
    seq: bigint('seq', { mode: 'number' }).notNull().generatedAlwaysAsIdentity(),
    type: text('type').notNull(),
    objectType: text('object_type').notNull(),
    objectId: uuid('object_id').notNull(),
    objectSeq: integer('object_seq').notNull(),
    /** Ids and states only, never personal data: who may read more fetches it. */
    data: jsonb('data').notNull().default(emptyObject).$type<Record<string, unknown>>(),
    createdAt: createdAt(),
    dispatchedAt: time('dispatched_at'),
    /** When the sweep has last sent it again. */
    sweptAt: time('swept_at'),
  },
  (t) => [
    index('idx_outbox_order').on(t.xid, t.seq),
    uniqueIndex('outbox_seq_key').on(t.seq),
    index('idx_outbox_time').on(t.createdAt).where(sql`${t.dispatchedAt} is not null`),
    index('idx_outbox_undispatched').on(t.createdAt).where(sql`${t.dispatchedAt} is null`),
    index('idx_outbox_object').on(t.objectType, t.objectId, t.objectSeq),
  ],
)

/** Whose event it is: the pull API and the webhooks of a user read through here. */
export const outboxRecipients = pgTable(
  'outbox_recipients',
  {
    userId: uuid('user_id').notNull(),
    xid: transactionId('xid').notNull(),
    seq: bigint('seq', { mode: 'number' }).notNull(),
    eventId: uuid('event_id')
      .notNull()
      .references(() => outbox.id, { onDelete: 'cascade' }),
  },
  (t) => [
    primaryKey({ columns: [t.userId, t.xid, t.seq] }),
    index('idx_outbox_recipients_event').on(t.eventId),
  ],
)

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
    /** push · sms · email · letter (to an address that was proven when it happened, whatever the reader wants) */
    channel: text('channel').notNull(),
    /** Of `user_devices`, for push. */
    device: text('device').notNull().default(''),
    status: text('status').notNull().default('pending'),
    attempts: integer('attempts').notNull().default(0),
    /** The provider's name of the message, or its word against it. */
    note: text('note'),
    attemptedAt: time('attempted_at'),
  },
  (t) => [
    primaryKey({ name: 'notification_deliveries_pkey', columns: [t.notificationId, t.channel, t.device] }),
    check('notification_deliveries_channel', sql`${t.channel} in ('push', 'sms', 'email', 'letter')`),
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

export const webhookSubscriptions = pgTable(
  'webhook_subscriptions',
  {
    id: id(),
    userId: uuid('user_id').references(() => users.id, { onDelete: 'cascade' }),
    url: text('url').notNull(),
    events: text('events').array().notNull(),
    /** Sealed with a versioned key. */
    secret: text('secret').notNull(),
    /** The secret before the last rotation, still signing until `previous_secret_until`. */
    previousSecret: text('previous_secret'),
    previousSecretUntil: time('previous_secret_until'),
    active: boolean('active').notNull().default(true),
    /** Consecutive deliveries that ran out of attempts; too many switch the endpoint off. */
    failures: integer('failures').notNull().default(0),
    createdAt: createdAt(),
    updatedAt: updatedAt(),
    version: version(),
  },
  (t) => [
    index('idx_webhook_subscriptions_user').on(t.userId, t.id),
    index('idx_webhook_subscriptions_key').on(sql`split_part(${t.secret}, '.', 1)`, t.id),
    index('idx_webhook_subscriptions_previous_key')
      .on(sql`split_part(${t.previousSecret}, '.', 1)`, t.id)
      .where(sql`${t.previousSecret} is not null`),
    check('webhook_subscriptions_events', sql`cardinality(${t.events}) between 1 and 50`),
  ],
)

export const webhookDeliveries = pgTable(
  'webhook_deliveries',
  {
    id: id(),
    subscriptionId: uuid('subscription_id')
      .notNull()
      .references(() => webhookSubscriptions.id, { onDelete: 'cascade' }),
    eventId: uuid('event_id').notNull(),
    /** 1 for the event itself; each `redeliver` is a round of its own. */
    round: smallint('round').notNull().default(1),
    eventType: text('event_type').notNull(),
    payload: jsonb('payload').notNull().$type<Record<string, unknown>>(),
    status: text('status').notNull().default('pending'),
    responseStatus: integer('response_status'),
    responseBody: text('response_body'),
    attempts: integer('attempts').notNull().default(0),
    /** One object an attempt: at, status, duration in ms, error. */
    attemptLog: jsonb('attempt_log').notNull().default(sql`'[]'::jsonb`).$type<WebhookAttempt[]>(),
    nextAttemptAt: time('next_attempt_at').notNull().defaultNow(),
    deliveredAt: time('delivered_at'),
    createdAt: createdAt(),
  },
  (t) => [
    unique('webhook_deliveries_once_key').on(t.subscriptionId, t.eventId, t.round),
    index('idx_webhook_deliveries_page').on(t.subscriptionId, t.id),
    index('idx_webhook_deliveries_time').on(t.createdAt).where(sql`${t.status} <> 'pending'`),
    index('idx_webhook_deliveries_due').on(t.nextAttemptAt).where(sql`${t.status} = 'pending'`),
    check('webhook_deliveries_status', sql`${t.status} in ('pending', 'delivered', 'failed')`),
  ],
)

export interface WebhookAttempt {
  at: string
  status: number | null
  durationMs: number
  error?: string
}

export const mediaFiles = pgTable(
  'media_files',
  {
    id: id(),
    userId: uuid('user_id').references(() => users.id, { onDelete: 'set null' }),
    kind: text('kind').notNull(),
    mimeType: text('mime_type'),
    fileSize: integer('file_size'),
    storageUrl: text('storage_url').notNull(),
    storageKey: text('storage_key').notNull().unique('media_files_storage_key'),
    /** SHA-256 of the content, hex, once it is uploaded. */
    contentHash: text('content_hash'),
    uploadedAt: time('uploaded_at'),
    /** When it goes, as long as nothing shows it. */
    expiresAt: time('expires_at'),
    metadata: jsonb('metadata').notNull().default(emptyObject).$type<Record<string, unknown>>(),
    createdAt: createdAt(),
  },
  (t) => [
    index('idx_media_files_user').on(t.userId, t.id),
    index('idx_media_files_unfinished').on(t.createdAt).where(sql`${t.uploadedAt} is null`),
    index('idx_media_files_expiry').on(t.expiresAt).where(sql`${t.expiresAt} is not null`),
  ],
)
