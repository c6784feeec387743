import { sql } from 'drizzle-orm'
import fc from 'fast-check'
import { beforeEach, describe, expect, it } from 'vitest'
import { newId } from '../../../../src/core/ids.ts'
import { int, json, rowsOf, text } from '../../../../src/db/rows.ts'
import { api, type Caller, database, signedIn } from '../../../support/api.ts'
import { aDiscount, aPackage, aPaidOrder, aTax, fillWallet } from '../../../support/commerce.ts'
import { anAdmin, ok, withKey } from '../../../support/story.ts'
import { aPlan, subscribing } from '../../../support/subscriptions.ts'
import { codeOf } from '../../../support/work.ts'

let buyer: Caller
beforeEach(async () => {
  buyer = await signedIn('client')
})

interface Units {
  line: number
  quantity: number
}
const refundPart = async (orderId: string, lines: Units[], more: object = {}, headers = withKey()) =>
  api(`/v1/orders/${orderId}/refunds`, {
    as: await anAdmin(),
    body: { lines, reason: 'Needs one less.', ...more },
    headers,
  })
const refund = async (orderId: string, more: object = {}) =>
  api(`/v1/orders/${orderId}/refund`, {
    as: await anAdmin(),
    body: { reason: 'Bought by mistake.', ...more },
  })
const use = (kind = 'job_posting') =>
  database().write([sql`select khidma.use_entitlement(${buyer.userId}::uuid, ${kind}, ${newId()}::uuid)`])
const entitlements = async () => (await ok(api('/v1/me/entitlements', { as: buyer }))).body.data
const available = async (account: string, currency: string) =>
  (
    await database().read(rowsOf({ n: int })`
      select coalesce(khidma.available(${account}, ${buyer.userId}::uuid, ${currency}), 0)::int as n`)
  )[0]?.n
const wallet = () => available('client_wallet', 'EGP')
const credits = () => available('credit_wallet', 'XKC')
const notes = async (orderId: string) =>
  database().read(rowsOf({ total: int, tax: int, description: text, quantity: int })`
    select n.total::int as total, n.tax::int as tax, l.description, l.quantity
      from invoices n join invoices i on i.id = n.credited_invoice_id join invoice_lines l on l.invoice_id = n.id
     where i.document_id = ${orderId} order by n.id, l.line`)
const lines = async (orderId: string) =>
  (
    await database().read(rowsOf({ account: text, amount: int })`
      select a.kind as account, sum(l.amount)::int as amount
        from ledger_entries e join ledger_lines l on l.entry_id = e.id join ledger_accounts a on a.id = l.account_id
       where e.document_id = ${orderId} or e.document_id in (select p.id from payment_intents p where p.order_id = ${orderId})
          or e.document_id in (select r.id from refunds r join payment_intents p on p.id = r.intent_id where p.order_id = ${orderId})
       group by a.kind having sum(l.amount) <> 0 order by a.kind`)
  ).map(({ account, amount }) => [account, amount])

