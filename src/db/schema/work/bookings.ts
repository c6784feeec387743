import { sql } from 'drizzle-orm'
import {
  boolean,
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
import {
  createdAt,
  emptyObject,
  id,
  inQuotes,
  money,
  stamps,
  time,
  timeRange,
  updatedAt,
  version,
} from '../columns.ts'
import { bookingChangeStatus, bookingStatus } from '../enums.ts'
import { payoutParties } from '../people/companies.ts'
import { users } from '../people/identity.ts'
import { mediaFiles } from '../platform/media.ts'
import { bids } from './bids.ts'
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
      .references(() => tasks.id, { onDelete: 'restrict' }),
    /** The task's client, repeated so that "who may see this" needs no join; kept equal by a composite key. */
    clientId: uuid('client_id')
      .notNull()
      .references(() => users.id, { onDelete: 'restrict' }),
    taskerId: uuid('tasker_id')
      .notNull()
      .references(() => users.id, { onDelete: 'restrict' }),
    status: bookingStatus('status').notNull().default('offered'),
    /** The company for which its tasker worked when it was made, and who earns it: neither changes when they leave. */
    companyId: uuid('company_id').references(() => users.id, { onDelete: 'restrict' }),
    payoutTo: text('payout_to', { enum: payoutParties }),
    /** The bid that won it; null where it was sourced otherwise. */
    bidId: uuid('bid_id')
      .unique('bookings_bid_id_key')
      .references(() => bids.id, { onDelete: 'restrict' }),
    agreedRateAmount: money('agreed_rate_amount'),
    agreedRateCurrency: text('agreed_rate_currency').notNull().default('EGP'),
    /** The minimum of the policy under which it was agreed. */
    policyMinimumMinutes: integer('policy_minimum_minutes').notNull().default(60),
    /** Billed at least: the policy's minimum, and never more than the agreed time. */
    agreedMinimumMinutes: integer('agreed_minimum_minutes').notNull().default(60),
    /** The most that work by the hour costs: the estimate's upper end, moved by agreed changes. Null: no such limit. */
    agreedMaximumAmount: money('agreed_maximum_amount'),
    /** Price and minutes of the task's add-ons as it was agreed: part of the fare beside the work, and of the agreed time. */
    addonsAmount: money('addons_amount').notNull().default(0),
    addonsMinutes: integer('addons_minutes').notNull().default(0),
    /** The search of the task that it ended (`tasks.round`), set by the trigger `a_round`. */
    taskRound: integer('task_round').notNull().default(1),
    /** The total of its contract, and what was released of it once it has ended: the price, whatever time the work takes. */
    contractAmount: money('contract_amount'),
    /** The commission under which it was agreed: of the fare, within these amounts. A later policy changes no booking. */
    commissionBasisPoints: integer('commission_basis_points').notNull().default(1_500),
    commissionMinimum: money('commission_minimum').notNull().default(0),
    commissionMaximum: money('commission_maximum'),
    /** Cost of an early end for either side, by the policy of the day on which it was agreed. Empty: nothing. */
    feeTerms: jsonb('fee_terms').notNull().default(emptyObject).$type<FeeTerms>(),
    /** The time the tasker is taken; no two active bookings of a tasker overlap (`calendar_items_no_overlap`). */
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
    /** The deadline that passed, where the system canceled it for that. */
    lapsed: text('lapsed', { enum: ['confirmation', 'start'] }),
    onTheWayAt: time('on_the_way_at'),
    /** The last delay that the tasker has reported, and when. */
    lateMinutes: integer('late_minutes'),
    lateToldAt: time('late_told_at'),
    arrivedAt: time('arrived_at'),
    /** Distance from the place of the task. Where the tasker was is not kept. */
    arrivalDistanceM: integer('arrival_distance_m'),
    /** The work starts by the code that the client shows: by policy, or as the client wishes. */
    startCodeRequired: boolean('start_code_required').notNull().default(false),
    startCodeFailures: integer('start_code_failures').notNull().default(0),
    startCodeFailedAt: time('start_code_failed_at'),
    startedByCode: boolean('started_by_code').notNull().default(false),
    workAcceptedAt: time('work_accepted_at'),
    workAcceptedBy: text('work_accepted_by', { enum: ['client', 'silence'] }),
    createdAt: createdAt(),
    updatedAt: updatedAt(),
    version: version(),
  },
  (t) => [
    // A task's tasker may cancel, and another takes it: the booking of a task is its newest.
    uniqueIndex('bookings_one_open').on(t.taskId).where(sql`${t.status} <> 'canceled'`),
    index('idx_bookings_task').on(t.taskId, t.id),
    index('idx_bookings_tasker').on(t.taskerId, t.id),
    index('idx_bookings_client').on(t.clientId, t.id),
    index('idx_bookings_company').on(t.companyId, t.id).where(sql`${t.companyId} is not null`),
    // Paydays: what somebody earned and is in dispute.
    index('idx_bookings_disputed')
      .on(sql`(case when ${t.payoutTo} = 'company' then ${t.companyId} else ${t.taskerId} end)`)
      .where(sql`${t.status} = 'disputed'`),
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
    check(
      'bookings_company',
      sql`(${t.companyId} is null) = (${t.payoutTo} is null) and ${t.payoutTo} in (${sql.raw(inQuotes(payoutParties))})`,
    ),
    check('bookings_rate', sql`${t.agreedRateAmount} is null or ${t.agreedRateAmount} > 0`),
    check(
      'bookings_commission',
      sql`${t.commissionBasisPoints} between 0 and 10000 and ${t.commissionMinimum} >= 0
          and (${t.commissionMaximum} is null or ${t.commissionMaximum} >= ${t.commissionMinimum})`,
    ),
    check('bookings_addons', sql`${t.addonsAmount} >= 0 and ${t.addonsMinutes} between 0 and 10080`),
    check('bookings_two_people', sql`${t.clientId} <> ${t.taskerId}`),
    check(
      'bookings_minimum',
      sql`${t.agreedMinimumMinutes} between 1 and 10080 and ${t.policyMinimumMinutes} between 1 and 10080`,
    ),
    check('bookings_maximum', sql`${t.agreedMaximumAmount} is null or ${t.agreedMaximumAmount} >= 0`),
    check('bookings_contract_amount', sql`${t.contractAmount} >= 0`),
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
    check(
      'bookings_lapsed',
      sql`${t.lapsed} is null or ${t.lapsed} in ('confirmation', 'start') and ${t.status} = 'canceled'`,
    ),
    check(
      'bookings_late',
      sql`${t.lateMinutes} is null or ${t.lateMinutes} between 1 and 1440 and ${t.lateToldAt} is not null`,
    ),
    check(
      'bookings_arrival',
      sql`${t.arrivalDistanceM} is null or ${t.arrivalDistanceM} >= 0 and ${t.arrivedAt} is not null`,
    ),
    check(
      'bookings_start_code',
      sql`${t.startCodeFailures} >= 0 and (${t.startCodeFailures} > 0) = (${t.startCodeFailedAt} is not null)`,
    ),
    check(
      'bookings_work_accepted',
      sql`(${t.workAcceptedAt} is null) = (${t.workAcceptedBy} is null) and coalesce(${t.workAcceptedBy}, 'client') in ('client', 'silence')`,
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
  (t) => [
    // bookings.listEvents
    index('idx_booking_events_booking_time').on(t.bookingId, t.createdAt.desc().nullsFirst()),
  ],
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

export const bookingDeadlineKinds = [
  'confirmation',
  'visit',
  'start',
  'completion',
  'acceptance',
  'payment',
] as const
export type BookingDeadlineKind = (typeof bookingDeadlineKinds)[number]

/** Instants by which something has to happen in a booking, with the reminders before them; each ends in exactly one outcome. */
export const bookingDeadlines = pgTable(
  'booking_deadlines',
  {
    id: id(),
    bookingId: uuid('booking_id')
      .notNull()
      .references(() => bookings.id, { onDelete: 'cascade' }),
    kind: text('kind', { enum: bookingDeadlineKinds }).notNull(),
    dueAt: time('due_at').notNull(),
    /** Minutes before the instant, the earliest reminder first. */
    reminders: integer('reminders').array().notNull().default(sql`'{}'`),
    /** How many of them are done with: sent, or passed before there was anybody to remind. */
    reminded: integer('reminded').notNull().default(0),
    remindedAt: time('reminded_at'),
    /** When the sweep has something to do: the next reminder, or the end. Kept by the trigger `b_next`. */
    nextAt: time('next_at'),
    outcome: text('outcome', { enum: ['met', 'passed', 'moot'] }),
    endedAt: time('ended_at'),
    createdAt: createdAt(),
  },
  (t) => [
    uniqueIndex('booking_deadlines_one_open').on(t.bookingId, t.kind).where(sql`${t.outcome} is null`),
    index('idx_booking_deadlines_next').on(t.nextAt).where(sql`${t.outcome} is null`),
    index('idx_booking_deadlines_booking').on(t.bookingId, t.id),
    index('idx_booking_deadlines_ended').on(t.endedAt).where(sql`${t.endedAt} is not null`),
    check(
      'booking_deadlines_kind',
      sql`${t.kind} in ('confirmation', 'visit', 'start', 'completion', 'acceptance', 'payment')`,
    ),
    check('booking_deadlines_reminded', sql`${t.reminded} between 0 and cardinality(${t.reminders})`),
    check(
      'booking_deadlines_outcome',
      sql`${t.outcome} in ('met', 'passed', 'moot') and ${t.endedAt} is not null or ${t.outcome} is null and ${t.endedAt} is null`,
    ),
    check('booking_deadlines_next', sql`(${t.outcome} is null) = (${t.nextAt} is not null)`),
  ],
)

/** Notes of the tasker about the progress of the work, which both sides and staff read. */
export const bookingNotes = pgTable(
  'booking_notes',
  {
    id: id(),
    bookingId: uuid('booking_id')
      .notNull()
      .references(() => bookings.id, { onDelete: 'cascade' }),
    authorId: uuid('author_id')
      .notNull()
      .references(() => users.id, { onDelete: 'restrict' }),
    text: text('text').notNull(),
    createdAt: createdAt(),
  },
  (t) => [
    index('idx_booking_notes_booking').on(t.bookingId, t.id),
    index('idx_booking_notes_author').on(t.authorId),
    check('booking_notes_text', sql`length(${t.text}) between 1 and 2000`),
  ],
)

/** Photos of the place before and after the work, and evidence that the other side did not appear. */
export const bookingProofs = pgTable(
  'booking_proofs',
  {
    id: id(),
    bookingId: uuid('booking_id')
      .notNull()
      .references(() => bookings.id, { onDelete: 'cascade' }),
    addedBy: uuid('added_by')
      .notNull()
      .references(() => users.id, { onDelete: 'restrict' }),
    kind: text('kind', { enum: ['before', 'after', 'no_show'] }).notNull(),
    mediaId: uuid('media_id')
      .notNull()
      .references(() => mediaFiles.id, { onDelete: 'restrict' }),
    caption: text('caption'),
    createdAt: createdAt(),
  },
  (t) => [
    // A file belongs to one booking.
    uniqueIndex('booking_proofs_media').on(t.mediaId),
    index('idx_booking_proofs_booking').on(t.bookingId, t.id),
    index('idx_booking_proofs_added_by').on(t.addedBy),
    check('booking_proofs_kind', sql`${t.kind} in ('before', 'after', 'no_show')`),
    check('booking_proofs_caption', sql`length(${t.caption}) between 1 and 500`),
  ],
)
