import { sql } from 'drizzle-orm'
import { check, index, pgTable, text, uuid } from 'drizzle-orm/pg-core'
import { createdAt, id, money, time, updatedAt, version } from '../columns.ts'
import { paymentMethod, paymentStatus, payoutStatus } from '../enums.ts'
import { users } from '../people/identity.ts'
import { bookings } from '../work/bookings.ts'

export const paymentIntents = pgTable(
  'payment_intents',
  {
    id: id(),
    bookingId: uuid('booking_id')
      .notNull()
      .unique('payment_intents_booking_id_key')
      .references(() => bookings.id, { onDelete: 'restrict' }),
    method: paymentMethod('method').notNull(),
    status: paymentStatus('status').notNull().default('requires_action'),
    provider: text('provider'),
    providerReference: text('provider_reference'),
    amountAuthorized: money('amount_authorized').notNull().default(0),
    amountCaptured: money('amount_captured').notNull().default(0),
    currency: text('currency').notNull().default('EGP'),
    createdAt: createdAt(),
    updatedAt: updatedAt(),
    version: version(),
  },
  (t) => [
    index('idx_payment_intents_status').on(t.status),
    // payments.list with updatedSince, for staff (`updatedKey` in src/db/listing.ts)
    index('idx_payment_intents_updated').on(
      sql`date_trunc('milliseconds', ${t.updatedAt} at time zone 'UTC')`,
      t.id,
    ),
    check('payment_intents_amounts', sql`${t.amountAuthorized} >= 0 and ${t.amountCaptured} >= 0`),
  ],
)

export const payouts = pgTable(
  'payouts',
  {
    id: id(),
    taskerId: uuid('tasker_id')
      .notNull()
      .references(() => users.id, { onDelete: 'restrict' }),
    bookingId: uuid('booking_id').references(() => bookings.id, { onDelete: 'restrict' }),
    amount: money('amount').notNull(),
    currency: text('currency').notNull().default('EGP'),
    status: payoutStatus('status').notNull().default('scheduled'),
    provider: text('provider'),
    providerReference: text('provider_reference'),
    scheduledFor: time('scheduled_for'),
    paidAt: time('paid_at'),
    createdAt: createdAt(),
    updatedAt: updatedAt(),
    version: version(),
  },
  (t) => [
    index('idx_payouts_tasker_time').on(t.taskerId, t.createdAt.desc().nullsFirst()),
    check('payouts_amount', sql`${t.amount} > 0`),
  ],
)
