import { sql } from 'drizzle-orm'
import type pg from 'pg'
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest'
import { payOrder } from '../../src/areas/commerce/orders/orders.ts'
import { runSubscriptions } from '../../src/areas/commerce/subscriptions/jobs.ts'
import { createPlan } from '../../src/areas/commerce/subscriptions/plans.ts'
import {
  cancelSubscription,
  changePlan,
  pauseSubscription,
  payNow,
  resumeSubscription,
  subscribe,
} from '../../src/areas/commerce/subscriptions/subscriptions.ts'
import { newId } from '../../src/core/ids.ts'
import { connect } from '../support/integrity-world.ts'
import { type NodeContexts, openContexts } from '../support/node-context.ts'
import { aPhone } from '../support/numbers.ts'
import { count, outcomeOf, times } from '../support/races.ts'
import { describeReal, freshDatabase } from '../support/real-postgres.ts'
import { brokenLaws } from '../support/subscription-laws.ts'

const price = 10_000
const rounds = 12

interface Subscriber {
  id: string
  role: string
  subscription: string
  card: string | null
}

describeReal('subscriptions, from many connections at once', () => {
  let contexts: NodeContexts
  let one: pg.Client
  let plan: string
  let better: string
  const config = newId()

  beforeAll(async () => {
    const { ownerUrl } = await freshDatabase()
    contexts = await openContexts(ownerUrl, 16)
    one = await connect(ownerUrl)
    await one.query(`select set_config('khidma.role', 'system', false)`)
    const admin = { id: newId(), role: 'admin' }
    await one.query('insert into users (id, phone, role) values ($1, $2, $3)', [admin.id, aPhone(), 'admin'])
    const sold = { names: { en: 'Race', ar: 'سباق' }, country: 'EG', currency: 'EGP' } as const
    const aPlan = (priceMonth: number) =>
      createPlan(contexts.contextOf(admin), { ...sold, priceMonth, creditsAMonth: 7 })
    plan = (await aPlan(price)).id
    better = (await aPlan(price * 3)).id
    await one.query(
      `insert into payment_gateway_configs (id, gateway, display_name, config, status, countries, currencies, methods, activated_at)
       values ($1, 'stripe', 'Race', 'k.x.y', 'active', '{EG}', '{EGP}', '{card}', now())`,
      [config],
    )
  })
  afterAll(async () => {
    await one.end()
    await contexts.close()
  })

  const fill = (user: string, amount: number) =>
    one.query(`select khidma.post('top_up', 'reconciliation', $1, null, null, 'EGP', $2, $3)`, [
      newId(),
      JSON.stringify({ payer: user, gateway: 'manual' }),
      JSON.stringify({ amount }),
    ])
  const readValue = async (text: string, ...values: unknown[]) =>
    (await one.query({ text, values, rowMode: 'array' })).rows[0]?.[0]
  const wallet = (user: string) => readValue(`select khidma.available('client_wallet', $1, 'EGP')::int`, user)
  const statusOf = (id: string) => readValue('select status::text from subscriptions where id = $1', id)
  const paidPeriods = (id: string) =>
    readValue(
      `select count(*)::int from subscription_charges where subscription_id = $1 and status = 'paid'`,
      id,
    )
  const run = async () => {
    const { failed } = await runSubscriptions(contexts.systemContext('cron.subscriptions'), 50)
    if (failed) throw new Error(`${failed} have failed`)
  }
  const of = (who: Subscriber) => contexts.contextOf(who)

  /** In force since now, paid from the wallet; `more` is left in it. */
  async function aSubscriber(more = 0): Promise<Subscriber> {
    const person = { id: newId(), role: 'client' }
    await one.query('insert into users (id, phone, role) values ($1, $2, $3)', [
      person.id,
      aPhone(),
      'client',
    ])
    await fill(person.id, price + more)
    const choice = { planId: plan, cycle: 'month', storedMethodId: null } as const
    const { id } = await subscribe(contexts.contextOf(person), choice)
    return { ...person, subscription: id, card: null }
  }
  /** Moves the clock, and does nothing. */
  const makeDue = (id: string, days: number) =>
    one.query(
      `update subscriptions set clock_ahead = clock_ahead + $2::int, next_at = next_at - make_interval(secs => $2::int) where id = $1`,
      [id, days * 86_400],
    )
  async function onCard(who: Subscriber): Promise<Subscriber> {
    const card = newId()
    await one.query(
      `insert into payment_methods (id, user_id, type, provider, config_id, gateway_payment_method_id, reference_hash, fingerprint_hash)
       values ($1, $2, 'card', 'stripe', $3, 'sealed', $4, $4)`,
      [card, who.id, config, card],
    )
    await one.query('update subscriptions set stored_method_id = $2 where id = $1', [who.subscription, card])
    return { ...who, card }
  }
  /** The attempt of a gateway that is under way for a subscription. */
  const underWay = (id: string): Promise<string> =>
    readValue(
      `select i.transaction_id from payment_intents i join subscription_attempts a on a.document_id = i.order_id and a.outcome is null
         join subscription_charges c on c.id = a.charge_id where c.subscription_id = $1`,
      id,
    )
  const captured = (attempt: string, amount = price) =>
    JSON.stringify({
      status: 'captured',
      capturedMinor: amount,
      amountMinor: amount,
      currency: 'EGP',
      reference: attempt,
      gatewayReference: `pi_${attempt}`,
      rawStatus: 'succeeded',
      askedAt: new Date().toISOString(),
    })
  const gateway = () => contexts.systemContext('gateway').db
  const gatewayTakes = (attempt: string) =>
    gateway().write([sql`select khidma.apply_payment(${attempt}::uuid, ${captured(attempt)}::jsonb)`])
  const gatewayRefuses = (attempt: string) =>
    gateway().write([sql`select khidma.apply_refusal(${attempt}::uuid, 'declined')`])

  const openOrderOf = (id: string): Promise<string> =>
    readValue(
      `select a.document_id from subscription_attempts a join subscription_charges c on c.id = a.charge_id
        where c.subscription_id = $1 and a.outcome is null`,
      id,
    )
  const fromWallet = () => ({
    method: 'wallet' as const,
    returnUrl: null,
    saveMethod: false,
    storedMethodId: null,
    requestKey: newId(),
  })

  /** Begins both at once, one of them a moment earlier in every other round. */
  async function together<A, B>(round: number, first: () => Promise<A>, second: () => Promise<B>) {
    const later = <T>(work: () => Promise<T>) =>
      new Promise((resolve) => setTimeout(resolve, round % 5)).then(work)
    return round % 2 === 0
      ? await Promise.all([first(), later(second)])
      : await Promise.all([later(first), second()])
  }
  afterEach(async () => expect(await brokenLaws(one)).toEqual({}))

  it('a renewal that meets a cancelation is one of both, and nothing is charged after it', async () => {
    for (let round = 0; round < rounds; round += 1) {
      const who = await aSubscriber(price)
      await makeDue(who.subscription, 31)
      const [ran, canceled] = await together(
        round,
        () => outcomeOf(run()),
        () => outcomeOf(cancelSubscription(of(who), who.subscription, 'now')),
      )
      expect([ran, canceled]).toEqual(['ok', 'ok'])
      expect(await statusOf(who.subscription)).toBe('ended')
      expect(await wallet(who.id)).toBe((2 - (await paidPeriods(who.subscription))) * price)
    }
  })

  it('a renewal that meets a payment by hand is charged once', async () => {
    for (let round = 0; round < rounds; round += 1) {
      const who = await aSubscriber()
      await makeDue(who.subscription, 31)
      await run()
      expect(await statusOf(who.subscription)).toBe('past_due')
      await fill(who.id, 2 * price)
      await makeDue(who.subscription, 1)
      const [ran, paid] = await together(
        round,
        () => outcomeOf(run()),
        () => outcomeOf(payNow(of(who), who.subscription)),
      )
      expect([ran, ['ok', 'nothing_to_pay'].includes(paid)]).toEqual(['ok', true])
      expect(await statusOf(who.subscription)).toBe('active')
      expect(await wallet(who.id)).toBe(price)
    }
  })

  it('jobs that run at once renew each subscription once, and give its credits once', async () => {
    for (let round = 0; round < 4; round += 1) {
      const all = await times(12, () => aSubscriber(2 * price))
      for (const { subscription } of all) await makeDue(subscription, 31)
      const outcomes = await times(5, () => outcomeOf(run()))
      expect(count(outcomes)).toEqual({ ok: 5 })
      for (const { id, subscription } of all) {
        expect(await paidPeriods(subscription)).toBe(2)
        expect(await wallet(id)).toBe(price)
        expect(await readValue('select count(*)::int from credit_grants where user_id = $1', id)).toBe(2)
      }
      const failures = `select count(*)::int from subscriptions where status = 'active' and next_at < now() + interval '2 hours'`
      expect(await readValue(failures)).toBe(0)
    }
  })

  it('jobs do not deadlock with those who pay open orders, and other orders, from the same wallets', async () => {
    for (let round = 0; round < 6; round += 1) {
      const all = await times(10, () => aSubscriber())
      for (const { subscription } of all) await makeDue(subscription, 31)
      await run()
      // Each owner asks for an order, and finds the money a moment later.
      for (const who of all) await payNow(of(who), who.subscription)
      const orders = await Promise.all(all.map(({ subscription }) => openOrderOf(subscription)))
      for (const { id, subscription } of all) {
        await fill(id, 3 * price)
        await makeDue(subscription, 2)
        await one.query('update subscriptions set next_at = now() where id = $1', [subscription])
      }
      const outcomes = await Promise.all([
        outcomeOf(run()),
        ...all.map((who, n) => outcomeOf(payOrder(of(who), orders[n] as string, fromWallet()))),
        outcomeOf(run()),
      ])
      expect(count(outcomes)).toEqual({ ok: 12 })
      for (const { id } of all) expect(await wallet(id)).toBe(2 * price)
    }
  })

  it('money that a gateway takes while its subscription is canceled pays it or goes back', async () => {
    const seen = new Set<string>()
    for (let round = 0; round < rounds; round += 1) {
      const who = await onCard(await aSubscriber())
      await makeDue(who.subscription, 31)
      await run()
      const attempt = await underWay(who.subscription)
      const [taken, canceled] = await together(
        round,
        () => outcomeOf(gatewayTakes(attempt)),
        () => outcomeOf(cancelSubscription(of(who), who.subscription, 'now')),
      )
      expect([taken, canceled]).toEqual(['ok', 'ok'])
      expect(await statusOf(who.subscription)).toBe('ended')
      const periods = await paidPeriods(who.subscription)
      const back = `select coalesce(sum(r.amount), 0)::int from refunds r join payment_intents i on i.id = r.intent_id where i.payer_id = $1`
      expect(await readValue(back, who.id)).toBe(periods === 2 ? 0 : price)
      seen.add(`${periods}`)
    }
    expect([...seen].toSorted()).toEqual(['1', '2'])
  })

  it('a retry that a gateway refuses while its subscription is canceled deadlocks with nobody', async () => {
    for (let round = 0; round < rounds; round += 1) {
      const who = await onCard(await aSubscriber())
      await makeDue(who.subscription, 31)
      await run()
      await gatewayRefuses(await underWay(who.subscription))
      expect(await statusOf(who.subscription)).toBe('past_due')
      await makeDue(who.subscription, 1)
      await run()
      const attempt = await underWay(who.subscription)
      const outcomes = await together(
        round,
        () => outcomeOf(gatewayRefuses(attempt)),
        () => outcomeOf(cancelSubscription(of(who), who.subscription, 'now')),
      )
      expect(outcomes).toEqual(['ok', 'ok'])
      expect(await statusOf(who.subscription)).toBe('ended')
    }
  })

  it('a retry that is due while its subscription is canceled is made before or never', async () => {
    for (let round = 0; round < rounds; round += 1) {
      const who = await aSubscriber()
      await makeDue(who.subscription, 31)
      await run()
      await fill(who.id, price)
      await makeDue(who.subscription, 1)
      const outcomes = await together(
        round,
        () => outcomeOf(run()),
        () => outcomeOf(cancelSubscription(of(who), who.subscription, 'now')),
      )
      expect(outcomes).toEqual(['ok', 'ok'])
      expect(await statusOf(who.subscription)).toBe('ended')
      expect(await wallet(who.id)).toBe((2 - (await paidPeriods(who.subscription))) * price)
    }
  })

  it('a change of plan that meets a renewal is before it or after, and both are paid for exactly', async () => {
    for (let round = 0; round < rounds; round += 1) {
      const who = await aSubscriber(20 * price)
      await makeDue(who.subscription, 31)
      const [ran, changed] = await together(
        round,
        () => outcomeOf(run()),
        () => outcomeOf(changePlan(of(who), who.subscription, { planId: better, cycle: 'month' }, 'now')),
      )
      expect([ran, changed]).toEqual(['ok', 'ok'])
      await run()
      expect(await statusOf(who.subscription)).toBe('active')
      const spent = 21 * price - (await wallet(who.id))
      const charged = `select sum(amount)::int from subscription_charges where subscription_id = $1 and status = 'paid'`
      expect(await readValue(charged, who.subscription)).toBe(spent)
      expect(await readValue('select price::int from subscriptions where id = $1', who.subscription)).toBe(
        3 * price,
      )
    }
  })

  it('a pause that meets a renewal is before it or after, and keeps what was paid', async () => {
    for (let round = 0; round < rounds; round += 1) {
      const who = await aSubscriber(3 * price)
      await makeDue(who.subscription, 31)
      const outcomes = await together(
        round,
        () => outcomeOf(run()),
        () => outcomeOf(pauseSubscription(of(who), who.subscription, null)),
      )
      expect(outcomes).toEqual(['ok', 'ok'])
      expect(await statusOf(who.subscription)).toBe('paused')
      const periods = await paidPeriods(who.subscription)
      expect(await wallet(who.id)).toBe((4 - periods) * price)
      await makeDue(who.subscription, 50)
      await run()
      expect(await paidPeriods(who.subscription)).toBe(periods)
      const [resumed] = await together(
        round,
        () => outcomeOf(resumeSubscription(of(who), who.subscription)),
        () => outcomeOf(run()),
      )
      expect(resumed).toBe('ok')
      await run()
      expect(await statusOf(who.subscription)).toBe('active')
      expect(await paidPeriods(who.subscription)).toBe(2)
    }
  })
})
