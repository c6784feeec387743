import { sql } from 'drizzle-orm'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { bool, json, rowsOf } from '../../../../src/db/rows.ts'
import { database } from '../../../support/api.ts'
import { type FoldInputs, foldPrice } from '../../../support/price-fold.ts'

/** `khidma.price_with`, the one pricing function, on snapshots. */

const ids = ['a', 'b', 'c', 'd'].map((letter) => `019a2f4e-7c1b-7d3a-9f00-00000000000${letter}`)
const id = fc.constantFrom(...ids)
const basisPoints = fc.oneof(fc.constantFrom(333, 1_000, 1_800, 10_000), fc.integer({ min: 1, max: 10_000 }))
const amount = fc.oneof(fc.integer({ min: 1, max: 300 }), fc.integer({ min: 1, max: 1_000_000_000 }))
const maybe = <T>(of: fc.Arbitrary<T>) => fc.option(of, { nil: null })
const kind = fc.constantFrom('package', 'service', 'fee', 'commission', 'plan')

const line = fc.record({
  kind,
  itemId: id,
  quantity: fc.integer({ min: 1, max: 9 }),
  unitPrice: fc.oneof(fc.constant(0), amount),
  categories: fc.uniqueArray(id, { maxLength: 3 }),
})
const rule = fc.record({
  code: maybe(fc.constant('CODE')),
  scope: fc.constantFrom('global', 'category', 'service', 'package'),
  scopeId: id,
  percent: fc.boolean(),
  flat: amount,
  basisPoints,
  minimum: maybe(amount),
  maximum: maybe(amount),
  priority: fc.integer({ min: 1, max: 3 }),
  exclusive: fc.boolean(),
  fundedBy: fc.constantFrom('platform', 'tasker', 'partner'),
})
const taxOf = fc.record({
  kind: fc.constantFrom('vat', 'gst', 'tcs'),
  rateBasisPoints: fc.oneof(fc.constant(0), basisPoints),
  categoryId: maybe(id),
  appliesTo: fc.uniqueArray(kind, { minLength: 1 }),
  inclusive: fc.boolean(),
  region: maybe(fc.constantFrom('KA', 'MH')),
  exempts: fc.subarray(['ordinary', 'exempt']),
})

const nameOf = (n: number) => `019a2f4e-7c1b-7d3a-9f00-0000000001${String(n).padStart(2, '0')}`

const inputs = fc
  .record({
    lines: fc.array(line, { minLength: 1, maxLength: 6 }),
    rules: fc.array(rule, { maxLength: 4 }),
    taxes: fc.array(taxOf, { maxLength: 4 }),
    taxStatus: fc.constantFrom('ordinary', 'registered', 'exempt'),
    region: maybe(fc.constantFrom('KA', 'MH')),
  })
  .map(
    ({ lines, rules, taxes, taxStatus, region }): FoldInputs => ({
      lines: lines.map((one, n) => ({ ...one, line: n + 1 })),
      discounts: rules.map(({ percent, flat, basisPoints: points, scopeId, ...one }, n) => ({
        ...one,
        ruleId: nameOf(n),
        version: 1,
        name: `Rule ${n}`,
        scopeId: one.scope === 'global' ? null : scopeId,
        type: percent ? 'percent' : 'flat',
        value: percent ? points : flat,
        partner: null,
      })),
      taxes: taxes.map((one, n) => ({
        ...one,
        ruleId: nameOf(50 + n),
        version: 1,
        name: `Tax ${n}`,
        kind: one.kind as 'vat',
        inclusive: one.kind === 'tcs' ? false : one.inclusive,
      })),
      coupon: { code: 'CODE', state: 'unknown' },
      taxStatus,
      region,
    }),
  )

interface Price {
  lines: { line: number; base: number; discount: number; tax: number; total: number; itemId: string }[]
  discounts: { ruleId: string; amount: number }[]
  taxes: { ruleId: string; base: number; amount: number; component: string; inclusive: boolean }[]
  subtotal: number
  discount: number
  tax: number
  total: number
  coupon: { state: string; missing?: number } | null
  breakdown: { step: string; ruleId: string; missing?: number; remainder?: number }[]
  inputs: FoldInputs
}

