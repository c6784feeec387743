import { sql } from 'drizzle-orm'
import { describe, expect, it } from 'vitest'
import { fetchExternalCalendars } from '../../../../src/areas/work/calendar/external-calendars.ts'
import { expireHolds } from '../../../../src/areas/work/calendar/jobs.ts'
import { newId } from '../../../../src/core/ids.ts'
import { rowsOf, text } from '../../../../src/db/rows.ts'
import { systemContext } from '../../../../src/system-context.ts'
import { api, type Caller, database, env, signedIn } from '../../../support/api.ts'
import { aBooking, aClient, anOps, aTasker, ok } from '../../../support/story.ts'
import { codeOf, readAll } from '../../../support/work.ts'

const dayMs = 86_400_000
/** A date in so many days, in Cairo. */
const dayAhead = (days: number): string =>
  new Intl.DateTimeFormat('en-CA', { timeZone: 'Africa/Cairo' }).format(Date.now() + days * dayMs)

const everyDay = (from: string, until: string, kind = 'working') =>
  [1, 2, 3, 4, 5, 6, 7].map((weekday) => ({ weekday, kind, from, until }))

const put = (as: Caller, path: string, body: object) => api(path, { as, method: 'PUT', body })

/** A tasker who works from 09:00 to 12:00 in Cairo from today on. */
async function aPlannedTasker(): Promise<Caller> {
  const tasker = await aTasker()
  const hours = [...everyDay('09:00', '12:00'), ...everyDay('20:00', '22:00', 'oncall')]
  await ok(
    put(tasker, '/v1/me/schedules', {
      effectiveFrom: dayAhead(0),
      zone: 'Africa/Cairo',
      holidaysOf: null,
      hours,
    }),
  )
  return tasker
}

async function slotsOf(tasker: Caller, day: string, more = ''): Promise<string[]> {
  const from = new Date(Date.parse(`${day}T00:00:00Z`) - 3 * 3_600_000)
  const window = `from=${from.toISOString()}&until=${new Date(from.getTime() + dayMs).toISOString()}`
  const { body } = await ok(api(`/v1/taskers/${tasker.userId}/slots?${window}&minutes=60${more}`))
  return body.data.map(({ startsAt }: { startsAt: string }) => startsAt)
}

const wallOf = (times: string[]): string[] =>
  times.map((time) =>
    new Intl.DateTimeFormat('en-GB', { timeZone: 'Africa/Cairo', hour: '2-digit', minute: '2-digit' }).format(
      new Date(time),
    ),
  )

const hold = (as: Caller, tasker: Caller, startsAt: string, minutes = 60) =>
  api('/v1/slot-holds', { as, body: { taskerId: tasker.userId, startsAt, minutes } })

const explain = async (as: Caller, tasker: Caller, startsAt: string) =>
  (await ok(api(`/v1/taskers/${tasker.userId}/slot-explanation?startsAt=${startsAt}&minutes=60`, { as })))
    .body

const agendaOf = async (as: Caller, day: string) => (await ok(api(`/v1/me/agenda?day=${day}`, { as }))).body

