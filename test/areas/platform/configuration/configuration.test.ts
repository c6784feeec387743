import { beforeAll, describe, expect, it } from 'vitest'
import { newId } from '../../../../src/core/ids.ts'
import { api, type Caller, signedIn } from '../../../support/api.ts'
import { ok } from '../../../support/story.ts'
import { aTrade, codeOf } from '../../../support/work.ts'

let [admin, ops, client]: Caller[] = []
beforeAll(async () => {
  ;[admin, ops, client] = await Promise.all([signedIn('admin'), signedIn('ops'), signedIn('client')])
})

const key = 'matching.waves'
const aCity = () => `City ${newId()}`
const create = (fields: object, as = admin) =>
  api('/v1/config/entries', { as, body: { key, value: 2, reason: 'Test', ...fields } })
const created = async (fields: object) => (await ok(create(fields))).body
const revert = (id: string, headers = {}) =>
  api(`/v1/config/entries/${id}/revert`, { as: admin, body: { reason: 'Back' }, headers })
const decide = async (query: Record<string, string>, name = key) =>
  (await ok(api(`/v1/config/keys/${name}/value?${new URLSearchParams(query)}`, { as: ops }))).body
const valueFor = async (query: Record<string, string>) => (await decide(query)).value
const entry = async (id: string) => (await ok(api(`/v1/config/entries/${id}`, { as: ops }))).body
const inMs = (ms: number) => new Date(Date.now() + ms).toISOString()
const hour = 3_600_000

describe('a configuration entry', () => {
  it('decides for its scope from now on; without one the default decides', async () => {
    const city = aCity()
    expect(await decide({ city })).toMatchObject({ key, value: 3, entry: null })
    const made = await created({ scope: { city } })
    expect(made).toMatchObject({
      state: 'active',
      scope: { country: null, city, categoryId: null },
      version: 1,
    })
    expect(await decide({ city: city.toUpperCase() })).toMatchObject({ value: 2, entry: { id: made.id } })
    expect(await valueFor({ city: aCity() })).toBe(3)
    expect(await valueFor({ city, at: inMs(-hour) })).toBe(3)
  })

  it('of the nearest category decides before one of the city, that before one of the country', async () => {
    const [city, parent] = [aCity(), await aTrade()]
    const body = { slug: `child-${newId()}`, names: { en: 'Child', ar: 'Child' }, parentId: parent.id }
    const child = (await ok(api('/v1/categories', { as: admin, body }))).body
    const country = 'KG'
    const national = await created({ scope: { country }, value: 4 })
    expect(await valueFor({ country, city })).toBe(4)
    await created({ scope: { city }, value: 5 })
    expect(await valueFor({ country, city })).toBe(5)
    await created({ scope: { categoryId: parent.id }, value: 6 })
    expect(await valueFor({ country, city, categoryId: child.id })).toBe(6)
    await created({ scope: { categoryId: child.id }, value: 7 })
    expect(await valueFor({ country, city, categoryId: child.id })).toBe(7)
    expect(await valueFor({ country, city, categoryId: parent.id })).toBe(6)
    await ok(revert(national.id))
  })

  it('takes the place of the active one of its scope, whose history stays', async () => {
    const scope = { city: aCity() }
    const first = await created({ scope })
    const second = await created({ scope, value: 5 })
    expect(second.replaces).toBe(first.id)
    expect(await entry(first.id)).toMatchObject({ state: 'ended', validUntil: second.validFrom, value: 2 })
    expect(await valueFor(scope)).toBe(5)
    const { data } = (await ok(api(`/v1/config/entries?key=${key}&state=ended`, { as: ops }))).body
    expect(data.map(({ id }: { id: string }) => id)).toContain(first.id)
  })

  it('can be scheduled, with an end', async () => {
    const scope = { city: aCity() }
    const first = await created({ scope })
    const later = await created({ scope, value: 9, validFrom: inMs(hour), validUntil: inMs(2 * hour) })
    expect(later).toMatchObject({ state: 'scheduled', replaces: first.id })
    const values = [0, 1.5, 2.5].map((hours) => valueFor({ ...scope, at: inMs(hours * hour) }))
    expect(await Promise.all(values)).toEqual([2, 9, 3])
  })

  it('is refused beside another of its scope, in the past, and after its own end', async () => {
    const scope = { city: aCity() }
    await created({ scope, validFrom: inMs(hour), validUntil: inMs(2 * hour) })
    expect(await codeOf(create({ scope, validUntil: inMs(1.5 * hour) }))).toBe('409 config_entry_overlaps')
    expect(await codeOf(create({ scope, validFrom: inMs(-hour) }))).toBe('422 config_in_the_past')
    expect(await codeOf(create({ scope, validUntil: inMs(-hour) }))).toBe('422 config_in_the_past')
  })

  it('begins when it is taken where its beginning passes on the way', async () => {
    const waits = Array.from({ length: 40 }, (_, step) => 100 * step)
    const answers = await Promise.all(
      waits.map((ms) => create({ scope: { city: aCity() }, validFrom: inMs(ms) })),
    )
    // The very instant may have passed before the request is read.
    const taken = answers.filter(({ status }) => status === 201)
    expect(answers.filter(({ status }) => status !== 201).map(({ body }) => body.code)).toEqual(
      Array(answers.length - taken.length).fill('config_in_the_past'),
    )
    expect(taken.length).toBeGreaterThan(0)
  })

  it('is refused with a value, key, scope or category that is none', async () => {
    expect(await codeOf(create({ key: 'matching.none' }))).toBe('422 unknown_config_key')
    expect(await codeOf(create({ scope: { categoryId: newId() } }))).toBe('422 unknown_category')
    for (const value of [0, 11, '3', null, 2.5]) {
      const { status, body } = await create({ value })
      expect([status, body.code, body.errors[0].pointer]).toEqual([400, 'invalid_request', '/value'])
    }
    const commission = { basisPoints: 1_500, minimum: { EGP: 10_001 }, maximum: { EGP: 10_000 }, tiers: {} }
    expect((await create({ key: 'pricing.commission', value: commission })).status).toBe(400)
  })

  it('is for administrators to write, for staff to read, and for nobody else', async () => {
    const { id } = await created({ scope: { city: aCity() } })
    expect((await create({}, ops)).status).toBe(403)
    expect((await create({}, client)).status).toBe(403)
    expect((await api(`/v1/config/entries/${id}`, { as: client })).status).toBe(403)
  })
})

