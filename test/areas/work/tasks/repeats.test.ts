import { sql } from 'drizzle-orm'
import fc from 'fast-check'
import { beforeAll, describe, expect, it } from 'vitest'
import { lapseSilentOffers } from '../../../../src/areas/work/bookings/jobs.ts'
import { planSeries } from '../../../../src/areas/work/tasks/occurrences.ts'
import { newId } from '../../../../src/core/ids.ts'
import { systemContext } from '../../../../src/system-context.ts'
import { api, type Caller, database, env } from '../../../support/api.ts'
import { aFile } from '../../../support/profiles.ts'
import { aBooking, aClient, anAdmin, ok } from '../../../support/story.ts'
import { aDraft, aReadyTasker, aTrade, codeOf, inHours, type Trade } from '../../../support/work.ts'

let trade: Trade
let client: Caller

beforeAll(async () => {
  trade = await aTrade()
  client = await aClient()
})

const db = database()
const copy = (id: string, as = client, startsAt = inHours(72)) =>
  api(`/v1/tasks/${id}/copy`, { as, body: { startsAt } })

describe('a copy of a task', () => {
  it('says the same at another time, with its photos and the add-ons that are still offered, at the price of now', async () => {
    const own = await aTrade()
    const admin = await anAdmin()
    const addon = async (priceMinor: number) =>
      (
        await ok(
          api('/v1/addons', {
            as: admin,
            body: {
              categoryId: own.id,
              names: { en: 'Extra', ar: 'إضافي' },
              priceMinor,
              currency: 'EGP',
              minutes: 10,
            },
          }),
        )
      ).body.id as string
    const [kept, gone] = [await addon(1_000), await addon(2_000)]
    const fields = {
      title: 'Clean the flat',
      skills: ['windows'],
      clientNotes: 'Ring twice',
      preferredDate: '2027-06-01',
      timezone: 'Africa/Cairo',
      addons: [kept, gone].map((addonId) => ({ addonId, quantity: 2 })),
    }
    const task = await aDraft(client, own, fields)
    await ok(
      api(`/v1/tasks/${task.id}/photos`, { as: client, body: { mediaId: await aFile(client, 'image') } }),
    )
    await ok(api(`/v1/addons/${gone}`, { as: admin, method: 'DELETE' }))
    const change = { as: admin, method: 'PATCH', body: { priceMinor: 1_500 }, headers: { 'if-match': '*' } }
    await ok(api(`/v1/addons/${kept}`, change))
    await ok(api(`/v1/tasks/${task.id}/cancel`, { as: client, body: { reason: 'Later.' } }))

    const startsAt = inHours(100)
    const { status, body, headers } = await copy(task.id, client, startsAt)
    expect(status).toBe(201)
    expect(headers.get('server-timing')).toMatch(/round-trips=1/)
    expect(body).toMatchObject({
      state: 'draft',
      copiedFrom: task.id,
      startsAt,
      title: 'Clean the flat',
      description: task.description,
      address: task.address,
      skills: ['windows'],
      clientNotes: 'Ring twice',
      preferredDate: null,
      addons: [{ addonId: kept, quantity: 2, priceMinor: 1_500 }],
      addonsAmount: 3_000,
      addonsMinutes: 20,
      estMinAmount: 15_000 + 3_000,
      photos: [{ isPrimary: true }],
    })
    expect(body.id).not.toBe(task.id)
    expect(await codeOf(copy(task.id, await aClient()))).toBe('404 not_found')
    expect(await codeOf(copy(task.id, client, inHours(-1)))).toBe('422 starts_at_refused')
    // The tasker of a task may read it, and has no copy of it.
    const booked = await aBooking()
    expect(await codeOf(copy(booked.taskId, booked.tasker))).toBe('403 forbidden')
  })
})