describe('hours', () => {
  it('are put for a day on, listed and removed', async () => {
    const tasker = await aPlannedTasker()
    const later = { effectiveFrom: dayAhead(9), zone: 'Asia/Kathmandu', holidaysOf: 'EG' }
    const hours = [{ weekday: 5, kind: 'working', from: '22:00', until: '02:00' }]
    const { body } = await ok(put(tasker, '/v1/me/schedules', { ...later, hours }))
    expect(body).toMatchObject({ ...later, hours })
    const until = [{ weekday: 5, kind: 'working', from: '22:00', until: '24:00' }]
    await ok(put(tasker, '/v1/me/schedules', { ...later, hours: until }))
    const { data } = (await ok(api('/v1/me/schedules', { as: tasker }))).body
    expect(
      data.map(({ effectiveFrom, hours }: { effectiveFrom: string; hours: object[] }) => [
        effectiveFrom,
        hours.length,
      ]),
    ).toEqual([
      [dayAhead(0), 14],
      [later.effectiveFrom, 1],
    ])
    expect(data[1]).toMatchObject({ id: body.id, hours: until })
    const remove = () => api(`/v1/me/schedules/${body.id}`, { as: tasker, method: 'DELETE' })
    await ok(remove())
    expect(await codeOf(remove())).toBe('404 not_found')
  })

  it('refuse days that have passed, zones that do not exist, and who is no tasker', async () => {
    const tasker = await aTasker()
    const body = { effectiveFrom: dayAhead(1), zone: 'Africa/Cairo', holidaysOf: null, hours: [] }
    for (const [changed, code] of [
      [{ effectiveFrom: dayAhead(-2) }, '422 calendar_date_refused'],
      [{ zone: 'Africa/Nowhere' }, '422 unknown_timezone'],
      [{ hours: [{ weekday: 8, from: '09:00', until: '10:00' }] }, '400 invalid_request'],
      [{ hours: [{ weekday: 1, from: '24:00', until: '10:00' }] }, '400 invalid_request'],
    ] as const)
      expect(await codeOf(put(tasker, '/v1/me/schedules', { ...body, ...changed }))).toBe(code)
    expect(await codeOf(put(await aClient(), '/v1/me/schedules', body))).toBe('403 not_a_tasker')
  })

  it('of one date take the place of the weekly ones', async () => {
    const tasker = await aPlannedTasker()
    const day = dayAhead(3)
    const hours = [{ from: '14:00', until: '15:30' }]
    const { body } = await ok(put(tasker, '/v1/me/schedule-overrides', { day, hours }))
    expect(body).toMatchObject({ day, hours })
    expect(wallOf(await slotsOf(tasker, day))).toEqual(['14:00', '14:30'])
    await ok(put(tasker, '/v1/me/schedule-overrides', { day, hours: [] }))
    expect(await slotsOf(tasker, day)).toEqual([])
    expect((await ok(api('/v1/me/schedule-overrides', { as: tasker }))).body.data).toHaveLength(1)
    await ok(api(`/v1/me/schedule-overrides/${body.id}`, { as: tasker, method: 'DELETE' }))
    expect(await slotsOf(tasker, day)).toHaveLength(5)
  })

  it('leave out holidays of the country that the schedule follows', async () => {
    const [tasker, day] = [await aTasker(), dayAhead(20)]
    const schedule = { effectiveFrom: dayAhead(0), zone: 'Africa/Cairo', hours: everyDay('09:00', '10:00') }
    await ok(put(tasker, '/v1/me/schedules', { ...schedule, holidaysOf: 'GH' }))
    expect(await slotsOf(tasker, day)).toHaveLength(1)
    const [year, month, dayOfMonth] = day.split('-').map(Number)
    const holiday = { country: 'GH', year, month, day: dayOfMonth, names: { en: 'A day', ar: 'يوم' } }
    const ops = await anOps()
    expect(await codeOf(api('/v1/holidays', { as: tasker, body: holiday }))).toBe('403 forbidden')
    const { id } = (await ok(api('/v1/holidays', { as: ops, body: holiday }))).body
    expect(await codeOf(api('/v1/holidays', { as: ops, body: holiday }))).toBe('409 already_exists')
    expect(await codeOf(api('/v1/holidays', { as: ops, body: { ...holiday, month: 2, day: 30 } }))).toBe(
      '400 invalid_request',
    )
    expect(await slotsOf(tasker, day)).toEqual([])
    const listed = await readAll(`/v1/holidays?country=GH&year=${year}&limit=2`, tasker)
    expect(listed.map((one) => one.names.en)).toEqual(expect.arrayContaining(['A day', 'Independence Day']))
    await ok(api(`/v1/holidays/${id}`, { as: ops, method: 'DELETE' }))
    expect(await slotsOf(tasker, day)).toHaveLength(1)
  })
})

