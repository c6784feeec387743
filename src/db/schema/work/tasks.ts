import { sql } from 'drizzle-orm'
import {
  type AnyPgColumn,
  boolean,
  check,
  time as clockTime,
  date,
  doublePrecision,
  index,
  integer,
  jsonb,
  pgTable,
  smallint,
  text,
  unique,
  uniqueIndex,
  uuid,
} from 'drizzle-orm/pg-core'
import {
  createdAt,
  emptyArray,
  emptyObject,
  emptyTextArray,
  geographyPoint,
  id,
  inQuotes,
  money,
  searchVector,
  stamps,
  time,
  updatedAt,
  version,
} from '../columns.ts'
import { sourcing, taskState } from '../enums.ts'
import { users } from '../people/identity.ts'
import { addresses } from '../people/profiles.ts'
import { mediaFiles } from '../platform/media.ts'
import { serviceAddons } from '../supply/catalog.ts'
import { type PriceType, services } from '../supply/professions.ts'

export const taskPriorities = ['low', 'normal', 'high', 'urgent'] as const
export const locationTypes = ['on_site', 'pickup', 'delivery'] as const
export const experienceLevels = ['entry', 'intermediate', 'expert'] as const

/** A service as it was booked (`khidma.service_terms`). Amounts are minor units of `currency`. */
export interface ServiceTerms {
  name: string
  priceType: PriceType
  priceAmount: number
  currency: string
  unitName: string | null
  quantity: number | null
  durationMinutes: number
  extras: { id: string; name: string; priceAmount: number; minutes: number }[]
  extrasAmount: number
  extrasMinutes: number
  /** Price of an hour, or of the whole. */
  agreedAmount: number
  workAmount: number
}