describe('a saved address', () => {
  const anAddress = async (as: Caller, fields: object = {}) =>
    (
      await ok(
        api('/v1/me/addresses', {
          as,
          body: {
            label: 'Home',
            address: '5 Tahrir Sq',
            city: 'Cairo',
            country: 'EG',
            location: { lat: 30.05, lng: 31.24 },
            ...fields,
          },
        }),
      )
    ).body.id as string
  const task = (fields: object) => ({
    category: trade.slug,
    description: 'It drips.',
    startsAt: inHours(30),
    ...fields,
  })
  const create = (fields: object) => api('/v1/tasks', { as: client, body: task(fields) })

  it('gives a task its words and place, which stay when the address changes', async () => {
    const addressId = await anAddress(client)
    const { body } = await ok(create({ addressId }))
    const words = { address: '5 Tahrir Sq', city: 'Cairo', district: null, lat: 30.05, lng: 31.24 }
    expect(body).toMatchObject({ ...words, addressId, estMinAmount: 10_000 })
    const patch = { as: client, method: 'PATCH', body: { address: '6 Tahrir Sq' } }
    await ok(api(`/v1/me/addresses/${addressId}`, patch))
    expect((await ok(api(`/v1/tasks/${body.id}`, { as: client }))).body).toMatchObject(words)
    const path = `/v1/tasks/${body.id}`
    expect((await ok(api(path, { as: client, method: 'PATCH', body: { addressId } }))).body.address).toBe(
      '6 Tahrir Sq',
    )
    const other = (await ok(api(path, { as: client, method: 'PATCH', body: { address: 'Elsewhere' } }))).body
    expect(other).toMatchObject({ address: 'Elsewhere', addressId: null, lat: 30.05 })
    await ok(api(`/v1/me/addresses/${addressId}`, { as: client, method: 'DELETE' }))
  })

  it('is the client’s own, has a place, and takes the place of words', async () => {
    const foreign = await anAddress(await aClient())
    const placeless = await anAddress(client, { location: null })
    for (const addressId of [foreign, placeless, newId()])
      expect(await codeOf(create({ addressId }))).toBe('422 address_refused')
    const addressId = await anAddress(client)
    expect(await codeOf(create({ addressId, city: 'Cairo' }))).toBe('400 invalid_request')
    const { body } = await create({})
    expect(body.errors.map(({ pointer }: { pointer: string }) => pointer).sort()).toEqual([
      '/address',
      '/city',
      '/lat',
      '/lng',
    ])
  })
})

describe('a template', () => {
  it('keeps a task under a name, and drafts it again', async () => {
    const own = await aClient()
    const task = await aDraft(own, trade, { title: 'Deep clean' })
    const body = { name: 'Spring', taskId: task.id }
    const template = (await ok(api('/v1/task-templates', { as: own, body }))).body
    expect(template).toMatchObject({ ...body, category: trade.slug })
    const again = { name: 'SPRING', taskId: task.id }
    expect(await codeOf(api('/v1/task-templates', { as: own, body: again }))).toBe('409 already_exists')
    expect(await codeOf(api('/v1/task-templates', { as: client, body }))).toBe('422 unknown_task')
    const path = `/v1/task-templates/${template.id}`
    const use = (as: Caller) => api(`${path}/tasks`, { as, body: { startsAt: inHours(48) } })
    expect((await use(own)).body).toMatchObject({ title: 'Deep clean', copiedFrom: task.id, state: 'draft' })
    for (const call of [use(client), api(path, { as: client }), api(path, { as: client, method: 'DELETE' })])
      expect(await codeOf(call)).toBe('404 not_found')
    expect((await ok(api(path, { as: own, method: 'PATCH', body: { name: 'Autumn' } }))).body.name).toBe(
      'Autumn',
    )
    expect((await ok(api('/v1/task-templates', { as: own }))).body.data).toHaveLength(1)
    await ok(api(path, { as: own, method: 'DELETE' }))
    expect((await ok(api('/v1/task-templates', { as: own }))).body.data).toEqual([])
  })
})

const dayOf = (inDays: number) => new Date(Date.now() + inDays * 86_400_000).toISOString().slice(0, 10)
const plan = (limit = 100) => planSeries(systemContext(env, 'cron.planSeries'), limit)
const everyDay = [1, 2, 3, 4, 5, 6, 7]