describe('a part of an order', () => {
  it('goes back by units, with its share of everything, until the order is refunded', async () => {
    const items = [
      { packageId: (await aPackage({ credits: 10, priceMinor: 333_35 })).id, quantity: 3 },
      {
        packageId: (await aPackage({ kind: 'contact_views', postings: 0, contactViews: 4 })).id,
        quantity: 1,
      },
    ]
    const { code, id: ruleId } = await aDiscount({ usageLimit: 1 })
    const order = await aPaidOrder(buyer, { items, couponCode: code })
    const whole = await lines(order.id)
    const first = (await ok(refundPart(order.id, [{ line: 1, quantity: 1 }]))).body
    const unit = Math.floor(order.lines[0].totalMinor / 3) + (order.lines[0].totalMinor % 3 > 0 ? 1 : 0)
    expect(first).toMatchObject({ status: 'completed', refundedMinor: unit, reason: null })
    expect(first.lines).toMatchObject([{ refundedQuantity: 1 }, { refundedQuantity: 0 }])
    expect(await wallet()).toBe(unit)
    expect(await credits()).toBe(20)
    expect(await entitlements()).toMatchObject([
      { kind: 'contact_view', left: 4 },
      { kind: 'job_posting', quantity: 15, takenBack: 5, left: 10, revokedAt: null },
    ])
    expect(await notes(order.id)).toEqual([
      { total: unit, tax: 0, description: 'Five job postings', quantity: 1 },
    ])
    expect(await codeOf(refundPart(order.id, [{ line: 1, quantity: 3 }]))).toBe('422 refund_above_order')
    expect(await codeOf(refundPart(order.id, [{ line: 3, quantity: 1 }]))).toBe('422 refund_above_order')
    const uses = async () =>
      (await ok(api(`/v1/discount-rules/${ruleId}`, { as: await anAdmin() }))).body.uses
    expect(await uses()).toBe(1)
    await ok(refundPart(order.id, [{ line: 2, quantity: 1 }]))
    const last = (await ok(refundPart(order.id, [{ line: 1, quantity: 2 }]))).body
    expect(last).toMatchObject({ status: 'refunded', refundedMinor: order.totalMinor })
    expect(await lines(order.id)).toEqual([])
    expect(whole).not.toEqual([])
    expect(await uses()).toBe(0)
    expect(await credits()).toBe(0)
    expect((await entitlements()).map(({ left }: { left: number }) => left)).toEqual([0, 0])
    expect(await codeOf(refundPart(order.id, [{ line: 1, quantity: 1 }]))).toBe('409 invalid_transition')
    const differences = await database().read(rowsOf({ what: text })`
      select d.what from khidma.invoice_differences() d join invoices i on i.id = d.document_id
        left join invoices c on c.id = i.credited_invoice_id where ${order.id} in (i.document_id, c.document_id)`)
    expect(differences).toEqual([])
  })

  it('has its own part of the taxes, and of who funded the discounts', async () => {
    const tax = await aTax({
      startsAt: undefined,
      kind: 'gst',
      rateBasisPoints: 1_800,
      country: 'IN',
      region: 'Karnataka',
    })
    const details = { legalName: null, taxId: null, address: null, country: 'IN', region: 'Karnataka' }
    await ok(api('/v1/me/tax-details', { as: buyer, method: 'PUT', body: details }))
    const { code } = await aDiscount({ fundedBy: 'partner', partner: 'A bank', country: 'IN' })
    const sale = { country: 'IN', currency: 'INR', priceMinor: 333_35 }
    const items = [{ packageId: (await aPackage(sale)).id, quantity: 2 }]
    const request = { country: 'IN', items, couponCode: code }
    await database().write([
      sql`select khidma.post('top_up', 'reconciliation', ${newId()}::uuid, null, null, 'INR',
                 ${JSON.stringify({ payer: buyer.userId, gateway: 'manual' })}::jsonb, '{"amount": 100000}'::jsonb)`,
    ])
    const order = await aPaidOrder(buyer, request)
    expect(order).toMatchObject({ discountMinor: 6_667, taxMinor: 10_801, totalMinor: 70_804 })
    await ok(refundPart(order.id, [{ line: 1, quantity: 1 }]))
    expect(await notes(order.id)).toMatchObject([{ total: 35_403, tax: 5_401 }])
    await ok(refund(order.id))
    expect(await notes(order.id)).toMatchObject([
      { total: 35_403, tax: 5_401 },
      { total: 35_401, tax: 5_400 },
    ])
    expect(await lines(order.id)).toEqual([])
    await database().write([sql`update tax_rules set active = false where id = ${tax.id}`])
  })

  it('of which something is spent is refunded only where staff say so', async () => {
    const items = [{ packageId: (await aPackage()).id, quantity: 2 }]
    const order = await aPaidOrder(buyer, { items })
    for (let n = 0; n < 6; n++) await use()
    await ok(refundPart(order.id, [{ line: 1, quantity: 1 }], { evenIfUsed: true }))
    expect(await entitlements()).toMatchObject([{ quantity: 10, takenBack: 5, left: 0 }])
    const refused = await refund(order.id)
    expect(refused).toMatchObject({ status: 409, body: { code: 'order_used' } })
    await ok(refund(order.id, { evenIfUsed: true }))
    expect(await wallet()).toBe(500_000)
  })

  it('of spent or held credits counts as spent', async () => {
    const items = [
      { packageId: (await aPackage({ kind: 'credit_bundle', postings: 0, credits: 10 })).id, quantity: 2 },
    ]
    const order = await aPaidOrder(buyer, { items })
    await database().write([
      sql`select khidma.hold_credits(${buyer.userId}::uuid, 12, 'leads', 'lead_request', ${newId()}::uuid, null)`,
    ])
    expect(await codeOf(refundPart(order.id, [{ line: 1, quantity: 1 }]))).toBe('409 order_used')
    await ok(refundPart(order.id, [{ line: 1, quantity: 1 }], { evenIfUsed: true }))
    expect(await credits()).toBe(0)
  })

  it('goes back once with one key', async () => {
    const items = [{ packageId: (await aPackage()).id, quantity: 3 }]
    const order = await aPaidOrder(buyer, { items })
    const [as, headers] = [await anAdmin(), withKey()]
    const body = { lines: [{ line: 1, quantity: 1 }], reason: 'Needs one less.' }
    const ask = () => ok(api(`/v1/orders/${order.id}/refunds`, { as, body, headers }))
    const first = await ask()
    expect((await ask()).body).toEqual(first.body)
    expect(await wallet()).toBe(250_000)
  })

  it('is for staff alone', async () => {
    const order = await aPaidOrder(buyer)
    const asking = api(`/v1/orders/${order.id}/refunds`, {
      as: buyer,
      body: { lines: [{ line: 1, quantity: 1 }], reason: 'Needs one less.' },
      headers: withKey(),
    })
    expect(await codeOf(asking)).toBe('403 forbidden')
  })
})

