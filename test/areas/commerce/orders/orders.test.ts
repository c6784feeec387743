import { sql } from 'drizzle-orm'
import { beforeEach, describe, expect, it } from 'vitest'
import { newId } from '../../../../src/core/ids.ts'
import { bool, int, rowsOf, text } from '../../../../src/db/rows.ts'
import { api, type Caller, database, signedIn } from '../../../support/api.ts'
import {
  aDiscount,
  anOrder,
  aPackage,
  aPaidOrder,
  aQuote,
  aTax,
  fillWallet,
  payFromWallet,
} from '../../../support/commerce.ts'
import { anAdmin, ok, withKey } from '../../../support/story.ts'
import { aTrade, codeOf } from '../../../support/work.ts'

let buyer: Caller
beforeEach(async () => {
  buyer = await signedIn('client')
})

const read = async (id: string, as = buyer) => (await ok(api(`/v1/orders/${id}`, { as }))).body
const place = (quoteId: string, headers = {}, as = buyer) =>
  api('/v1/orders', { as, body: { quoteId }, headers })
const cancel = (id: string, as = buyer) => api(`/v1/orders/${id}/cancel`, { as, method: 'POST' })
const refund = async (id: string, more: object = {}) =>
  api(`/v1/orders/${id}/refund`, { as: await anAdmin(), body: { reason: 'Bought by mistake.', ...more } })
const entitlements = async () => (await ok(api('/v1/me/entitlements', { as: buyer }))).body.data
const credits = async () =>
  (
    await database().read(rowsOf({ n: int })`
      select coalesce(khidma.available('credit_wallet', ${buyer.userId}::uuid, 'XKC'), 0)::int as n`)
  )[0]?.n
const wallet = async () =>
  (
    await database().read(rowsOf({ n: int })`
      select khidma.available('client_wallet', ${buyer.userId}::uuid, 'EGP')::int as n`)
  )[0]?.n

/** Lines of the entries of an order: its own, of its payment and of its refund. */
const lines = async (orderId: string) =>
  (
    await database().read(rowsOf({ account: text, amount: int })`
      select a.kind as account, sum(l.amount)::int as amount
        from ledger_entries e join ledger_lines l on l.entry_id = e.id join ledger_accounts a on a.id = l.account_id
       where e.document_id = ${orderId} or e.document_id in (select p.id from payment_intents p where p.order_id = ${orderId})
          or e.document_id in (select r.id from refunds r join payment_intents p on p.id = r.intent_id where p.order_id = ${orderId})
       group by a.kind having sum(l.amount) <> 0 order by a.kind`)
  ).map(({ account, amount }) => [account, amount])

/** Has passed since the order was placed. */
const lapse = (id: string) =>
  database().write([sql`update orders set expires_at = now() - interval '1 second' where id = ${id}`])

describe('a quote', () => {
  it('says each step of its price, and is replaced as a whole', async () => {
    const { code } = await aDiscount()
    const quote = await aQuote(buyer, { couponCode: code })
    expect(quote).toMatchObject({
      subtotalMinor: 250_000,
      discountMinor: 25_000,
      totalMinor: 225_000,
      coupon: { code, state: 'applied' },
      lines: [{ quantity: 1, unitPriceMinor: 250_000, discountMinor: 25_000, totalMinor: 225_000 }],
      priceBreakdown: [{ step: 'coupon', baseMinor: 250_000, amountMinor: 25_000, remainder: 0 }],
      orderId: null,
    })
    const items = [{ packageId: quote.lines[0].itemId, quantity: 3 }]
    const path = `/v1/quotes/${quote.id}`
    const replaced = (await ok(api(path, { as: buyer, method: 'PUT', body: { country: 'EG', items } }))).body
    expect(replaced).toMatchObject({ totalMinor: 750_000, discounts: [], coupon: null, version: 2 })
    expect((await ok(api(path, { as: buyer }))).body).toEqual(replaced)
    expect(await codeOf(api(path, { as: await signedIn('client') }))).toBe('404 not_found')
  })

  it('refuses a coupon that does not apply, and says why', async () => {
    const { code } = await aDiscount({ minOrderMinor: 260_000, currency: 'EGP' })
    const items = [{ packageId: (await aPackage()).id, quantity: 1 }]
    const ask = (couponCode: string) =>
      api('/v1/quotes', { as: buyer, body: { country: 'EG', items, couponCode } })
    const refused = await ask(code)
    expect(refused).toMatchObject({ status: 422, body: { code: 'coupon_below_minimum' } })
    expect(refused.body.detail).toContain('260000')
    expect(refused.body.detail).toContain('10000')
    expect(await codeOf(ask('NO-SUCH-CODE'))).toBe('422 coupon_unknown')
  })

  it('refuses packages that are not sold there', async () => {
    const items = [{ packageId: (await aPackage()).id, quantity: 1 }]
    expect(await codeOf(api('/v1/quotes', { as: buyer, body: { country: 'NG', items } }))).toBe(
      '422 package_unavailable',
    )
  })

  it('is an order by being pointed at, and never changes again', async () => {
    const quote = await aQuote(buyer)
    const order = (await ok(place(quote.id))).body
    expect(order).toMatchObject({ status: 'pending', totalMinor: quote.totalMinor, lines: quote.lines })
    expect(await codeOf(place(quote.id))).toBe('409 quote_placed')
    expect((await ok(api(`/v1/quotes/${quote.id}`, { as: buyer }))).body.orderId).toBe(order.id)
    const items = [{ packageId: quote.lines[0].itemId, quantity: 3 }]
    const again = api(`/v1/quotes/${quote.id}`, { as: buyer, method: 'PUT', body: { country: 'EG', items } })
    expect(await codeOf(again)).toBe('409 quote_placed')
    for (const change of [
      sql`update price_documents set country = 'NG' where id = ${quote.id}`,
      sql`delete from order_items where document_id = ${quote.id}`,
      sql`update order_items set quantity = 9 where document_id = ${quote.id}`,
    ])
      await expect(database().write([change])).rejects.toThrow()
  })

  it('is refused once its time is over, at another version, and to others', async () => {
    const quote = await aQuote(buyer)
    expect(await codeOf(place(quote.id, { 'if-match': '"v9.en"' }))).toBe('412 precondition_failed')
    expect(await codeOf(place(quote.id, {}, await signedIn('client')))).toBe('404 not_found')
    await database().write([sql`update price_documents set valid_until = now() where id = ${quote.id}`])
    expect(await codeOf(place(quote.id))).toBe('409 quote_expired')
  })

  it('has the price that its inputs give, whatever somebody writes', async () => {
    const quote = await aQuote(buyer)
    await database().write([
      sql`update price_documents set price = jsonb_set(price, '{total}', '1') where id = ${quote.id}`,
    ])
    const { body } = await ok(api(`/v1/quotes/${quote.id}`, { as: buyer }))
    const { version: _, updatedAt: __, ...same } = quote
    expect(body).toMatchObject(same)
    const emptied = sql`update price_documents set price = '{}' where id = ${quote.id}`
    await expect(database().write([emptied])).rejects.toThrow()
  })
})

