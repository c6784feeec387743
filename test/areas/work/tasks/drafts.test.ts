import { beforeAll, describe, expect, it } from 'vitest'
import { newId } from '../../../../src/core/ids.ts'
import { api, type Caller, signedIn } from '../../../support/api.ts'
import { aClient, anAdmin, anOps, ok } from '../../../support/story.ts'
import {
  aDraft,
  aTrade,
  codeOf,
  draftOf,
  inHours,
  priceIn,
  readAll,
  type Trade,
} from '../../../support/work.ts'

let trade: Trade
let client: Caller

beforeAll(async () => {
  trade = await aTrade()
  client = await aClient()
})

const create = (body: object, as = client, headers = {}) => api('/v1/tasks', { as, body, headers })
const patch = (id: string, body: object, as = client, headers = {}) =>
  api(`/v1/tasks/${id}`, { as, method: 'PATCH', body, headers })

const forStaff = ['hold', 'resume', 'fail'].map((action) => ({
  action,
  allowed: false,
  reason: 'wrong_party',
}))

describe('a draft', () => {
  it('is priced by the band of its category, and visible to its client and staff only', async () => {
    const fields = {
      startsAt: inHours(30),
      estMinutes: 50,
      structuredInputs: { floor: 3, hasElevator: true, note: 'Ring twice', fixtures: ['tap', 'valve'] },
    }
    const { status, body, headers } = await create(draftOf(trade, fields))
    expect(status).toBe(201)
    expect(body).toMatchObject({
      ...draftOf(trade, fields),
      clientId: client.userId,
      sourcing: 'match',
      subcategory: null,
      flexibilityMinutes: 0,
      pricingModel: 'hourly',
      // 100.00 and 400.00 an hour × 50 minutes, rounded half up.
      estMinAmount: 8_333,
      estMaxAmount: 33_333,
      currency: 'EGP',
      state: 'draft',
      bookingId: null,
      version: 1,
    })
    expect(body.allowedActions).toEqual([
      { action: 'post', allowed: true },
      { action: 'repost', allowed: false, reason: 'wrong_state' },
      { action: 'rematch', allowed: false, reason: 'wrong_state' },
      { action: 'cancel', allowed: true },
      ...forStaff,
    ])
    expect(headers.get('etag')).toBe('"v1.en"')
    expect(headers.get('server-timing')).toMatch(/round-trips=1/)
    expect((await ok(api(`/v1/tasks/${body.id}`, { as: client }))).body).toEqual(body)
    const seenByOps = await ok(api(`/v1/tasks/${body.id}`, { as: await anOps() }))
    expect(seenByOps.body.allowedActions[0]).toEqual({
      action: 'post',
      allowed: false,
      reason: 'wrong_party',
    })
    for (const stranger of [await aClient(), await signedIn('tasker')]) {
      expect(await codeOf(api(`/v1/tasks/${body.id}`, { as: stranger }))).toBe('404 not_found')
    }
    expect(await codeOf(api(`/v1/tasks/${newId()}`, { as: client }))).toBe('404 not_found')
  })

  it('defaults to one hour', async () => {
    const { estMinutes: _left, ...rest } = draftOf(trade)
    expect((await ok(create(rest))).body).toMatchObject({ estMinutes: 60, estMinAmount: 10_000 })
  })

  it('is refused with an invalid category, place or time', async () => {
    const child = await aTrade({ parentId: trade.id })
    const elsewhere = await aTrade()
    const nested = Object.fromEntries(Array.from({ length: 31 }, (_, n) => [`a${n}`, n]))
    const refused: [object, string][] = [
      [{ startsAt: inHours(-1) }, '422 starts_at_refused'],
      [{ startsAt: inHours(366 * 24 + 1) }, '422 starts_at_refused'],
      [{ startsAt: '0000-01-01T00:00:00Z' }, '400 invalid_request'],
      [{ startsAt: inHours(48).replace('Z', '+23:00') }, '201'],
      [{ startsAt: '2199-01-01T00:00:00Z' }, '400 invalid_request'],
      [{ startsAt: '2027-02-30T00:00:00Z' }, '400 invalid_request'],
      [{ category: `none-${newId()}` }, '422 unknown_category'],
      [{ subcategory: elsewhere.slug }, '422 unknown_category'],
      [{ subcategory: trade.slug }, '422 unknown_category'],
      [{ category: elsewhere.slug, subcategory: child.slug }, '422 unknown_category'],
      [{ lat: 90.1 }, '400 invalid_request'],
      [{ estMinutes: 14 }, '400 invalid_request'],
      [{ description: '   ' }, '400 invalid_request'],
      [{ description: 'x'.repeat(4_001) }, '400 invalid_request'],
      [{ structuredInputs: { nested: { deep: 1 } } }, '400 invalid_request'],
      [{ structuredInputs: { 'no spaces': 1 } }, '400 invalid_request'],
      [{ structuredInputs: nested }, '400 invalid_request'],
      [{ state: 'posted' }, '400 invalid_request'],
      [{ estMinAmount: 1 }, '400 invalid_request'],
      [{ sourcing: 'raffle' }, '400 invalid_request'],
    ]
    for (const [fields, code] of refused)
      expect([fields, await codeOf(create(draftOf(trade, fields)))]).toEqual([fields, code])
    expect((await ok(create(draftOf(trade, { subcategory: child.slug })))).body.subcategory).toBe(child.slug)
  })

  it('keeps everything that a client says of it', async () => {
    const wishes = {
      title: 'Dripping kitchen tap',
      budgetMinAmount: 20_000,
      budgetMaxAmount: 50_000,
      urgencyLevel: 4,
      locationType: 'pickup',
      isRemote: true,
      preferredDate: '2027-06-01',
      preferredTime: '10:00',
      timezone: 'Africa/Cairo',
      deadline: inHours(20),
      experienceLevel: 'expert',
      requirements: ['Brings own tools'],
      skills: ['leak detection'],
      clientNotes: 'The doorbell is broken.',
    }
    const { body } = await ok(create({ ...draftOf(trade), ...wishes, sourcing: 'bid' }))
    expect(body).toMatchObject({ ...wishes, sourcing: 'bid', priority: 'normal' })
    const later = { title: null, budgetMinAmount: null, skills: [], preferredTime: null, deadline: null }
    const changed = await ok(api(`/v1/tasks/${body.id}`, { as: client, method: 'PATCH', body: later }))
    expect(changed.body).toMatchObject({ ...wishes, ...later })
    for (const [fields, code] of [
      [{ budgetMinAmount: 2, budgetMaxAmount: 1 }, '400 invalid_request'],
      [{ preferredTime: '24:00', preferredDate: '2027-06-01', timezone: 'UTC' }, '400 invalid_request'],
      [{ preferredTime: '10:00', preferredDate: null }, '400 invalid_request'],
      [{ timezone: 'Mars/Olympus' }, '400 invalid_request'],
      [{ urgencyLevel: 6 }, '400 invalid_request'],
      [{ priority: 'urgent' }, '400 invalid_request'],
    ] as const)
      expect([fields, await codeOf(create({ ...draftOf(trade), ...fields }))]).toEqual([fields, code])
  })

  it('requires a price band', async () => {
    const admin = await anAdmin()
    const slug = `free-${newId()}`
    await ok(api('/v1/categories', { as: admin, body: { slug, names: { en: 'Free', ar: 'Free' } } }))
    expect(await codeOf(create(draftOf({ id: '', slug })))).toBe('404 price_unavailable')
  })

  it('is created by clients and by taskers', async () => {
    expect((await create(draftOf(trade), await signedIn('tasker'))).status).toBe(201)
    expect(await codeOf(create(draftOf(trade), await anOps()))).toBe('403 forbidden')
  })

  it('is created once for a key', async () => {
    const headers = { 'idempotency-key': newId() }
    const body = draftOf(trade)
    const first = await create(body, client, headers)
    const second = await create(body, client, headers)
    expect(second.headers.get('idempotency-replayed')).toBe('true')
    expect([second.status, second.body]).toEqual([201, first.body])
    expect(await codeOf(create(draftOf(trade, { estMinutes: 91 }), client, headers))).toBe(
      '422 idempotency_mismatch',
    )
  })
})