/** A way to a tasker, and for how long. */
export interface Rung {
  way: 'match' | 'pick' | 'bid' | 'lead' | 'assign'
  /** None for the last one by staff. */
  seconds?: number | undefined
  /** For `pick`: how many are invited. */
  taskers?: number | undefined
}

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
    title: text('title'),
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
    /** Bounds of the spending that the client has in mind, in minor units of `currency`. */
    budgetMinAmount: money('budget_min_amount'),
    budgetMaxAmount: money('budget_max_amount'),
    /** Set by staff; orders their queue. */
    priority: text('priority', { enum: taskPriorities }).notNull().default('normal'),
    /** The client's own word: 1 (any time) to 5 (at once). */
    urgencyLevel: integer('urgency_level').notNull().default(1),
    locationType: text('location_type', { enum: locationTypes }).notNull().default('on_site'),
    isRemote: boolean('is_remote').notNull().default(false),
    /** The wish as the client said it: local date and time, and their zone. `startsAt` is its instant. */
    preferredDate: date('preferred_date'),
    preferredTime: clockTime('preferred_time'),
    timezone: text('timezone'),
    /** Bids are taken until then. */
    deadline: time('deadline'),
    experienceLevel: text('experience_level', { enum: experienceLevels }),
    requirements: text('requirements').array().notNull().default(emptyTextArray),
    skills: text('skills').array().notNull().default(emptyTextArray),
    /** For whoever does the work: the client, the tasker of the booking and staff read it. */
    clientNotes: text('client_notes'),
    /** For staff alone. */
    internalNotes: text('internal_notes'),
    /** The tasker to whom staff has assigned it, and when. */
    assignedTo: uuid('assigned_to').references(() => users.id, { onDelete: 'restrict' }),
    assignedAt: time('assigned_at'),
    finalCostAmount: money('final_cost_amount'),
    /** The saved address whose words and place were copied; null once they are others. */
    addressId: uuid('address_id').references(() => addresses.id, { onDelete: 'set null' }),
    /** Sums over the chosen add-ons (`task_addons`): part of both ends of the estimate, and of the duration. */
    addonsAmount: money('addons_amount').notNull().default(0),
    addonsMinutes: integer('addons_minutes').notNull().default(0),
    /** The version of the category's questions that the answers were last held against; null: the category asks nothing. */
    inputsVersion: integer('inputs_version'),
    /** Counts the searches for a tasker: a task that is posted again begins another, with candidates and offers of its own. */
    round: integer('round').notNull().default(1),
    /** Its tasker canceled: its offers come before those of other tasks. */
    firstInLine: boolean('first_in_line').notNull().default(false),
    /** The client wants another tasker without being asked, should theirs cancel. */
    autoRematch: boolean('auto_rematch').notNull().default(false),
    /** The ways in which its tasker is looked for, one after the other; null: only the one of `sourcing`. */
    ladder: jsonb('ladder').$type<Rung[]>(),
    /** Its place on the ladder, from 0. */
    rung: smallint('rung'),
    /** When it goes on to the next rung. */
    climbsAt: time('climbs_at'),
    /** Only taskers who are invited can bid. */
    invitedOnly: boolean('invited_only').notNull().default(false),
    /** The service of a role profile that it books, and its terms as they were agreed; of a service that is gone, the terms alone. */
    serviceId: uuid('service_id').references(() => services.id, { onDelete: 'set null' }),
    serviceTerms: jsonb('service_terms').$type<ServiceTerms>(),
    copiedFrom: uuid('copied_from').references((): AnyPgColumn => tasks.id, { onDelete: 'set null' }),
    /** The series that it is an occurrence of, and its day. */
    seriesId: uuid('series_id').references((): AnyPgColumn => taskSeries.id, { onDelete: 'restrict' }),
    seriesDay: date('series_day'),
    /** Title (A), description (B) and names of the category (C) in every language (`khidma.task_vector`), kept by a trigger. */
    searchVector: searchVector('search_vector'),
    state: taskState('state').notNull().default('draft'),
    deletedAt: time('deleted_at'),
    restoredAt: time('restored_at'),
    createdAt: createdAt(),
    updatedAt: updatedAt(),
    version: version(),
  },
  (t) => [
    // For the composite key of bookings.
    unique('tasks_id_client_key').on(t.id, t.clientId),
    index('idx_tasks_client').on(t.clientId, t.id),
    index('idx_tasks_client_live').on(t.clientId, t.id).where(sql`${t.deletedAt} is null`),
    index('idx_tasks_client_deleted').on(t.clientId, t.id).where(sql`${t.deletedAt} is not null`),
    // tasks.search (`khidma.newest_matches`): the words, the span of three days in which the task was created, and the filters.
    index('idx_tasks_search').using(
      'gin',
      t.searchVector,
      sql`(array[left(${t.id}::text, 5), 'city:' || lower(${t.city}), 'state:' || hashenum(${t.state})::text, 'category:' || ${t.category}, 'category:' || ${t.subcategory}])`,
    ),
    index('idx_tasks_address').on(t.addressId).where(sql`${t.addressId} is not null`),
    index('idx_tasks_service').on(t.serviceId).where(sql`${t.serviceId} is not null`),
    check('tasks_service', sql`${t.serviceId} is null or ${t.serviceTerms} is not null`),
    index('idx_tasks_copied_from').on(t.copiedFrom).where(sql`${t.copiedFrom} is not null`),
    // An occurrence is created once, whoever tries.
    uniqueIndex('tasks_one_of_series').on(t.seriesId, t.seriesDay).where(sql`${t.seriesId} is not null`),
    check('tasks_addons', sql`${t.addonsAmount} >= 0 and ${t.addonsMinutes} between 0 and 10080`),
    index('idx_tasks_climbing').on(t.climbsAt).where(sql`${t.climbsAt} is not null`),
    check('tasks_ladder', sql`(${t.ladder} is null) = (${t.rung} is null)`),
    check('tasks_rung', sql`${t.rung} between 0 and jsonb_array_length(${t.ladder}) - 1`),
    check(
      'tasks_climbs_at',
      sql`${t.climbsAt} is null or ${t.ladder} is not null and ${t.state} in ('posted', 'matching')`,
    ),
    check('tasks_invited_only', sql`not ${t.invitedOnly} or ${t.ladder} is not null`),
    check('tasks_round', sql`${t.round} > 0`),
    check('tasks_series', sql`(${t.seriesId} is null) = (${t.seriesDay} is null)`),
    check(
      'tasks_deleted',
      sql`${t.deletedAt} is null or ${t.state} in ('draft', 'settled', 'reviewed', 'expired', 'canceled_by_client', 'canceled_by_tasker', 'failed')`,
    ),
    // tasks.list with updatedSince, for staff (`updatedKey` in src/db/listing.ts)
    index('idx_tasks_updated').on(sql`date_trunc('milliseconds', ${t.updatedAt} at time zone 'UTC')`, t.id),
    index('idx_tasks_geo').using('gist', t.location),
    index('idx_tasks_ended')
      .on(t.updatedAt)
      .where(
        sql`${t.state} in ('settled', 'reviewed', 'expired', 'canceled_by_client', 'canceled_by_tasker', 'failed', 'draft', 'completed') and ${t.description} <> '[archived]'`,
      ),
    index('idx_tasks_searching').on(t.updatedAt).where(sql`${t.state} in ('posted', 'matching')`),
    // The queue of staff: by priority, then age.
    index('idx_tasks_queue')
      .on(
        sql`(case ${t.priority} when 'urgent' then 0 when 'high' then 1 when 'normal' then 2 else 3 end)`,
        t.id,
      )
      .where(sql`${t.state} in ('posted', 'matching', 'accepted', 'confirmed', 'in_progress', 'on_hold')`),
    // The dispatch board: by ids alone, and the open ones.
    index('idx_tasks_city').on(t.city, t.startsAt, t.id),
    index('idx_tasks_city_open').on(t.city, t.startsAt).where(sql`${t.state} in ('posted', 'matching')`),
    index('idx_tasks_assigned').on(t.assignedTo).where(sql`${t.assignedTo} is not null`),
    check('tasks_title', sql`length(${t.title}) between 1 and 255`),
    check(
      'tasks_budget',
      sql`${t.budgetMinAmount} >= 0 and ${t.budgetMaxAmount} >= coalesce(${t.budgetMinAmount}, 0)`,
    ),
    check('tasks_priority', sql`${t.priority} in (${sql.raw(inQuotes(taskPriorities))})`),
    check('tasks_urgency', sql`${t.urgencyLevel} between 1 and 5`),
    check('tasks_location_type', sql`${t.locationType} in (${sql.raw(inQuotes(locationTypes))})`),
    check(
      'tasks_preferred',
      sql`${t.preferredTime} is null or ${t.preferredDate} is not null and ${t.timezone} is not null`,
    ),
    check('tasks_experience', sql`${t.experienceLevel} in (${sql.raw(inQuotes(experienceLevels))})`),
    check('tasks_final_cost', sql`${t.finalCostAmount} >= 0`),
    check('tasks_assigned', sql`(${t.assignedTo} is null) = (${t.assignedAt} is null)`),
    check(
      'tasks_restored',
      sql`${t.restoredAt} is null or ${t.deletedAt} is null or ${t.restoredAt} <= ${t.deletedAt}`,
    ),
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
  (t) => [
    // tasks.listEvents
    index('idx_task_state_events_task_time').on(t.taskId, t.createdAt.desc().nullsFirst()),
    // purge_task_history
    index('idx_task_state_events_old').on(t.createdAt),
  ],
)

