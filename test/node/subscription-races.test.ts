import { afterAll, afterEach, beforeAll, expect, it } from 'vitest'
import { payOrder } from '../../src/areas/commerce/orders/orders.ts'
import {
  cancelSubscription,
  changePlan,
  pauseSubscription,
  payNow,
  resumeSubscription,
} from '../../src/areas/commerce/subscriptions/subscriptions.ts'
import { newId } from '../../src/core/ids.ts'
import { count, outcomeOf, times } from '../support/races.ts'
import { describeReal } from '../support/real-postgres.ts'
import { openSubscriberWorld, price, type SubscriberWorld } from '../support/subscriber-world.ts'
import { brokenLaws } from '../support/subscription-laws.ts'

const rounds = 8

describeReal('subscriptions, from many connections at once', () => {
  let world: SubscriberWorld

  beforeAll(async () => {
    world = await openSubscriberWorld()
  })
  afterAll(() => world.close())

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
  afterEach(async () => expect(await brokenLaws(world.one)).toEqual({}))

  it('a renewal that meets a cancelation is one of both, and nothing is charged after it', async () => {
    for (let round = 0; round < rounds; round += 1) {
      const who = await world.aSubscriber(price)
      await world.makeDue(who.subscription, 31)
      const [ran, canceled] = await together(
        round,
        () => outcomeOf(world.run()),
        () => outcomeOf(cancelSubscription(world.of(who), who.subscription, 'now')),
      )
      expect([ran, canceled]).toEqual(['ok', 'ok'])
      expect(await world.statusOf(who.subscription)).toBe('ended')
      expect(await world.wallet(who.id)).toBe((2 - (await world.paidPeriods(who.subscription))) * price)
    }
  })

  it('a renewal that meets a payment by hand is charged once', async () => {
    for (let round = 0; round < rounds; round += 1) {
      const who = await world.aSubscriber()
      await world.makeDue(who.subscription, 31)
      await world.run()
      expect(await world.statusOf(who.subscription)).toBe('past_due')
      await world.fill(who.id, 2 * price)
      await world.makeDue(who.subscription, 1)
      const [ran, paid] = await together(
        round,
        () => outcomeOf(world.run()),
        () => outcomeOf(payNow(world.of(who), who.subscription)),
      )
      expect([ran, ['ok', 'nothing_to_pay'].includes(paid)]).toEqual(['ok', true])
      expect(await world.statusOf(who.subscription)).toBe('active')
      expect(await world.wallet(who.id)).toBe(price)
    }
  })

  it('jobs that run at once renew each subscription once, and give its credits once', async () => {
    for (let round = 0; round < 2; round += 1) {
      const all = await times(12, () => world.aSubscriber(2 * price))
      for (const { subscription } of all) await world.makeDue(subscription, 31)
      const outcomes = await times(5, () => outcomeOf(world.run()))
      expect(count(outcomes)).toEqual({ ok: 5 })
      for (const { id, subscription } of all) {
        expect(await world.paidPeriods(subscription)).toBe(2)
        expect(await world.wallet(id)).toBe(price)
        expect(await world.readValue('select count(*)::int from credit_grants where user_id = $1', id)).toBe(
          2,
        )
      }
      expect(await world.readValue('select count(*)::int from row_failures')).toBe(0)
    }
  })

  it('jobs do not deadlock with those who pay open orders from the same wallets', async () => {
    for (let round = 0; round < 3; round += 1) {
      const all = await times(10, () => world.aSubscriber())
      for (const { subscription } of all) await world.makeDue(subscription, 31)
      await world.run()
      // Each owner asks for an order, and finds the money a moment later.
      for (const who of all) await payNow(world.of(who), who.subscription)
      const orders = await Promise.all(all.map(({ subscription }) => world.openOrderOf(subscription)))
      for (const { id, subscription } of all) {
        await world.fill(id, 3 * price)
        await world.makeDue(subscription, 2)
        await world.one.query('update subscriptions set next_at = now() where id = $1', [subscription])
      }
      const outcomes = await Promise.all([
        outcomeOf(world.run()),
        outcomeOf(world.run()),
        ...all.map((who, n) => outcomeOf(payOrder(world.of(who), orders[n] as string, fromWallet()))),
      ])
      const [first, second, ...paid] = outcomes
      expect([first, second]).toEqual(['ok', 'ok'])
      // An order that waits for longer than a day is over, unless its owner was faster.
      for (const [n, { id }] of all.entries()) {
        expect(['ok', 'order_closed']).toContain(paid[n])
        expect(await world.wallet(id)).toBe((paid[n] === 'ok' ? 2 : 3) * price)
      }
    }
  })

  it('money that a gateway takes while its subscription is canceled pays it or goes back', async () => {
    for (let round = 0; round < rounds; round += 1) {
      const who = await world.onCard(await world.aSubscriber())
      await world.makeDue(who.subscription, 31)
      await world.run()
      const attempt = await world.underWay(who.subscription)
      const [taken, canceled] = await together(
        round,
        () => outcomeOf(world.gatewayTakes(attempt)),
        () => outcomeOf(cancelSubscription(world.of(who), who.subscription, 'now')),
      )
      expect([taken, canceled]).toEqual(['ok', 'ok'])
      expect(await world.statusOf(who.subscription)).toBe('ended')
      const periods = await world.paidPeriods(who.subscription)
      const back = `select coalesce(sum(r.amount), 0)::int from refunds r join payment_intents i on i.id = r.intent_id where i.payer_id = $1`
      expect(await world.readValue(back, who.id)).toBe(periods === 2 ? 0 : price)
    }
  })

  it('a retry that a gateway refuses while its subscription is canceled deadlocks with nobody', async () => {
    for (let round = 0; round < rounds; round += 1) {
      const who = await world.onCard(await world.aSubscriber())
      await world.makeDue(who.subscription, 31)
      await world.run()
      await world.gatewayRefuses(await world.underWay(who.subscription))
      expect(await world.statusOf(who.subscription)).toBe('past_due')
      await world.makeDue(who.subscription, 1)
      await world.run()
      const attempt = await world.underWay(who.subscription)
      const outcomes = await together(
        round,
        () => outcomeOf(world.gatewayRefuses(attempt)),
        () => outcomeOf(cancelSubscription(world.of(who), who.subscription, 'now')),
      )
      expect(outcomes).toEqual(['ok', 'ok'])
      expect(await world.statusOf(who.subscription)).toBe('ended')
    }
  })

  it('a retry that is due while its subscription is canceled is made before or never', async () => {
    for (let round = 0; round < rounds; round += 1) {
      const who = await world.aSubscriber()
      await world.makeDue(who.subscription, 31)
      await world.run()
      await world.fill(who.id, price)
      await world.makeDue(who.subscription, 1)
      const outcomes = await together(
        round,
        () => outcomeOf(world.run()),
        () => outcomeOf(cancelSubscription(world.of(who), who.subscription, 'now')),
      )
      expect(outcomes).toEqual(['ok', 'ok'])
      expect(await world.statusOf(who.subscription)).toBe('ended')
      expect(await world.wallet(who.id)).toBe((2 - (await world.paidPeriods(who.subscription))) * price)
    }
  })

  it('a change of plan that meets a renewal is before it or after, and both are paid for exactly', async () => {
    for (let round = 0; round < rounds; round += 1) {
      const who = await world.aSubscriber(20 * price)
      await world.makeDue(who.subscription, 31)
      const [ran, changed] = await together(
        round,
        () => outcomeOf(world.run()),
        () =>
          outcomeOf(
            changePlan(world.of(who), who.subscription, { planId: world.better, cycle: 'month' }, 'now'),
          ),
      )
      expect([ran, changed]).toEqual(['ok', 'ok'])
      await world.run()
      expect(await world.statusOf(who.subscription)).toBe('active')
      const spent = 21 * price - (await world.wallet(who.id))
      const charged = `select sum(amount)::int from subscription_charges where subscription_id = $1 and status = 'paid'`
      expect(await world.readValue(charged, who.subscription)).toBe(spent)
      expect(
        await world.readValue('select price::int from subscriptions where id = $1', who.subscription),
      ).toBe(3 * price)
    }
  })

  it('a pause that meets a renewal is before it or after, and keeps what was paid', async () => {
    for (let round = 0; round < rounds; round += 1) {
      const who = await world.aSubscriber(3 * price)
      await world.makeDue(who.subscription, 31)
      const outcomes = await together(
        round,
        () => outcomeOf(world.run()),
        () => outcomeOf(pauseSubscription(world.of(who), who.subscription, null)),
      )
      expect(outcomes).toEqual(['ok', 'ok'])
      expect(await world.statusOf(who.subscription)).toBe('paused')
      const periods = await world.paidPeriods(who.subscription)
      expect(await world.wallet(who.id)).toBe((4 - periods) * price)
      await world.makeDue(who.subscription, 50)
      await world.run()
      expect(await world.paidPeriods(who.subscription)).toBe(periods)
      const [resumed] = await together(
        round,
        () => outcomeOf(resumeSubscription(world.of(who), who.subscription)),
        () => outcomeOf(world.run()),
      )
      expect(resumed).toBe('ok')
      await world.run()
      expect(await world.statusOf(who.subscription)).toBe('active')
      expect(await world.paidPeriods(who.subscription)).toBe(2)
    }
  })
})