describe('parts of any price', () => {
  const rules = fc.record({
    quantity: fc.array(fc.integer({ min: 1, max: 7 }), { minLength: 1, maxLength: 4 }),
    unitPrice: fc.integer({ min: 1, max: 9_999 }),
    percent: fc.integer({ min: 0, max: 10_000 }),
    flat: fc.integer({ min: 0, max: 3_000 }),
    rate: fc.integer({ min: 0, max: 3_000 }),
    inclusive: fc.boolean(),
    cuts: fc.array(fc.nat({ max: 7 }), { minLength: 4, maxLength: 4 }),
  })

  it('are the whole, to the minor unit, and none is below zero', async () => {
    const samples = fc.sample(rules, { numRuns: 200, seed: 13 })
    const cases = samples.map((sample) => {
      const discounts = [
        {
          ruleId: 'a',
          version: 1,
          code: null,
          scope: 'global',
          type: 'percent',
          value: sample.percent,
          priority: 1,
          exclusive: false,
          fundedBy: 'platform',
        },
        {
          ruleId: 'b',
          version: 1,
          code: null,
          scope: 'global',
          type: 'flat',
          value: sample.flat,
          priority: 2,
          exclusive: false,
          fundedBy: 'partner',
        },
      ]
      const taxes = [
        {
          ruleId: 's',
          version: 1,
          kind: 'gst',
          rateBasisPoints: sample.rate,
          categoryId: null,
          appliesTo: ['package'],
          inclusive: sample.inclusive,
          region: 'KA',
          exempts: [],
        },
        {
          ruleId: 't',
          version: 1,
          kind: 'tcs',
          rateBasisPoints: 100,
          categoryId: null,
          appliesTo: ['package'],
          inclusive: false,
          region: null,
          exempts: [],
        },
      ]
      const lines = sample.quantity.map((quantity, n) => ({
        line: n + 1,
        kind: 'package',
        itemId: `${n}`,
        quantity,
        unitPrice: sample.unitPrice + 7 * n,
      }))
      const cut = lines.map(({ line, quantity }, n) => ({
        line,
        done: 0,
        take: Math.min(quantity, sample.cuts[n] ?? 0),
      }))
      const rest = lines.map(({ line, quantity }, n) => {
        const done = cut[n]?.take ?? 0
        return { line, done, take: quantity - done }
      })
      return { inputs: { lines, discounts, taxes, region: 'KA', taxStatus: 'ordinary' }, cut, rest }
    })
    interface Part {
      lines: { discount: number; tax: number; total: number; quantity: number; unitPrice: number }[]
      taxes: { amount: number; base: number; component: string }[]
      discount: number
      platform: number
      partner: number
      tax: number
      total: number
    }
    interface Whole {
      total: number
      tax: number
      discount: number
      discounts: { fundedBy: string; amount: number }[]
      taxes: { amount: number; base: number }[]
    }
    const rows = await database().read(rowsOf({
      whole: json<Whole>(),
      one: json<Part>(),
      other: json<Part>(),
    })`
      select p.whole, khidma.part_of_price(p.whole, c -> 'cut') as one, khidma.part_of_price(p.whole, c -> 'rest') as other
        from jsonb_array_elements(${JSON.stringify(cases)}::jsonb) c
       cross join lateral (select khidma.price_with(c -> 'inputs') as whole offset 0) p`)
    expect(rows).toHaveLength(200)
    for (const { whole, one, other } of rows) {
      for (const key of ['total', 'tax', 'discount'] as const) expect(one[key] + other[key]).toBe(whole[key])
      const funded = (by: string) =>
        whole.discounts.filter(({ fundedBy }) => fundedBy === by).reduce((sum, { amount }) => sum + amount, 0)
      expect(one.platform + other.platform).toBe(funded('platform'))
      expect(one.partner + other.partner).toBe(funded('partner'))
      whole.taxes.forEach(({ amount, base }, n) => {
        expect((one.taxes[n]?.amount ?? 0) + (other.taxes[n]?.amount ?? 0)).toBe(amount)
        expect((one.taxes[n]?.base ?? 0) + (other.taxes[n]?.base ?? 0)).toBe(base)
      })
      for (const { lines: parts, ...sums } of [one, other]) {
        expect(
          Math.min(sums.platform, sums.partner, ...sums.taxes.map(({ amount }) => amount)),
        ).toBeGreaterThanOrEqual(0)
        for (const { discount, tax, total, quantity, unitPrice } of parts) {
          expect(Math.min(discount, tax, total - tax)).toBeGreaterThanOrEqual(0)
          const added = total - quantity * unitPrice + discount
          expect(added).toBeGreaterThanOrEqual(0)
          expect(added).toBeLessThanOrEqual(tax)
        }
        expect(sums.taxes.reduce((sum, { amount }) => sum + amount, 0)).toBe(sums.tax)
      }
    }
  })
})