describe('slots', () => {
  it('are listed to everybody, and on call for urgent work only', async () => {
    const tasker = await aPlannedTasker()
    expect(wallOf(await slotsOf(tasker, dayAhead(2)))).toEqual(['09:00', '09:30', '10:00', '10:30', '11:00'])
    expect(wallOf(await slotsOf(tasker, dayAhead(2), '&urgent=true'))).toHaveLength(8)
    expect(
      await codeOf(
        api(`/v1/taskers/${newId()}/slots?from=2027-01-01T00:00:00Z&until=2027-01-02T00:00:00Z&minutes=60`),
      ),
    ).toBe('404 not_found')
    const tooLong = 'from=2027-01-01T00:00:00Z&until=2027-03-02T00:00:00Z&minutes=60'
    expect(await codeOf(api(`/v1/taskers/${tasker.userId}/slots?${tooLong}`))).toBe('400 invalid_request')
  })

  it('are checked many at once, with a result for each in its place', async () => {
    const [first, second, client] = [await aPlannedTasker(), await aPlannedTasker(), await aClient()]
    const [ten = '', , , noon = ''] = (await slotsOf(first, dayAhead(2))).slice(1)
    const night = new Date(Date.parse(noon) + 12 * 3_600_000).toISOString()
    await ok(hold(await aClient(), second, ten))
    const slots = [
      { taskerId: second.userId, startsAt: ten },
      { taskerId: first.userId, startsAt: night },
      { taskerId: first.userId, startsAt: ten },
      { taskerId: newId(), startsAt: ten },
    ]
    const { data } = (await ok(api('/v1/slot-checks', { as: client, body: { slots, minutes: 60 } }))).body
    expect(
      data.map(({ taskerId, rule }: { taskerId: string; rule: string | null }) => [taskerId, rule]),
    ).toEqual([
      [second.userId, 'taken'],
      [first.userId, 'outside_hours'],
      [first.userId, null],
      [slots[3]?.taskerId, 'not_active'],
    ])
    expect(data[0]).toMatchObject({
      available: false,
      passesAt: new Date(Date.parse(ten) + 3_600_000).toISOString(),
    })
  })

  it('are held for one client, renewed, released, and explained to the others', async () => {
    const [tasker, client, rival] = [await aPlannedTasker(), await aClient(), await aClient()]
    const [startsAt = ''] = await slotsOf(tasker, dayAhead(2))
    const held = (await ok(hold(client, tasker, startsAt))).body
    expect(await codeOf(hold(rival, tasker, startsAt))).toBe('409 slot_unavailable')
    expect(await explain(client, tasker, startsAt)).toMatchObject({
      available: true,
      rule: null,
      nextStartAt: startsAt,
      details: null,
    })
    const half = new Date(Date.parse(startsAt) + 1_800_000).toISOString()
    expect(await explain(rival, tasker, half)).toMatchObject({
      available: false,
      rule: 'taken',
      passesAt: held.endsAt,
      nextStartAt: held.endsAt,
      details: null,
    })
    const seen = await explain(tasker, tasker, half)
    expect(seen.details.items).toMatchObject([
      { id: held.id, kind: 'hold', startsAt, expiresAt: held.expiresAt },
    ])
    expect((await explain(await anOps(), tasker, half)).details.hours[0]).toMatchObject({
      source: 'schedule',
    })
    const path = `/v1/slot-holds/${held.id}`
    expect(await codeOf(api(`${path}/renew`, { as: rival, method: 'POST' }))).toBe('404 not_found')
    const renewed = (await ok(api(`${path}/renew`, { as: client, method: 'POST' }))).body
    expect(Date.parse(renewed.expiresAt)).toBeGreaterThanOrEqual(Date.parse(held.expiresAt))
    expect(await codeOf(api(path, { as: rival, method: 'DELETE' }))).toBe('404 not_found')
    for (let n = 0; n < 2; n += 1) await ok(api(path, { as: client, method: 'DELETE' }))
    expect(await codeOf(api(`${path}/renew`, { as: client, method: 'POST' }))).toBe('409 hold_ended')
    await ok(hold(rival, tasker, startsAt))
    expect(await codeOf(hold(tasker, tasker, startsAt))).toBe('403 forbidden')
  })

  it('follow the rules of the tasker: notice, guards and bookings a day', async () => {
    const [tasker, client] = [await aPlannedTasker(), await aClient()]
    const rules = { guardBeforeMinutes: 15, guardAfterMinutes: 30, noticeMinutes: 2_880, bookingsADay: 2 }
    await ok(put(tasker, '/v1/me/calendar-settings', rules))
    expect((await ok(api('/v1/me/calendar-settings', { as: tasker }))).body).toMatchObject({
      ...rules,
      rules,
    })
    const [nine = ''] = await slotsOf(tasker, dayAhead(4))
    await ok(hold(client, tasker, nine))
    expect(wallOf(await slotsOf(tasker, dayAhead(4)))).toEqual(['10:30', '11:00'])
    const soon = new Date(Math.ceil(Date.now() / dayMs) * dayMs + 7 * 3_600_000).toISOString()
    expect(await explain(client, tasker, soon)).toMatchObject({ rule: 'too_soon' })
    await ok(put(tasker, '/v1/me/calendar-settings', { ...rules, bookingsADay: 1 }))
    expect(
      await explain(await aClient(), tasker, new Date(Date.parse(nine) + 5_400_000).toISOString()),
    ).toMatchObject({ rule: 'day_full' })
    await ok(
      put(tasker, '/v1/me/calendar-settings', {
        guardBeforeMinutes: null,
        guardAfterMinutes: null,
        noticeMinutes: null,
        bookingsADay: null,
      }),
    )
    expect((await ok(api('/v1/me/calendar-settings', { as: tasker }))).body).toMatchObject({
      bookingsADay: null,
      rules: { guardBeforeMinutes: 0, guardAfterMinutes: 0, noticeMinutes: 0, bookingsADay: 24 },
    })
  })

  it('that were held for too long are collected by the job', async () => {
    const [tasker, client] = [await aPlannedTasker(), await aClient()]
    const [startsAt = ''] = await slotsOf(tasker, dayAhead(2))
    const { id } = (await ok(hold(client, tasker, startsAt))).body
    await database().write([
      sql`update calendar_items set expires_at = now() - interval '1 second' where id = ${id}`,
    ])
    expect(await slotsOf(tasker, dayAhead(2))).toContain(startsAt)
    expect((await expireHolds(systemContext(env, 'cron.endOfHolds'), 100)).holds).toBeGreaterThanOrEqual(1)
    const rows = await database().read(
      rowsOf({ state: text })`select state from calendar_items where id = ${id}`,
    )
    expect(rows).toEqual([{ state: 'expired' }])
  })
})

