import { afterAll, beforeAll, expect, it } from 'vitest'
import { instantIn } from '../../src/areas/work/calendar/wall-time.ts'
import { newId } from '../../src/core/ids.ts'
import { aTaskerWith, type PlannedCalendar, zones } from '../support/calendar-world.ts'
import { openWorld } from '../support/integrity-world.ts'
import { describeReal } from '../support/real-postgres.ts'

const dayMs = 86_400_000
const hourMs = 3_600_000

const nothing: PlannedCalendar = {
  zone: 'Africa/Cairo',
  holidaysOf: null,
  hasSchedule: true,
  weekly: [],
  overrides: [],
  blocks: [],
  settings: null,
}

/** Instants at which a zone's clocks change, found by halving: the world's own data, and not Postgres's. */
function changesOf(zone: string, from: number, until: number): number[] {
  const format = new Intl.DateTimeFormat('en-US', { timeZone: zone, timeZoneName: 'longOffset' })
  const offsetAt = (at: number) => {
    const text = format.format(at)
    return text.slice(text.indexOf('GMT'))
  }
  const changes: number[] = []
  for (let day = from; day < until; day += dayMs) {
    if (offsetAt(day) === offsetAt(day + dayMs)) continue
    let [before, after] = [day, day + dayMs]
    while (after - before > 60_000) {
      const middle = Math.floor((before + after) / 120_000) * 60_000
      if (offsetAt(middle) === offsetAt(before)) before = middle
      else after = middle
    }
    changes.push(after)
  }
  return changes
}

const weekdays = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun']
const clocks = new Map(
  zones.map((zone) => [
    zone as string,
    new Intl.DateTimeFormat('en-GB', {
      timeZone: zone,
      weekday: 'short',
      hour: '2-digit',
      minute: '2-digit',
      hourCycle: 'h23',
    }),
  ]),
)

/** Local weekday and minute of an instant, by `Intl`. */
function wallOf(zone: string, at: number): { weekday: number; minute: number } {
  const found =
    clocks
      .get(zone)
      ?.formatToParts(at)
      .map(({ type, value }) => [type, value]) ?? []
  const parts = Object.fromEntries(found)
  return {
    weekday: weekdays.indexOf(parts.weekday) + 1,
    minute: Number(parts.hour) * 60 + Number(parts.minute),
  }
}