describe('a series', () => {
  const begin = (as: Caller, taskId: string, fields: object = {}) =>
    api('/v1/task-series', {
      as,
      body: {
        taskId,
        weekdays: everyDay,
        localTime: '10:00',
        timezone: 'Africa/Cairo',
        startsOn: dayOf(1),
        daysAhead: 3,
        ...fields,
      },
    })

  it('posts each occurrence once, and offers it to the tasker whom it keeps', async () => {
    const own = await aTrade()
    const tasker = await aReadyTasker(own)
    const story = await aBooking({ state: 'settled', tasker })
    await db.write([sql`update tasks set category = ${own.slug} where id = ${story.taskId}`])
    const series = (await ok(begin(story.client, story.taskId))).body
    expect(series).toMatchObject({ taskerId: tasker.userId, everyWeeks: 1, pauses: [], endedAt: null })
    expect(series.occurrences).toHaveLength(10)
    expect(series.occurrences.every(({ taskId }: { taskId: string | null }) => taskId === null)).toBe(true)
    await Promise.all([plan(), plan()])
    await plan()
    const tasks = await db.read<Record<string, unknown>>(sql`
      select t.series_day::text as day, t.state, b.status, b.tasker_id as tasker,
             to_char(t.starts_at at time zone 'Africa/Cairo', 'YYYY-MM-DD HH24:MI') as wall
        from tasks t left join bookings b on b.task_id = t.id where t.series_id = ${series.id} order by t.series_day`)
    expect(tasks).toEqual(
      tasks.map(({ day }) => ({
        day,
        state: 'posted',
        status: 'offered',
        tasker: tasker.userId,
        wall: `${day} 10:00`,
      })),
    )
    expect(tasks.length).toBeGreaterThanOrEqual(2)
    const after = (await ok(api(`/v1/task-series/${series.id}`, { as: story.client }))).body
    expect(after.version).toBe(series.version)
    expect(after.occurrences[0]).toMatchObject({ day: tasks[0]?.day, taskId: expect.any(String) })
    // Asked directly: they see the task without its address, and no matcher runs.
    const seen = (await ok(api(`/v1/tasks/${after.occurrences[0].taskId}`, { as: tasker }))).body
    expect(seen).toMatchObject({ state: 'posted', address: null, seriesId: series.id })
  })

  it('looks for another tasker where the one whom it keeps is silent', async () => {
    const own = await aTrade()
    const tasker = await aReadyTasker(own)
    const story = await aBooking({ state: 'settled', tasker })
    await db.write([sql`update tasks set category = ${own.slug} where id = ${story.taskId}`])
    const series = (await ok(begin(story.client, story.taskId))).body
    await plan()
    const occurrence = () =>
      db.read<Record<string, unknown>>(sql`
        select t.state, t.sourcing, b.status, t.version from tasks t join bookings b on b.task_id = t.id
         where t.series_id = ${series.id} order by t.series_day limit 1`)
    await plan()
    const [before] = await occurrence()
    expect(before).toMatchObject({ state: 'posted', sourcing: 'match', status: 'offered' })
    await db.write([
      sql`update bookings set created_at = now() - interval '25 hours' where task_id in (select t.id from tasks t where t.series_id = ${series.id})`,
    ])
    const [late] = await db.read<{ id: string }>(sql`
      select b.id from bookings b join tasks t on t.id = b.task_id where t.series_id = ${series.id} order by t.series_day limit 1`)
    expect(await codeOf(api(`/v1/bookings/${late?.id}/accept`, { as: tasker, method: 'POST' }))).toBe(
      '409 booking_lapsed',
    )
    expect(
      (await lapseSilentOffers(systemContext(env, 'cron.silentOffers'), 500)).bookings,
    ).toBeGreaterThanOrEqual(1)
    // The time of the search begins anew: else the sweep would let the task expire.
    expect(await occurrence()).toEqual([
      { state: 'posted', sourcing: 'match', status: 'canceled', version: Number(before?.version) + 1 },
    ])
    const calendar = await db.read(sql`
      select i.id from calendar_items i join visits v on v.id = i.source_id join bookings b on b.id = v.booking_id
        join tasks t on t.id = b.task_id where t.series_id = ${series.id} and i.state = 'live'`)
    expect(calendar).toEqual([])
  })

  it('rests in its pauses, ends, and changes what is not posted yet', async () => {
    const own = await aClient()
    const task = await aDraft(own, trade)
    const { id } = (await ok(begin(own, task.id, { pauses: [{ from: dayOf(2), until: dayOf(2) }] }))).body
    const path = `/v1/task-series/${id}`
    const days = async () =>
      (
        await db.read<{ day: string }>(
          sql`select series_day::text as day from tasks where series_id = ${id} order by series_day`,
        )
      ).map(({ day }) => day)
    await plan()
    const first = await days()
    expect(first).not.toContain(dayOf(2))
    expect(first.length).toBeGreaterThan(0)
    const patch = (body: object, as = own) => api(path, { as, method: 'PATCH', body })
    expect(await codeOf(patch({ daysAhead: 5 }, client))).toBe('404 not_found')
    expect(await codeOf(patch({ endsOn: dayOf(0) }))).toBe('422 series_end_refused')
    const changed = (
      await ok(patch({ daysAhead: 6, weekdays: everyDay, endsOn: dayOf(5), keepTasker: false }))
    ).body
    expect(changed.occurrences.at(-1).day <= dayOf(5)).toBe(true)
    await plan()
    expect((await days()).every((day) => day <= dayOf(5))).toBe(true)
    expect((await ok(api(`${path}/end`, { as: own, method: 'POST' }))).body.endedAt).toEqual(
      expect.any(String),
    )
    expect(await codeOf(patch({ daysAhead: 9 }))).toBe('409 series_ended')
    const before = await days()
    await db.write([sql`update task_series set days_ahead = 30 where id = ${id}`])
    await plan()
    expect(await days()).toEqual(before)
  })

  it('leaves out a day that cannot be posted, and tells its client', async () => {
    const [own, priceless] = [await aClient(), await aTrade({ parentId: trade.id })]
    const task = await aDraft(own, priceless)
    const { id } = (await ok(begin(own, task.id, { daysAhead: 1 }))).body
    await db.write([sql`update task_categories set active = false where id = ${priceless.id}`])
    const report = await plan()
    expect(report.skipped).toBeGreaterThan(0)
    const told = await db.read(
      sql`select 1 from outbox where type = 'task_series.skipped' and object_id = ${id}`,
    )
    expect(told.length).toBeGreaterThan(0)
    expect(await db.read(sql`select 1 from tasks where series_id = ${id}`)).toEqual([])
    await plan()
    expect(
      await db.read(sql`select 1 from outbox where type = 'task_series.skipped' and object_id = ${id}`),
    ).toHaveLength(told.length)
  })

  it('is of a task of one’s own, from today on', async () => {
    const task = await aDraft(client, trade)
    expect(await codeOf(begin(await aClient(), task.id))).toBe('422 unknown_task')
    expect(await codeOf(begin(client, task.id, { startsOn: dayOf(-3) }))).toBe('422 starts_at_refused')
    expect(await codeOf(begin(client, task.id, { endsOn: dayOf(0) }))).toBe('400 invalid_request')
    expect(await codeOf(begin(client, task.id, { timezone: 'Africa/Atlantis' }))).toBe('400 invalid_request')
  })
})