const hides = () => ({ deletedAt: time('deleted_at'), restoredAt: time('restored_at') })

const ofTask = () =>
  uuid('task_id')
    .notNull()
    .references(() => tasks.id, { onDelete: 'cascade' })

/** Photos of what is to be done, for all who may see the task. They are deleted and restored with it. */
export const taskPhotos = pgTable(
  'task_photos',
  {
    id: id(),
    taskId: ofTask(),
    mediaId: uuid('media_id')
      .notNull()
      .references(() => mediaFiles.id, { onDelete: 'cascade' }),
    caption: text('caption'),
    sortOrder: integer('sort_order').notNull(),
    isPrimary: boolean('is_primary').notNull().default(false),
    ...hides(),
    ...stamps(),
  },
  (t) => [
    uniqueIndex('task_photos_one_primary').on(t.taskId).where(sql`${t.isPrimary} and ${t.deletedAt} is null`),
    uniqueIndex('task_photos_once').on(t.taskId, t.mediaId).where(sql`${t.deletedAt} is null`),
    index('idx_task_photos_task').on(t.taskId, t.sortOrder).where(sql`${t.deletedAt} is null`),
    index('idx_task_photos_media').on(t.mediaId),
    check('task_photos_caption', sql`length(${t.caption}) between 1 and 300`),
  ],
)

/** Add-ons of the catalog that a client chose, at the price and with the minutes of that moment. */
export const taskAddons = pgTable(
  'task_addons',
  {
    id: id(),
    taskId: ofTask(),
    addonId: uuid('addon_id')
      .notNull()
      .references(() => serviceAddons.id, { onDelete: 'restrict' }),
    quantity: integer('quantity').notNull(),
    /** For one of it. */
    priceAmount: money('price_amount').notNull(),
    currency: text('currency').notNull(),
    /** For one of it. */
    minutes: integer('minutes').notNull(),
    ...hides(),
    ...stamps(),
  },
  (t) => [
    uniqueIndex('task_addons_once').on(t.taskId, t.addonId).where(sql`${t.deletedAt} is null`),
    index('idx_task_addons_task').on(t.taskId).where(sql`${t.deletedAt} is null`),
    index('idx_task_addons_addon').on(t.addonId),
    check('task_addons_quantity', sql`${t.quantity} between 1 and 100`),
    check('task_addons_price', sql`${t.priceAmount} between 0 and 100000000`),
    check('task_addons_minutes', sql`${t.minutes} between 0 and 1440`),
  ],
)

