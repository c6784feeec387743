import { sql } from 'drizzle-orm'
import { cleared, kept, type PersonalTable, personalTable } from '../../../core/personal-data.ts'
import { bookingChanges, bookingEvents, bookings } from '../../../db/schema/work/bookings.ts'

export const personalData: PersonalTable[] = [
  personalTable(bookings, {
    of: ({ user }) => sql`${user} in (t.client_id, t.tasker_id)`,
    erasure: 'keep',
    why: 'the books name bookings',
    columns: {
      agreedRateCurrency: kept,
      scheduledDuring: kept,
      cancelReason: cleared,
      noShowBy: kept,
      cancellationFeePayer: kept,
      feeTerms: kept,
      feeWaiveReason: cleared,
    },
  }),
  personalTable(bookingChanges, {
    of: ({ user }) => sql`${user} in (t.proposed_by, t.proposed_to)`,
    erasure: 'keep',
    why: 'it tells how the price of a booking came about',
    columns: {
      reason: cleared,
    },
  }),
  personalTable(bookingEvents, {
    of: ({ user }) =>
      sql`t.actor_user_id = ${user} and t.booking_id in (select b.id from bookings b where ${user} in (b.client_id, b.tasker_id))`,
    erasure: 'job',
    why: '`khidma.redact_history`: the history itself is never rewritten',
    columns: {
      meta: { redacted: true },
    },
  }),
]