describe('changing a draft', () => {
  it('changes the fields that are sent, and no others', async () => {
    let before = await aDraft(client, trade)
    const child = await aTrade({ parentId: trade.id })
    const changes = [
      { description: 'The bath drips.' },
      { address: '1 Tahrir Square' },
      { district: null },
      { lat: 30.1 },
      { lng: 31.5 },
      { startsAt: inHours(48) },
      { flexibilityMinutes: 60 },
      { pricingModel: 'fixed' },
      { structuredInputs: { floor: 1 } },
      { structuredInputs: {} },
      { subcategory: child.slug },
      { subcategory: null },
    ]
    for (const change of changes) {
      const { body: after } = await ok(patch(before.id, change))
      expect(after).toEqual({
        ...before,
        ...change,
        version: before.version + 1,
        updatedAt: after.updatedAt,
      })
      before = after
    }
    const { body: longer } = await ok(patch(before.id, { estMinutes: 120 }))
    expect(longer).toMatchObject({ estMinutes: 120, estMinAmount: 20_000, estMaxAmount: 80_000 })
    expect((await ok(patch(before.id, {}))).body).toEqual(longer)
  })

  it('recalculates the price', async () => {
    const cheap = await aTrade()
    const band = { minAmountMinor: 5_000, maxAmountMinor: 6_000, currency: 'NGN' }
    await priceIn(cheap, 'Lagos', band)
    const draft = await aDraft(client, trade, { city: 'Lagos', estMinutes: 60 })
    expect(draft).toMatchObject({ estMinAmount: 10_000, currency: 'EGP' })
    const { body } = await ok(patch(draft.id, { category: cheap.slug }))
    expect(body).toMatchObject({
      category: cheap.slug,
      estMinAmount: 5_000,
      estMaxAmount: 6_000,
      currency: 'NGN',
    })
    expect((await ok(patch(draft.id, { city: 'Cairo' }))).body).toMatchObject({
      estMinAmount: 10_000,
      currency: 'EGP',
    })
  })

  it('refuses what cannot be', async () => {
    const child = await aTrade({ parentId: trade.id })
    const other = await aTrade()
    const { id } = await aDraft(client, trade, { subcategory: child.slug })
    const refused: [object, string][] = [
      [{ startsAt: inHours(-1) }, '422 starts_at_refused'],
      [{ category: `none-${newId()}` }, '422 unknown_category'],
      // Its subcategory would belong to another category.
      [{ category: other.slug }, '422 unknown_category'],
      [{ subcategory: other.slug }, '422 unknown_category'],
      [{ description: null }, '400 invalid_request'],
      [{ sourcing: 'match' }, '400 invalid_request'],
    ]
    for (const [fields, code] of refused) expect(await codeOf(patch(id, fields))).toBe(code)
    expect((await ok(patch(id, { category: other.slug, subcategory: null }))).body.category).toBe(other.slug)
  })

  it('requires the current version', async () => {
    const { id } = await aDraft(client, trade)
    const ifMatch = { 'if-match': '"v1.en"' }
    await ok(patch(id, { district: 'Zamalek' }, client, ifMatch))
    expect(await codeOf(patch(id, { district: 'Dokki' }, client, ifMatch))).toBe('412 precondition_failed')
  })

  it('is for its client and ops, before posting', async () => {
    const { id } = await aDraft(client, trade)
    expect(await codeOf(patch(id, { district: 'Dokki' }, await aClient()))).toBe('404 not_found')
    for (const fields of [{ district: 'Dokki' }, { estMinutes: 90 }, { city: 'Cairo' }]) {
      expect(await codeOf(patch(newId(), fields))).toBe('404 not_found')
    }
    expect((await ok(patch(id, { district: 'Dokki' }, await anOps()))).body.district).toBe('Dokki')
    await ok(api(`/v1/tasks/${id}/cancel`, { as: client, body: { reason: 'Done by a friend.' } }))
    expect(await codeOf(patch(id, { district: 'Maadi' }))).toBe('409 not_editable')
  })
})

