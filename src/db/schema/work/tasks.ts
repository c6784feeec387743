import { sql } from 'drizzle-orm'
import {
  check,
  doublePrecision,
  index,
  integer,
  jsonb,
  pgTable,
  text,
  unique,
  uuid,
} from 'drizzle-orm/pg-core'
import { createdAt, emptyObject, geographyPoint, id, money, time, updatedAt, version } from '../columns.ts'
import { sourcing, taskState } from '../enums.ts'
import { users } from '../people/identity.ts'

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
    // For the composite key of bookings.
    unique('tasks_id_client_key').on(t.id, t.clientId),
    index('idx_tasks_client').on(t.clientId, t.id),
    // tasks.list with updatedSince, for staff (`updatedKey` in src/db/listing.ts)
    index('idx_tasks_updated').on(sql`date_trunc('milliseconds', ${t.updatedAt} at time zone 'UTC')`, t.id),
    index('idx_tasks_geo').using('gist', t.location),
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
  (t) => [index('idx_task_state_events_task_time').on(t.taskId, t.createdAt.desc().nullsFirst())],
)