describe('the charge of a subscription', () => {
  const subscribed = async () => {
    await fillWallet(buyer, 100_000)
    const { id } = (await ok(subscribing(buyer, (await aPlan({ creditsAMonth: 5 })).id))).body
    const { data } = (await ok(api('/v1/orders', { as: buyer }))).body
    const read = async () => (await ok(api(`/v1/subscriptions/${id}`, { as: buyer }))).body
    return { order: data[0], read }
  }

  it('is refunded, and the subscription goes on', async () => {
    const { order, read } = await subscribed()
    expect(await read()).toMatchObject({ status: 'active' })
    const before = await wallet()
    expect((await ok(refund(order.id))).body.status).toBe('refunded')
    expect(await wallet()).toBe((before ?? 0) + order.totalMinor)
    expect(await read()).toMatchObject({ status: 'active' })
    expect(await credits()).toBe(5)
  })

  it('is refunded, and ends with the credits of its plan where staff say so', async () => {
    const { order, read } = await subscribed()
    await ok(refund(order.id, { subscription: 'end' }))
    expect(await read()).toMatchObject({ status: 'ended', endReason: 'refunded' })
    expect(await credits()).toBe(0)
  })

  it('is none where packages were bought', async () => {
    const order = await aPaidOrder(buyer)
    expect(await codeOf(refund(order.id, { subscription: 'end' }))).toBe('422 order_without_subscription')
  })
})
