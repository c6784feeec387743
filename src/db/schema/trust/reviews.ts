import { sql } from 'drizzle-orm'
import { check, index, integer, pgTable, text, unique, uuid } from 'drizzle-orm/pg-core'
import { createdAt, emptyTextArray, id } from '../columns.ts'
import { users } from '../people/identity.ts'
import { bookings } from '../work/bookings.ts'

/** Both parties review a booking, each once. */
export const reviews = pgTable(
  'reviews',
  {
    id: id(),
    bookingId: uuid('booking_id')
      .notNull()
      .references(() => bookings.id, { onDelete: 'cascade' }),
    reviewerId: uuid('reviewer_id')
      .notNull()
      .references(() => users.id, { onDelete: 'restrict' }),
    revieweeId: uuid('reviewee_id')
      .notNull()
      .references(() => users.id, { onDelete: 'restrict' }),
    rating: integer('rating').notNull(),
    tags: text('tags').array().notNull().default(emptyTextArray),
    comment: text('comment'),
    createdAt: createdAt(),
  },
  (t) => [
    unique('reviews_booking_reviewer_key').on(t.bookingId, t.reviewerId),
    index('idx_reviews_reviewee').on(t.revieweeId, t.createdAt.desc().nullsFirst()),
    index('idx_reviews_reviewee_page').on(t.revieweeId, t.id),
    check('reviews_rating', sql`${t.rating} between 1 and 5`),
    check('reviews_two_people', sql`${t.reviewerId} <> ${t.revieweeId}`),
  ],
)
