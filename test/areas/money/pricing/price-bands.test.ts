import { sql } from 'drizzle-orm'
import { beforeAll, describe, expect, it } from 'vitest'
import { newId } from '../../../../src/core/ids.ts'
import { api, type Caller, database, signedIn } from '../../../support/api.ts'
import { ok } from '../../../support/story.ts'
import { codeOf, draftOf } from '../../../support/work.ts'

let [admin, client]: Caller[] = []
beforeAll(async () => {
  ;[admin, client] = await Promise.all([signedIn('admin'), signedIn('client')])
})

async function aCategory(fields: object = {}): Promise<{ id: string; slug: string }> {
  const body = { slug: `band-${newId()}`, names: { en: 'Priced', ar: 'مسعّر' }, ...fields }
  return (await ok(api('/v1/categories', { as: admin, body }))).body
}

const amounts = { minAmountMinor: 15_000, maxAmountMinor: 40_000, currency: 'EGP' }
const create = (categoryId: string, fields: object = {}, as = admin) =>
  api('/v1/pricing-bands', { as, body: { categoryId, city: 'Cairo', ...amounts, ...fields } })
const change = (id: string, body: object, tag = '*') =>
  api(`/v1/pricing-bands/${id}`, { as: admin, method: 'PATCH', body, headers: { 'if-match': tag } })
const retire = (id: string, headers = {}) =>
  api(`/v1/pricing-bands/${id}/retire`, { as: admin, method: 'POST', headers })
const estimate = (categoryId: string, city = 'Cairo') =>
  api('/v1/price-estimates', { body: { categoryId, city, estMinutes: 60 } })
const list = async (query: string): Promise<string[]> =>
  (await ok(api(`/v1/pricing-bands?${query}`, { as: admin }))).body.data.map(({ id }: { id: string }) => id)

describe('a price band', () => {
  it('allows tasks of its category in its city', async () => {
    const category = await aCategory()
    const draft = () => api('/v1/tasks', { as: client, body: draftOf(category, { estMinutes: 60 }) })
    expect(await codeOf(draft())).toMatch(/price_unavailable$/)
    const { body: band } = await ok(create(category.id))
    expect(band).toMatchObject({
      categoryId: category.id,
      city: 'Cairo',
      ...amounts,
      state: 'active',
      validUntil: null,
      version: 1,
    })
    expect((await ok(draft())).body).toMatchObject({ estMinAmount: 15_000, estMaxAmount: 40_000 })
    expect((await ok(api(`/v1/pricing-bands/${band.id}`, { as: admin }))).body).toEqual(band)
  })

  it('is unique for a category and city, ignoring case, and for a category in every city', async () => {
    const { id } = await aCategory()
    await ok(create(id))
    await ok(create(id, { city: null }))
    await ok(create(id, { city: 'Giza' }))
    for (const city of ['Cairo', ' CAIRO ', null]) {
      expect(await codeOf(create(id, { city }))).toBe('409 price_band_overlaps')
    }
  })

  it('requires a category that is not deleted', async () => {
    const { id } = await aCategory()
    await api(`/v1/categories/${id}`, { as: admin, method: 'DELETE' })
    for (const categoryId of [id, newId()]) {
      const { status, body } = await create(categoryId)
      expect([status, body.code]).toEqual([422, 'unknown_category'])
      expect(body.errors).toMatchObject([{ pointer: '/categoryId' }])
    }
  })

  it('has the currency of its city, which the ledger must support', async () => {
    const [{ id }, city] = [await aCategory(), `Kumasi ${newId()}`]
    const { body: first } = await ok(create(id, { city, currency: 'GHS' }))
    const other = await aCategory()
    expect(await codeOf(create(other.id, { city: city.toUpperCase() }))).toBe('409 price_band_currency')
    expect(await codeOf(create(other.id, { city, currency: 'USD' }))).toBe('400 invalid_request')
    await ok(retire(first.id))
    await ok(create(other.id, { city }))
  })

  it('has ordered amounts within bounds, after every change', async () => {
    const { id } = await aCategory()
    const refused = { minAmountMinor: 40_001 }
    expect(await codeOf(create(id, refused))).toBe('422 price_band_order')
    for (const wrong of [{ minAmountMinor: 0 }, { maxAmountMinor: 100_000_001 }]) {
      expect(await codeOf(create(id, wrong))).toBe('400 invalid_request')
    }
    const { body: band } = await ok(create(id, { maxAmountMinor: 100_000_000 }))
    await ok(change(band.id, { maxAmountMinor: 40_000 }))
    expect(await codeOf(change(band.id, refused))).toBe('422 price_band_order')
  })

  it('changes under its current version only, and estimates follow at once', async () => {
    const { id } = await aCategory()
    const { body: band } = await ok(create(id))
    const { body: changed } = await ok(change(band.id, { minAmountMinor: 16_000 }))
    expect(changed).toMatchObject({ minAmountMinor: 16_000, maxAmountMinor: 40_000, version: 2 })
    expect((await estimate(id)).body.minAmountMinor).toBe(16_000)
    expect((await change(band.id, { minAmountMinor: 1 }, '"v1.en"')).status).toBe(412)
    const rows = await database().read<{ actor: string; changes: object }>(
      sql`select actor_user_id as actor, meta -> 'changes' as changes from audit_log
           where target_id = ${band.id} and action = 'pricing_bands.update'`,
    )
    expect(rows).toEqual([{ actor: admin?.userId, changes: { min_amount: [15_000, 16_000] } }])
  })

  it('is written with `pricing.manage` and read with `pricing.read`', async () => {
    const { id } = await aCategory()
    const ops = await signedIn('ops')
    expect(await codeOf(create(id, {}, ops))).toBe('403 permission_missing')
    expect(await codeOf(create(id, {}, client))).toBe('403 forbidden')
    const { body: band } = await ok(create(id))
    const read = (as?: Caller) => api(`/v1/pricing-bands/${band.id}`, { as })
    expect((await read(ops)).status).toBe(200)
    expect([(await read(client)).status, (await read()).status]).toEqual([403, 401])
  })
})