describe('an order that is paid', () => {
  it('from the wallet is complete at once, and gives what its packages contain', async () => {
    const fields = { kind: 'job_posting', postings: 5, contactViews: 2, credits: 30 }
    const items = [{ packageId: (await aPackage(fields)).id, quantity: 2 }]
    const order = await aPaidOrder(buyer, { items })
    expect(order).toMatchObject({
      status: 'completed',
      completedAt: expect.any(String),
      paymentId: expect.any(String),
    })
    const given = await entitlements()
    expect(given.map(({ kind, left }: { kind: string; left: number }) => [kind, left]).sort()).toEqual([
      ['contact_view', 4],
      ['job_posting', 10],
    ])
    expect(given[0].documentId).toBe(order.id)
    expect(await credits()).toBe(60)
    expect(await lines(order.id)).toEqual([
      ['client_wallet', -500_000],
      ['platform_fee', 500_000],
    ])
    expect(await codeOf(payFromWallet(buyer, order.id))).toBe('409 order_paid')
    expect(await codeOf(cancel(order.id))).toMatch(/^409/)
  })

  it('posts its taxes, and who pays for its discounts', async () => {
    const trade = await aTrade()
    const tax = await aTax({ categoryId: trade.id, startsAt: undefined })
    await database().write([
      sql`update tax_rules set category_id = null, country = 'KG' where id = ${tax.id}`,
    ])
    const sale = { country: 'KG', currency: 'KGS', priceMinor: 10_000 }
    const { id } = await aPackage(sale)
    const { code } = await aDiscount({ fundedBy: 'partner', partner: 'A bank', country: 'KG' })
    const quote = await aQuote(buyer, {
      country: 'KG',
      items: [{ packageId: id, quantity: 1 }],
      couponCode: code,
    })
    expect(quote).toMatchObject({ discountMinor: 1_000, taxMinor: 1_260, totalMinor: 10_260 })
    const order = (await ok(place(quote.id))).body
    await fillKgs(buyer, 10_260)
    await ok(payFromWallet(buyer, order.id))
    expect(await lines(order.id)).toEqual([
      ['client_wallet', -10_260],
      ['partner_receivable', -1_000],
      ['platform_fee', 10_000],
      ['tax_payable', 1_260],
    ])
    await ok(refund(order.id))
    expect(await lines(order.id)).toEqual([])
    await database().write([sql`update tax_rules set active = false where id = ${tax.id}`])
  })

  it('that costs nothing is complete when it is placed', async () => {
    const { code } = await aDiscount({ discountValue: 10_000 })
    const order = await anOrder(buyer, { couponCode: code })
    expect(order).toMatchObject({ status: 'completed', totalMinor: 0, paymentId: null })
    expect(await entitlements()).toMatchObject([{ left: 5 }])
    expect(await lines(order.id)).toEqual([
      ['platform_fee', 250_000],
      ['promotions', -250_000],
    ])
    expect((await ok(refund(order.id))).body.status).toBe('refunded')
    expect(await lines(order.id)).toEqual([])
  })

  it('with the same key is paid once, and not from an empty wallet', async () => {
    const order = await anOrder(buyer)
    expect(await codeOf(payFromWallet(buyer, order.id))).toBe('409 insufficient_balance')
    await fillWallet(buyer, 600_000)
    const headers = withKey()
    const first = (await ok(payFromWallet(buyer, order.id, headers))).body
    expect((await ok(payFromWallet(buyer, order.id, headers))).body.id).toBe(first.id)
    expect(first).toMatchObject({
      purpose: 'order',
      orderId: order.id,
      status: 'captured',
      amountCaptured: 250_000,
    })
    expect(await wallet()).toBe(350_000)
  })

  it('is refunded whole, less what is spent, which stays spent', async () => {
    const order = await aPaidOrder(buyer, {
      items: [{ packageId: (await aPackage({ credits: 9 })).id, quantity: 1 }],
    })
    await database().write([
      sql`select khidma.use_entitlement(${buyer.userId}::uuid, 'job_posting', ${newId()}::uuid)`,
    ])
    expect((await ok(refund(order.id, { evenIfUsed: true }))).body).toMatchObject({
      status: 'refunded',
      reason: 'Bought by mistake.',
    })
    expect(await wallet()).toBe(250_000)
    expect(await entitlements()).toMatchObject([{ quantity: 5, left: 0, revokedAt: expect.any(String) }])
    expect(await credits()).toBe(0)
    expect(await codeOf(refund(order.id))).toMatch(/^409/)
  })

  it('leaves documents and entries that tell the same', async () => {
    const order = await aPaidOrder(buyer)
    await ok(refund(order.id))
    const rows = await database().read(rowsOf({ differs: bool })`
      select exists (select from khidma.document_differences() d
        where d.document_id in (select ${order.id}::uuid union select p.id from payment_intents p where p.order_id = ${order.id}
              union select r.id from refunds r join payment_intents p on p.id = r.intent_id where p.order_id = ${order.id})) as differs`)
    expect(rows).toEqual([{ differs: false }])
  })
})