/** A task under a name, to be done again from. */
export const taskTemplates = pgTable(
  'task_templates',
  {
    id: id(),
    userId: uuid('user_id')
      .notNull()
      .references(() => users.id, { onDelete: 'cascade' }),
    name: text('name').notNull(),
    taskId: uuid('task_id')
      .notNull()
      .references(() => tasks.id, { onDelete: 'restrict' }),
    ...stamps(),
  },
  (t) => [
    uniqueIndex('task_templates_name_key').on(t.userId, sql`lower(${t.name})`),
    index('idx_task_templates_task').on(t.taskId),
    check('task_templates_name', sql`length(${t.name}) between 1 and 80`),
  ],
)

/** Days, both included, on which a series rests. */
export interface SeriesPause {
  from: string
  until: string
}

/** A task that comes back on days of the week, at a time on the wall: each occurrence is a task of its own. */
export const taskSeries = pgTable(
  'task_series',
  {
    id: id(),
    clientId: uuid('client_id')
      .notNull()
      .references(() => users.id, { onDelete: 'restrict' }),
    /** The task that each occurrence is a copy of. */
    taskId: uuid('task_id')
      .notNull()
      .references((): AnyPgColumn => tasks.id, { onDelete: 'restrict' }),
    /** Is asked first, for each occurrence; null: nobody is. */
    taskerId: uuid('tasker_id').references(() => users.id, { onDelete: 'restrict' }),
    /** 1 (Monday) to 7 (Sunday). */
    weekdays: integer('weekdays').array().notNull(),
    everyWeeks: integer('every_weeks').notNull().default(1),
    localTime: clockTime('local_time').notNull(),
    timezone: text('timezone').notNull(),
    startsOn: date('starts_on').notNull(),
    endsOn: date('ends_on'),
    pauses: jsonb('pauses').notNull().default(emptyArray).$type<SeriesPause[]>(),
    /** An occurrence is posted so many days before its day. */
    daysAhead: integer('days_ahead').notNull().default(7),
    /** The last day for which occurrences have been created. */
    plannedUntil: date('planned_until'),
    endedAt: time('ended_at'),
    ...stamps(),
  },
  (t) => [
    index('idx_task_series_client').on(t.clientId, t.id),
    index('idx_task_series_task').on(t.taskId),
    index('idx_task_series_tasker').on(t.taskerId).where(sql`${t.taskerId} is not null`),
    index('idx_task_series_running').on(t.plannedUntil.asc().nullsFirst()).where(sql`${t.endedAt} is null`),
    check(
      'task_series_weekdays',
      sql`cardinality(${t.weekdays}) between 1 and 7 and ${t.weekdays} <@ array[1, 2, 3, 4, 5, 6, 7]`,
    ),
    check('task_series_weeks', sql`${t.everyWeeks} between 1 and 12`),
    check('task_series_days_ahead', sql`${t.daysAhead} between 1 and 60`),
    check('task_series_dates', sql`${t.endsOn} is null or ${t.endsOn} >= ${t.startsOn}`),
    check('task_series_pauses', sql`jsonb_typeof(${t.pauses}) = 'array'`),
    check('task_series_two_people', sql`${t.taskerId} is distinct from ${t.clientId}`),
  ],
)

/** Words of tasks that are archived: for their client and for staff with the permission, until the client's account is erased. */
export const archivedTasks = pgTable(
  'archived_tasks',
  {
    taskId: uuid('task_id')
      .primaryKey()
      .references(() => tasks.id, { onDelete: 'cascade' }),
    clientId: uuid('client_id')
      .notNull()
      .references(() => users.id, { onDelete: 'cascade' }),
    title: text('title'),
    description: text('description').notNull(),
    address: text('address').notNull(),
    district: text('district'),
    lat: doublePrecision('lat').notNull(),
    lng: doublePrecision('lng').notNull(),
    structuredInputs: jsonb('structured_inputs').notNull().$type<Record<string, unknown>>(),
    requirements: text('requirements').array().notNull(),
    skills: text('skills').array().notNull(),
    clientNotes: text('client_notes'),
    internalNotes: text('internal_notes'),
    archivedAt: time('archived_at').notNull().defaultNow(),
  },
  (t) => [index('idx_archived_tasks_client').on(t.clientId, t.taskId)],
)
