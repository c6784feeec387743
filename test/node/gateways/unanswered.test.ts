import { sql } from 'drizzle-orm'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { attempts, namesOf } from '../../../src/areas/money/gateways/calls.ts'
import { createConfig } from '../../../src/areas/money/gateways/configs.ts'
import { receiveEvent, workOnArrivals, workOnEvents } from '../../../src/areas/money/gateways/receiving.ts'
import { sweep, workOn } from '../../../src/areas/money/gateways/work.ts'
import { choosePayment } from '../../../src/areas/money/payments/payments.ts'
import { createRefund } from '../../../src/areas/money/payments/refunds.ts'
import { learnListed } from '../../../src/areas/money/reconciliation/runs.ts'
import { completeBooking } from '../../../src/areas/work/bookings/bookings.ts'
import { newId } from '../../../src/core/ids.ts'
import { type CardWorld, openCardWorld } from '../../support/card-world.ts'
import { asOwner } from '../../support/integrity-world.ts'
import { describeReal } from '../../support/real-postgres.ts'

/** Questions that a gateway does not answer, and calls that it refuses. */
describeReal('a gateway that does not answer as it should', () => {
  let card: CardWorld
  beforeAll(async () => {
    card = await openCardWorld()
  })
  afterAll(() => card.close())
  beforeEach(async () => {
    // Events of the test before would meet the faults of this one.
    await card.simulator.settle()
    await card.query('update payment_gateway_configs set failures = 0, paused_until = null')
  })

  const payment = async (id: string) => {
    const [row] = await card.query(
      `select p.status, p.review, p.failure_code as failure, t.status as attempt,
              p.capture_due_at > now() + interval '50 minutes' as "isPutOff"
         from payment_intents p join payment_transactions t on t.id = p.transaction_id where p.id = $1`,
      [id],
    )
    return row
  }
  const begun = async () => card.begin(await card.aBooking())
  async function authorized() {
    const paid = await begun()
    await card.approve(paid)
    return paid
  }
  const due = (reference: string) =>
    card.query('update payment_transactions set next_check_at = now() where reference = $1', [reference])
  const sent = (what: string) =>
    card.simulator.received.filter(({ method, path }) => `${method} ${path}`.startsWith(what)).length

  describe('a question that it refuses', () => {
    it.each([400, 401, 403] as const)('by %i leaves the payment as it is', async (status) => {
      const { id, reference } = await begun()
      await due(reference)
      card.simulator.plan({ kind: 'refusal', status, on: 'GET /v1/payment_intents/' })
      await sweep(card.system())
      expect(await payment(id)).toMatchObject({ status: 'requires_action', failure: null })
      await card.simulator.pay({ reference })
      await card.simulator.settle()
      expect(await payment(id)).toMatchObject({ status: 'authorized' })
    })

    it('leaves the refund as it is, which is made later', async () => {
      const { id } = await card.aPayment()
      const { id: refundId } = await createRefund(card.as('ops'), id, {
        amount: 1_000,
        reason: 'requested',
        destination: 'original',
      })
      card.simulator.plan({ kind: 'refusal', status: 400, on: 'GET /v1/refunds' })
      const before = sent('POST /v1/refunds')
      await card.work(id)
      expect(await card.query('select status from refunds where id = $1', [refundId])).toEqual([
        { status: 'pending' },
      ])
      expect(sent('POST /v1/refunds')).toBe(before)
      await card.query('update refunds set next_at = now() where id = $1', [refundId])
      await card.work(id)
      expect(await card.query('select status from refunds where id = $1', [refundId])).toEqual([
        { status: 'succeeded' },
      ])
      expect(
        await card.query('select kind, status, amount::int from payment_transactions where reference = $1', [
          refundId,
        ]),
      ).toEqual([{ kind: 'refund', status: 'completed', amount: 1_000 }])
      await card.balanced()
    })
  })

  it.each([401, 403] as const)(
    'that does not admit us (%i) has failed no payment: the payer asks again',
    async (status) => {
      const booking = await card.aBooking()
      card.simulator.plan({ kind: 'refusal', status, on: 'POST /v1/payment_intents' })
      await expect(card.pay(booking)).rejects.toMatchObject({ code: 'gateway_unavailable' })
      const begun = await card.pay(booking)
      expect(begun).toMatchObject({ status: 'requires_action', failureCode: null })
      expect(card.simulator.countPayments(begun.transactionId ?? '')).toBe(1)
    },
  )

  describe('a refund', () => {
    const opened = async (paymentId: string): Promise<string> =>
      (
        await createRefund(card.as('ops'), paymentId, {
          amount: 1_000,
          reason: 'duplicate',
          destination: 'original',
        })
      ).id

    it('is sent by one, however many work on it', async () => {
      const { id } = await card.aPayment()
      await opened(id)
      const before = sent('POST /v1/refunds')
      await Promise.all(Array.from({ length: 5 }, () => workOn(card.system(), id)))
      expect(sent('POST /v1/refunds')).toBe(before + 1)
      expect(card.simulator.received.findLast(({ method }) => method === 'POST')?.text).toContain(
        'reason=duplicate',
      )
    })

    it('that is being sent is left to its sender, though an event speaks of it', async () => {
      const { id, reference } = await card.aPayment()
      const refundId = await opened(id)
      await card.query(`select khidma.take_refund($1)`, [id])
      const before = sent('POST /v1/refunds')
      await card.query(
        `insert into gateway_events (id, gateway, event_id, type, about, payment_gateway_reference, next_at)
         select $1::uuid, 'stripe', $1::text, 'refund.created', 'refund', gateway_reference, now() from payment_transactions where reference = $2`,
        [newId(), reference],
      )
      await workOnEvents(card.system(), null)
      expect(sent('POST /v1/refunds')).toBe(before)
      await card.query('update refunds set next_at = now() where id = $1', [refundId])
      await card.work(id)
      expect(sent('POST /v1/refunds')).toBe(before + 1)
    })

    it('that the gateway has made is never made again, though it is not found', async () => {
      const { id } = await card.aPayment()
      const refundId = await opened(id)
      await card.query(`update refunds set provider_reference = 're_gone' where id = $1`, [refundId])
      const before = sent('POST /v1/refunds')
      await card.work(id)
      expect(sent('POST /v1/refunds')).toBe(before)
      expect(
        await card.query('select status, next_at > now() as later from refunds where id = $1', [refundId]),
      ).toEqual([{ status: 'pending', later: true }])
    })
  })

  it('that refuses a capture for good is asked hourly, and staff look at it', async () => {
    const { id, booking } = await authorized()
    await completeBooking(card.as('tasker'), booking)
    card.simulator.plan({ kind: 'refusal', status: 400, on: '/capture' })
    const before = card.simulator.received.length
    await card.work(id)
    expect(await payment(id)).toMatchObject({ status: 'authorized', review: 'unknown', isPutOff: true })
    const after = card.simulator.received.length
    expect(after).toBeGreaterThan(before)
    await card.work(id)
    await sweep(card.system())
    expect(card.simulator.received).toHaveLength(after)
    await card.query('update payment_intents set capture_due_at = now() where id = $1', [id])
    await card.work(id)
    expect(await payment(id)).toMatchObject({ status: 'captured' })
  })

  describe('an event', () => {
    const events = (reference: string) =>
      card.query(
        `select outcome, attempts, next_at is not null as comes from gateway_events where reference = $1 order by received_at`,
        [reference],
      )

    it('is not done while its gateway does not say what is true', async () => {
      const { id, reference } = await begun()
      card.simulator.plan({ kind: '500_before', on: 'GET /v1/payment_intents/' })
      await card.simulator.pay({ reference })
      await card.simulator.settle()
      expect(await events(reference)).toEqual([{ outcome: 'later', attempts: 1, comes: true }])
      expect(await payment(id)).toMatchObject({ status: 'requires_action' })
      await card.query('update gateway_events set next_at = now() where reference = $1', [reference])
      await workOnEvents(card.system(), null)
      expect(await events(reference)).toEqual([{ outcome: 'done', attempts: 2, comes: false }])
      expect(await payment(id)).toMatchObject({ status: 'authorized' })
    })

    it('whose signature cannot be checked now is refused for now, so that it comes again', async () => {
      const apiUrl = 'http://127.0.0.1:9'
      const config = { clientId: 'id', clientSecret: 'secret', webhookIds: ['WH1'], apiUrl }
      const serves = {
        displayName: 'PayPal',
        countries: [],
        currencies: ['USD'],
        methods: ['paypal'],
        weight: 1,
      }
      const { id } = await createConfig(card.as('ops'), 'paypal', config, serves)
      await card.query(
        `update payment_gateway_configs set status = 'active', activated_at = now() where id = $1`,
        [id],
      )
      const headers = new Headers({
        'paypal-transmission-id': 'T1',
        'paypal-transmission-time': new Date().toISOString(),
        'paypal-transmission-sig': 'AP8=',
        'paypal-cert-url': `${apiUrl}/v1/notifications/certs/1`,
        'paypal-auth-algo': 'SHA256withRSA',
      })
      await expect(receiveEvent(card.system(), 'paypal', new Uint8Array(), headers)).rejects.toMatchObject({
        code: 'gateway_unavailable',
      })
      headers.set('paypal-cert-url', 'https://evil.example.com/v1/notifications/certs/1')
      await expect(receiveEvent(card.system(), 'paypal', new Uint8Array(), headers)).rejects.toMatchObject({
        code: 'gateway_signature_invalid',
      })
    })

    it('of a burst is worked on once, also where it comes meanwhile', async () => {
      const arrive = async (count: number) => {
        const ids = Array.from({ length: count }, () => newId())
        await card.query(
          `insert into gateway_events (id, gateway, event_id, type, about, reference, next_at)
           select e.id, 'stripe', 'evt_' || e.id, 'payment_intent.succeeded', 'payment', 'ref-' || e.id, now() from unnest($1::uuid[]) e (id)`,
          [ids],
        )
        return ids
      }
      const first = await arrive(25)
      const work = Array.from({ length: 5 }, () => workOnArrivals(card.system()))
      const late = await arrive(3)
      await Promise.all([...work, workOnArrivals(card.system())])
      expect(
        await card.query(
          'select attempts, outcome, count(*)::int as count from gateway_events where id = any ($1) group by 1, 2',
          [[...first, ...late]],
        ),
      ).toEqual([{ attempts: 1, outcome: 'later', count: 28 }])
    })

    it('of a burst is worked on when the burst has paused, and not beside the answers', async () => {
      const arrive = async (name: string) => {
        const body = {
          ...{ id: name, object: 'event', type: 'payment_intent.succeeded', livemode: false, created: 1 },
          data: { object: { id: `pi_${name}`, object: 'payment_intent', metadata: { ref: name } } },
        }
        const text = JSON.stringify(body)
        const headers = new Headers(await card.simulator.sign({ id: body.id, body: text }))
        await receiveEvent(card.system(), 'stripe', new TextEncoder().encode(text), headers)
      }
      const worked = async () => {
        const [row] = await card.query<{ n: number }>(
          `select count(*)::int as n from gateway_events where event_id like 'evt_burst%' and attempts > 0`,
        )
        return row?.n
      }
      await arrive('evt_burst0')
      const work = workOnArrivals(card.system())
      const endsAt = Date.now() + 600
      for (let n = 1; Date.now() < endsAt; n++) await arrive(`evt_burst${n}`)
      expect(await worked()).toBe(0)
      await work
      expect(await worked()).toBeGreaterThan(1)
    })

    it('counts as tried once somebody has ended it, and is kept for as long as a batch takes', async () => {
      const id = newId()
      await card.query(
        `insert into gateway_events (id, gateway, event_id, type, about, reference, next_at)
         values ($1::uuid, 'stripe', $1::text, 'x', 'payment', 'none-of-ours', now())`,
        [id],
      )
      const taken = () =>
        card.query(
          `select attempts, next_at > now() + interval '4 minutes' as kept from khidma.take_gateway_events(10, $1)`,
          [id],
        )
      expect(await taken()).toEqual([{ attempts: 0, kept: true }])
      for (const minutes of [1, 5, 25, 60]) {
        await card.query(`select khidma.end_gateway_event($1, 'later')`, [id])
        const [row] = await card.query<{ minutes: number }>(
          'select round(extract(epoch from next_at - now()) / 60)::int as minutes from gateway_events where id = $1',
          [id],
        )
        expect(row?.minutes).toBe(minutes)
      }
      await card.query('update gateway_events set attempts = 23 where id = $1', [id])
      await card.query(`select khidma.end_gateway_event($1, 'later')`, [id])
      expect(
        await card.query('select outcome, attempts, next_at from gateway_events where id = $1', [id]),
      ).toEqual([{ outcome: 'unmatched', attempts: 24, next_at: null }])
    })

    it('of many is worked on as the others are, some at a time', async () => {
      await card.query(
        `insert into gateway_events (id, gateway, event_id, type, about, reference, next_at)
         select khidma.uuid_v7(), 'stripe', 'many-' || n, 'x', 'payment', 'many', now() from generate_series(1, 23) n`,
      )
      expect(await workOnEvents(card.system(), null)).toBe(23)
      expect((await events('many')).every(({ outcome, attempts: n }) => outcome === 'later' && n === 1)).toBe(
        true,
      )
    })
  })

  it('knows which attempts were given up, so that it takes nothing more of them', async () => {
    const { booking, reference } = await begun()
    const named = async () => {
      const [attempt] = await card.system().db.read(attempts(sql`t.reference = ${reference}`))
      return attempt && namesOf(attempt)
    }
    expect(await named()).toMatchObject({ reference, isGivenUp: false })
    await choosePayment(card.as('client'), booking, 'cash')
    expect(await named()).toMatchObject({ reference, isGivenUp: true })
  })

  it('that does not answer a capture is asked again after five minutes', async () => {
    const { id, booking } = await authorized()
    await completeBooking(card.as('tasker'), booking)
    card.simulator.plan({ kind: 'cut', on: '/capture' })
    await card.work(id)
    await card.simulator.settle()
    const isPutOff = async () =>
      (
        await card.query(
          `select capture_due_at > now() + interval '4 minutes' as is from payment_intents where id = $1`,
          [id],
        )
      )[0]?.is
    const isCaptured = (await payment(id))?.status === 'captured'
    expect(isCaptured || (await isPutOff())).toBe(true)
    await card.query(
      `update payment_intents set capture_due_at = now() where id = $1 and capture_due_at is not null`,
      [id],
    )
    await card.work(id)
    expect(await payment(id)).toMatchObject({ status: 'captured' })
  })

  it('whose work fails for a reason of ours comes after five minutes, behind what works', async () => {
    const { id, reference } = await begun()
    await due(reference)
    const config = card.query(
      `select config_id as id, c.config from payment_transactions t join payment_gateway_configs c on c.id = t.config_id where t.reference = $1`,
      [reference],
    )
    const [{ id: configId, config: sealed } = {}] = await config
    const write = (value: unknown) =>
      asOwner(card.world.connection, () =>
        card.query('update payment_gateway_configs set config = $2 where id = $1', [configId, value]),
      )
    await write('nonsense')
    await sweep(card.system())
    await write(sealed)
    expect(
      await card.query(
        `select next_check_at > now() + interval '4 minutes' as "isPutOff" from payment_transactions where intent_id = $1`,
        [id],
      ),
    ).toEqual([{ isPutOff: true }])
  })

  it.each([
    ['is asked first for what has been due longest', 'stripe', '1 day'],
    ['waits for no other gateway, however much of that is due before', 'paystack', '1 minute'],
  ])('%s', async (_rule, gateway, ago) => {
    const { booking, reference } = await begun()
    await choosePayment(card.as('client'), booking, 'cash')
    await card.query(
      `update payment_transactions set release_due_at = now() - $2::interval where reference = $1`,
      [reference, ago],
    )
    // More than a sweep takes, whose configuration is gone: nothing comes of them.
    await asOwner(card.world.connection, () =>
      card.query(
        `with made as (
           insert into payment_intents (id, purpose, payer_id, method, amount)
           select khidma.uuid_v7(), 'top_up', $1, 'card', 100 from generate_series(1, 60) returning id)
         insert into payment_transactions (id, intent_id, kind, gateway, reference, amount, currency, release_due_at)
         select id, id, 'charge', $2, id::text, 100, 'EGP', now() - interval '1 hour' from made`,
        [card.world.client.id, gateway],
      ),
    )
    expect(await sweep(card.system())).toMatchObject({ payments: 50 })
    expect(
      await card.query('select release_due_at as due from payment_transactions where reference = $1', [
        reference,
      ]),
    ).toEqual([{ due: null }])
    await asOwner(card.world.connection, async () => {
      await card.query('delete from payment_transactions where config_id is null')
      await card.query(`delete from payment_intents where purpose = 'top_up'`)
    })
  })

  it('lists a payment by a name of its own, and it is found by ours', async () => {
    const { id, reference } = await begun()
    card.simulator.plan({ kind: 'never' })
    await card.simulator.pay({ reference })
    const [config] = await card.query<{ config: string }>(
      'select config from payment_gateway_configs where id = $1',
      [card.configId],
    )
    await learnListed(
      card.system(),
      { configId: card.configId, gateway: 'stripe', config: config?.config ?? '' },
      [
        {
          kind: 'payment',
          gatewayReference: 'a-capture',
          reference,
          amountMinor: 15_000,
          feeMinor: 0,
          currency: 'EGP',
          at: new Date(),
        },
      ],
    )
    expect(await payment(id)).toMatchObject({ status: 'authorized' })
  })
})