describe('the list of tasks', () => {
  it('contains the caller’s own only, newest first', async () => {
    const owner = await aClient()
    const ids: string[] = []
    for (let n = 0; n < 5; n += 1) ids.unshift((await aDraft(owner, trade)).id)
    await aDraft(await aClient(), trade)
    for (const limit of [1, 2, 5]) {
      expect((await readAll(`/v1/tasks?limit=${limit}`, owner)).map(({ id }) => id)).toEqual(ids)
    }
    await ok(api(`/v1/tasks/${ids[2]}/cancel`, { as: owner, body: { reason: 'No.' } }))
    const drafts = await readAll('/v1/tasks?state=draft&limit=2', owner)
    expect(drafts.map(({ id }) => id)).toEqual(ids.toSpliced(2, 1))
    expect(await readAll('/v1/tasks?role=tasker&limit=2', owner)).toEqual([])
    expect(await readAll('/v1/tasks?role=client&limit=100', owner)).toHaveLength(5)
    const all = (await ok(api('/v1/tasks?limit=100', { as: await anOps() }))).body.data
    expect(all.map(({ id }: { id: string }) => id)).toEqual(expect.arrayContaining(ids))
  })

  it('skips and repeats nothing while tasks are added', async () => {
    const owner = await aClient()
    const before: string[] = []
    for (let n = 0; n < 4; n += 1) before.unshift((await aDraft(owner, trade)).id)
    const seen = await readAll('/v1/tasks?limit=1', owner, async () => void (await aDraft(owner, trade)))
    expect(seen.map(({ id }) => id)).toEqual(before)
  })
})