/** Prices of many inputs in one statement. */
async function priced(many: FoldInputs[]): Promise<Price[]> {
  const rows = await database().read(rowsOf({ price: json<Price>(), isProven: bool })`
    select p.price, khidma.price_with(p.price -> 'inputs') = p.price as "isProven"
      from jsonb_array_elements(${JSON.stringify(many)}::jsonb) with ordinality i (inputs, n)
     cross join lateral (select khidma.price_with(i.inputs) as price) p order by i.n`)
  expect(rows.every(({ isProven }) => isProven)).toBe(true)
  return rows.map(({ price }) => price)
}

const sum = (values: number[]): number => values.reduce((all, one) => all + one, 0)
const runs = { numRuns: 20 }
const batch = fc.array(inputs, { minLength: 20, maxLength: 20 })

describe('a price, for whatever lines and rules', () => {
  it('is what an independent computation gives', async () => {
    await fc.assert(
      fc.asyncProperty(batch, async (many) => {
        const prices = await priced(many)
        for (const [n, price] of prices.entries()) {
          const { lines, discounts, ...sums } = foldPrice(many[n] as FoldInputs)
          expect(price).toMatchObject({ ...sums, lines, discounts })
        }
      }),
      runs,
    )
  })

  it('is never negative, takes off no more than there is, and is the sum of its lines', async () => {
    await fc.assert(
      fc.asyncProperty(batch, async (many) => {
        for (const price of await priced(many)) {
          for (const { base, discount, tax, total } of price.lines) {
            expect(discount).toBeGreaterThanOrEqual(0)
            expect(discount).toBeLessThanOrEqual(base)
            expect(Math.min(tax, total)).toBeGreaterThanOrEqual(0)
          }
          expect(price.discount).toBeLessThanOrEqual(price.subtotal)
          expect(sum(price.lines.map(({ total }) => total))).toBe(price.total)
          expect(sum(price.lines.map(({ tax }) => tax))).toBe(price.tax)
          expect(sum(price.discounts.map(({ amount: taken }) => taken))).toBe(price.discount)
          expect(sum(price.taxes.map(({ amount: taxed }) => taxed))).toBe(price.tax)
          const added = sum(
            price.taxes.filter(({ inclusive }) => !inclusive).map(({ amount: taxed }) => taxed),
          )
          expect(price.subtotal - price.discount + added).toBe(price.total)
        }
      }),
      runs,
    )
  })

  it('does not depend on the order of the lines, nor on that of the rules', async () => {
    await fc.assert(
      fc.asyncProperty(batch, async (many) => {
        const turned = many.map((one) => ({
          ...one,
          lines: [...one.lines].reverse().map((each, n) => ({ ...each, line: n + 1 })),
          discounts: [...one.discounts].reverse(),
        }))
        const shares = ({ lines, subtotal, discount, tax, total, discounts }: Price) => ({
          sums: [subtotal, discount, tax, total],
          discounts,
          // Lines of the same item at the same price are alike: which of them has the odd unit is nobody's business.
          lines: lines.map(({ itemId, base }) => `${itemId} ${base}`).sort(),
        })
        const [there, back] = [await priced(many), await priced(turned)]
        expect(back.map(shares)).toEqual(there.map(shares))
      }),
      runs,
    )
  })
})

const plain = (fields: Partial<FoldInputs> = {}): FoldInputs => ({
  lines: [{ line: 1, kind: 'package', itemId: ids[0] ?? '', quantity: 1, unitPrice: 1_000, categories: [] }],
  discounts: [],
  taxes: [],
  coupon: null,
  taxStatus: 'ordinary',
  region: null,
  ...fields,
})
const aRule = (fields: object = {}) => ({
  ruleId: nameOf(1),
  version: 3,
  name: 'A tenth',
  code: null,
  scope: 'global',
  scopeId: null,
  type: 'percent' as const,
  value: 1_000,
  minimum: null,
  maximum: null,
  priority: 100,
  exclusive: false,
  fundedBy: 'platform',
  partner: null,
  ...fields,
})
const gst = (fields: object = {}) => ({
  ruleId: nameOf(60),
  version: 1,
  name: 'GST',
  kind: 'gst' as const,
  rateBasisPoints: 1_800,
  categoryId: null,
  appliesTo: ['package'],
  inclusive: false,
  region: 'KA',
  exempts: ['exempt'],
  ...fields,
})
const priceOf = async (fields: Partial<FoldInputs>) => (await priced([plain(fields)]))[0] as Price

