import type pg from 'pg'
import { afterAll, beforeAll, expect, it } from 'vitest'
import {
  createPricingBand,
  retirePricingBand,
  updatePricingBand,
} from '../../src/areas/money/pricing/price-bands.ts'
import { newId } from '../../src/core/ids.ts'
import { connect } from '../support/integrity-world.ts'
import { type NodeContexts, openContexts } from '../support/node-context.ts'
import { aPhone } from '../support/numbers.ts'
import { count, messageOf, outcomeOf, times } from '../support/races.ts'
import { describeReal, freshDatabase } from '../support/real-postgres.ts'

describeReal('price bands, from many connections at once', () => {
  let contexts: NodeContexts
  let one: pg.Client
  const admin = { id: newId(), role: 'admin' }
  const asAdmin = () => contexts.contextOf(admin)

  beforeAll(async () => {
    const { ownerUrl } = await freshDatabase()
    contexts = await openContexts(ownerUrl, 16)
    one = await connect(ownerUrl)
    await one.query('insert into users (id, phone, role) values ($1, $2, $3)', [admin.id, aPhone(), 'admin'])
  })
  afterAll(async () => {
    await one.end()
    await contexts.close()
  })

  async function aCategory(): Promise<string> {
    const id = newId()
    await one.query('insert into task_categories (id, slug, name_en) values ($1, $2, $2)', [id, `race-${id}`])
    return id
  }
  const bandOf = (categoryId: string, city: string | null, currency = 'EGP') => ({
    categoryId,
    city,
    minAmount: 1_000,
    maxAmount: 2_000,
    currency,
  })
  const activeOf = async (categoryId: string): Promise<number> => {
    const text = 'select count(*)::int as n from pricing_bands where category_id = $1 and active'
    return (await one.query(text, [categoryId])).rows[0].n
  }

  it.each(['Cairo', null])('creates one of ten concurrent bands for a category in %s', async (city) => {
    const categoryId = await aCategory()
    const outcomes = await times(10, () => outcomeOf(createPricingBand(asAdmin(), bandOf(categoryId, city))))
    expect(count(outcomes)).toEqual({ ok: 1, already_exists: 9 })
    expect(await activeOf(categoryId)).toBe(1)
  })

  it('concurrent bands of a city in several currencies leave one currency, without a deadlock', async () => {
    const categories = await times(10, () => aCategory())
    const city = `Accra ${newId()}`
    const outcomes = await times(10, (n) => {
      const band = bandOf(categories[n] ?? '', city, n % 2 === 0 ? 'GHS' : 'NGN')
      return outcomeOf(createPricingBand(asAdmin(), band))
    })
    expect(count(outcomes)).toEqual({ ok: 5, price_band_currency: 5 })
  })

  it('Postgres itself refuses the second band and the second currency', async () => {
    const [first, second] = [await aCategory(), await aCategory()]
    const insert = (categoryId: string, currency: string) =>
      messageOf(
        one.query(
          `insert into pricing_bands (id, category_id, city, min_amount, max_amount, currency) values ($1, $2, 'Tema', 1, 2, $3)`,
          [newId(), categoryId, currency],
        ),
      )
    expect(await insert(first, 'GHS')).toBe('ok')
    expect(await insert(first, 'GHS')).toContain('pricing_bands_active_key')
    expect(await insert(second, 'NGN')).toContain('pricing_bands_one_currency')
  })

  it('a retired band is not changed by a concurrent update', async () => {
    for (let round = 0; round < 5; round++) {
      const { id } = await createPricingBand(asAdmin(), bandOf(await aCategory(), 'Cairo'))
      const [retired, ...changed] = await Promise.all([
        outcomeOf(retirePricingBand(asAdmin(), id, null)),
        ...[3_000, 4_000, 5_000].map((maxAmount) =>
          outcomeOf(updatePricingBand(asAdmin(), id, { maxAmount }, null)),
        ),
      ])
      expect(retired).toBe('ok')
      const { rows } = await one.query('select active, version from pricing_bands where id = $1', [id])
      const done = changed.filter((outcome) => outcome === 'ok').length
      expect(rows).toEqual([{ active: false, version: 2 + done }])
      expect(
        changed.filter((outcome) => outcome !== 'ok').every((code) => code === 'price_band_retired'),
      ).toBe(true)
    }
  })
})
