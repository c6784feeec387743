import { sql } from 'drizzle-orm'
import { check, foreignKey, index, integer, jsonb, pgTable, text, uuid } from 'drizzle-orm/pg-core'
import { createdAt, emptyObject, id, money, time, timeRange, updatedAt, version } from '../columns.ts'
import { bookingStatus } from '../enums.ts'
import { users } from '../people/identity.ts'
import { tasks } from './tasks.ts'

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
    agreedMinimumMinutes: integer('agreed_minimum_minutes').notNull().default(60),
    /** The commission under which it was agreed: of the fare, within these amounts. A later policy changes no booking. */
    commissionBasisPoints: integer('commission_basis_points').notNull().default(1_500),
    commissionMinimum: money('commission_minimum').notNull().default(0),
    commissionMaximum: money('commission_maximum'),
    /** The time the tasker is taken; no two active bookings of a tasker overlap (`bookings_no_overlap`). */
    scheduledDuring: timeRange('scheduled_during').notNull(),
    startedAt: time('started_at'),
    completedAt: time('completed_at'),
    cancelReason: text('cancel_reason'),
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
    check('bookings_minimum', sql`${t.agreedMinimumMinutes} between 1 and 10080`),
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