describe('the day of a tasker', () => {
  it('shows visits with their place, holds, absences and hours', async () => {
    const { bookingId, taskId, tasker, client } = await aBooking({ state: 'confirmed' })
    const booking = (await ok(api(`/v1/bookings/${bookingId}`, { as: tasker }))).body
    const starts = Date.parse(booking.scheduledFrom ?? booking.startsAt)
    const day = new Intl.DateTimeFormat('en-CA', { timeZone: 'Africa/Cairo' }).format(starts)
    const agenda = await agendaOf(tasker, day)
    expect(agenda).toMatchObject({ day, zone: 'Africa/Cairo', hours: [{ kind: 'working', source: 'free' }] })
    expect(agenda.items).toMatchObject([
      {
        kind: 'visit',
        isOver: false,
        visit: { bookingId, taskId, number: 1, state: 'planned', bookingStatus: 'confirmed' },
      },
    ])
    expect(agenda.items[0].visit.address).toBeTruthy()
    const { data } = (await ok(api(`/v1/bookings/${bookingId}/visits`, { as: client }))).body
    expect(data).toMatchObject([{ id: agenda.items[0].visit.id, state: 'planned', taskerId: tasker.userId }])
    expect(await codeOf(api(`/v1/bookings/${bookingId}/visits`, { as: await aClient() }))).toBe(
      '404 not_found',
    )
    const report = (what: string, body: object = {}) =>
      ok(api(`/v1/bookings/${bookingId}/${what}`, { as: tasker, body }))
    await report('on-the-way')
    await report('report-delay', { minutes: 20 })
    await report('arrive')
    const [visit] = (await ok(api(`/v1/bookings/${bookingId}/visits`, { as: client }))).body.data
    expect(Date.parse(visit.arriveBy) - Date.parse(visit.startsAt)).toBe(20 * 60_000)
    expect([visit.enRouteAt, visit.arrivedAt].every((at) => typeof at === 'string')).toBe(true)
    await ok(api(`/v1/bookings/${bookingId}/start`, { as: tasker, method: 'POST' }))
    await ok(api(`/v1/bookings/${bookingId}/complete`, { as: tasker, method: 'POST' }))
    expect((await agendaOf(tasker, day)).items).toMatchObject([{ isOver: true, visit: { state: 'done' } }])
    expect(await codeOf(api('/v1/me/agenda', { as: client }))).toBe('403 not_a_tasker')
  })

  it('refuses time off over a booking, and a booking over time off', async () => {
    const { bookingId, tasker } = await aBooking({ state: 'confirmed' })
    const { data } = (await ok(api(`/v1/bookings/${bookingId}/visits`, { as: tasker }))).body
    const { startsAt, endsAt } = data[0]
    const away = { kind: 'unavailable', startsAt, endsAt }
    expect(await codeOf(api('/v1/me/availability', { as: tasker, body: away }))).toBe('409 tasker_busy')
    const after = {
      kind: 'unavailable',
      startsAt: endsAt,
      endsAt: new Date(Date.parse(endsAt) + 3_600_000).toISOString(),
    }
    const { id } = (await ok(api('/v1/me/availability', { as: tasker, body: after }))).body
    expect(await explain(await aClient(), tasker, endsAt)).toMatchObject({
      rule: expect.stringMatching(/taken|off_grid/),
    })
    await ok(api(`/v1/me/availability/${id}`, { as: tasker, method: 'DELETE' }))
    const rows = await database().read(
      rowsOf({
        kind: text,
      })`select kind from calendar_items where tasker_id = ${tasker.userId} and state = 'live'`,
    )
    expect(rows).toEqual([{ kind: 'visit' }])
  })
})

