import { sql } from 'drizzle-orm'
import { cleared, exported, kept, type PersonalTable, personalTable } from '../../../core/personal-data.ts'
import {
  bookingChanges,
  bookingDeadlines,
  bookingEvents,
  bookingNotes,
  bookingProofs,
  bookings,
} from '../../../db/schema/work/bookings.ts'

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
      lapsed: kept,
      payoutTo: kept,
      workAcceptedBy: kept,
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
  personalTable(bookingDeadlines, {
    of: ({ user }) =>
      sql`t.booking_id in (select b.id from bookings b where ${user} in (b.client_id, b.tasker_id))`,
    erasure: 'keep',
    why: 'it tells what happened to a booking, in times alone',
    columns: { outcome: kept, reminders: kept },
  }),
  personalTable(bookingNotes, {
    of: ({ user }) => sql`t.author_id = ${user}`,
    maskedIn: ({ user }) =>
      sql`t.booking_id in (select b.id from bookings b where ${user} in (b.client_id, b.tasker_id))`,
    erasure: 'delete',
    columns: { text: { masked: true } },
  }),
  personalTable(bookingProofs, {
    of: ({ user }) =>
      sql`(t.added_by = ${user} or t.booking_id in (select b.id from bookings b where b.client_id = ${user}))`,
    exportOf: ({ user }) => sql`t.added_by = ${user}`,
    erasure: 'delete',
    columns: { caption: exported },
  }),
]
