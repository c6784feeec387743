import { sql } from 'drizzle-orm'
import { boolean, check, index, integer, pgTable, text, unique, uuid } from 'drizzle-orm/pg-core'
import { gatewayNames } from '../../../core/gateway-names.ts'
import { emptyTextArray, id, inQuotes, stamps, time } from '../columns.ts'
import { users } from '../people/identity.ts'

export const gatewayConfigStatuses = ['draft', 'active', 'retired'] as const

/** An account at a gateway: its sealed secrets, what it serves, and how it fares. A new version is a new row. */
export const paymentGatewayConfigs = pgTable(
  'payment_gateway_configs',
  {
    id: id(),
    gateway: text('gateway').$type<(typeof gatewayNames)[number]>().notNull(),
    displayName: text('display_name').notNull(),
    /** Secrets and addresses, sealed; no answer shows them. */
    config: text('config').notNull(),
    status: text('status').$type<(typeof gatewayConfigStatuses)[number]>().notNull().default('draft'),
    /** Empty: every country. */
    countries: text('countries').array().notNull().default(emptyTextArray),
    currencies: text('currencies').array().notNull().default(emptyTextArray),
    methods: text('methods').array().notNull().default(emptyTextArray),
    /** Whether it pays out, to the kinds of accounts that its gateway reaches. */
    sendsPayouts: boolean('sends_payouts').notNull().default(false),
    /** Its share among those that serve the same. */
    weight: integer('weight').notNull().default(100),
    /** The last live call that proved it, and why it failed. */
    testedAt: time('tested_at'),
    testFailure: text('test_failure'),
    activatedAt: time('activated_at'),
    retiredAt: time('retired_at'),
    /** Failures in a row, and until when new payments pass it by. */
    failures: integer('failures').notNull().default(0),
    pausedUntil: time('paused_until'),
    createdBy: uuid('created_by').references(() => users.id, { onDelete: 'restrict' }),
    ...stamps(),
  },
  (t) => [
    index('idx_payment_gateway_configs_gateway').on(t.gateway, t.status),
    check('payment_gateway_configs_gateway', sql`${t.gateway} in (${sql.raw(inQuotes(gatewayNames))})`),
    check('payment_gateway_configs_status', sql`${t.status} in ('draft', 'active', 'retired')`),
    check('payment_gateway_configs_weight', sql`${t.weight} between 1 and 1000`),
  ],
)

/** An event of a gateway, once: a wake-up to ask it what is true. */
export const gatewayEvents = pgTable(
  'gateway_events',
  {
    id: id(),
    gateway: text('gateway').$type<(typeof gatewayNames)[number]>().notNull(),
    configId: uuid('config_id').references(() => paymentGatewayConfigs.id, { onDelete: 'restrict' }),
    /** The gateway's own id of the event, or one made of type, object and state where it has none. */
    eventId: text('event_id').notNull(),
    type: text('type').notNull(),
    about: text('about').$type<'payment' | 'refund' | 'payout' | 'chargeback'>(),
    reference: text('reference'),
    gatewayReference: text('gateway_reference'),
    paymentGatewayReference: text('payment_gateway_reference'),
    attempts: integer('attempts').notNull().default(0),
    /** When it is taken (again); null once it is done. */
    nextAt: time('next_at'),
    outcome: text('outcome'),
    receivedAt: time('received_at').notNull().defaultNow(),
    processedAt: time('processed_at'),
  },
  (t) => [
    unique('gateway_events_gateway_event_key').on(t.gateway, t.eventId),
    index('idx_gateway_events_due').on(t.nextAt).where(sql`${t.nextAt} is not null`),
    index('idx_gateway_events_received').on(t.receivedAt),
    check('gateway_events_about', sql`${t.about} in ('payment', 'refund', 'payout', 'chargeback')`),
  ],
)
