import { afterAll, beforeAll, expect, it } from 'vitest'
import {
  cancelSubscription,
  changePlan,
  payNow,
  updateSubscription,
} from '../../src/areas/commerce/subscriptions/subscriptions.ts'
import { newId } from '../../src/core/ids.ts'
import { rowsOf, uuid } from '../../src/db/rows.ts'
import { times } from '../support/races.ts'
import { describeReal } from '../support/real-postgres.ts'
import { openSubscriberWorld, price, type SubscriberWorld } from '../support/subscriber-world.ts'
import { brokenLaws } from '../support/subscription-laws.ts'

describeReal('the charges of subscriptions', () => {
  let world: SubscriberWorld

  beforeAll(async () => {
    world = await openSubscriberWorld()
  })
  afterAll(() => world.close())

  const due = async (more = 0) => {
    const who = await world.aSubscriber(more)
    await world.makeDue(who.subscription, 31)
    return who
  }

  it('to a stored method are one attempt each, which one caller takes to its gateway', async () => {
    // The table is not empty: an attempt was begun once for each row of it.
    for (let n = 0; n < 3; n += 1) {
      const { subscription } = await world.onCard(await due())
      await world.run()
      const attempts = `
        select count(*)::int from payment_transactions t join payment_intents i on i.id = t.intent_id
          join subscription_attempts a on a.document_id = i.order_id join subscription_charges c on c.id = a.charge_id
         where c.subscription_id = $1 and i.method = 'card'`
      expect(await world.readValue(attempts, subscription)).toBe(1)
    }
    const take = () =>
      world.contexts
        .systemContext('charges')
        .db.write([], rowsOf({ id: uuid })`select x.id from khidma.take_charges(null, 2) x (id)`)
    const taken = (await times(6, take)).flat().map(({ id }) => id)
    expect(taken).toHaveLength(3)
    expect(new Set(taken).size).toBe(3)
  })

  it('that fail stop no other, and are tried an hour later', async () => {
    const [bad, good] = [await due(price), await due(price)]
    await world.one.query(
      `create function refuse_one() returns trigger language plpgsql as $$ begin raise exception 'no'; end $$;
       create trigger refuse_one before insert on subscription_charges for each row when (new.subscription_id = '${bad.subscription}') execute function refuse_one()`,
    )
    expect(await world.report()).toMatchObject({ failed: 1 })
    expect(await world.paidPeriods(good.subscription)).toBe(2)
    const wait = 'select extract(epoch from retry_at - now())::int from row_failures where row_id = $1'
    const seconds = await world.readValue(wait, bad.subscription)
    expect(Math.abs(seconds - 3_600)).toBeLessThan(30)
    expect(await world.report()).toEqual({ stepped: 0, failed: 0 })
    await world.one.query('drop trigger refuse_one on subscription_charges')
    await world.one.query('update row_failures set retry_at = now() where row_id = $1', [bad.subscription])
    await world.run()
    expect(await world.paidPeriods(bad.subscription)).toBe(2)
  })

  it('keep the price that they were opened with, whatever the plan costs by the time that it is paid', async () => {
    const [plan, better] = [await world.aPlan(price), await world.aPlan(3 * price)]
    const priceNow = (id: string) => world.readValue('select price::int from subscriptions where id = $1', id)
    const who = await world.onCard(await world.aSubscriber(0, plan))
    await world.makeDue(who.subscription, 31)
    await world.run()
    const renewal = await world.underWay(who.subscription)
    await world.reprice(plan, 2 * price)
    await world.gatewayTakes(renewal)
    expect(await priceNow(who.subscription)).toBe(price)
    await changePlan(world.of(who), who.subscription, { planId: better, cycle: 'month' }, 'now')
    const amount = await world.readValue(
      `select amount::int from subscription_charges where subscription_id = $1 and status = 'open'`,
      who.subscription,
    )
    await world.reprice(better, 5 * price)
    await world.gatewayTakes(await world.underWay(who.subscription), amount)
    expect(await priceNow(who.subscription)).toBe(3 * price)
    await world.makeDue(who.subscription, 31)
    await world.run()
    await world.gatewayTakes(await world.underWay(who.subscription), 5 * price)
    expect(await priceNow(who.subscription)).toBe(5 * price)
  })

  it.each(['cancel', 'update'])(
    'of a next period that is under way are void once it is canceled (%s)',
    async (how) => {
      const who = await world.onCard(await due())
      await world.run()
      const attempt = await world.underWay(who.subscription)
      if (how === 'cancel') await cancelSubscription(world.of(who), who.subscription, 'period_end')
      else await updateSubscription(world.of(who), who.subscription, { cancelsAtPeriodEnd: true }, null)
      expect(await world.statusOf(who.subscription)).toBe('ended')
      await world.gatewayTakes(attempt)
      expect(await world.paidPeriods(who.subscription)).toBe(1)
      const back = `select sum(r.amount)::int from refunds r join payment_intents i on i.id = r.intent_id where i.payer_id = $1`
      expect(await world.readValue(back, who.id)).toBe(price)
    },
  )

  it('whose order nobody pays are tried again a day later, by the clock of the subscription', async () => {
    const who = await due()
    await world.run()
    await payNow(world.of(who), who.subscription)
    expect(await world.openOrderOf(who.subscription)).not.toBeUndefined()
    await world.makeDue(who.subscription, 1)
    await world.run()
    expect(await world.openOrderOf(who.subscription)).toBeUndefined()
    const code = `select a.failure_code from subscription_attempts a join subscription_charges c on c.id = a.charge_id
                   where c.subscription_id = $1 order by a.id desc limit 1`
    expect(await world.readValue(code, who.subscription)).toBe('expired')
    await world.fill(who.id, price)
    await world.makeDue(who.subscription, 3)
    await world.run()
    expect(await world.statusOf(who.subscription)).toBe('active')
  })

  it('say why a stored method could not be charged, and call no gateway', async () => {
    const codeOf = (subscription: string) =>
      world.readValue(
        `select a.failure_code from subscription_attempts a join subscription_charges c on c.id = a.charge_id
          where c.subscription_id = $1 order by a.id desc limit 1`,
        subscription,
      )
    const change = (set: string, user: string) =>
      world.one.query(`update payment_methods set ${set} where user_id = $1`, [user])
    const [expired, removed, away] = [
      await world.onCard(await due()),
      await world.onCard(await due()),
      await world.onCard(await due()),
    ]
    await change('card_exp_year = 2020, card_exp_month = 1', expired.id)
    await change('is_active = false', removed.id)
    await change(`provider = 'paypal'`, away.id)
    await world.run()
    expect(await codeOf(expired.subscription)).toBe('stored_method_expired')
    expect(await codeOf(removed.subscription)).toBe('stored_method_unusable')
    expect(await codeOf(away.subscription)).toBe('payment_method_unavailable')
    for (const { subscription } of [expired, removed, away]) {
      expect(await world.underWay(subscription)).toBeUndefined()
      expect(await world.statusOf(subscription)).toBe('past_due')
    }
  })

  it('of a change that nobody pays are void, and its owner hears of it', async () => {
    const who = await world.aSubscriber()
    await changePlan(world.of(who), who.subscription, { planId: world.better, cycle: 'month' }, 'now')
    await world.makeDue(who.subscription, 2)
    await world.run()
    const told = `select count(*)::int from outbox where object_id = $1 and type = 'subscription.change_failed'`
    expect(await world.readValue(told, who.subscription)).toBe(1)
    expect(await world.statusOf(who.subscription)).toBe('active')
    expect(await world.openOrderOf(who.subscription)).toBeUndefined()
  })

  it('follow the dunning of their country', async () => {
    await world.one.query(
      `insert into config_entries (id, key, country, value, valid_during, reason)
       values ($1, 'subscriptions.dunning', 'EG', '{"retryDays": [2], "graceDays": 5}', tstzrange(now(), null), 'Test')`,
      [newId()],
    )
    const who = await due()
    await world.run()
    const times = `select round(extract(epoch from s.grace_until - khidma.clock_of(s)) / 86400)::int || ' ' ||
        coalesce(round(extract(epoch from c.next_attempt_at - khidma.clock_of(s)) / 86400)::int::text, 'none')
      from subscriptions s join subscription_charges c on c.subscription_id = s.id and c.status = 'open' where s.id = $1`
    expect(await world.readValue(times, who.subscription)).toBe('5 2')
    await world.makeDue(who.subscription, 2)
    await world.run()
    expect(await world.readValue(times, who.subscription)).toBe('3 none')
    await world.makeDue(who.subscription, 3)
    await world.run()
    const reason = 'select end_reason from subscriptions where id = $1'
    expect(await world.readValue(reason, who.subscription)).toBe('unpaid')
  })

  it('break no law', async () => {
    expect(await brokenLaws(world.one)).toEqual({})
  })
})
