import { sql } from 'drizzle-orm'
import type pg from 'pg'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { cancelOrder, payOrder, placeOrder, refundOrder } from '../../src/areas/commerce/orders/orders.ts'
import { createQuote } from '../../src/areas/commerce/orders/quotes.ts'
import { createPackage } from '../../src/areas/commerce/packages/packages.ts'
import { createDiscountRule } from '../../src/areas/commerce/price-rules/discount-rules.ts'
import { newId } from '../../src/core/ids.ts'
import { connect } from '../support/integrity-world.ts'
import { type NodeContexts, openContexts } from '../support/node-context.ts'
import { aPhone } from '../support/numbers.ts'
import { count, outcomeOf, times } from '../support/races.ts'
import { describeReal, freshDatabase } from '../support/real-postgres.ts'

describeReal('orders, from many connections at once', () => {
  let contexts: NodeContexts
  let one: pg.Client
  let packageId: string
  const admin = { id: newId(), role: 'admin' }

  beforeAll(async () => {
    const { ownerUrl } = await freshDatabase()
    contexts = await openContexts(ownerUrl, 16)
    one = await connect(ownerUrl)
    await one.query(`select set_config('khidma.role', 'system', false)`)
    await one.query('insert into users (id, phone, role) values ($1, $2, $3)', [admin.id, aPhone(), 'admin'])
    const sold = await createPackage(contexts.contextOf(admin), {
      kind: 'job_posting',
      names: { en: 'Race', ar: 'سباق' },
      country: 'EG',
      currency: 'EGP',
      price: 10_000,
      postings: 5,
    })
    packageId = sold.id
  })
  afterAll(async () => {
    await one.end()
    await contexts.close()
  })

  async function aBuyer(funds = 0): Promise<{ id: string; role: string }> {
    const id = newId()
    await one.query('insert into users (id, phone, role) values ($1, $2, $3)', [id, aPhone(), 'client'])
    if (funds > 0)
      await one.query(`select khidma.post('top_up', 'reconciliation', $1, null, null, 'EGP', $2, $3)`, [
        newId(),
        JSON.stringify({ payer: id, gateway: 'manual' }),
        JSON.stringify({ amount: funds }),
      ])
    return { id, role: 'client' }
  }
  const quoteFor = (buyer: { id: string; role: string }, couponCode: string | null = null, quantity = 1) =>
    createQuote(contexts.contextOf(buyer), {
      country: 'EG',
      items: [{ packageId, quantity }],
      couponCode,
    })
  const aCoupon = async (fields: object): Promise<string> => {
    const code = `R${newId().slice(-12)}`
    const rule = {
      name: 'Race',
      scope: 'global',
      discountType: 'percent',
      discountValue: 1_000,
      code,
    } as const
    await createDiscountRule(contexts.contextOf(admin), { ...rule, ...fields })
    return code
  }
  const fromWallet = () => ({
    method: 'wallet' as const,
    returnUrl: null,
    saveMethod: false,
    storedMethodId: null,
    requestKey: newId(),
  })
  const readValue = async (text: string, values: unknown[]): Promise<unknown> =>
    (await one.query({ text, values, rowMode: 'array' })).rows[0]?.[0]

  it.each([
    ['use', { usageLimit: 1 }],
    ['part of its budget', { budget: 1_000, currency: 'EGP' }],
  ])('the last %s of a coupon goes to one of many', async (_what, fields) => {
    const code = await aCoupon(fields)
    const buyers = await times(12, () => aBuyer())
    const quotes = await Promise.all(buyers.map((buyer) => quoteFor(buyer, code)))
    const outcomes = await times(12, (n) =>
      outcomeOf(
        placeOrder(contexts.contextOf(buyers[n] as { id: string; role: string }), quotes[n]?.id ?? '', null),
      ),
    )
    expect(count(outcomes)).toEqual({ ok: 1, discount_used_up: 11 })
  })

  it('a limit per person holds for orders that one places at once', async () => {
    const code = await aCoupon({ perPersonLimit: 2 })
    const buyer = await aBuyer()
    const quotes = await times(8, () => quoteFor(buyer, code))
    const outcomes = await times(8, (n) =>
      outcomeOf(placeOrder(contexts.contextOf(buyer), quotes[n]?.id ?? '', null)),
    )
    expect(count(outcomes)).toEqual({ ok: 2, discount_used_up: 6 })
  })

  it('a quote that is placed many times at once is one order', async () => {
    const buyer = await aBuyer()
    const { id } = await quoteFor(buyer)
    const outcomes = await times(12, () => outcomeOf(placeOrder(contexts.contextOf(buyer), id, null)))
    expect(count(outcomes)).toEqual({ ok: 1, quote_placed: 11 })
    expect(await readValue('select count(*)::int from orders where document_id = $1', [id])).toBe(1)
  })

  it('an order that is paid many times at once is paid once, and gives once', async () => {
    const buyer = await aBuyer(100_000)
    const order = await placeOrder(contexts.contextOf(buyer), (await quoteFor(buyer)).id, null)
    const outcomes = await times(10, () =>
      outcomeOf(payOrder(contexts.contextOf(buyer), order.id, fromWallet())),
    )
    expect(count(outcomes)).toEqual({ ok: 1, order_paid: 9 })
    const left = `select khidma.available('client_wallet', $1, 'EGP')::int`
    expect(await readValue(left, [buyer.id])).toBe(90_000)
    const given = 'select sum(quantity)::int from entitlements where owner_id = $1'
    expect(await readValue(given, [buyer.id])).toBe(5)
  })

  it('an order that is canceled while it is paid is one of both', async () => {
    for (let round = 0; round < 8; round++) {
      const buyer = await aBuyer(10_000)
      const order = await placeOrder(contexts.contextOf(buyer), (await quoteFor(buyer)).id, null)
      const [paid, canceled] = await Promise.all([
        outcomeOf(payOrder(contexts.contextOf(buyer), order.id, fromWallet())),
        outcomeOf(cancelOrder(contexts.contextOf(buyer), order.id, null)),
      ])
      expect([paid, canceled].filter((outcome) => outcome === 'ok')).toHaveLength(1)
      const status = await readValue('select status::text from orders where id = $1', [order.id])
      expect(status).toBe(paid === 'ok' ? 'completed' : 'canceled')
      const left = await readValue(`select khidma.available('client_wallet', $1, 'EGP')::int`, [buyer.id])
      expect(left).toBe(paid === 'ok' ? 0 : 10_000)
    }
  })

  const part = (quantity: number) => ({
    reason: 'Race',
    lines: [{ line: 1, quantity }],
    evenIfUsed: false,
    endsSubscription: false,
  })

  it('units that are refunded many times at once go back once each, and never more than was paid', async () => {
    const buyer = await aBuyer(50_000)
    const order = await placeOrder(contexts.contextOf(buyer), (await quoteFor(buyer, null, 5)).id, null)
    await payOrder(contexts.contextOf(buyer), order.id, fromWallet())
    const outcomes = await times(12, (n) =>
      outcomeOf(refundOrder(contexts.contextOf(admin), order.id, part((n % 2) + 1))),
    )
    const done = await readValue(
      'select sum(last_unit - first_unit + 1)::int from order_refunds where order_id = $1',
      [order.id],
    )
    expect(done).toBe(5)
    expect(outcomes.filter((outcome) => outcome === 'ok').length).toBeGreaterThanOrEqual(3)
    const left = `select khidma.available('client_wallet', $1, 'EGP')::int`
    expect(await readValue(left, [buyer.id])).toBe(50_000)
    expect(await readValue('select status::text from orders where id = $1', [order.id])).toBe('refunded')
    await expect(
      one.query(
        `insert into order_refunds (id, order_id, refund_id, item_id, first_unit, last_unit)
         select $1, order_id, $1, item_id, 5, 5 from order_refunds where order_id = $2 limit 1`,
        [newId(), order.id],
      ),
    ).rejects.toMatchObject({ constraint: 'order_refunds_once' })
  })

  it('the last entitlement of a company goes to one of two members who use it at once', async () => {
    const [company, first, second] = [await aBuyer(10_000), await aBuyer(), await aBuyer()]
    await one.query(
      `insert into company_profiles (user_id, company_name, approval_status) values ($1, 'Nile Fittings', 'approved')`,
      [company.id],
    )
    for (const { id } of [first, second])
      await one.query(
        `insert into company_members (id, company_id, user_id, role, status, joined_at) values ($1, $2, $3, 'manager', 'active', now())`,
        [newId(), company.id, id],
      )
    const items = [{ packageId, quantity: 1 }]
    const quote = await createQuote(contexts.contextOf(first), {
      country: 'EG',
      items,
      companyId: company.id,
    })
    const order = await placeOrder(contexts.contextOf(second), quote.id, null)
    const paid = await Promise.all(
      [first, second].map((who) => outcomeOf(payOrder(contexts.contextOf(who), order.id, fromWallet()))),
    )
    expect(count(paid)).toEqual({ ok: 1, order_paid: 1 })
    const useAs = (who: { id: string; role: string }) =>
      contexts
        .contextOf(who)
        .db.write([sql`select khidma.use_entitlement(${company.id}::uuid, 'job_posting', ${newId()}::uuid)`])
    for (let n = 0; n < 4; n++) await useAs(first)
    const used = await Promise.all([outcomeOf(useAs(first)), outcomeOf(useAs(second))])
    expect(count(used)).toEqual({ ok: 1, entitlement_used_up: 1 })
  })

  it('a use that is taken while its units are refunded is taken, or gone with them', async () => {
    for (let round = 0; round < 6; round++) {
      const buyer = await aBuyer(10_000)
      const order = await placeOrder(contexts.contextOf(buyer), (await quoteFor(buyer)).id, null)
      await payOrder(contexts.contextOf(buyer), order.id, fromWallet())
      const [refunded, used] = await Promise.all([
        outcomeOf(refundOrder(contexts.contextOf(admin), order.id, part(1))),
        one.query(`select khidma.use_entitlement($1, 'job_posting', $2)`, [buyer.id, newId()]).then(
          () => 'ok',
          () => 'refused',
        ),
      ])
      expect([refunded, used]).toEqual(used === 'ok' ? ['order_used', 'ok'] : ['ok', 'refused'])
    }
  })

  /** A charge of 100.00 EGP for an order, which waits at its gateway. Returns what writes that so much was taken. */
  async function atItsGateway(order: string, payer: string): Promise<(taken: number) => Promise<unknown>> {
    const [intent, attempt, config] = [newId(), newId(), newId()]
    await one.query(
      `insert into payment_gateway_configs (id, gateway, display_name, config, status) values ($1, 'stripe', 'Race', 'sealed', 'draft')`,
      [config],
    )
    await one.query(
      `insert into payment_intents (id, purpose, order_id, payer_id, method, provider, amount, currency, expires_at)
       values ($1, 'order', $2, $3, 'card', 'stripe', 10000, 'EGP', now() + interval '1 hour')`,
      [intent, order, payer],
    )
    await one.query(
      `insert into payment_transactions (id, intent_id, kind, gateway, config_id, reference, amount, currency)
       values ($1, $2, 'charge', 'stripe', $3, $4, 10000, 'EGP')`,
      [attempt, intent, config, attempt],
    )
    await one.query('update payment_intents set transaction_id = $2 where id = $1', [intent, attempt])
    return (taken) => {
      const facts = {
        status: 'captured',
        capturedMinor: taken,
        amountMinor: 10_000,
        currency: 'EGP',
        reference: attempt,
        gatewayReference: `pi_${attempt}`,
        rawStatus: 'succeeded',
        askedAt: new Date().toISOString(),
      }
      return one.query(`select khidma.apply_payment($1, $2)`, [attempt, JSON.stringify(facts)])
    }
  }
  const goneBack = (order: string) =>
    readValue(
      `select coalesce(sum(r.amount), 0)::int from refunds r join payment_intents i on i.id = r.intent_id
       where i.order_id = $1 and r.kind = 'return'`,
      [order],
    )

  it('what a gateway takes for an order that is canceled goes back, whichever comes first', async () => {
    for (let round = 0; round < 6; round++) {
      const buyer = await aBuyer()
      const order = await placeOrder(contexts.contextOf(buyer), (await quoteFor(buyer)).id, null)
      const takes = await atItsGateway(order.id, buyer.id)
      const [, canceled] = await Promise.all([
        takes(10_000),
        outcomeOf(cancelOrder(contexts.contextOf(buyer), order.id, null)),
      ])
      const status = await readValue('select status::text from orders where id = $1', [order.id])
      expect(status).toBe(canceled === 'ok' ? 'canceled' : 'completed')
      expect(await goneBack(order.id)).toBe(canceled === 'ok' ? 10_000 : 0)
      const given = 'select coalesce(sum(quantity), 0)::int from entitlements where owner_id = $1'
      expect(await readValue(given, [buyer.id])).toBe(canceled === 'ok' ? 0 : 5)
    }
  })

  it.each([
    ['less than an order costs', 9_999, '1 hour'],
    ['for an order whose time is over, before the sweep', 10_000, '-1 second'],
  ])('what a gateway takes goes back where it is %s', async (_what, taken, ends) => {
    const buyer = await aBuyer()
    const order = await placeOrder(contexts.contextOf(buyer), (await quoteFor(buyer)).id, null)
    const takes = await atItsGateway(order.id, buyer.id)
    await one.query('update orders set expires_at = now() + $2::interval where id = $1', [order.id, ends])
    await takes(taken)
    expect(await readValue('select status::text from orders where id = $1', [order.id])).toBe('pending')
    expect(await goneBack(order.id)).toBe(taken)
    const given = 'select coalesce(sum(quantity), 0)::int from entitlements where owner_id = $1'
    expect(await readValue(given, [buyer.id])).toBe(0)
  })
})
