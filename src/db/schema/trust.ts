import { sql } from 'drizzle-orm'
import { check, index, integer, jsonb, pgTable, text, unique, uuid } from 'drizzle-orm/pg-core'
import { bookings } from './bookings.ts'
import { createdAt, emptyObject, emptyTextArray, id, money, updatedAt, version } from './columns.ts'
import { disputeStatus, reportStatus } from './enums.ts'
import { users } from './identity.ts'

const person = (name: string) => uuid(name).references(() => users.id, { onDelete: 'restrict' })

/** Both parties review a booking, each once. */
export const reviews = pgTable(
  'reviews',
  {
    id: id(),
    bookingId: uuid('booking_id')
      .notNull()
      .references(() => bookings.id, { onDelete: 'cascade' }),
    reviewerId: person('reviewer_id').notNull(),
    revieweeId: person('reviewee_id').notNull(),
    rating: integer('rating').notNull(),
    tags: text('tags').array().notNull().default(emptyTextArray),
    comment: text('comment'),
    createdAt: createdAt(),
  },
  (t) => [
    unique('reviews_booking_reviewer_key').on(t.bookingId, t.reviewerId),
    index('idx_reviews_reviewee').on(t.revieweeId, t.createdAt.desc()),
    index('idx_reviews_reviewee_page').on(t.revieweeId, t.id),
    check('reviews_rating', sql`${t.rating} between 1 and 5`),
    check('reviews_two_people', sql`${t.reviewerId} <> ${t.revieweeId}`),
  ],
)

export const reports = pgTable(
  'reports',
  {
    id: id(),
    reporterId: person('reporter_id').notNull(),
    reportedUserId: person('reported_user_id'),
    bookingId: uuid('booking_id').references(() => bookings.id, { onDelete: 'set null' }),
    kind: text('kind').notNull(),
    description: text('description'),
    status: reportStatus('status').notNull().default('open'),
    createdAt: createdAt(),
    updatedAt: updatedAt(),
    version: version(),
  },
  (t) => [index('idx_reports_status').on(t.status), index('idx_reports_reporter').on(t.reporterId, t.id)],
)

export const disputes = pgTable(
  'disputes',
  {
    id: id(),
    bookingId: uuid('booking_id')
      .notNull()
      .unique('disputes_booking_id_key')
      .references(() => bookings.id, { onDelete: 'restrict' }),
    status: disputeStatus('status').notNull().default('open'),
    openedBy: person('opened_by').notNull(),
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
