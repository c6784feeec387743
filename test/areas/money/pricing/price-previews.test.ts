import { sql } from 'drizzle-orm'
import { beforeAll, describe, expect, it } from 'vitest'
import { newId } from '../../../../src/core/ids.ts'
import { api, type Caller, database, signedIn } from '../../../support/api.ts'
import { ok } from '../../../support/story.ts'
import { codeOf } from '../../../support/work.ts'

let admin: Caller
beforeAll(async () => {
  admin = await signedIn('admin')
})

async function aCategory(fields: object = {}): Promise<string> {
  const body = { slug: `preview-${newId()}`, names: { en: 'Preview', ar: 'معاينة' }, ...fields }
  return (await ok(api('/v1/categories', { as: admin, body }))).body.id
}

const amounts = { minAmountMinor: 10_000, maxAmountMinor: 20_000, currency: 'EGP' }
const create = async (body: object) =>
  (await ok(api('/v1/pricing-bands', { as: admin, body: { ...amounts, ...body } }))).body
const previewed = (body: object, as = admin) =>
  api('/v1/pricing-band-previews', { as, body: { ...amounts, estMinutes: 90, ...body } })
const preview = async (body: object) => (await ok(previewed(body))).body
const estimate = async (categoryId: string, city: string) => {
  const { status, body } = await api('/v1/price-estimates', { body: { categoryId, city, estMinutes: 90 } })
  const { minAmountMinor, maxAmountMinor, currency } = body
  return status === 200 ? { minAmountMinor, maxAmountMinor, currency } : null
}
const range = (min: number, max: number, currency = 'EGP') => ({
  minAmountMinor: min,
  maxAmountMinor: max,
  currency,
})

describe('the preview of a price band', () => {
  it('shows what estimates of its category and those below it become, as they then do', async () => {
    const top = await aCategory()
    const middle = await aCategory({ parentId: top })
    const [bottom, priced, inactive] = [
      await aCategory({ parentId: middle }),
      await aCategory({ parentId: middle }),
      await aCategory({ parentId: middle, active: false }),
    ]
    await create({ categoryId: top, city: null })
    await create({ categoryId: priced, city: 'Cairo' })
    const band = { categoryId: middle, city: 'Cairo', minAmountMinor: 30_001, maxAmountMinor: 40_000 }
    const { estimates, conflicts, estMinutes } = await preview(band)
    expect(conflicts).toEqual([])
    expect(estMinutes).toBe(90)
    expect(estimates).toMatchObject(
      [middle, bottom].map((categoryId) => ({
        categoryId,
        city: 'Cairo',
        before: range(15_000, 30_000),
        after: range(45_002, 60_000),
      })),
    )
    const ids = [top, middle, bottom, priced, inactive]
    const before = await Promise.all(ids.map((id) => estimate(id, 'cairo')))
    await create(band)
    const after = await Promise.all(ids.map((id) => estimate(id, 'cairo')))
    for (const [n, id] of ids.entries()) {
      const shown = estimates.find(({ categoryId }: { categoryId: string }) => categoryId === id)
      expect([before[n], after[n]]).toEqual(shown ? [shown.before, shown.after] : [before[n], before[n]])
    }
  })

  it('of a band for every city names the cities whose estimates it decides', async () => {
    const top = await aCategory()
    const below = await aCategory({ parentId: top })
    await create({ categoryId: top, city: 'Giza', minAmountMinor: 5_000 })
    await create({ categoryId: below, city: 'Luxor' })
    const { estimates } = await preview({ categoryId: below, city: null })
    expect(estimates).toMatchObject([
      { categoryId: below, city: null, before: null, after: range(15_000, 30_000) },
      { categoryId: below, city: 'Giza', before: range(7_500, 30_000), after: range(15_000, 30_000) },
    ])
  })

  it('names the bands that refuse it, and decides as if they made room', async () => {
    const [id, other, city] = [await aCategory(), await aCategory(), `Suez ${newId()}`]
    const inDays = (days: number) => new Date(Date.now() + days * 86_400_000).toISOString()
    const active = await create({ categoryId: id, city, validUntil: inDays(2) })
    const scheduled = await create({ categoryId: id, city, validFrom: inDays(4) })
    await create({ categoryId: id, city: null })
    const conflictsOf = async (body: object) =>
      (await preview({ categoryId: id, city, ...body })).conflicts.map((band: { id: string }) => band.id)
    expect(await conflictsOf({})).toEqual([active.id, scheduled.id])
    expect(await conflictsOf({ validFrom: inDays(3) })).toEqual([scheduled.id])
    expect(await conflictsOf({ validFrom: inDays(3), validUntil: inDays(4) })).toEqual([scheduled.id])
    expect(await conflictsOf({ validFrom: active.validUntil, validUntil: scheduled.validFrom })).toEqual([])
    const { estimates } = await preview({ categoryId: id, city, minAmountMinor: 20_000 })
    expect(estimates).toMatchObject([{ before: range(15_000, 30_000), after: range(30_000, 30_000) }])
    const inCedis = { categoryId: other, city: city.toUpperCase(), currency: 'GHS' }
    expect((await preview(inCedis)).conflicts).toHaveLength(2)
    expect(await codeOf(api('/v1/pricing-bands', { as: admin, body: { ...amounts, ...inCedis } }))).toBe(
      '409 price_band_currency',
    )
  })

  it('writes nothing, and refuses what the band itself would be refused for', async () => {
    const id = await aCategory()
    await preview({ categoryId: id, city: 'Cairo' })
    const [row] = await database().read<{ n: number }>(
      sql`select count(*)::int as n from pricing_bands where category_id = ${id}`,
    )
    expect(row?.n).toBe(0)
    expect(await codeOf(previewed({ categoryId: newId() }))).toBe('422 unknown_category')
    expect(await codeOf(previewed({ categoryId: id, minAmountMinor: 20_001 }))).toBe('422 price_band_order')
    const validFrom = new Date(Date.now() - 60_000).toISOString()
    expect(await codeOf(previewed({ categoryId: id, validFrom }))).toBe('422 price_band_in_the_past')
    expect(await codeOf(previewed({ categoryId: id }, await signedIn('ops')))).toBe('403 permission_missing')
  })
})