describeReal('hours of a calendar', () => {
  let world: Awaited<ReturnType<typeof openWorld>>

  beforeAll(async () => {
    world = await openWorld()
  })
  afterAll(() => world.close())

  const hoursOf = async (taskerId: string | null, from: number, until: number) =>
    (
      await world.connection.query(
        `select kind, source, extract(epoch from starts)::float8 * 1000 as starts, extract(epoch from ends)::float8 * 1000 as ends
           from khidma.tasker_hours($1, tstzrange($2, $3)) order by starts`,
        [taskerId, new Date(from).toISOString(), new Date(until).toISOString()],
      )
    ).rows as { kind: string; source: string; starts: number; ends: number }[]

  const weekly = [1, 2, 3, 4, 5, 6, 7].flatMap((weekday) => [
    { weekday, kind: 'working' as const, interval: { from: 540, until: 780 } },
    // Over midnight, where Cairo changes its clocks.
    { weekday, kind: 'working' as const, interval: { from: 1_320, until: 1_560 } },
  ])
  const isWithin = (minute: number) => (minute >= 540 && minute < 780) || minute >= 1_320 || minute < 120

  it.each(zones)('are what clocks in %s show, to the minute, from 2023 to 2030', async (zone) => {
    const tasker = await aTaskerWith(world, { ...nothing, zone, weekly }, '2023-01-01')
    const [from, until] = [Date.UTC(2023, 0, 1), Date.UTC(2031, 0, 1)]
    const changes = changesOf(zone, from, until)
    expect([zone, changes.length]).toEqual([zone, zone === 'Africa/Cairo' ? 16 : 0])
    const days = [
      ...changes.map((at) => at - dayMs),
      ...Array.from({ length: 6 }, (_, n) => from + n * 481 * dayMs),
    ]
    for (const day of days) {
      const hours = await hoursOf(tasker.id, day, day + 3 * dayMs)
      // At each quarter of an hour, and a minute before it.
      for (let step = 0; step < 3 * 96 * 2; step += 1) {
        const at = day + Math.ceil(step / 2) * 900_000 - (step % 2) * 60_000
        // Within the hour that exists twice, the end of an interval is its later reading, and the start is too.
        if (changes.some((change) => Math.abs(at - change) < 2 * hourMs)) continue
        const isOpen = hours.some(({ starts, ends }) => starts <= at && at < ends)
        expect([new Date(at).toISOString(), isOpen]).toEqual([
          new Date(at).toISOString(),
          isWithin(wallOf(zone, at).minute),
        ])
      }
    }
  })

  it('read a wall time that does not exist with the offset before, and the later of two', async () => {
    const at = async (text: string) =>
      (
        await world.connection.query(`select $1::timestamp at time zone 'Africa/Cairo' as at`, [text])
      ).rows[0].at.toISOString()
    const wall = (text: string) => {
      const [year = 0, month = 0, day = 0, hour = 0, minute = 0] = text.split(/\D/).map(Number)
      return new Date(instantIn('Africa/Cairo', { year, month, day, hour, minute, second: 0 })).toISOString()
    }
    // 2027: clocks skip from 00:00 to 01:00 on 30 April, and show 23:00 to 24:00 twice on 28 October.
    expect(await at('2027-04-30 00:30')).toBe('2027-04-29T22:30:00.000Z')
    expect(await at('2027-10-28 23:30')).toBe('2027-10-28T21:30:00.000Z')
    for (const text of [
      '2027-04-29 23:59',
      '2027-04-30 00:30',
      '2027-04-30 01:00',
      '2027-10-28 22:59',
      '2027-10-28 23:30',
      '2027-10-29 00:00',
    ])
      expect([text, wall(text)]).toEqual([text, await at(text)])
  })

  it('across a change are an hour shorter or longer, and never end before they start', async () => {
    const around = (from: number, until: number, weekday: number) =>
      aTaskerWith(
        world,
        { ...nothing, weekly: [{ weekday, kind: 'working', interval: { from, until } }] },
        '2027-01-01',
      )
    const lengths = async (taskerId: string | null, day: string) =>
      (await hoursOf(taskerId, Date.parse(day), Date.parse(day) + 2 * dayMs)).map(
        ({ starts, ends }) => (ends - starts) / hourMs,
      )
    // From 22:00 on Thursday until 02:00: one of these hours is skipped in spring, and one comes twice in autumn.
    const night = await around(1_320, 1_560, 4)
    expect(await lengths(night.id, '2027-04-29')).toEqual([3])
    expect(await lengths(night.id, '2027-10-28')).toEqual([5])
    // From 00:30 to 01:00 on Friday: the start is read as 01:30.
    expect(await lengths((await around(30, 60, 5)).id, '2027-04-29')).toEqual([])
  })

  it('are those of the override, else of available blocks, else of the week less holidays, else the whole day', async () => {
    const { connection } = world
    const tasker = await aTaskerWith(
      world,
      {
        ...nothing,
        holidaysOf: 'EG',
        weekly: [1, 2, 3, 4, 5, 6, 7].flatMap((weekday) => [
          { weekday, kind: 'working' as const, interval: { from: 540, until: 1_020 } },
          { weekday, kind: 'oncall' as const, interval: { from: 1_020, until: 1_200 } },
        ]),
      },
      '2027-01-20',
    )
    const on = async (day: string) =>
      (
        await hoursOf(tasker.id, Date.parse(`${day}T00:00:00+02:00`), Date.parse(`${day}T24:00:00+02:00`))
      ).map(
        ({ kind, source, starts, ends }) =>
          `${kind} ${source} ${new Date(starts + 2 * hourMs).toISOString().slice(11, 16)}–${new Date(ends + 2 * hourMs).toISOString().slice(11, 16)}`,
      )
    const usual = ['working schedule 09:00–17:00', 'oncall schedule 17:00–20:00']
    expect(await on('2027-01-26')).toEqual(usual)
    // 25 January is a holiday: hours on call remain.
    expect(await on('2027-01-25')).toEqual([usual[1]])
    await connection.query(
      `insert into tasker_availability_blocks (id, tasker_id, kind, starts_at, ends_at) values ($1, $2, 'available', '2027-01-26 12:00+02', '2027-01-26 14:00+02')`,
      [newId(), tasker.id],
    )
    expect(await on('2027-01-26')).toEqual(['working block 12:00–14:00'])
    await connection.query(
      `insert into schedule_overrides (id, tasker_id, day, from_minutes, until_minutes) values ($1, $2, '2027-01-25', '{600}', '{660}')`,
      [newId(), tasker.id],
    )
    expect(await on('2027-01-25')).toEqual(['working override 10:00–11:00'])
    // Before the first schedule the tasker counts as free.
    expect(new Set(await on('2026-06-01'))).toEqual(new Set(['working free 23:00–23:00']))
  })

  it('change zone with the schedule: a journey moves the same wall times', async () => {
    const tasker = await aTaskerWith(
      world,
      {
        ...nothing,
        weekly: [1, 2, 3, 4, 5, 6, 7].map((weekday) => ({
          weekday,
          kind: 'working',
          interval: { from: 540, until: 600 },
        })),
      },
      '2027-02-01',
    )
    const abroad = newId()
    await world.connection.query(
      `insert into schedules (id, tasker_id, effective_from, zone) values ($1, $2, '2027-02-10', 'Asia/Kathmandu')`,
      [abroad, tasker.id],
    )
    await world.connection.query(
      `insert into schedule_rules (id, schedule_id, weekday, from_minute, until_minute) select khidma.uuid_v7(), $1, d, 540, 600 from generate_series(1, 7) d`,
      [abroad],
    )
    const starts = (await hoursOf(tasker.id, Date.parse('2027-02-09'), Date.parse('2027-02-11'))).map(
      ({ starts }) => new Date(starts).toISOString(),
    )
    expect(starts).toEqual(['2027-02-09T07:00:00.000Z', '2027-02-10T03:15:00.000Z'])
  })

  it('less what takes up time are the free ranges', async () => {
    const tasker = await aTaskerWith(
      world,
      { ...nothing, weekly: [{ weekday: 2, kind: 'working', interval: { from: 540, until: 1_020 } }] },
      '2027-02-01',
    )
    await world.connection.query(
      `insert into tasker_availability_blocks (id, tasker_id, kind, starts_at, ends_at) values ($1, $2, 'unavailable', '2027-02-02 12:00+02', '2027-02-02 14:00+02')`,
      [newId(), tasker.id],
    )
    const { rows } = await world.connection.query(
      `select (range_agg(tstzrange(h.starts, h.ends)) - khidma.tasker_busy($1, w.week, null))::text as free
         from (select tstzrange('2027-02-01', '2027-02-08') as week) w cross join lateral khidma.tasker_hours($1, w.week) h group by w.week`,
      [tasker.id],
    )
    expect(rows[0].free.replaceAll('"', '')).toBe(
      '{[2027-02-02 07:00:00+00,2027-02-02 10:00:00+00),[2027-02-02 12:00:00+00,2027-02-02 15:00:00+00)}',
    )
  })
})
