import { sql } from 'drizzle-orm'
import {
  boolean,
  check,
  index,
  integer,
  jsonb,
  pgTable,
  smallint,
  text,
  unique,
  uuid,
} from 'drizzle-orm/pg-core'
import { createdAt, id, time, updatedAt, version } from '../columns.ts'
import { users } from '../people/identity.ts'

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
    /** Its last attempt got no answer in time: attempts travel in the slow queue until one does. */
    slow: boolean('slow').notNull().default(false),
    /** A note of its owner. */
    description: text('description'),
    /** Attempts that may begin in a second; null: as many as there are places for. */
    maxPerSecond: smallint('max_per_second'),
    /** When the next attempt may begin, where there is such a rate: each attempt moves it on by its share of a second. */
    nextSlotAt: time('next_slot_at'),
    /** When an attempt at it last began: a free place of its owner goes to the endpoint that was served the longest ago. */
    servedAt: time('served_at'),
    /** Custom headers, a JSON object of values by name, sealed with a versioned key. */
    headers: text('headers'),
    /** Their names, which may be shown. */
    headerNames: text('header_names').array().notNull().default(sql`'{}'::text[]`),
    headersSetAt: time('headers_set_at'),
    /** No attempt before then: the endpoint has asked for it (`Retry-After`), or called for it (429). */
    pausedUntil: time('paused_until'),
    /** Pauses in a row that it called for without saying how long: each is longer than the one before. */
    throttles: smallint('throttles').notNull().default(0),
    /** The first failed attempt since the last success. Three days of it switch the endpoint off. */
    failingSince: time('failing_since'),
    /** Whether the owner was notified of this outage. */
    failingNotified: boolean('failing_notified').notNull().default(false),
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
    index('idx_webhook_subscriptions_headers_key')
      .on(sql`split_part(${t.headers}, '.', 1)`, t.id)
      .where(sql`${t.headers} is not null`),
    check('webhook_subscriptions_events', sql`cardinality(${t.events}) between 1 and 50`),
    check('webhook_subscriptions_rate', sql`${t.maxPerSecond} between 1 and 100`),
    check(
      'webhook_subscriptions_headers',
      sql`cardinality(${t.headerNames}) <= 10 and (${t.headers} is null) = (cardinality(${t.headerNames}) = 0)`,
    ),
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
    /** 1 for the event itself; each redelivery and replay is a round of its own. */
    round: smallint('round').notNull().default(1),
    /** A test and a redelivery are sent by a webhook that is switched off as well: its owner asked for just that one. */
    cause: text('cause').notNull().default('event'),
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
    updatedAt: updatedAt(),
    /** An attempt is in flight, until then at the latest. */
    takenUntil: time('taken_until'),
    /** Waits for one of the attempts in flight to end. */
    parked: boolean('parked').notNull().default(false),
  },
  (t) => [
    unique('webhook_deliveries_once_key').on(t.subscriptionId, t.eventId, t.round),
    index('idx_webhook_deliveries_page').on(t.subscriptionId, t.id),
    // webhooks.listDeliveries with updatedSince (`updatedKey` in src/db/listing.ts)
    index('idx_webhook_deliveries_updated').on(
      t.subscriptionId,
      sql`date_trunc('milliseconds', ${t.updatedAt} at time zone 'UTC')`,
      t.id,
    ),
    index('idx_webhook_deliveries_time').on(t.createdAt).where(sql`${t.status} <> 'pending'`),
    index('idx_webhook_deliveries_due')
      .on(t.subscriptionId, t.nextAttemptAt)
      .where(sql`${t.status} = 'pending'`),
    index('idx_webhook_deliveries_in_flight').on(t.subscriptionId).where(sql`${t.takenUntil} is not null`),
    // New events go before replayed ones.
    index('idx_webhook_deliveries_parked')
      .on(t.subscriptionId, sql`(${t.cause} = 'replay')`, t.id)
      .where(sql`${t.parked}`),
    check('webhook_deliveries_status', sql`${t.status} in ('pending', 'delivered', 'failed')`),
    check('webhook_deliveries_cause', sql`${t.cause} in ('event', 'redelivery', 'replay', 'test')`),
  ],
)

export interface WebhookAttempt {
  at: string
  status: number | null
  durationMs: number
  error?: string
}
