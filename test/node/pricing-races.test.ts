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
  let database: Awaited<ReturnType<typeof freshDatabase>>
  const admin = { id: newId(), role: 'admin' }
  const asAdmin = () => contexts.contextOf(admin)

  beforeAll(async () => {
    database = await freshDatabase()
    const { ownerUrl } = database
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
    await one.query(
      `insert into task_categories (id, slug, names) values ($1, $2, '{"en": "Race", "ar": "سباق"}')`,
      [id, `race-${id}`],
    )
    return id
  }
  const bandOf = (categoryId: string, city: string | null, currency = 'EGP') => ({
    categoryId,
    city,
    minAmount: 1_000,
    maxAmount: 2_000,
    currency,
    validFrom: null as string | null,
    validUntil: null as string | null,
  })
  const activeOf = async (categoryId: string): Promise<number> => {
    const text =
      'select count(*)::int as n from pricing_bands where category_id = $1 and valid_during @> now()'
    return (await one.query(text, [categoryId])).rows[0].n
  }

  it.each(['Cairo', null])('creates one of ten concurrent bands for a category in %s', async (city) => {
    const categoryId = await aCategory()
    const outcomes = await times(10, () => outcomeOf(createPricingBand(asAdmin(), bandOf(categoryId, city))))
    expect(count(outcomes)).toEqual({ ok: 1, price_band_overlaps: 9 })
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
    expect(await insert(first, 'GHS')).toContain('pricing_bands_one_at_a_time')
    expect(await insert(second, 'NGN')).toContain('pricing_bands_one_currency')
  })

  it('bands that are scheduled at once for overlapping times leave one of them, and the one that begins at its end', async () => {
    const categoryId = await aCategory()
    const day = (n: number) => new Date(Date.now() + n * 86_400_000).toISOString()
    const scheduled = (from: string, until: string | null) =>
      outcomeOf(
        createPricingBand(asAdmin(), {
          ...bandOf(categoryId, 'Cairo'),
          validFrom: from,
          validUntil: until,
        }),
      )
    const [one, two, three] = [day(1), day(2), day(3)]
    const outcomes = await Promise.all([
      scheduled(one, two),
      scheduled(one, three),
      scheduled(one, null),
      scheduled(one, two),
    ])
    expect(count(outcomes)).toEqual({ ok: 1, price_band_overlaps: 3 })
    const later = await aCategory()
    const inTurn = await Promise.all(
      [
        [one, two],
        [two, three],
        [three, null],
      ].map(([from, until]) =>
        outcomeOf(
          createPricingBand(asAdmin(), {
            ...bandOf(later, 'Cairo'),
            validFrom: from ?? null,
            validUntil: until ?? null,
          }),
        ),
      ),
    )
    expect(count(inTurn)).toEqual({ ok: 3 })
  })

  it('Postgres lets the second of two connections wait for the first, and refuses it once that commits', async () => {
    const categoryId = await aCategory()
    const { ownerUrl } = database
    const [first, second] = [await connect(ownerUrl), await connect(ownerUrl)]
    const insert = (connection: pg.Client, from: string, until: string) =>
      connection.query(
        `insert into pricing_bands (id, category_id, city, min_amount, max_amount, valid_during)
         values ($1, $2, 'Tanta', 1, 2, tstzrange($3, $4))`,
        [newId(), categoryId, from, until],
      )
    await first.query('begin')
    await insert(first, '2090-01-01', '2090-02-01')
    let waits = true
    const refused = messageOf(insert(second, '2090-01-31', '2090-03-01')).finally(() => {
      waits = false
    })
    await new Promise((resolve) => setTimeout(resolve, 200))
    expect(waits).toBe(true)
    await first.query('commit')
    expect(await refused).toContain('pricing_bands_one_at_a_time')
    expect(await messageOf(insert(second, '2090-02-01', '2090-03-01'))).toBe('ok')
    await first.end()
    await second.end()
  })

  it('a band that is retired makes room for those that wait, whenever they began', async () => {
    for (let round = 0; round < 5; round++) {
      const categoryId = await aCategory()
      const { id } = await createPricingBand(asAdmin(), bandOf(categoryId, 'Cairo'))
      const outcomes = await Promise.all([
        ...[1, 2].map(() => outcomeOf(createPricingBand(asAdmin(), bandOf(categoryId, 'Cairo')))),
        outcomeOf(retirePricingBand(asAdmin(), id, null)),
        ...[1, 2].map(() => outcomeOf(createPricingBand(asAdmin(), bandOf(categoryId, 'Cairo')))),
      ])
      expect(outcomes[2]).toBe('ok')
      const created = outcomes.filter((outcome, n) => n !== 2 && outcome === 'ok').length
      expect(await activeOf(categoryId)).toBe(created)
      expect(created).toBeLessThanOrEqual(1)
      expect(await outcomeOf(createPricingBand(asAdmin(), bandOf(categoryId, 'Cairo')))).toBe(
        created === 1 ? 'price_band_overlaps' : 'ok',
      )
    }
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
      const { rows } = await one.query(
        'select upper(valid_during) <= now() as ended, version from pricing_bands where id = $1',
        [id],
      )
      const done = changed.filter((outcome) => outcome === 'ok').length
      expect(rows).toEqual([{ ended: true, version: 2 + done }])
      expect(changed.filter((outcome) => outcome !== 'ok').every((code) => code === 'price_band_ended')).toBe(
        true,
      )
    }
  })
})