describe('the feed', () => {
  it('is read by its link alone, names no client or place, and ends with it', async () => {
    const { tasker } = await aBooking({ state: 'confirmed' })
    const link = async () => {
      const { body } = await ok(api('/v1/me/calendar-feed', { as: tasker, method: 'POST' }))
      return new URL(body.url).pathname
    }
    const read = (path: string) => api<string>(path)
    const first = await link()
    const answer = await ok(read(first))
    expect(answer.headers.get('content-type')).toBe('text/calendar; charset=utf-8')
    const feed = String(answer.body)
    expect(feed).toMatch(/BEGIN:VEVENT[\s\S]*STATUS:CONFIRMED/)
    for (const secret of ['Talaat', 'Cairo', 'drips']) expect(feed).not.toContain(secret)
    const second = await link()
    expect(await codeOf(api(first))).toBe('404 not_found')
    await ok(read(second))
    await ok(api('/v1/me/calendar-feed', { as: tasker, method: 'DELETE' }))
    expect(await codeOf(api(second))).toBe('404 not_found')
    expect(await codeOf(api('/v1/me/calendar-feed', { as: await aClient(), method: 'POST' }))).toBe(
      '403 not_a_tasker',
    )
  })
})

describe('external calendars', () => {
  const url = 'https://calendar.khidma.dev/secret.ics'
  const text = (day: string) =>
    `BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//T//EN\r\nBEGIN:VEVENT\r\nUID:1@t\r\nDTSTAMP:20260101T000000Z\r\nDTSTART;TZID=Africa/Cairo:${day.replaceAll('-', '')}T090000\r\nDTEND;TZID=Africa/Cairo:${day.replaceAll('-', '')}T110000\r\nSUMMARY:Secret\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n`
  const run = async (answer: (url: string) => Response | Promise<Response>) => {
    await database().write([sql`update external_calendars set next_fetch_at = now() - interval '1 minute'`])
    return fetchExternalCalendars(systemContext(env, 'cron.externalCalendars'), 100, {
      rules: { allowLoopback: false, ownHosts: ['api.khidma.dev'] },
      fetch: (async (input: string) => answer(input)) as typeof fetch,
    })
  }
  const only = async (tasker: Caller) =>
    (await ok(api('/v1/me/external-calendars', { as: tasker }))).body.data[0]

  it('take up their busy times, keep the last good copy, and say how old it is', async () => {
    const tasker = await aPlannedTasker()
    const day = dayAhead(5)
    const added = await ok(
      api('/v1/me/external-calendars', {
        as: tasker,
        body: { name: 'Private', url: url.replace('https://', 'webcal:') },
      }),
    )
    expect(added.body).toMatchObject({ name: 'Private', goodAt: null, isStale: false, busyCount: 0 })
    expect(JSON.stringify(added.body)).not.toContain('secret.ics')
    const asked: string[] = []
    await run((address) => {
      asked.push(address)
      return new Response(text(day))
    })
    expect(asked).toContain(url)
    expect(wallOf(await slotsOf(tasker, day))).toEqual(['11:00'])
    expect(await only(tasker)).toMatchObject({ failure: null, busyCount: 1, isStale: false })
    await run(() => new Response('gone', { status: 404 }))
    expect(await only(tasker)).toMatchObject({ failure: 'status_404', busyCount: 1 })
    await run(() => new Response('<html>'))
    expect(await only(tasker)).toMatchObject({ failure: 'unreadable', busyCount: 1 })
    expect(wallOf(await slotsOf(tasker, day))).toEqual(['11:00'])
    await database().write([
      sql`update external_calendars set good_at = now() - interval '2 days' where tasker_id = ${tasker.userId}`,
    ])
    expect(await only(tasker)).toMatchObject({ isStale: true })
    expect((await agendaOf(tasker, day)).items).toMatchObject([{ kind: 'external', visit: null }])
    await ok(api(`/v1/me/external-calendars/${(await only(tasker)).id}`, { as: tasker, method: 'DELETE' }))
    expect(await slotsOf(tasker, day)).toHaveLength(5)
  })

  it('are fetched from public addresses only, redirects included', async () => {
    const tasker = await aTasker()
    const add = (address: string) =>
      api('/v1/me/external-calendars', { as: tasker, body: { name: 'Private', url: address } })
    for (const address of [
      'http://calendar.khidma.dev/a.ics',
      'https://10.0.0.1/a.ics',
      'https://intra.corp/a.ics',
      'file:///etc/passwd',
      `${env.API_ORIGIN}/a.ics`,
    ])
      expect(await codeOf(add(address))).toBe('422 calendar_address_refused')
    await ok(add(url))
    const asked: string[] = []
    await run((address) => {
      asked.push(address)
      return new Response(null, { status: 302, headers: { location: 'https://169.254.169.254/latest' } })
    })
    expect(asked.filter((address) => address.includes('169.254'))).toEqual([])
    expect(await only(tasker)).toMatchObject({ failure: 'address_refused', goodAt: null })
    await run(
      () => new Response(null, { status: 302, headers: { location: 'https://api.khidma.dev/x.ics' } }),
    )
    expect(await only(tasker)).toMatchObject({ failure: 'address_refused', goodAt: null })
    await run((address) =>
      address === url
        ? new Response(null, { status: 301, headers: { location: '/moved.ics' } })
        : new Response(text(dayAhead(3))),
    )
    expect(await only(tasker)).toMatchObject({ failure: null, busyCount: 1 })
    await run(() => new Response('x'.repeat(2_000_000)))
    expect(await only(tasker)).toMatchObject({ failure: 'unreachable', busyCount: 1 })
  })
})

it('shows a stranger the rule that a slot breaks, and not what takes up the time', async () => {
  const stranger = await signedIn('client')
  const tasker = await aPlannedTasker()
  const seen = await explain(stranger, tasker, new Date(Date.now() + dayMs).toISOString())
  expect(seen.details).toBeNull()
})
