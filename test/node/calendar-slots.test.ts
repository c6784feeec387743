import fc from 'fast-check'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { newId } from '../../src/core/ids.ts'
import { aCalendar, aPerson, aTaskerWith, openHorizon, zones } from '../support/calendar-world.ts'
import { asOwner, insertTask, openWorld, type Person, transaction } from '../support/integrity-world.ts'
import { describeReal } from '../support/real-postgres.ts'

/**
 * Tries each start and takes it back: holds it as the client, then books it where the hold was given. Returns what became of each, beside
 * what the other questions say.
 */
const tryAll = `
  create or replace function pg_temp.try_all(p_tasker uuid, p_client uuid, p_task uuid, p_starts timestamptz[], p_length interval, p_urgent boolean)
  returns table (starts_at timestamptz, verdict text, held text, booked text, explained_at timestamptz) language plpgsql as $$
  declare
    s timestamptz;
    v record;
  begin
    foreach s in array p_starts loop
      select x.* into v from khidma.slot_verdicts(p_tasker, array[s], p_length, p_client, p_urgent) x;
      starts_at := s; verdict := v.rule; explained_at := v.passes_at; held := null; booked := null;
      declare
        why text;
      begin
        perform khidma.hold_slot(khidma.uuid_v7(), p_tasker, p_client, tstzrange(s, s + p_length), p_urgent);
        held := 'ok';
        insert into bookings (id, task_id, client_id, tasker_id, status, agreed_rate_amount, agreed_rate_currency, scheduled_during)
        select khidma.uuid_v7(), t.id, t.client_id, p_tasker, 'accepted', 12000, t.currency, tstzrange(s, s + p_length) from tasks t where t.id = p_task;
        booked := (select i.kind || ' ' || (i.held_by is null) || ' ' || (i.during = tstzrange(s, s + p_length))
                     from calendar_items i where i.tasker_id = p_tasker and i.during = tstzrange(s, s + p_length) and i.state = 'live' and i.kind <> 'oncall');
        raise exception 'undo';
      exception when others then
        get stacked diagnostics why = pg_exception_detail;
        if sqlerrm <> 'undo' then
          held := sqlerrm || ' ' || coalesce(substring(why from '"rule": "([a-z_]+)"'), why, '');
        end if;
      end;
      return next;
    end loop;
  end $$`

