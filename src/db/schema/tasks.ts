import { sql } from 'drizzle-orm'
import {
  check,
  doublePrecision,
  index,
  integer,
  jsonb,
  numeric,
  pgTable,
  text,
  unique,
  uuid,
} from 'drizzle-orm/pg-core'
import { createdAt, emptyObject, geographyPoint, id, money, time, updatedAt, version } from './columns.ts'
import { offerStatus, sourcing, taskState } from './enums.ts'
import { users } from './identity.ts'

export const tasks = pgTable(
  'tasks',
  {
    id: id(),
    clientId: uuid('client_id')
      .notNull()
      .references(() => users.id, { onDelete: 'restrict' }),
    sourcing: sourcing('sourcing').notNull().default('match'),
    category: text('category').notNull(),
    subcategory: text('subcategory'),
    description: text('description').notNull(),
    address: text('address').notNull(),
    city: text('city').notNull(),
    district: text('district'),
    lat: doublePrecision('lat').notNull(),
    lng: doublePrecision('lng').notNull(),
    location: geographyPoint('location').generatedAlwaysAs(
      sql`(st_setsrid(st_makepoint(lng, lat), 4326)::geography)`,
    ),
    startsAt: time('starts_at').notNull(),
    flexibilityMinutes: integer('flexibility_minutes').notNull().default(0),
    pricingModel: text('pricing_model').notNull().default('hourly'),
    priceBandId: text('price_band_id'),
    estMinutes: integer('est_minutes'),
    estMinAmount: money('est_min_amount'),
    estMaxAmount: money('est_max_amount'),
    currency: text('currency').notNull().default('EGP'),
    structuredInputs: jsonb('structured_inputs')
      .notNull()
      .default(emptyObject)
      .$type<Record<string, unknown>>(),
    state: taskState('state').notNull().default('draft'),
    createdAt: createdAt(),
    updatedAt: updatedAt(),
    version: version(),
  },
  (t) => [
    index('idx_tasks_client_state').on(t.clientId, t.state),
    index('idx_tasks_client').on(t.clientId, t.id),
    index('idx_tasks_city_state').on(t.city, t.state),
    index('idx_tasks_geo').using('gist', t.location),
    index('idx_tasks_starts_at').on(t.startsAt),
    index('idx_tasks_ended')
      .on(t.updatedAt)
      .where(
        sql`${t.state} in ('settled', 'reviewed', 'expired', 'canceled_by_client', 'canceled_by_tasker', 'failed', 'draft', 'completed') and ${t.description} <> '[archived]'`,
      ),
    index('idx_tasks_searching').on(t.updatedAt).where(sql`${t.state} in ('posted', 'matching')`),
    check('tasks_lat', sql`${t.lat} between -90 and 90`),
    check('tasks_lng', sql`${t.lng} between -180 and 180`),
    check('tasks_flexibility', sql`${t.flexibilityMinutes} between 0 and 10080`),
    check('tasks_est_minutes', sql`${t.estMinutes} between 15 and 10080`),
    check('tasks_pricing_model', sql`${t.pricingModel} in ('hourly', 'fixed')`),
    check('tasks_estimate', sql`${t.estMinAmount} >= 0 and ${t.estMaxAmount} >= ${t.estMinAmount}`),
  ],
)

export const taskStateEvents = pgTable(
  'task_state_events',
  {
    id: id(),
    taskId: uuid('task_id')
      .notNull()
      .references(() => tasks.id, { onDelete: 'cascade' }),
    fromState: taskState('from_state'),
    toState: taskState('to_state').notNull(),
    actorUserId: uuid('actor_user_id').references(() => users.id),
    reason: text('reason'),
    meta: jsonb('meta').notNull().default(emptyObject).$type<Record<string, unknown>>(),
    createdAt: createdAt(),
  },
  (t) => [index('idx_task_state_events_task_time').on(t.taskId, t.createdAt.desc())],
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
    rank: integer('rank').notNull(),
    score: numeric('score', { precision: 10, scale: 6, mode: 'number' }).notNull(),
    explanation: jsonb('explanation').notNull().default(emptyObject).$type<Record<string, number>>(),
    createdAt: createdAt(),
  },
  (t) => [
    unique('task_candidates_task_tasker_key').on(t.taskId, t.taskerId),
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
    wave: integer('wave').notNull(),
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
    unique('offers_task_tasker_key').on(t.taskId, t.taskerId),
    index('idx_offers_tasker').on(t.taskerId, t.id),
    index('idx_offers_task').on(t.taskId, t.wave),
    check('offers_wave', sql`${t.wave} between 1 and 3`),
  ],
)
