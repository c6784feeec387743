import { sql } from 'drizzle-orm'
import {
  type AnyPgColumn,
  boolean,
  check,
  index,
  integer,
  jsonb,
  pgTable,
  text,
  uniqueIndex,
  uuid,
} from 'drizzle-orm/pg-core'
import { createdAt, emptyObject, id, inQuotes, money, stamps, time } from '../columns.ts'
import { assignmentStatus, bookingStatus } from '../enums.ts'
import { users } from '../people/identity.ts'
import { assignmentModes } from '../supply/taskers.ts'
import { bookings } from './bookings.ts'
import { tasks } from './tasks.ts'

export const clockKinds = ['assign', 'accept', 'start'] as const

/** Each act by which staff gave a task to a tasker, with what became of it: the history of the task's assignment. */
export const assignments = pgTable(
  'assignments',
  {
    id: id(),
    taskId: uuid('task_id')
      .notNull()
      .references(() => tasks.id, { onDelete: 'cascade' }),
    taskerId: uuid('tasker_id')
      .notNull()
      .references(() => users.id, { onDelete: 'restrict' }),
    assignedBy: uuid('assigned_by').references(() => users.id, { onDelete: 'restrict' }),
    /** The booking that it opened. */
    bookingId: uuid('booking_id')
      .notNull()
      .references(() => bookings.id, { onDelete: 'cascade' }),
    /** The tasker's contract at that time: is asked, or is not. */
    mode: text('mode', { enum: assignmentModes }).notNull(),
    status: assignmentStatus('status').notNull().default('pending'),
    /** For staff alone, as is the next. */
    reason: text('reason'),
    outcomeReason: text('outcome_reason'),
    /** Silence until then returns the task to the queue; null where the tasker is not asked. */
    expiresAt: time('expires_at'),
    /** When it was answered, or ended without an answer. */
    endedAt: time('ended_at'),
    /** The assignment that it took the place of. */
    replacesId: uuid('replaces_id').references((): AnyPgColumn => assignments.id, { onDelete: 'set null' }),
    /** The assignment whose end it takes back. */
    undoesId: uuid('undoes_id').references((): AnyPgColumn => assignments.id, { onDelete: 'set null' }),
    /** Status of the booking when staff took it back: an undo returns to it. */
    bookingWas: bookingStatus('booking_was'),
    ...stamps(),
  },
  (t) => [
    uniqueIndex('assignments_booking_key').on(t.bookingId),
    uniqueIndex('assignments_one_pending').on(t.taskId).where(sql`${t.status} = 'pending'`),
    uniqueIndex('assignments_undone_once').on(t.undoesId),
    index('idx_assignments_task').on(t.taskId, t.id),
    index('idx_assignments_tasker').on(t.taskerId, t.id),
    // The sweep.
    index('idx_assignments_due').on(t.expiresAt).where(sql`${t.status} = 'pending'`),
    check('assignments_mode', sql`${t.mode} in (${sql.raw(inQuotes(assignmentModes))})`),
    check('assignments_deadline', sql`${t.status} <> 'pending' or ${t.expiresAt} is not null`),
    check('assignments_ended', sql`(${t.status} = 'pending') = (${t.endedAt} is null)`),
  ],
)

/**
 * Clocks of a task against the service levels of its priority: how long staff may take to assign it, the tasker to accept it and, from the
 * agreed start, to begin. `due_at` is stored; a hold stops the clock, and its end moves `due_at` on by as long as it lasted.
 */
