import { sql } from 'drizzle-orm'
import {
  check,
  foreignKey,
  index,
  integer,
  jsonb,
  pgTable,
  text,
  uniqueIndex,
  uuid,
} from 'drizzle-orm/pg-core'
import { createdAt, emptyObject, id, money, stamps, time, timeRange, updatedAt, version } from '../columns.ts'
import { bookingChangeStatus, bookingStatus } from '../enums.ts'
import { users } from '../people/identity.ts'
import { tasks } from './tasks.ts'

/** The part of an estimate that an early end costs: basis points of it, within amounts in minor units of the booking's currency. */
interface Share {
  basisPoints: number
  minimum: number
  maximum: number | null
}

interface CancellationShare extends Share {
  /** Cancelling is free up to so many minutes before the start … */
  freeMinutesBefore: number
  /** … and up to so many minutes after the client has confirmed. */
  freeMinutesAfter: number
}

/** Terms that a booking keeps of `bookings.cancellation_fee` and `bookings.no_show_fee` (`khidma.fee_terms`). Empty: no fee. */
export interface FeeTerms {
  cancellation?: { client: CancellationShare; tasker: CancellationShare }
  noShow?: { client: Share; tasker: Share; graceMinutes: number }
}

export const bookings = pgTable(
  'bookings',
  {
    id: id(),
    taskId: uuid('task_id')
      .notNull()
      .unique('bookings_task_id_key')
      .references(() => tasks.id, { onDelete: 'restrict' }),
    /** The task's client, repeated so that "who may see this" needs no join; kept equal by a composite key. */
    clientId: uuid('client_id')
      .notNull()
      .references(() => users.id, { onDelete: 'restrict' }),
    taskerId: uuid('tasker_id')
      .notNull()
      .references(() => users.id, { onDelete: 'restrict' }),
    status: bookingStatus('status').notNull().default('offered'),
    agreedRateAmount: money('agreed_rate_amount'),
    agreedRateCurrency: text('agreed_rate_currency').notNull().default('EGP'),
    /** The minimum of the policy under which it was agreed. */
    policyMinimumMinutes: integer('policy_minimum_minutes').notNull().default(60),
    /** Billed at least: the policy's minimum, and never more than the agreed time. */
    agreedMinimumMinutes: integer('agreed_minimum_minutes').notNull().default(60),
    /** The most that work by the hour costs: the estimate's upper end, moved by agreed changes. Null: no such limit. */
    agreedMaximumAmount: money('agreed_maximum_amount'),
    /** The commission under which it was agreed: of the fare, within these amounts. A later policy changes no booking. */
    commissionBasisPoints: integer('commission_basis_points').notNull().default(1_500),
    commissionMinimum: money('commission_minimum').notNull().default(0),
    commissionMaximum: money('commission_maximum'),
    /** Cost of an early end for either side, by the policy of the day on which it was agreed. Empty: nothing. */
    feeTerms: jsonb('fee_terms').notNull().default(emptyObject).$type<FeeTerms>(),
    /** The time the tasker is taken; no two active bookings of a tasker overlap (`bookings_no_overlap`). */
    scheduledDuring: timeRange('scheduled_during').notNull(),
    confirmedAt: time('confirmed_at'),
    startedAt: time('started_at'),
    completedAt: time('completed_at'),
    cancelReason: text('cancel_reason'),
    /** The side that did not appear, where the other ended the booking for that. */
    noShowBy: text('no_show_by', { enum: ['client', 'tasker'] }),
    /** Cost of its end for `cancellationFeePayer`, unless the fee is waived. Set by the trigger `b_set_fee`; 0 names no payer. */
    cancellationFeeAmount: money('cancellation_fee_amount'),
    cancellationFeePayer: text('cancellation_fee_payer', { enum: ['client', 'tasker'] }),
    feeWaivedAt: time('fee_waived_at'),
    feeWaivedBy: uuid('fee_waived_by').references(() => users.id, { onDelete: 'restrict' }),
    feeWaiveReason: text('fee_waive_reason'),
    createdAt: createdAt(),
    updatedAt: updatedAt(),
    version: version(),
  },
  (t) => [
    index('idx_bookings_tasker').on(t.taskerId, t.id),
    index('idx_bookings_client').on(t.clientId, t.id),
    // bookings.list with updatedSince, for staff (`updatedKey` in src/db/listing.ts)
    index('idx_bookings_updated').on(
      sql`date_trunc('milliseconds', ${t.updatedAt} at time zone 'UTC')`,
      t.id,
    ),
    // The booking's client is its task's client; neither ever changes.
    foreignKey({
      name: 'bookings_client_of_task',
      columns: [t.taskId, t.clientId],
      foreignColumns: [tasks.id, tasks.clientId],
    }),
    check(
      'bookings_scheduled_bounded',
      sql`not isempty(${t.scheduledDuring}) and not lower_inf(${t.scheduledDuring}) and not upper_inf(${t.scheduledDuring})`,
    ),
    check('bookings_rate', sql`${t.agreedRateAmount} is null or ${t.agreedRateAmount} > 0`),
    check(
      'bookings_commission',
      sql`${t.commissionBasisPoints} between 0 and 10000 and ${t.commissionMinimum} >= 0
          and (${t.commissionMaximum} is null or ${t.commissionMaximum} >= ${t.commissionMinimum})`,
    ),
    check('bookings_two_people', sql`${t.clientId} <> ${t.taskerId}`),
    check(
      'bookings_minimum',
      sql`${t.agreedMinimumMinutes} between 1 and 10080 and ${t.policyMinimumMinutes} between 1 and 10080`,
    ),
    check('bookings_maximum', sql`${t.agreedMaximumAmount} is null or ${t.agreedMaximumAmount} >= 0`),
    check('bookings_no_show', sql`${t.noShowBy} in ('client', 'tasker')`),
    check(
      'bookings_fee',
      sql`${t.cancellationFeeAmount} >= 0 and ${t.cancellationFeePayer} in ('client', 'tasker')
          and (coalesce(${t.cancellationFeeAmount}, 0) > 0) = (${t.cancellationFeePayer} is not null)`,
    ),
    check(
      'bookings_fee_waived',
      sql`(${t.feeWaivedAt} is null or ${t.cancellationFeePayer} is not null)
          and (${t.feeWaiveReason} is null or ${t.feeWaivedAt} is not null)`,
    ),
  ],
)