describe('retiring a band', () => {
  it('ends it now: removes it from estimates and the active list, and keeps it for its tasks', async () => {
    const category = await aCategory()
    const { body: band } = await ok(create(category.id))
    const { body: task } = await ok(api('/v1/tasks', { as: client, body: draftOf(category) }))
    const active = () => list(`categoryId=${category.id}&state=active`)
    expect(await active()).toEqual([band.id])

    const { body: retired } = await ok(retire(band.id))
    expect(retired).toMatchObject({ state: 'ended', validFrom: band.validFrom, version: 2 })
    expect(Date.parse(retired.validUntil)).toBeLessThanOrEqual(Date.now() + 1_000)
    expect(await active()).toEqual([])
    expect(await list(`categoryId=${category.id}`)).toEqual([band.id])
    expect(await codeOf(estimate(category.id))).toBe('404 price_unavailable')
    const [kept] = await database().read<{ band: string; min: number }>(
      sql`select price_band_id as band, est_min_amount as min from tasks where id = ${task.id}`,
    )
    expect(kept).toEqual({ band: band.id, min: task.estMinAmount })
  })

  it('is final, and allows another band in its place', async () => {
    const { id } = await aCategory()
    const { body: band } = await ok(create(id))
    expect((await retire(band.id, { 'if-match': '"v7.en"' })).status).toBe(412)
    const { body: retired } = await ok(retire(band.id))
    expect((await ok(retire(band.id))).body).toEqual(retired)
    expect(await codeOf(change(band.id, { minAmountMinor: 1 }))).toBe('409 price_band_ended')
    await ok(create(id, { minAmountMinor: 20_000 }))
    expect((await estimate(id)).body.minAmountMinor).toBe(20_000)
    expect((await retire(newId())).status).toBe(404)
  })
})