describe('a preview', () => {
  it('says what would change, what would refuse and what goes on deciding, and writes nothing', async () => {
    const [city, { id: categoryId }] = [aCity(), await aTrade()]
    const active = await created({ scope: { city } })
    const scheduled = await created({ scope: { city }, validFrom: inMs(hour), validUntil: inMs(2 * hour) })
    const narrower = await created({ scope: { city, categoryId }, value: 8 })
    const preview = (fields: object) =>
      ok(api('/v1/config/previews', { as: admin, body: { key, scope: { city }, value: 6, ...fields } }))
    const ids = (entries: { id: string }[]) => entries.map(({ id }) => id)
    const { body } = await preview({})
    expect(body).toMatchObject({ key, value: 6, currentValue: 2, decidedBy: active.id, replaces: active.id })
    expect(ids(body.conflicts)).toEqual([scheduled.id])
    expect(ids(body.exceptions)).toContain(narrower.id)
    expect(ids(body.exceptions)).not.toContain(scheduled.id)
    expect((await preview({ validUntil: inMs(hour / 2) })).body.conflicts).toEqual([])
    expect(await valueFor({ city })).toBe(2)
    expect(await entry(active.id)).toMatchObject({ version: active.version + 1 })
  })
})

describe('reverting', () => {
  it('an active entry lets the value before it decide again, once', async () => {
    const scope = { city: aCity() }
    await created({ scope })
    const second = await created({ scope, value: 5 })
    expect((await ok(revert(second.id))).body).toMatchObject({ state: 'ended' })
    expect(await valueFor(scope)).toBe(2)
    expect(await codeOf(revert(second.id))).toBe('409 config_entry_ended')
  })

  it('an entry that replaced none lets the wider scope decide', async () => {
    const scope = { city: aCity() }
    const only = await created({ scope })
    await ok(revert(only.id))
    expect(await decide(scope)).toMatchObject({ value: 3, entry: null })
  })

  it('a scheduled entry cancels it, and gives its time back', async () => {
    const scope = { city: aCity() }
    await created({ scope })
    const later = await created({ scope, value: 9, validFrom: inMs(hour) })
    expect((await ok(revert(later.id))).body).toMatchObject({ state: 'canceled', validFrom: null })
    expect(await valueFor({ ...scope, at: inMs(2 * hour) })).toBe(2)
  })

  it('of a version that has changed is refused', async () => {
    const { id } = await created({ scope: { city: aCity() } })
    expect((await revert(id, { 'if-match': '"v9.en"' })).status).toBe(412)
  })
})