export const bookingEvents = pgTable(
  'booking_events',
  {
    id: id(),
    bookingId: uuid('booking_id')
      .notNull()
      .references(() => bookings.id, { onDelete: 'cascade' }),
    fromStatus: bookingStatus('from_status'),
    toStatus: bookingStatus('to_status').notNull(),
    actorUserId: uuid('actor_user_id').references(() => users.id),
    meta: jsonb('meta').notNull().default(emptyObject).$type<Record<string, unknown>>(),
    createdAt: createdAt(),
  },
  (t) => [index('idx_booking_events_booking_time').on(t.bookingId, t.createdAt.desc().nullsFirst())],
)

/**
 * Changes of price, duration or start that one side of a booking proposed to the other, with what they replace. Terms that a proposal
 * leaves alone are the same on both sides.
 */
export const bookingChanges = pgTable(
  'booking_changes',
  {
    id: id(),
    bookingId: uuid('booking_id')
      .notNull()
      .references(() => bookings.id, { onDelete: 'cascade' }),
    proposedBy: uuid('proposed_by')
      .notNull()
      .references(() => users.id, { onDelete: 'restrict' }),
    /** The other side, who alone may accept it. */
    proposedTo: uuid('proposed_to')
      .notNull()
      .references(() => users.id, { onDelete: 'restrict' }),
    status: bookingChangeStatus('status').notNull().default('pending'),
    reason: text('reason'),
    wasRateAmount: money('was_rate_amount'),
    wasMinutes: integer('was_minutes').notNull(),
    wasStartsAt: time('was_starts_at').notNull(),
    wasMaximumAmount: money('was_maximum_amount'),
    rateAmount: money('rate_amount'),
    minutes: integer('minutes').notNull(),
    startsAt: time('starts_at').notNull(),
    maximumAmount: money('maximum_amount'),
    expiresAt: time('expires_at').notNull(),
    /** When it was accepted, rejected, withdrawn, or found to have expired. */
    endedAt: time('ended_at'),
    ...stamps(),
  },
  (t) => [
    uniqueIndex('booking_changes_one_pending').on(t.bookingId).where(sql`${t.status} = 'pending'`),
    index('idx_booking_changes_booking').on(t.bookingId, t.id),
    // The sweep.
    index('idx_booking_changes_due').on(t.expiresAt).where(sql`${t.status} = 'pending'`),
    check('booking_changes_two_people', sql`${t.proposedBy} <> ${t.proposedTo}`),
    check('booking_changes_rate', sql`${t.rateAmount} > 0`),
    check('booking_changes_minutes', sql`${t.minutes} between 1 and 10080`),
    check(
      'booking_changes_something',
      sql`(${t.rateAmount}, ${t.minutes}, ${t.startsAt}) is distinct from (${t.wasRateAmount}, ${t.wasMinutes}, ${t.wasStartsAt})`,
    ),
    check('booking_changes_ended', sql`(${t.status} = 'pending') = (${t.endedAt} is null)`),
  ],
)
