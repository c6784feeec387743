import fc from 'fast-check'
import { newId } from '../../src/core/ids.ts'
import { asOwner, type openWorld, type Person } from './integrity-world.ts'
import { aPhone } from './numbers.ts'

type World = Awaited<ReturnType<typeof openWorld>>

export const zones = [
  'Africa/Cairo',
  'Africa/Lagos',
  'Asia/Bishkek',
  'Asia/Kolkata',
  'Africa/Accra',
  'Asia/Kathmandu',
] as const

export interface Interval {
  from: number
  until: number
}

export interface PlannedCalendar {
  zone: string
  holidaysOf: string | null
  hasSchedule: boolean
  weekly: { weekday: number; kind: 'working' | 'oncall'; interval: Interval }[]
  /** By days after the first one. */
  overrides: { day: number; intervals: Interval[] }[]
  /** Minutes after the beginning of the first day in UTC. */
  blocks: { kind: 'available' | 'unavailable' | 'oncall'; interval: Interval }[]
  settings: { before: number; after: number; notice: number; aDay: number } | null
}

const interval = (longest: number) =>
  fc.record({ from: fc.integer({ min: 0, max: 95 }), length: fc.integer({ min: 1, max: longest }) }).map(
    ({ from, length }): Interval => ({
      from: from * 15,
      until: Math.min(from * 15 + length * 15, from * 15 + 1_440),
    }),
  )

export const aCalendar: fc.Arbitrary<PlannedCalendar> = fc.record({
  zone: fc.constantFrom(...zones),
  holidaysOf: fc.constantFrom(null, 'EG', 'KG'),
  hasSchedule: fc.boolean(),
  weekly: fc.array(
    fc.record({
      weekday: fc.integer({ min: 1, max: 7 }),
      kind: fc.constantFrom('working' as const, 'working' as const, 'oncall' as const),
      interval: interval(60),
    }),
    { minLength: 4, maxLength: 24 },
  ),
  overrides: fc.uniqueArray(
    fc.record({ day: fc.integer({ min: 0, max: 3 }), intervals: fc.array(interval(40), { maxLength: 3 }) }),
    { maxLength: 2, selector: ({ day }) => day },
  ),
  blocks: fc.array(
    fc.record({
      kind: fc.constantFrom(
        'available' as const,
        'unavailable' as const,
        'unavailable' as const,
        'oncall' as const,
      ),
      interval: fc
        .record({ from: fc.integer({ min: -60, max: 300 }), length: fc.integer({ min: 1, max: 40 }) })
        .map(({ from, length }) => ({ from: from * 10, until: (from + length) * 10 })),
    }),
    { maxLength: 4 },
  ),
  settings: fc.option(
    fc.record({
      before: fc.constantFrom(0, 15, 45),
      after: fc.constantFrom(0, 20, 30),
      notice: fc.constantFrom(0, 120),
      aDay: fc.integer({ min: 1, max: 4 }),
    }),
  ),
})

export async function aPerson(
  { connection }: World,
  role: 'client' | 'tasker',
  zone = 'Africa/Cairo',
): Promise<Person> {
  const id = newId()
  await connection.query('insert into users (id, phone, role, timezone) values ($1, $2, $3, $4)', [
    id,
    aPhone(),
    role,
    zone,
  ])
  if (role === 'tasker')
    await asOwner(connection, () =>
      connection.query(`insert into tasker_profiles (user_id, status) values ($1, 'active')`, [id]),
    )
  return { id, role }
}

/** A tasker with that calendar; `firstDay` is the local date from which its days count. */
export async function aTaskerWith(
  world: World,
  calendar: PlannedCalendar,
  firstDay: string,
): Promise<Person> {
  const { connection } = world
  const tasker = await aPerson(world, 'tasker', calendar.zone)
  const scheduleId = newId()
  if (calendar.hasSchedule) {
    await connection.query(
      `insert into schedules (id, tasker_id, effective_from, zone, holidays_of) values ($1, $2, $3::date - 30, $4, $5)`,
      [scheduleId, tasker.id, firstDay, calendar.zone, calendar.holidaysOf],
    )
    for (const { weekday, kind, interval } of calendar.weekly)
      await connection.query(
        `insert into schedule_rules (id, schedule_id, weekday, kind, from_minute, until_minute) values ($1, $2, $3, $4, $5, $6)`,
        [newId(), scheduleId, weekday, kind, interval.from, interval.until],
      )
  }
  for (const { day, intervals } of calendar.overrides)
    await connection.query(
      `insert into schedule_overrides (id, tasker_id, day, from_minutes, until_minutes) values ($1, $2, $3::date + $4::int, $5, $6)`,
      [
        newId(),
        tasker.id,
        firstDay,
        day,
        intervals.map(({ from }) => from),
        intervals.map(({ until }) => until),
      ],
    )
  if (calendar.settings)
    await connection.query(
      `insert into calendar_settings (tasker_id, guard_before_minutes, guard_after_minutes, notice_minutes, bookings_a_day)
       values ($1, $2, $3, $4, $5)`,
      [
        tasker.id,
        calendar.settings.before,
        calendar.settings.after,
        calendar.settings.notice,
        calendar.settings.aDay,
      ],
    )
  for (const { kind, interval } of calendar.blocks)
    await connection
      .query(
        `insert into tasker_availability_blocks (id, tasker_id, kind, starts_at, ends_at)
         select $1, $2, $3, $4::date::timestamp at time zone 'UTC' + make_interval(mins => $5),
                $4::date::timestamp at time zone 'UTC' + make_interval(mins => $6)`,
        [newId(), tasker.id, kind, firstDay, interval.from, interval.until],
      )
      .catch((error: { constraint?: string }) => {
        // Two absences may not overlap; the calendar has the first.
        if (error.constraint !== 'calendar_items_no_overlap') throw error
      })
  return tasker
}

/** Starts can be any time of a year, for tests that need a certain day. */
export const openHorizon = ({ connection }: World) =>
  asOwner(connection, () =>
    connection.query(
      `insert into config_entries (id, key, value, valid_during, reason)
       values ($1, 'calendar.rules', khidma.config_default('calendar.rules') || '{"horizonDays": 365}', tstzrange(now() - interval '1 day', null), 'Test')`,
      [newId()],
    ),
  )
