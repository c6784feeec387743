import { sql } from 'drizzle-orm'
import { runSubscriptions } from '../../src/areas/commerce/subscriptions/jobs.ts'
import { createPlan, updatePlan } from '../../src/areas/commerce/subscriptions/plans.ts'
import { subscribe } from '../../src/areas/commerce/subscriptions/subscriptions.ts'
import { newId } from '../../src/core/ids.ts'
import { connect } from './integrity-world.ts'
import { openContexts } from './node-context.ts'
import { aPhone } from './numbers.ts'
import { freshDatabase } from './real-postgres.ts'

/** Subscribers in a database of their own, whose clocks are moved and whose gateway is a row. */

export const price = 10_000

export interface Subscriber {
  id: string
  role: string
  subscription: string
}

export type SubscriberWorld = Awaited<ReturnType<typeof openSubscriberWorld>>

export async function openSubscriberWorld() {
  const { ownerUrl } = await freshDatabase()
  const contexts = await openContexts(ownerUrl, 16)
  const one = await connect(ownerUrl)
  const config = newId()
  await one.query(`select set_config('khidma.role', 'system', false)`)
  const admin = { id: newId(), role: 'admin' }
  await one.query('insert into users (id, phone, role) values ($1, $2, $3)', [admin.id, aPhone(), 'admin'])
  const sold = { names: { en: 'Plan', ar: 'خطة' }, country: 'EG', currency: 'EGP' } as const
  const aPlan = async (priceMonth: number): Promise<string> =>
    (await createPlan(contexts.contextOf(admin), { ...sold, priceMonth, creditsAMonth: 7 })).id
  const reprice = (id: string, priceMonth: number) =>
    updatePlan(contexts.contextOf(admin), id, { priceMonth }, null)
  const plan = await aPlan(price)
  const better = await aPlan(price * 3)
  await one.query(
    `insert into payment_gateway_configs (id, gateway, display_name, config, status, countries, currencies, methods, activated_at)
     values ($1, 'stripe', 'Gateway', 'k.x.y', 'active', '{EG}', '{EGP}', '{card}', now())`,
    [config],
  )

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
  const report = () => runSubscriptions(contexts.systemContext('cron.subscriptions'), 50)
  const run = async () => {
    const { failed } = await report()
    if (failed) throw new Error(`${failed} have failed`)
  }
  const of = (who: Subscriber) => contexts.contextOf(who)

  /** In force since now, paid from the wallet; `more` is left in it. */
  async function aSubscriber(more = 0, planId = plan): Promise<Subscriber> {
    const person = { id: newId(), role: 'client' }
    await one.query('insert into users (id, phone, role) values ($1, $2, $3)', [
      person.id,
      aPhone(),
      'client',
    ])
    await fill(person.id, price + more)
    const choice = { planId, cycle: 'month', storedMethodId: null } as const
    const { id } = await subscribe(contexts.contextOf(person), choice)
    return { ...person, subscription: id }
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
    return who
  }
  /** The attempt of a gateway that is under way for a subscription. */
  const underWay = (id: string): Promise<string> =>
    readValue(
      `select i.transaction_id from payment_intents i join subscription_attempts a on a.document_id = i.order_id and a.outcome is null
         join subscription_charges c on c.id = a.charge_id where c.subscription_id = $1`,
      id,
    )
  const captured = (attempt: string, amount: number) =>
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
  const gatewayTakes = (attempt: string, amount = price) =>
    gateway().write([sql`select khidma.apply_payment(${attempt}::uuid, ${captured(attempt, amount)}::jsonb)`])
  const gatewayRefuses = (attempt: string) =>
    gateway().write([sql`select khidma.apply_refusal(${attempt}::uuid, 'declined')`])

  const openOrderOf = (id: string): Promise<string> =>
    readValue(
      `select a.document_id from subscription_attempts a join subscription_charges c on c.id = a.charge_id
        where c.subscription_id = $1 and a.outcome is null`,
      id,
    )
  return {
    ...{ one, contexts, plan, better, aPlan, reprice, of, fill, readValue, wallet, statusOf, paidPeriods },
    ...{ report, run, aSubscriber, makeDue, onCard, underWay, gatewayTakes, gatewayRefuses, openOrderOf },
    async close() {
      await one.end()
      await contexts.close()
    },
  }
}
