import { sql } from 'drizzle-orm'
import { beforeAll, describe, expect, it } from 'vitest'
import { newId } from '../../../../src/core/ids.ts'
import { insertion } from '../../../../src/db/patch.ts'
import { pricingBands } from '../../../../src/db/schema/money/pricing.ts'
import { taskCategories } from '../../../../src/db/schema/supply/catalog.ts'
import { api, database } from '../../../support/api.ts'

const ids = { top: newId(), middle: newId(), bottom: newId() }

const names = sql`'{"en": "Priced", "ar": "مسعّر"}'::jsonb`

const category = (id: string, parentId: string | null, more: object = {}) =>
  sql`insert into task_categories ${insertion(taskCategories, { id, parentId, slug: `price-${id}`, names, ...more })}`
const band = (
  categoryId: string,
  city: string | null,
  minAmount: number,
  maxAmount: number,
  more: object = {},
) =>
  sql`insert into pricing_bands ${insertion(pricingBands, { id: newId(), categoryId, city, minAmount, maxAmount, ...more })}`

beforeAll(async () => {
  await database().write([
    category(ids.top, null),
    category(ids.middle, ids.top),
    category(ids.bottom, ids.middle),
    band(ids.top, null, 10_000, 20_000),
    band(ids.top, 'Cairo', 15_000, 40_000),
    band(ids.middle, 'Giza', 14_001, 38_001),
    band(ids.middle, 'Cairo', 1, 2, { validDuring: sql`tstzrange(now() - interval '2 days', now())` }),
    band(ids.middle, 'Cairo', 3, 4, { validDuring: sql`tstzrange(now() + interval '1 day', null)` }),
    band(ids.bottom, 'Lagos', 500_000, 900_000, { currency: 'NGN' }),
  ])
})

const estimate = (categoryId: string, city: string, estMinutes: number) =>
  api('/v1/price-estimates', { body: { categoryId, city, estMinutes } })

describe('a price estimate', () => {
  it('is the band an hour times the minutes, in integers, rounded half up', async () => {
    const cases: [number, number, number][] = [
      [60, 14_001, 38_001],
      [90, 21_002, 57_002], // 21001.5 and 57001.5
      [30, 7_001, 19_001], // 7000.5 and 19000.5
      [20, 4_667, 12_667],
      [15, 3_500, 9_500], // 3500.25 and 9500.25
      [10_080, 2_352_168, 6_384_168],
    ]
    for (const [minutes, minAmountMinor, maxAmountMinor] of cases) {
      const { body } = await estimate(ids.middle, 'Giza', minutes)
      expect(body).toEqual({
        categoryId: ids.middle,
        city: 'Giza',
        estMinutes: minutes,
        minAmountMinor,
        maxAmountMinor,
        currency: 'EGP',
      })
    }
  })

  it('uses the nearest ancestor’s band, preferring the city’s over one for every city', async () => {
    const rateOf = async (id: string, city: string) => (await estimate(id, city, 60)).body.minAmountMinor
    expect(await rateOf(ids.bottom, 'giza')).toBe(14_001)
    expect(await rateOf(ids.bottom, 'Cairo')).toBe(15_000)
    expect(await rateOf(ids.bottom, 'Aswan')).toBe(10_000)
    expect((await estimate(ids.bottom, 'Lagos', 60)).body).toMatchObject({
      minAmountMinor: 500_000,
      currency: 'NGN',
    })
  })

  it('is refused where no band applies', async () => {
    const unpriced = newId()
    const inactive = newId()
    await database().write([category(unpriced, null), category(inactive, ids.top, { active: false })])
    for (const id of [unpriced, inactive, newId()]) {
      const { status, body } = await estimate(id, 'Cairo', 60)
      expect([status, body.code]).toEqual([404, 'price_unavailable'])
    }
  })
})