export const taskClocks = pgTable(
  'task_clocks',
  {
    id: id(),
    taskId: uuid('task_id')
      .notNull()
      .references(() => tasks.id, { onDelete: 'cascade' }),
    kind: text('kind', { enum: clockKinds }).notNull(),
    /** The instant from which `minutes` count. */
    baseAt: time('base_at').notNull(),
    minutes: integer('minutes').notNull(),
    /** Time that holds took, in seconds. */
    pausedSeconds: integer('paused_seconds').notNull().default(0),
    pausedAt: time('paused_at'),
    dueAt: time('due_at').notNull(),
    /** When its breach was emitted, once. */
    breachedAt: time('breached_at'),
    endedAt: time('ended_at'),
    /** Null while it runs; `moot`: nobody waits for it any more. */
    outcome: text('outcome', { enum: ['met', 'moot'] }),
    createdAt: createdAt(),
  },
  (t) => [
    uniqueIndex('task_clocks_one_running').on(t.taskId, t.kind).where(sql`${t.endedAt} is null`),
    index('idx_task_clocks_task').on(t.taskId, t.id),
    // The sweep, and the queue of those that are late.
    index('idx_task_clocks_due')
      .on(t.dueAt)
      .where(sql`${t.endedAt} is null and ${t.pausedAt} is null and ${t.breachedAt} is null`),
    index('idx_task_clocks_ended').on(t.endedAt).where(sql`${t.endedAt} is not null`),
    check('task_clocks_kind', sql`${t.kind} in (${sql.raw(inQuotes(clockKinds))})`),
    check('task_clocks_outcome', sql`${t.outcome} in ('met', 'moot')`),
    check('task_clocks_ended', sql`(${t.endedAt} is null) = (${t.outcome} is null)`),
    check('task_clocks_minutes', sql`${t.minutes} >= 0 and ${t.pausedSeconds} >= 0`),
  ],
)

/** Estimates that staff have set for a task, with those that they replaced. */
export const taskEstimates = pgTable(
  'task_estimates',
  {
    id: id(),
    taskId: uuid('task_id')
      .notNull()
      .references(() => tasks.id, { onDelete: 'cascade' }),
    setBy: uuid('set_by').references(() => users.id, { onDelete: 'restrict' }),
    wasMinAmount: money('was_min_amount'),
    wasMaxAmount: money('was_max_amount'),
    minAmount: money('min_amount').notNull(),
    maxAmount: money('max_amount').notNull(),
    createdAt: createdAt(),
  },
  (t) => [
    index('idx_task_estimates_task').on(t.taskId, t.id),
    check('task_estimates_order', sql`${t.minAmount} > 0 and ${t.maxAmount} >= ${t.minAmount}`),
  ],
)

/** Filters of the queue that a member of staff has saved, for themselves or for all. */
export const dispatchViews = pgTable(
  'dispatch_views',
  {
    id: id(),
    ownerId: uuid('owner_id')
      .notNull()
      .references(() => users.id, { onDelete: 'cascade' }),
    name: text('name').notNull(),
    filters: jsonb('filters').notNull().default(emptyObject).$type<Record<string, unknown>>(),
    isShared: boolean('is_shared').notNull().default(false),
    ...stamps(),
  },
  (t) => [
    uniqueIndex('dispatch_views_name_key').on(t.ownerId, sql`lower(${t.name})`),
    index('idx_dispatch_views_shared').on(t.id).where(sql`${t.isShared}`),
    check('dispatch_views_name', sql`length(${t.name}) between 1 and 80`),
  ],
)

/** Each act by which a company gave a booking to another of its people. It is what the reassignment follows from. */
export const companyHandovers = pgTable(
  'company_handovers',
  {
    id: id(),
    companyId: uuid('company_id')
      .notNull()
      .references(() => users.id, { onDelete: 'restrict' }),
    /** The booking that it takes back. */
    bookingId: uuid('booking_id')
      .notNull()
      .references(() => bookings.id, { onDelete: 'cascade' }),
    taskerId: uuid('tasker_id')
      .notNull()
      .references(() => users.id, { onDelete: 'restrict' }),
    givenBy: uuid('given_by')
      .notNull()
      .references(() => users.id, { onDelete: 'restrict' }),
    reason: text('reason').notNull(),
    createdAt: createdAt(),
  },
  (t) => [
    index('idx_company_handovers_company').on(t.companyId, t.id),
    index('idx_company_handovers_booking').on(t.bookingId),
    index('idx_company_handovers_tasker').on(t.taskerId),
    index('idx_company_handovers_given_by').on(t.givenBy),
    check('company_handovers_reason', sql`length(${t.reason}) between 1 and 500`),
  ],
)