describe('an order that is not paid', () => {
  it('gives its discounts back when it is canceled', async () => {
    const { code } = await aDiscount({ usageLimit: 1 })
    const order = await anOrder(buyer, { couponCode: code })
    const items = [{ packageId: order.lines[0].itemId, quantity: 1 }]
    const other = await signedIn('client')
    const ask = () => api('/v1/quotes', { as: other, body: { country: 'EG', items, couponCode: code } })
    expect(await codeOf(ask())).toBe('422 coupon_used_up')
    expect(await codeOf(cancel(order.id, other))).toBe('404 not_found')
    expect((await ok(cancel(order.id))).body).toMatchObject({
      status: 'canceled',
      canceledAt: expect.any(String),
    })
    await ok(ask())
    await fillWallet(buyer, 250_000)
    expect(await codeOf(payFromWallet(buyer, order.id))).toBe('409 order_closed')
  })

  it('has expired at its deadline, before the sweep writes it down', async () => {
    const { code, id: ruleId } = await aDiscount({ usageLimit: 1 })
    const order = await anOrder(buyer, { couponCode: code })
    await lapse(order.id)
    expect((await read(order.id)).status).toBe('expired')
    expect(await codeOf(payFromWallet(buyer, order.id))).toBe('409 order_closed')
    expect(await codeOf(cancel(order.id))).toBe('409 order_closed')
    await database().write([sql`select khidma.expire_orders(100)`])
    expect(await read(order.id)).toMatchObject({ status: 'expired', version: order.version + 2 })
    const rule = (await ok(api(`/v1/discount-rules/${ruleId}`, { as: await anAdmin() }))).body
    expect(rule.uses).toBe(0)
  })

  it('is refused where its discount was used up since the quote', async () => {
    const { code } = await aDiscount({ usageLimit: 1 })
    const [mine, theirs] = [await aQuote(buyer, { couponCode: code }), await signedIn('client')]
    await anOrder(theirs, { couponCode: code })
    expect(await place(mine.id)).toMatchObject({ status: 409, body: { code: 'discount_used_up' } })
  })
})

it('lists own orders, and all of them to staff', async () => {
  const order = await anOrder(buyer)
  const ids = async (as: Caller, query: string) =>
    (await ok(api(`/v1/orders?${query}`, { as }))).body.data.map(({ id }: { id: string }) => id)
  expect(await ids(buyer, 'status=pending')).toEqual([order.id])
  expect(await ids(await signedIn('client'), '')).toEqual([])
  expect(await ids(await anAdmin(), `userId=${buyer.userId}`)).toEqual([order.id])
})

const fillKgs = ({ userId }: Caller, amount: number) =>
  database().write([
    sql`select khidma.post('top_up', 'reconciliation', ${newId()}::uuid, null, null, 'KGS',
               ${JSON.stringify({ payer: userId, gateway: 'manual' })}::jsonb, ${JSON.stringify({ amount })}::jsonb)`,
  ])