describe('the time of a band', () => {
  const inDays = (days: number) => new Date(Date.now() + days * 86_400_000).toISOString()
  /** As if so many days had passed. */
  const letPass = (id: string, days: number) =>
    database().write([
      sql`update pricing_bands set valid_during = tstzrange(lower(valid_during) - make_interval(days => ${days}),
                                                            upper(valid_during) - make_interval(days => ${days})) where id = ${id}`,
    ])

  it('decides when estimates and tasks use it: the next one takes its place where it ends', async () => {
    const category = await aCategory()
    const changesAt = inDays(1)
    const { body: today } = await ok(create(category.id, { validUntil: changesAt }))
    const { body: next } = await ok(create(category.id, { validFrom: changesAt, minAmountMinor: 20_000 }))
    expect([today.state, next.state]).toEqual(['active', 'scheduled'])
    expect([today.validUntil, next.validFrom]).toEqual([changesAt, changesAt])
    const draft = () => api('/v1/tasks', { as: client, body: draftOf(category, { estMinutes: 60 }) })
    expect((await estimate(category.id)).body.minAmountMinor).toBe(15_000)
    expect((await ok(draft())).body.estMinAmount).toBe(15_000)
    await letPass(today.id, 2)
    await letPass(next.id, 2)
    expect((await estimate(category.id)).body.minAmountMinor).toBe(20_000)
    expect((await ok(draft())).body.estMinAmount).toBe(20_000)
    expect(await list(`categoryId=${category.id}&state=ended`)).toEqual([today.id])
    await letPass(next.id, -4)
    expect(await codeOf(estimate(category.id))).toBe('404 price_unavailable')
    expect(await codeOf(draft())).toBe('404 price_unavailable')
  })

  it('begins now or later, and ends after it begins', async () => {
    const { id } = await aCategory()
    for (const time of [
      { validFrom: inDays(-1) },
      { validUntil: inDays(-1) },
      { validFrom: inDays(2), validUntil: inDays(1) },
      { validFrom: inDays(2), validUntil: inDays(2) },
    ]) {
      // The same instant twice: `inDays` counts anew each time.
      expect(await codeOf(create(id, time))).toBe('422 price_band_in_the_past')
    }
  })

  it('is bounded by an end that can be set, moved and taken away, until it has ended', async () => {
    const { id } = await aCategory()
    const { body: band } = await ok(create(id))
    const { body: ending } = await ok(change(band.id, { validUntil: inDays(3) }))
    expect([ending.validFrom, ending.version]).toEqual([band.validFrom, 2])
    const { body: next } = await ok(create(id, { validFrom: ending.validUntil }))
    expect(await codeOf(change(band.id, { validUntil: null }))).toBe('409 price_band_overlaps')
    expect(await codeOf(change(band.id, { validUntil: inDays(-1) }))).toBe('422 price_band_in_the_past')
    expect(await codeOf(change(next.id, { validUntil: inDays(1) }))).toBe('422 price_band_in_the_past')
    await ok(retire(next.id))
    expect((await ok(change(band.id, { validUntil: null }))).body.validUntil).toBeNull()
    await letPass((await ok(change(band.id, { validUntil: inDays(1) }))).body.id, 2)
    expect(await codeOf(change(band.id, { validUntil: null }))).toBe('409 price_band_ended')
  })

  it('that never came is canceled by retiring', async () => {
    const { id } = await aCategory()
    const { body: band } = await ok(create(id, { validFrom: inDays(1) }))
    expect(await codeOf(estimate(id))).toBe('404 price_unavailable')
    expect((await ok(retire(band.id))).body).toMatchObject({
      state: 'canceled',
      validFrom: null,
      validUntil: null,
    })
    expect(await codeOf(change(band.id, { minAmountMinor: 1 }))).toBe('409 price_band_ended')
    await ok(create(id, { validFrom: inDays(1) }))
  })

  it('bounds the currency of its city', async () => {
    const [{ id }, other, city] = [await aCategory(), await aCategory(), `Tema ${newId()}`]
    const changesAt = inDays(5)
    const { body: first } = await ok(create(id, { city, currency: 'GHS', validUntil: changesAt }))
    const inPounds = (time: object) => create(other.id, { city, ...time })
    expect(await codeOf(inPounds({ validFrom: inDays(4) }))).toBe('409 price_band_currency')
    await ok(inPounds({ validFrom: changesAt }))
    expect(await codeOf(change(first.id, { validUntil: inDays(6) }))).toBe('409 price_band_currency')
  })
})

describe('the list of bands', () => {
  it('filtered by city returns the bands that estimates there use', async () => {
    const { id } = await aCategory()
    const [everywhere, cairo, giza] = [
      (await ok(create(id, { city: null }))).body.id,
      (await ok(create(id))).body.id,
      (await ok(create(id, { city: 'Giza' }))).body.id,
    ]
    expect(await list(`categoryId=${id}`)).toEqual([giza, cairo, everywhere])
    expect(await list(`categoryId=${id}&city=cairo`)).toEqual([cairo, everywhere])
    expect(await list(`categoryId=${id}&city=Aswan&state=active`)).toEqual([everywhere])
    await ok(retire(everywhere))
    expect(await list(`categoryId=${id}&city=Aswan&state=active`)).toEqual([])
    expect(await codeOf(estimate(id, 'Aswan'))).toBe('404 price_unavailable')
    expect(await list(`categoryId=${id}&state=ended`)).toEqual([everywhere])
  })
})
