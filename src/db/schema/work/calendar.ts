import { sql } from 'drizzle-orm'
import {
  check,
  customType,
  date,
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
import type { Names } from '../../../core/translations.ts'
import { createdAt, id, inQuotes, stamps, time, timeRange, updatedAt, version } from '../columns.ts'
import { users } from '../people/identity.ts'
import { bookings } from './bookings.ts'

export const calendarItemKinds = ['visit', 'hold', 'block', 'external', 'oncall'] as const
export const calendarItemStates = ['live', 'done', 'released', 'expired'] as const
export const visitStates = ['planned', 'in_progress', 'done', 'canceled'] as const
export const ruleKinds = ['working', 'oncall'] as const

/** Minutes after local midnight, of a list of intervals of one day: 540 is 09:00, and 1500 is 01:00 on the next day. */
const minutesOfDay = (name: string) => integer(name).array().notNull()

const timeRanges = customType<{ data: string }>({ dataType: () => 'tstzmultirange' })

const taskerId = () =>
  uuid('tasker_id')
    .notNull()
    .references(() => users.id, { onDelete: 'cascade' })

/** Work at the place of a booking: one, made with it (docs/calendar.md says why). All that reads visits takes several. */
export const visits = pgTable(
  'visits',
  {
    id: id(),
    bookingId: uuid('booking_id')
      .notNull()
      .references(() => bookings.id, { onDelete: 'cascade' }),
    /** Counted from 1 within the booking; number 1 follows the agreed time of the booking. */
    number: integer('number').notNull(),
    /** The assignee. */
    taskerId: uuid('tasker_id')
      .notNull()
      .references(() => users.id, { onDelete: 'restrict' }),
    state: text('state', { enum: visitStates }).notNull().default('planned'),
    /** The time that the work takes up. */
    during: timeRange('during').notNull(),
    /** The latest arrival that the client was promised. Null: at the start. */
    arriveBy: time('arrive_by'),
    enRouteAt: time('en_route_at'),
    arrivedAt: time('arrived_at'),
    startedAt: time('started_at'),
    endedAt: time('ended_at'),
    ...stamps(),
  },
  (t) => [
    unique('visits_booking_number').on(t.bookingId, t.number),
    index('idx_visits_tasker').on(t.taskerId, sql`lower(${t.during})`),
    // The dispatch board: visits of many taskers on a day.
    index('idx_visits_during').using('gist', t.taskerId, t.during),
    check('visits_state', sql`${t.state} in (${sql.raw(inQuotes(visitStates))})`),
    check('visits_number', sql`${t.number} between 1 and 1000`),
    check(
      'visits_bounded',
      sql`not isempty(${t.during}) and not lower_inf(${t.during}) and not upper_inf(${t.during})`,
    ),
    check('visits_arrival', sql`${t.arriveBy} >= lower(${t.during})`),
    check('visits_ended', sql`(${t.state} in ('done', 'canceled')) = (${t.endedAt} is not null)`),
  ],
)

/**
 * All that takes up a tasker's time. No two live items overlap with their guards (`calendar_items_no_overlap`); shifts on call take up
 * none. Written only by the functions of the calendar.
 */
export const calendarItems = pgTable(
  'calendar_items',
  {
    id: id(),
    taskerId: uuid('tasker_id')
      .notNull()
      .references(() => users.id, { onDelete: 'restrict' }),
    kind: text('kind', { enum: calendarItemKinds }).notNull(),
    state: text('state', { enum: calendarItemStates }).notNull().default('live'),
    during: timeRange('during').notNull(),
    /** In minutes; those of the tasker at the time of writing. */
    guardBefore: integer('guard_before').notNull().default(0),
    guardAfter: integer('guard_after').notNull().default(0),
    /** `during`, continued by the larger of the two guards. Set by the trigger `b_guarded`. */
    guarded: timeRange('guarded').notNull(),
    /** The visit, the availability block or the external calendar that it represents. Null: a hold of a client. */
    sourceId: uuid('source_id'),
    /** The client whose hold it is. */
    heldBy: uuid('held_by').references(() => users.id, { onDelete: 'restrict' }),
    /** The end of a client's hold: readers judge by it, the sweep only collects. */
    expiresAt: time('expires_at'),
    createdAt: createdAt(),
    updatedAt: updatedAt(),
    version: version(),
  },
  (t) => [
    uniqueIndex('calendar_items_one_a_visit').on(t.sourceId).where(sql`${t.kind} in ('visit', 'hold')`),
    index('idx_calendar_items_source').on(t.sourceId).where(sql`${t.kind} not in ('visit', 'hold')`),
    index('idx_calendar_items_tasker').on(t.taskerId, sql`lower(${t.during})`),
    // khidma.hours_of_taskers: times on call, without all other items that a tasker ever had.
    index('idx_calendar_items_oncall')
      .on(t.taskerId, sql`lower(${t.during})`)
      .where(sql`${t.kind} = 'oncall' and ${t.state} = 'live'`),
    index('idx_calendar_items_holds')
      .on(t.heldBy)
      .where(sql`${t.heldBy} is not null and ${t.state} = 'live'`),
    index('idx_calendar_items_expiry')
      .on(t.expiresAt)
      .where(sql`${t.heldBy} is not null and ${t.state} = 'live'`),
    index('idx_calendar_items_over').on(sql`upper(${t.during})`),
    check('calendar_items_kind', sql`${t.kind} in (${sql.raw(inQuotes(calendarItemKinds))})`),
    check('calendar_items_state', sql`${t.state} in (${sql.raw(inQuotes(calendarItemStates))})`),
    check(
      'calendar_items_bounded',
      sql`not isempty(${t.during}) and not lower_inf(${t.during}) and not upper_inf(${t.during})`,
    ),
    check(
      'calendar_items_guards',
      sql`${t.guardBefore} between 0 and 1440 and ${t.guardAfter} between 0 and 1440`,
    ),
    check(
      'calendar_items_hold',
      sql`(${t.heldBy} is null) = (${t.sourceId} is not null) and (${t.heldBy} is null) = (${t.expiresAt} is null)
          and (${t.heldBy} is null or ${t.kind} = 'hold')`,
    ),
  ],
)

/** A tasker's own rules; null: those of the key `calendar.rules`. */
export const calendarSettings = pgTable(
  'calendar_settings',
  {
    taskerId: taskerId().primaryKey(),
    guardBeforeMinutes: integer('guard_before_minutes'),
    guardAfterMinutes: integer('guard_after_minutes'),
    noticeMinutes: integer('notice_minutes'),
    bookingsADay: integer('bookings_a_day'),
    ...stamps(),
  },
  (t) => [
    check(
      'calendar_settings_limits',
      sql`${t.guardBeforeMinutes} between 0 and 1440 and ${t.guardAfterMinutes} between 0 and 1440
          and ${t.noticeMinutes} between 0 and 43200 and ${t.bookingsADay} between 1 and 100`,
    ),
  ],
)

/** Weekly hours from a local date on, until the next schedule begins. Before the first one a tasker counts as free. */
export const schedules = pgTable(
  'schedules',
  {
    id: id(),
    taskerId: taskerId(),
    /** In the zone of the schedule. */
    effectiveFrom: date('effective_from').notNull(),
    /** IANA. A journey is a schedule in another zone. */
    zone: text('zone').notNull(),
    /** The country whose holidays are days off, ISO 3166-1 alpha-2. Null: none are. */
    holidaysOf: text('holidays_of'),
    ...stamps(),
  },
  (t) => [
    unique('schedules_one_a_day').on(t.taskerId, t.effectiveFrom),
    check('schedules_zone', sql`khidma.is_timezone(${t.zone})`),
    check('schedules_holidays_of', sql`${t.holidaysOf} ~ '^[A-Z]{2}$'`),
  ],
)

export const scheduleRules = pgTable(
  'schedule_rules',
  {
    id: id(),
    scheduleId: uuid('schedule_id')
      .notNull()
      .references(() => schedules.id, { onDelete: 'cascade' }),
    /** ISO: 1 is Monday, 7 is Sunday. */
    weekday: smallint('weekday').notNull(),
    kind: text('kind', { enum: ruleKinds }).notNull().default('working'),
    /** Minutes after local midnight; the end may be on the next day. */
    fromMinute: integer('from_minute').notNull(),
    untilMinute: integer('until_minute').notNull(),
  },
  (t) => [
    index('idx_schedule_rules_schedule').on(t.scheduleId, t.weekday),
    check('schedule_rules_weekday', sql`${t.weekday} between 1 and 7`),
    check('schedule_rules_kind', sql`${t.kind} in (${sql.raw(inQuotes(ruleKinds))})`),
    check(
      'schedule_rules_minutes',
      sql`${t.fromMinute} between 0 and 1439 and ${t.untilMinute} > ${t.fromMinute} and ${t.untilMinute} <= ${t.fromMinute} + 1440`,
    ),
  ],
)

/** The hours of one local date, in place of the weekly ones; without intervals it is a day off. */
export const scheduleOverrides = pgTable(
  'schedule_overrides',
  {
    id: id(),
    taskerId: taskerId(),
    day: date('day').notNull(),
    fromMinutes: minutesOfDay('from_minutes'),
    untilMinutes: minutesOfDay('until_minutes'),
    ...stamps(),
  },
  (t) => [
    unique('schedule_overrides_one_a_day').on(t.taskerId, t.day),
    check(
      'schedule_overrides_minutes',
      sql`cardinality(${t.fromMinutes}) = cardinality(${t.untilMinutes}) and cardinality(${t.fromMinutes}) <= 10
          and 0 <= all (${t.fromMinutes}) and 1440 > all (${t.fromMinutes}) and 2880 >= all (${t.untilMinutes})`,
    ),
  ],
)

/** Public holidays. */
export const holidays = pgTable(
  'holidays',
  {
    id: id(),
    /** ISO 3166-1 alpha-2. */
    country: text('country').notNull(),
    /** Null: every year. */
    year: smallint('year'),
    month: smallint('month').notNull(),
    day: smallint('day').notNull(),
    /** By language. */
    names: jsonb('names').notNull().$type<Names>(),
    ...stamps(),
  },
  (t) => [
    uniqueIndex('holidays_one_a_day').on(t.country, t.month, t.day, sql`coalesce(${t.year}, 0)`),
    check('holidays_country', sql`${t.country} ~ '^[A-Z]{2}$'`),
    check(
      'holidays_day',
      sql`${t.month} between 1 and 12 and ${t.day} between 1 and 31 and ${t.year} between 2000 and 2099`,
    ),
  ],
)

/** The secret link by which a tasker reads their calendar in another program. */
export const calendarFeeds = pgTable(
  'calendar_feeds',
  {
    taskerId: taskerId().primaryKey(),
    /** HMAC of the token in the link; the token itself is shown once. */
    tokenHash: text('token_hash').notNull(),
    createdAt: createdAt(),
    updatedAt: updatedAt(),
    version: version(),
  },
  (t) => [uniqueIndex('calendar_feeds_token').on(t.tokenHash)],
)

/** A calendar elsewhere whose busy times are taken over: times only, never titles. */
export const externalCalendars = pgTable(
  'external_calendars',
  {
    id: id(),
    taskerId: taskerId(),
    name: text('name').notNull(),
    /** Sealed: whoever knows the address reads the calendar. */
    url: text('url').notNull(),
    /** The last good copy. */
    busy: timeRanges('busy').notNull().default(sql`'{}'::tstzmultirange`),
    /** When that copy was fetched; null: never yet. */
    goodAt: time('good_at'),
    /** When it was last asked for. */
    fetchedAt: time('fetched_at'),
    /** A code, where the last fetch brought no good copy. */
    failure: text('failure'),
    nextFetchAt: time('next_fetch_at').notNull().defaultNow(),
    ...stamps(),
  },
  (t) => [
    index('idx_external_calendars_tasker').on(t.taskerId, t.id),
    index('idx_external_calendars_due').on(t.nextFetchAt),
  ],
)
