import { sql } from 'drizzle-orm'
import {
  check,
  doublePrecision,
  index,
  integer,
  numeric,
  pgTable,
  primaryKey,
  text,
  uuid,
} from 'drizzle-orm/pg-core'
import { createdAt, id, money, time, updatedAt, version } from '../columns.ts'
import { taskerStatus } from '../enums.ts'
import { users } from '../people/identity.ts'

const taskerId = () =>
  uuid('tasker_id')
    .notNull()
    .references(() => users.id, { onDelete: 'cascade' })

/** Tier of a tasker, given by ops: a policy (commission) may name it. */
export const taskerTiers = ['new', 'standard', 'preferred'] as const
export type TaskerTier = (typeof taskerTiers)[number]

/** Whether staff ask a tasker before a task is theirs: `offer`. `direct`: their contract says that it is. */
export const assignmentModes = ['offer', 'direct'] as const
export type AssignmentMode = (typeof assignmentModes)[number]

export const taskerProfiles = pgTable(
  'tasker_profiles',
  {
    userId: uuid('user_id')
      .primaryKey()
      .references(() => users.id, { onDelete: 'cascade' }),
    status: taskerStatus('status').notNull().default('applied'),
    tier: text('tier', { enum: taskerTiers }).notNull().default('standard'),
    assignmentMode: text('assignment_mode', { enum: assignmentModes }).notNull().default('offer'),
    bio: text('bio'),
    ratingAvg: numeric('rating_avg', { precision: 3, scale: 2, mode: 'number' }).notNull().default(0),
    ratingCount: integer('rating_count').notNull().default(0),
    /** Bayesian rank of the rating, by which the directory sorts; 0 before the first review. */
    ratingRank: numeric('rating_rank', { precision: 5, scale: 4, mode: 'number' }).notNull().default(0),
    acceptanceRate: numeric('acceptance_rate', { precision: 5, scale: 4, mode: 'number' })
      .notNull()
      .default(0),
    completionRate: numeric('completion_rate', { precision: 5, scale: 4, mode: 'number' })
      .notNull()
      .default(0),
    /** Counted by triggers; the rates above follow from them. An offer never delivered is in none of them. */
    offersAnswered: integer('offers_answered').notNull().default(0),
    offersAccepted: integer('offers_accepted').notNull().default(0),
    bookingsEnded: integer('bookings_ended').notNull().default(0),
    bookingsCompleted: integer('bookings_completed').notNull().default(0),
    hourlyRateAmount: money('hourly_rate_amount'),
    hourlyRateCurrency: text('hourly_rate_currency').notNull().default('EGP'),
    createdAt: createdAt(),
    updatedAt: updatedAt(),
    version: version(),
  },
  (t) => [
    index('idx_tasker_profiles_status').on(t.status, t.userId),
    check('tasker_profiles_tier', sql`${t.tier} in ('new', 'standard', 'preferred')`),
    check('tasker_profiles_assignment_mode', sql`${t.assignmentMode} in ('offer', 'direct')`),
    check('tasker_profiles_rating', sql`${t.ratingAvg} between 0 and 5 and ${t.ratingCount} >= 0`),
    check('tasker_profiles_rate', sql`${t.hourlyRateAmount} is null or ${t.hourlyRateAmount} > 0`),
  ],
)

export const taskerCategories = pgTable(
  'tasker_categories',
  { taskerId: taskerId(), category: text('category').notNull() },
  (t) => [
    primaryKey({ columns: [t.taskerId, t.category] }),
    index('idx_tasker_categories_category').on(t.category),
  ],
)

export const taskerSkills = pgTable(
  'tasker_skills',
  { taskerId: taskerId(), skill: text('skill').notNull() },
  (t) => [primaryKey({ columns: [t.taskerId, t.skill] })],
)

export const taskerServiceAreas = pgTable(
  'tasker_service_areas',
  {
    taskerId: taskerId().primaryKey(),
    centerLat: doublePrecision('center_lat').notNull(),
    centerLng: doublePrecision('center_lng').notNull(),
    radiusKm: doublePrecision('radius_km').notNull().default(10),
  },
  (t) => [
    check('tasker_service_areas_lat', sql`${t.centerLat} between -90 and 90`),
    check('tasker_service_areas_lng', sql`${t.centerLng} between -180 and 180`),
    check('tasker_service_areas_radius', sql`${t.radiusKm} > 0 and ${t.radiusKm} <= 200`),
  ],
)

export const taskerAvailabilityBlocks = pgTable(
  'tasker_availability_blocks',
  {
    id: id(),
    taskerId: taskerId(),
    startsAt: time('starts_at').notNull(),
    endsAt: time('ends_at').notNull(),
    kind: text('kind').notNull().default('available'),
    createdAt: createdAt(),
  },
  (t) => [
    index('idx_tasker_avail_tasker_time').on(t.taskerId, t.startsAt, t.endsAt),
    check('tasker_availability_kind', sql`${t.kind} in ('available', 'unavailable', 'oncall')`),
    check('tasker_availability_order', sql`${t.endsAt} > ${t.startsAt}`),
  ],
)