describeReal('slots', () => {
  let world: Awaited<ReturnType<typeof openWorld>>
  let rival: Person

  beforeAll(async () => {
    world = await openWorld()
    await openHorizon(world)
    await world.connection.query(tryAll)
    rival = await aPerson(world, 'client')
  })
  afterAll(() => world.close())

  const days = fc.constantFrom('2027-04-29', '2027-10-27', '2027-01-05', '2027-03-20')

  /** A hold of somebody else at one of the starts of three days, where it succeeds. */
  const holdSomewhere = (tasker: string | null, firstDay: string, place: number) =>
    world.connection
      .query(
        `select khidma.hold_slot(khidma.uuid_v7(), $1, $2, tstzrange(s, s + interval '30 minutes'), true)
           from (select (khidma.slot_grid($1, tstzrange($3::date, $3::date + 3), true))[$4] as s) g where s is not null`,
        [tasker, rival.id, firstDay, place],
      )
      .catch((error: { message: string }) => {
        if (!['slot_unavailable', 'hold_limit_reached'].includes(error.message)) throw error
      })

  it('are free to several taskers, asked about together, as each is free by itself', async () => {
    let [free, taken] = [0, 0]
    await fc.assert(
      fc.asyncProperty(
        fc.array(aCalendar, { minLength: 2, maxLength: 4 }),
        days,
        fc.constantFrom(30, 90, 400),
        fc.boolean(),
        fc.array(fc.integer({ min: 1, max: 60 }), { maxLength: 4 }),
        async (calendars, firstDay, minutes, urgent, held) => {
          const { connection } = world
          const ids: (string | null)[] = []
          for (const calendar of calendars) ids.push((await aTaskerWith(world, calendar, firstDay)).id)
          for (const [index, place] of held.entries())
            await holdSomewhere(ids[index % ids.length] ?? null, firstDay, place)
          const { rows } = await connection.query<{ alone: boolean; together: boolean }>(
            `select khidma.is_free(t.id, r.during, $4) as alone, t.id = any (w.free) as together
               from generate_series($2::date::timestamptz, $2::date + interval '71 hours', interval '105 minutes') s (at)
              cross join lateral (select tstzrange(s.at, s.at + $3::interval)) r (during)
              cross join lateral (select array(select khidma.who_is_free($1, r.during, $4, null))) w (free)
              cross join unnest($1::uuid[]) t (id)`,
            [ids, firstDay, `${minutes} minutes`, urgent],
          )
          await connection.query('delete from calendar_items where tasker_id = any ($1)', [ids])
          for (const { alone, together } of rows) {
            expect(together).toBe(alone)
            if (alone) free += 1
            else taken += 1
          }
        },
      ),
      { numRuns: 15 },
    )
    expect(Math.min(free, taken)).toBeGreaterThan(50)
  })

  it('are listed exactly where a hold and a booking succeed; all others are refused with the rule that is explained', async () => {
    const seen = new Set<string>()
    let booked = 0
    await fc.assert(
      fc.asyncProperty(
        aCalendar,
        days,
        fc.constantFrom(30, 60, 90, 150),
        fc.boolean(),
        fc.array(fc.integer({ min: 0, max: 4_000 }), { maxLength: 6 }),
        fc.array(fc.integer({ min: -1_000, max: 4_400 }), { minLength: 10, maxLength: 40 }),
        async (calendar, firstDay, minutes, urgent, others, offGrid) => {
          const { connection } = world
          const tasker = await aTaskerWith(world, calendar, firstDay)
          const length = `${minutes} minutes`
          for (const at of others) await holdSomewhere(tasker.id, firstDay, (at % 60) + 1)
          await connection.query(
            `update calendar_items set expires_at = now() - interval '1 second' where tasker_id = $1 and held_by = $2
                                    and id = (select min(id::text)::uuid from calendar_items where tasker_id = $1 and held_by = $2 having count(*) > 1)`,
            [tasker.id, rival.id],
          )
          const task = await asOwner(connection, () => insertTask(world, { state: 'matching' }))
          const client = world.client
          const { rows: listed } = await connection.query(
            `select s.starts_at from khidma.list_slots(array[$1::uuid], tstzrange($2::date, $2::date + 3), $3::interval, $4, $5) s`,
            [tasker.id, firstDay, length, client.id, urgent],
          )
          const { rows: tried } = await transaction(connection, client, () =>
            connection.query(
              `select * from pg_temp.try_all($1, $2, $3, (
                 select array_agg(distinct x.at) from (
                   select generate_series($4::date::timestamptz, $4::date + interval '71 hours', interval '105 minutes') as at
                   union all select $4::date + make_interval(mins => m) from unnest($5::int[]) m
                   union all (select l.at from unnest($6::timestamptz[]) l (at) order by random() limit 25)) x), $7::interval, $8)`,
              [
                tasker.id,
                client.id,
                task,
                firstDay,
                offGrid,
                listed.map(({ starts_at }) => starts_at),
                length,
                urgent,
              ],
            ),
          )
          await connection.query(`delete from calendar_items where tasker_id = $1`, [tasker.id])
          const isListed = new Set(listed.map(({ starts_at }) => starts_at.getTime()))
          const inWindow = ({ starts_at }: { starts_at: Date }) =>
            starts_at >= new Date(`${firstDay}T00:00:00Z`) &&
            starts_at < new Date(Date.parse(`${firstDay}T00:00:00Z`) + 3 * 86_400_000)
          for (const attempt of tried) {
            const { starts_at: startsAt, verdict, held, booked: asBooked } = attempt
            const at = startsAt.toISOString()
            if (inWindow(attempt))
              expect([at, isListed.has(startsAt.getTime())]).toEqual([at, verdict === null])
            if (verdict === null) {
              expect([at, held, asBooked]).toEqual([at, 'ok', 'visit true true'])
              booked += 1
            } else expect([at, held]).toEqual([at, `slot_unavailable ${verdict}`])
            seen.add(verdict ?? 'free')
          }
        },
      ),
      { numRuns: 25 },
    )
    expect(booked).toBeGreaterThan(50)
    for (const rule of ['free', 'outside_hours', 'off_grid', 'taken', 'day_full'])
      expect(seen).toContain(rule)
  }, 240_000)

  it('of one calendar keep the larger of the two guards between them, and no more bookings than a day takes', async () => {
    await fc.assert(
      fc.asyncProperty(aCalendar, fc.constantFrom(30, 45, 60), async (calendar, minutes) => {
        const tasker = await aTaskerWith(world, calendar, '2027-01-05')
        const { connection } = world
        for (;;) {
          const { rows } = await connection.query(
            `select starts_at from khidma.list_slots(array[$1::uuid], tstzrange('2027-01-05', '2027-01-07'), $2::interval, null, false)
              order by random() limit 1`,
            [tasker.id, `${minutes} minutes`],
          )
          if (rows.length === 0) break
          const client = await aPerson(world, 'client')
          await connection.query(
            `select khidma.hold_slot($1, $2, $3, tstzrange($4::timestamptz, $4::timestamptz + $5::interval), false)`,
            [newId(), tasker.id, client.id, rows[0].starts_at, `${minutes} minutes`],
          )
        }
        const { rows: items } = await connection.query(
          `select lower(during) as starts, upper(during) as ends, kind,
                  count(*) filter (where kind = 'hold') over (partition by (lower(during) at time zone $2)::date, kind)::int as on_day
             from calendar_items where tasker_id = $1 and state = 'live' and kind <> 'oncall' order by lower(during)`,
          [tasker.id, calendar.zone],
        )
        const guard = Math.max(calendar.settings?.before ?? 0, calendar.settings?.after ?? 0)
        for (const [n, { ends, kind, on_day: onDay }] of items.entries()) {
          const next = items[n + 1]
          if (kind === 'hold') expect(onDay).toBeLessThanOrEqual(calendar.settings?.aDay ?? 24)
          if (next) expect(next.starts - ends).toBeGreaterThanOrEqual(kind === 'hold' ? guard * 60_000 : 0)
        }
        await connection.query(`delete from calendar_items where tasker_id = $1`, [tasker.id])
      }),
      { numRuns: 12 },
    )
  }, 120_000)

  it('begin on whole steps of local time, in every zone', async () => {
    for (const zone of zones) {
      const tasker = await aPerson(world, 'tasker', zone)
      const { rows } = await world.connection.query(
        `select distinct to_char(s.starts_at at time zone $2, 'MI') as minute
           from khidma.list_slots(array[$1::uuid], tstzrange('2027-02-01', '2027-02-03'), interval '1 hour', null, false) s order by 1`,
        [tasker.id, zone],
      )
      expect([zone, rows.map(({ minute }) => minute)]).toEqual([zone, ['00', '30']])
    }
  })

  it('come with the instant at which they pass: from then on the rule no longer holds', async () => {
    const tasker = await aPerson(world, 'tasker')
    await world.connection.query(
      `insert into calendar_settings (tasker_id, guard_after_minutes, notice_minutes, bookings_a_day) values ($1, 30, 600, 2)`,
      [tasker.id],
    )
    await world.connection.query(
      `insert into tasker_availability_blocks (id, tasker_id, kind, starts_at, ends_at) values ($1, $2, 'unavailable', '2027-02-01 10:00Z', '2027-02-01 12:00Z')`,
      [newId(), tasker.id],
    )
    for (const at of ['2027-02-02 08:00Z', '2027-02-02 10:00Z'])
      await world.connection.query(
        `select khidma.hold_slot($1, $2, $3, tstzrange($4::timestamptz, $4::timestamptz + interval '1 hour'), false)`,
        [newId(), tasker.id, (await aPerson(world, 'client')).id, at],
      )
    const askAt = async (at: string | Date) =>
      (
        await world.connection.query(
          `select * from khidma.slot_verdicts($1, array[$2::timestamptz], interval '1 hour')`,
          [tasker.id, at],
        )
      ).rows[0]
    const soon = await askAt(new Date(Date.now() + 3_600_000))
    expect(soon.rule).toBe('too_soon')
    expect(soon.passes_at.getTime() - Date.now()).toBeGreaterThan(9.9 * 3_600_000)
    const taken = await askAt('2027-02-01 11:00Z')
    expect([taken.rule, taken.passes_at.toISOString()]).toEqual(['taken', '2027-02-01T12:00:00.000Z'])
    expect((await askAt(taken.passes_at)).rule).toBeNull()
    const full = await askAt('2027-02-02 14:00Z')
    // Cairo is two hours ahead of UTC in winter.
    expect([full.rule, full.passes_at.toISOString()]).toEqual(['day_full', '2027-02-02T22:00:00.000Z'])
    expect((await askAt(full.passes_at)).rule).toBeNull()
    await world.connection.query(`delete from calendar_items where tasker_id = $1`, [tasker.id])
  })
})
