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
