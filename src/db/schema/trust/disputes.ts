import { sql } from 'drizzle-orm'
import { check, index, jsonb, pgTable, text, uuid } from 'drizzle-orm/pg-core'
import { createdAt, emptyObject, id, money, updatedAt, version } from '../columns.ts'
import { disputeStatus } from '../enums.ts'
import { users } from '../people/identity.ts'
import { bookings } from '../work/bookings.ts'

export const disputes = pgTable(
  'disputes',
  {
    id: id(),
    bookingId: uuid('booking_id')
      .notNull()
      .unique('disputes_booking_id_key')
      .references(() => bookings.id, { onDelete: 'restrict' }),
    status: disputeStatus('status').notNull().default('open'),
    openedBy: uuid('opened_by')
      .notNull()
      .references(() => users.id, { onDelete: 'restrict' }),
    reason: text('reason').notNull(),
    amountInQuestion: money('amount_in_question'),
    currency: text('currency').notNull().default('EGP'),
    resolution: jsonb('resolution').notNull().default(emptyObject).$type<Record<string, unknown>>(),
    createdAt: createdAt(),
    updatedAt: updatedAt(),
    version: version(),
  },
  (t) => [
    index('idx_disputes_status').on(t.status),
    check('disputes_amount', sql`${t.amountInQuestion} is null or ${t.amountInQuestion} > 0`),
  ],
)
