import fc from 'fast-check'
import type pg from 'pg'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { newId } from '../../src/core/ids.ts'
import { connect } from '../support/integrity-world.ts'
import { Line, system } from '../support/money-model/world.ts'
import { aPhone } from '../support/numbers.ts'
import { describeReal, freshDatabase } from '../support/real-postgres.ts'
import { brokenLaws } from '../support/subscription-laws.ts'
import { type Cycle, type Plan, Refused, SubscriptionModel } from '../support/subscription-model.ts'

/** Random histories of subscriptions against a plain model. Clocks are moved: no step takes longer than its transaction. */

type Step =
  | { do: 'subscribe'; plan: number; cycle: Cycle }
  | { do: 'change'; plan: number; cycle: Cycle; when: 'now' | 'period_end' }
  | { do: 'cancel'; when: 'now' | 'period_end' }
  | { do: 'pass'; hours: number }
  | { do: 'pause'; days: number | null }
  | { do: 'fill'; amount: number }
  | { do: 'resume' | 'goOn' | 'pay' | 'payOrder' | 'refuse' | 'take' | 'card' | 'wallet' }

const plan = fc.nat(3)
const cycle = fc.constantFrom<Cycle>('month', 'month', 'year')
const when = fc.constantFrom<'now' | 'period_end'>('now', 'period_end')
const hours = fc.oneof(
  fc.integer({ min: 1, max: 60 }),
  fc.integer({ min: 24 * 20, max: 24 * 45 }),
  fc.constant(24 * 366),
)
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 2, arbitrary: fc.record({ do: fc.constant('subscribe' as const), plan, cycle }) },
  { weight: 4, arbitrary: fc.record({ do: fc.constant('change' as const), plan, cycle, when }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('cancel' as const), when }) },
  { weight: 9, arbitrary: fc.record({ do: fc.constant('pass' as const), hours }) },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('pause' as const),
      days: fc.option(fc.integer({ min: -1, max: 80 })),
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant('fill' as const),
      amount: fc.integer({ min: 1_000, max: 90_000 }),
    }),
  },
  {
    weight: 10,
    arbitrary: fc.record({
      do: fc.constantFrom(
        'resume',
        'goOn',
        'pay',
        'payOrder',
        'refuse',
        'take',
        'take',
        'take',
        'card',
        'wallet',
      ) as fc.Arbitrary<'resume' | 'goOn' | 'pay' | 'payOrder' | 'refuse' | 'take' | 'card' | 'wallet'>,
    }),
  },
)

const us = (column: string) => `(extract(epoch from ${column}) * 1000000)::float8`
const stateOf = (id: string) => `
  select ${us('khidma.clock_of(s)')} as clock, s.status::text, s.plan_id as plan, s.cycle, s.price::float8, ${us('s.period_start')} as start, ${us('s.period_end')} as end,
         s.anchor_day as anchor, s.cancels_at_period_end as cancels, s.next_plan_id as next, s.next_cycle as "nextCycle", ${us('s.paused_at')} as "pausedAt",
         ${us('s.paused_until')} as "pausedUntil", ${us('s.grace_until')} as "graceUntil", s.end_reason as reason, ${us('s.credits_at')} as "creditsAt",
         khidma.available('client_wallet', s.user_id, 'EGP')::float8 as wallet,
         (select count(*)::int from credit_grants g where g.user_id = s.user_id) as grants,
         (select coalesce(json_agg(json_build_object('kind', c.kind, 'plan', c.plan_id, 'cycle', c.cycle, 'start', ${us('c.period_start')}, 'end', ${us('c.period_end')},
             'price', c.price, 'amount', c.amount, 'unused', c.unused, 'status', c.status, 'attempts', c.attempts, 'nextAttempt', ${us('c.next_attempt_at')},
             'underWay', (select ${us('a.at')} from subscription_attempts a where a.charge_id = c.id and a.outcome is null)) order by c.id), '[]')
            from subscription_charges c where c.subscription_id = s.id) as charges
    from subscriptions s where s.id = '${id}'`