describe('a price', () => {
  it('names the rule that almost applied, and what is missing', async () => {
    const price = await priceOf({ discounts: [aRule({ minimum: 1_040 })] })
    expect(price).toMatchObject({
      discount: 0,
      breakdown: [{ step: 'almost', ruleId: nameOf(1), missing: 40 }],
    })
  })

  it('says of a coupon whether it applied, and what is missing', async () => {
    const coupon = { code: 'TENTH', state: 'not_applicable' }
    const applied = await priceOf({ coupon, discounts: [aRule({ code: 'TENTH' })] })
    expect(applied.coupon).toMatchObject({ state: 'applied' })
    const below = await priceOf({ coupon, discounts: [aRule({ code: 'TENTH', minimum: 1_500 })] })
    expect(below.coupon).toMatchObject({ state: 'below_minimum', missing: 500 })
  })

  it('lets an exclusive rule close what it discounts, and take nothing that is discounted', async () => {
    const first = aRule({ exclusive: true, priority: 1 })
    const second = aRule({ ruleId: nameOf(2), priority: 2 })
    expect((await priceOf({ discounts: [first, second] })).discounts).toMatchObject([{ ruleId: nameOf(1) }])
    const late = { ...first, priority: 3 }
    expect((await priceOf({ discounts: [late, second] })).discounts).toMatchObject([{ ruleId: nameOf(2) }])
  })

  it('rounds once for a rule, over all its lines', async () => {
    const lines = [1, 2, 3].map((n) => ({ ...(plain().lines[0] as object), line: n, unitPrice: 5 })) as never
    const price = await priceOf({ lines, discounts: [aRule()] })
    expect(price.discount).toBe(2)
    expect(price.breakdown).toMatchObject([{ step: 'discount', remainder: -5_000 }])
  })

  it('splits GST by the region of the buyer, and leaves the exempt without', async () => {
    const components = async (fields: Partial<FoldInputs>) =>
      (await priceOf({ taxes: [gst({ rateBasisPoints: 1_810 })], ...fields })).taxes.map(
        ({ component, amount: taxed }) => [component, taxed],
      )
    expect(await components({ region: 'KA' })).toEqual([
      ['CGST', 90],
      ['SGST', 91],
    ])
    expect(await components({ region: 'MH' })).toEqual([['IGST', 181]])
    expect(await components({ taxStatus: 'exempt' })).toEqual([])
  })

  it('contains an inclusive tax, and adds what is collected at source on the rest', async () => {
    const taxes = [
      gst({ inclusive: true, region: null }),
      gst({ ruleId: nameOf(61), kind: 'tcs', rateBasisPoints: 100 }),
    ]
    const price = await priceOf({ taxes })
    expect(price.taxes).toMatchObject([
      { component: 'GST', base: 847, amount: 153 },
      { component: 'TCS', base: 847, amount: 8 },
    ])
    expect(price).toMatchObject({ subtotal: 1_000, tax: 161, total: 1_008 })
  })

  it('takes the tax of the nearest category', async () => {
    const [near = '', far = ''] = ids
    const lines = plain().lines.map((one) => ({ ...one, categories: [near, far] }))
    const taxes = [
      gst({ region: null }),
      gst({ ruleId: nameOf(61), categoryId: far, region: null }),
      gst({ ruleId: nameOf(62), categoryId: near, rateBasisPoints: 500, region: null }),
    ]
    expect((await priceOf({ lines, taxes })).taxes).toMatchObject([{ ruleId: nameOf(62), amount: 50 }])
  })
})

it('the parts of an amount sum up to it, and none is above its weight', async () => {
  const weights = fc.array(fc.integer({ min: 0, max: 1_000_000_000 }), { minLength: 1, maxLength: 8 })
  await fc.assert(
    fc.asyncProperty(weights, fc.double({ min: 0, max: 1, noNaN: true }), async (all, part) => {
      const total = sum(all)
      const divided = Math.floor(total * part)
      const rows = await database().read(rowsOf({ parts: json<number[]>() })`
        select to_jsonb(khidma.spread(${divided}::bigint, array[${sql.join(
          all.map((one) => sql`${one}::bigint`),
          sql`, `,
        )}])) as parts`)
      const parts = rows[0]?.parts ?? []
      expect(sum(parts)).toBe(total === 0 ? 0 : divided)
      for (const [n, each] of parts.entries()) expect(each).toBeLessThanOrEqual(all[n] ?? 0)
    }),
    { numRuns: 40 },
  )
})