describe('the keys', () => {
  it('tell their schema, default and scopes', async () => {
    const { data } = (await ok(api('/v1/config/keys', { as: ops }))).body
    const waves = data.find((declared: { key: string }) => declared.key === key)
    expect(waves).toMatchObject({
      valueSchema: { type: 'integer', minimum: 1, maximum: 10 },
      defaultValue: 3,
      scopes: ['country', 'city', 'category'],
      isPublic: false,
    })
  })

  it('that are public are shown to everybody, with a tag and a minute to keep them', async () => {
    const city = aCity()
    const path = `/v1/config?city=${encodeURIComponent(city)}`
    const { body, headers } = await ok(api(path))
    expect(body.values).toMatchObject({ 'bookings.minimum_minutes': 60, 'matching.wave_seconds': 45 })
    expect(Object.keys(body.values)).toEqual([
      'accounts.lifecycle',
      'assignment.answer_minutes',
      'bids.a_day',
      'bids.award_hours',
      'bids.fresh_minutes',
      'bids.invitations',
      'bids.open',
      'bids.questions_a_day',
      'bookings.acceptance_deadline',
      'bookings.answer_hours',
      'bookings.arrival',
      'bookings.cancellation_fee',
      'bookings.change_answer_minutes',
      'bookings.completion_deadline',
      'bookings.confirmation_deadline',
      'bookings.minimum_minutes',
      'bookings.no_show_fee',
      'bookings.proof',
      'bookings.start_code',
      'bookings.start_deadline',
      'bookings.visit_reminders',
      'calendar.holds',
      'calendar.rules',
      'candidates.view_days',
      'contracts.arbitration',
      'contracts.changes',
      'contracts.deadlines',
      'contracts.dormancy',
      'contracts.release',
      'debts.cap',
      'disputes.deadlines',
      'disputes.limits',
      'invoices.terms',
      'job_postings.most_days',
      'job_postings.price',
      'leads.answer_hours',
      'leads.price',
      'leads.refund_days',
      'leads.refunds_a_month',
      'leads.seats',
      'matching.wave_seconds',
      'orders.payment',
      'orders.quote',
      'payments.cash',
      'payments.tips',
      'payouts.schedule',
      'reviews.criteria_of_clients',
      'reviews.criteria_of_companies',
      'reviews.criteria_of_professionals',
      'reviews.edit_hours',
      'reviews.window_days',
      'standing.acceptance',
      'standing.cancellation',
      'standing.no_shows',
      'standing.rating',
      'standing.review_days',
      'standing.upheld_reports',
      'standing.window_days',
      'tasks.auto_rematch',
      'tasks.photos',
      'wallet.top_up',
    ])
    expect(headers.get('cache-control')).toBe('public, max-age=60')
    const tag = headers.get('etag') ?? ''
    expect((await api(path, { headers: { 'if-none-match': tag } })).status).toBe(304)
    await created({ key: 'matching.wave_seconds', scope: { city }, value: 60 })
    const changed = await ok(api(path, { headers: { 'if-none-match': tag } }))
    expect(changed.body.values['matching.wave_seconds']).toBe(60)
  })
})