describeReal('a subscription', () => {
  let line: Line
  let one: pg.Client
  const config = newId()
  const free: Plan = { id: newId(), month: 0, year: null, trialDays: 0, credits: 3, fallsTo: null }
  const plans: Plan[] = [
    free,
    { id: newId(), month: 20_001, year: 199_999, trialDays: 0, credits: 7, fallsTo: free },
    { id: newId(), month: 59_999, year: 600_001, trialDays: 14, credits: 0, fallsTo: null },
    { id: newId(), month: null, year: 333_333, trialDays: 40, credits: 11, fallsTo: free },
  ]

  beforeAll(async () => {
    const { ownerUrl } = await freshDatabase()
    line = new Line(ownerUrl)
    await line.open()
    one = await connect(ownerUrl)
    await one.query(`select set_config('khidma.role', 'system', false)`)
    await one.query(
      `insert into payment_gateway_configs (id, gateway, display_name, config, status, countries, currencies, methods, activated_at)
       values ($1, 'stripe', 'Model', 'k.x.y', 'active', '{EG}', '{EGP}', '{card}', now())`,
      [config],
    )
    for (const p of plans)
      await one.query(
        `insert into plans (id, names, country, currency, price_month, price_year, trial_days, credits_a_month, falls_to)
         values ($1, '{"en": "Plan", "ar": "خطة"}', 'EG', 'EGP', $2, $3, $4, $5, $6)`,
        [p.id, p.month, p.year, p.trialDays, p.credits, p.fallsTo?.id],
      )
  })
  afterAll(async () => {
    await line.close()
    await one.end()
  })

  async function live(steps: Step[]): Promise<void> {
    const user = { id: newId(), role: 'client' as const }
    const card = newId()
    await one.query('insert into users (id, phone, role) values ($1, $2, $3)', [user.id, aPhone(), user.role])
    await one.query(
      `insert into payment_methods (id, user_id, type, provider, config_id, gateway_payment_method_id, reference_hash, fingerprint_hash)
       values ($1, $2, 'card', 'stripe', $3, 'sealed', $4, $4)`,
      [card, user.id, config, card],
    )
    const purse = { wallet: 0 }
    let tries = true
    let grants = 0
    let at: { id: string; model: SubscriptionModel } | null = null

    for (const each of steps) {
      const ended = at?.model.status === 'ended'
      if (each.do === 'fill') {
        await line.transact(system, [
          `select khidma.post('top_up', 'reconciliation', '${newId()}', null, null, 'EGP', '{"payer": "${user.id}", "gateway": "manual"}', '{"amount": ${each.amount}}')`,
        ])
        purse.wallet += each.amount
        continue
      }
      if (each.do === 'subscribe') {
        const id = newId()
        const chosen = plans[each.plan] as Plan
        const rows = await line.transact(user, [
          `select khidma.open_subscription('${id}', '${chosen.id}', '${each.cycle}', null)`,
          stateOf(id),
        ])
        if (chosen[each.cycle] === null) expect(rows).toBe('plan_unavailable')
        else if (at && !ended) expect(rows).toBe('subscriptions_one_open')
        else {
          if (at) grants += at.model.grants
          if (at && at.model.reason !== 'abandoned') tries = false
          const [row] = rows as { clock: number }[]
          at = { id, model: new SubscriptionModel(purse, chosen, each.cycle, row?.clock ?? 0, tries) }
          compare(row, at.model, grants)
        }
        continue
      }
      if (!at) continue
      const { id, model } = at
      const deed = await deedOf(each, id, model, user, card)
      if (!deed) continue
      const outcome = await line.transact(deed.by, [deed.text, stateOf(id)])
      const clock = typeof outcome === 'string' ? await clockOf(id) : outcome[0].clock
      const refusal = refusalOf(() => deed.model(clock))
      expect(typeof outcome === 'string' ? outcome : 'ok', `${each.do}`).toBe(refusal)
      if (typeof outcome !== 'string') compare(outcome[0], model, grants)
    }
    if (!at) return
    // Everything comes to its end: years later one that is not paid has fallen or ended, whatever was under way.
    const outcome = await line.transact(system, [
      `select khidma.pass_subscription_time('${at.id}', ${86_400 * 800})`,
      stateOf(at.id),
    ])
    at.model.pass((outcome as { clock: number }[])[0]?.clock ?? 0)
    compare((outcome as object[])[0], at.model, grants)
    exact(at.model)
  }

  async function clockOf(id: string): Promise<number> {
    const { rows } = await one.query(
      `select ${us('khidma.clock_of(s)')} as clock from subscriptions s where id = $1`,
      [id],
    )
    return rows[0].clock
  }

  const refusalOf = (work: () => void): string => {
    try {
      work()
      return 'ok'
    } catch (error) {
      if (error instanceof Refused) return error.message
      throw error
    }
  }

  async function deedOf(
    each: Step,
    id: string,
    model: SubscriptionModel,
    user: { id: string; role: 'client' },
    card: string,
  ): Promise<{ by: typeof user | typeof system; text: string; model: (t: number) => void } | null> {
    const underWay = model.open?.underWay != null
    const order = underWay
      ? (await one.query('select khidma.charge_order_of($1) as id', [id])).rows[0].id
      : null
    const attempt = underWay
      ? (
          await one.query(
            `select transaction_id as id from payment_intents where order_id = $1 and status = 'requires_action'`,
            [order],
          )
        ).rows[0]?.id
      : null
    const locked = `select khidma.lock_subscription('${id}')`
    const amount = model.open?.amount ?? 0
    switch (each.do) {
      case 'pass':
        return {
          by: system,
          text: `select khidma.pass_subscription_time('${id}', ${each.hours * 3_600})`,
          model: (t) => model.pass(t),
        }
      case 'change':
        if (model.status === 'ended') return null
        return {
          by: user,
          text: `select khidma.change_subscription('${id}', '${plans[each.plan]?.id}', '${each.cycle}', '${each.when}')`,
          model: (t) => model.change(t, plans[each.plan] as Plan, each.cycle, each.when),
        }
      case 'cancel':
        return {
          by: user,
          text: `select khidma.cancel_subscription('${id}', '${each.when}')`,
          model: () => model.cancel(each.when),
        }
      case 'goOn':
        if (model.status === 'ended') return null
        return {
          by: user,
          text: `update subscriptions set cancels_at_period_end = false where id = '${id}'`,
          model: () => {
            model.cancels = false
          },
        }
      case 'pause': {
        const until = each.days === null ? null : (await clockOf(id)) + each.days * 86_400_000_000
        const value = until === null ? 'null' : `to_timestamp(${until / 1_000_000}::numeric)`
        return {
          by: user,
          text: `${locked}; select khidma.pause_subscription('${id}', ${value})`,
          model: (t) => model.pause(t, until),
        }
      }
      case 'resume':
        return {
          by: user,
          text: `${locked}; select khidma.resume_own_subscription('${id}')`,
          model: (t) => model.resume(t),
        }
      case 'pay':
        return {
          by: user,
          text: `${locked}; select khidma.pay_subscription('${id}')`,
          model: (t) => model.pay(t),
        }
      case 'payOrder':
        if (!order || model.purse.wallet < amount) return null
        return {
          by: user,
          text: `select khidma.open_order_payment('${newId()}', '${order}', 'wallet', false, null)`,
          model: (t) => {
            model.purse.wallet -= amount
            model.isPaid(t)
          },
        }
      case 'take':
        if (!attempt) return null
        return {
          by: system,
          text: `select khidma.apply_payment('${attempt}', '${JSON.stringify({
            ...{
              status: 'captured',
              capturedMinor: amount,
              amountMinor: amount,
              currency: 'EGP',
              reference: attempt,
            },
            ...{
              gatewayReference: `pi_${attempt}`,
              rawStatus: 'succeeded',
              askedAt: new Date().toISOString(),
            },
          })}')`,
          model: (t) => model.isPaid(t),
        }
      case 'refuse':
        if (!order) return null
        return {
          by: attempt ? system : user,
          text: attempt
            ? `select khidma.apply_refusal('${attempt}', 'declined')`
            : `select khidma.cancel_order('${order}')`,
          model: (t) => model.isRefused(t),
        }
      case 'card':
      case 'wallet':
        return {
          by: user,
          text: `update subscriptions set stored_method_id = ${each.do === 'card' ? `'${card}'` : 'null'} where id = '${id}'`,
          model: () => {
            model.onCard = each.do === 'card'
          },
        }
      default:
        return null
    }
  }

  function compare(row: unknown, model: SubscriptionModel, grants: number): void {
    const { plan: had, next, charges, purse, ...rest } = model
    const mine = {
      ...{
        status: rest.status,
        plan: had.id,
        cycle: rest.cycle,
        price: rest.price,
        start: rest.start,
        end: rest.end,
      },
      ...{
        anchor: rest.anchor,
        cancels: rest.cancels,
        next: next?.plan.id ?? null,
        nextCycle: next?.cycle ?? null,
      },
      ...{
        pausedAt: rest.pausedAt,
        pausedUntil: rest.pausedUntil,
        graceUntil: rest.graceUntil,
        reason: rest.reason,
      },
      ...{ creditsAt: rest.creditsAt, wallet: purse.wallet, grants: grants + rest.grants },
      charges: charges.map(({ plan: charged, worth: _worth, ...charge }) => ({
        ...charge,
        plan: charged.id,
      })),
    }
    const { clock: _clock, ...there } = row as { clock: number }
    expect(there).toEqual(mine)
  }

  /** The sum that was paid is the worth of the time: each change is rounded twice, to the unit and to the second. */
  function exact({ paid }: SubscriptionModel): void {
    const changes = paid.filter(({ kind }) => kind === 'change').length
    const difference = paid.reduce((sum, { amount, worth }) => sum + amount - worth, 0)
    expect(Math.abs(difference)).toBeLessThanOrEqual(changes * 1.2)
    for (const [n, { kind, start }] of paid.entries())
      if (n > 0 && kind === 'period') expect(start).toBeGreaterThanOrEqual(paid[n - 1]?.end ?? 0)
  }

  it('that changes in the middle of a period pays the difference, rounded half up', {
    timeout: 60_000,
  }, async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 26 * 24 }), cycle, (passed, to) =>
        live([
          { do: 'fill', amount: 900_000 },
          { do: 'subscribe', plan: 1, cycle: 'month' },
          { do: 'pass', hours: passed },
          { do: 'change', plan: 2, cycle: to, when: 'now' },
        ]),
      ),
      { numRuns: 12, seed: 7 },
    )
  })

  it('is what a plain model says after any history, and breaks no law', { timeout: 240_000 }, async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.nat(3),
        cycle,
        fc.array(step, { minLength: 8, maxLength: 40 }),
        (first, often, steps) =>
          live([{ do: 'fill', amount: 250_000 }, { do: 'subscribe', plan: first, cycle: often }, ...steps]),
      ),
      {
        numRuns: Number(process.env.SUBSCRIPTION_RUNS ?? 40),
        seed: Number(process.env.SUBSCRIPTION_SEED ?? 13),
      },
    )
    expect(await brokenLaws(one)).toEqual({})
    // Histories that never come to a state prove nothing about it.
    const { rows } = await one.query(`
      select (select json_agg(distinct coalesce(end_reason, status::text)) from subscriptions) as ends,
             (select json_agg(distinct c.kind || ' ' || c.status || ' ' || coalesce(a.outcome, 'open'))
                from subscription_charges c join subscription_attempts a on a.charge_id = c.id) as attempts,
             (select json_agg(distinct to_state) from (select data ->> 'to' as to_state from outbox where object_type = 'subscription') e where to_state is not null) as states`)
    expect(rows[0].ends).toEqual(
      expect.arrayContaining(['abandoned', 'active', 'canceled', 'paused', 'unpaid']),
    )
    expect(rows[0].states).toHaveLength(6)
    expect(rows[0].attempts).toEqual(
      expect.arrayContaining([
        ...['change paid paid', 'change void failed'],
        ...['period paid failed', 'period paid paid', 'period void canceled', 'period void failed'],
      ]),
    )
  })
})