describe('the days of a series', () => {
  const zones = [
    'Africa/Cairo',
    'Africa/Lagos',
    'Asia/Bishkek',
    'Asia/Kolkata',
    'Africa/Accra',
    'Asia/Kathmandu',
  ]

  it('are its days of the week in every nth week, without its pauses, at the same time on the wall in every year', async () => {
    const rule = fc.record({
      weekdays: fc.uniqueArray(fc.integer({ min: 1, max: 7 }), { minLength: 1, maxLength: 7 }),
      everyWeeks: fc.integer({ min: 1, max: 12 }),
      minutes: fc.integer({ min: 6 * 60, max: 23 * 60 }),
      timezone: fc.constantFrom(...zones),
      start: fc.integer({ min: 0, max: 2_500 }),
      pause: fc.record({ from: fc.integer({ min: 0, max: 300 }), length: fc.integer({ min: 0, max: 40 }) }),
      end: fc.option(fc.integer({ min: 0, max: 400 })),
    })
    const epoch = Date.UTC(2023, 0, 1)
    const iso = (day: number) => new Date(epoch + day * 86_400_000).toISOString().slice(0, 10)
    const isoDay = (day: number) => ((new Date(epoch + day * 86_400_000).getUTCDay() + 6) % 7) + 1
    await fc.assert(
      fc.asyncProperty(rule, async ({ weekdays, everyWeeks, minutes, timezone, start, pause, end }) => {
        const time = `${String(Math.trunc(minutes / 60)).padStart(2, '0')}:${String(minutes % 60).padStart(2, '0')}`
        const [restFrom, restUntil] = [start + pause.from, start + pause.from + pause.length]
        const until = start + 400
        const wanted: string[] = []
        const monday = (day: number) => day - (isoDay(day) - 1)
        for (let day = start; day <= Math.min(until, end === null ? until : start + end); day += 1) {
          const week = (monday(day) - monday(start)) / 7
          if (
            weekdays.includes(isoDay(day)) &&
            week % everyWeeks === 0 &&
            !(day >= restFrom && day <= restUntil)
          )
            wanted.push(iso(day))
        }
        const pauses = JSON.stringify([{ from: iso(restFrom), until: iso(restUntil) }])
        const rows = await db.read<{ day: string; wall: string }>(sql`
          select d.day::text as day, to_char(khidma.start_of_occurrence(s, d.day) at time zone ${timezone}, 'YYYY-MM-DD HH24:MI') as wall
            from jsonb_populate_record(null::task_series, jsonb_build_object('weekdays', ${JSON.stringify(weekdays)}::jsonb,
                   'every_weeks', ${everyWeeks}::int, 'local_time', ${time}::text, 'timezone', ${timezone}::text,
                   'starts_on', ${iso(start)}::text, 'ends_on', ${end === null ? null : iso(start + end)}::text,
                   'pauses', ${pauses}::jsonb)) s
           cross join lateral khidma.days_of_series(s, ${iso(start)}::date, ${iso(until)}::date) d (day)`)
        expect(rows.map(({ day }) => day)).toEqual(wanted)
        for (const { day, wall } of rows) expect(wall).toBe(`${day} ${time}`)
      }),
      { numRuns: 60 },
    )
  })
})
