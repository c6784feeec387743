import { sql } from 'drizzle-orm'
import {
  boolean,
  check,
  doublePrecision,
  index,
  integer,
  jsonb,
  numeric,
  pgTable,
  primaryKey,
  text,
  unique,
  uuid,
} from 'drizzle-orm/pg-core'
import { createdAt, emptyObject, geographyPoint, id, time, updatedAt, version } from '../columns.ts'
import { offerStatus } from '../enums.ts'
import { users } from '../people/identity.ts'
import { tasks } from './tasks.ts'

/**
 * Index that matching reads: one row for each active tasker and category, kept by triggers (`khidma.refresh_match_index`).
 * The GiST index on (category, centre) is in the hand-written migration.
 */
export const matchIndex = pgTable(
  'match_index',
  {
    taskerId: uuid('tasker_id')
      .notNull()
      .references(() => users.id, { onDelete: 'cascade' }),
    category: text('category').notNull(),
    center: geographyPoint('center').notNull(),
    radiusM: doublePrecision('radius_m').notNull(),
    ratingAvg: doublePrecision('rating_avg').notNull(),
    ratingCount: integer('rating_count').notNull(),
    acceptanceRate: doublePrecision('acceptance_rate').notNull(),
    completionRate: doublePrecision('completion_rate').notNull(),
    offersAnswered: integer('offers_answered').notNull(),
    bookingsEnded: integer('bookings_ended').notNull(),
    /** Null where the tasker names no rate: they are booked in any. */
    rateCurrency: text('rate_currency'),
  },
  (t) => [
    primaryKey({ columns: [t.taskerId, t.category] }),
    // The nearest of a category in one scan.
    index('match_index_category_center').using('gist', t.category, t.center),
  ],
)

export const taskCandidates = pgTable(
  'task_candidates',
  {
    id: id(),
    taskId: uuid('task_id')
      .notNull()
      .references(() => tasks.id, { onDelete: 'cascade' }),
    taskerId: uuid('tasker_id')
      .notNull()
      .references(() => users.id, { onDelete: 'cascade' }),
    /** The search of the task: each has candidates of its own. */
    round: integer('round').notNull().default(1),
    rank: integer('rank').notNull(),
    score: numeric('score', { precision: 10, scale: 6, mode: 'number' }).notNull(),
    explanation: jsonb('explanation').notNull().default(emptyObject).$type<Record<string, number>>(),
    createdAt: createdAt(),
  },
  (t) => [
    unique('task_candidates_task_tasker_key').on(t.taskId, t.taskerId, t.round),
    index('idx_task_candidates_task_rank').on(t.taskId, t.rank),
  ],
)

/** A live invitation from matching to one tasker. */
export const offers = pgTable(
  'offers',
  {
    id: id(),
    taskId: uuid('task_id')
      .notNull()
      .references(() => tasks.id, { onDelete: 'cascade' }),
    taskerId: uuid('tasker_id')
      .notNull()
      .references(() => users.id, { onDelete: 'cascade' }),
    round: integer('round').notNull().default(1),
    wave: integer('wave').notNull(),
    /** As its task was: while it is open, its tasker is not asked about others. */
    firstInLine: boolean('first_in_line').notNull().default(false),
    status: offerStatus('status').notNull().default('pending'),
    /** When the tasker's device said that it shows the offer; null: never delivered. */
    deliveredAt: time('delivered_at'),
    expiresAt: time('expires_at').notNull(),
    answeredAt: time('answered_at'),
    createdAt: createdAt(),
    updatedAt: updatedAt(),
    version: version(),
  },
  (t) => [
    unique('offers_task_tasker_key').on(t.taskId, t.taskerId, t.round),
    index('idx_offers_tasker').on(t.taskerId, t.id),
    index('idx_offers_task').on(t.taskId, t.wave),
    index('idx_offers_first_in_line').on(t.taskerId).where(sql`${t.firstInLine} and ${t.status} = 'pending'`),
    check('offers_wave', sql`${t.wave} between 1 and 10`),
  ],
)
