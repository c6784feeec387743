import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import { receiveEvent, workOnEvents } from '../../../src/areas/money/gateways/receiving.ts'
import { sweep } from '../../../src/areas/money/gateways/work.ts'
import { completeBooking } from '../../../src/areas/work/bookings/bookings.ts'
import { type CardWorld, openCardWorld } from '../../support/card-world.ts'
import { factsOf } from '../../support/money-model/gateway.ts'
import { times } from '../../support/races.ts'
import { describeReal } from '../../support/real-postgres.ts'

/** Bugs of docs/payments-known-bugs.md that show between gateway, database and books. */
describeReal('between a gateway and the books', () => {
  let card: CardWorld
  beforeAll(async () => {
    card = await openCardWorld()
  })
  afterAll(() => card.close())
  beforeEach(() => card.query('update payment_gateway_configs set failures = 0, paused_until = null'))

  const stateOf = async (id: string) =>
    (
      await card.query(
        `select status, amount_authorized::int as authorized, amount_captured::int as captured, review from payment_intents where id = $1`,
        [id],
      )
    )[0]
  const facts = (reference: string, more: object) => ({
    ...factsOf({
      ...{ reference, gatewayReference: `pi_${reference}`, currency: 'EGP', asked: 15_000, manual: true },
      ...{ status: 'authorized', held: 15_000, captured: 0, fee: 0, refunds: new Map(), chargebacks: [] },
    }),
    ...more,
  })
  const learn = (reference: string, told: object) =>
    card.query(
      `select khidma.begin_request('system', null, 'test', null, null, null, null, null), khidma.apply_payment($1, $2)`,
      [reference, JSON.stringify(told)],
    )

  it('an event that is there before the answer of the call is neither lost nor in the way', async () => {
    const payment = await card.begin(await card.aBooking())
    await card.approve(payment)
    const before = card.simulator.events.length
    card.simulator.plan({ kind: 'event_before_response', on: '/capture' })
    await completeBooking(card.as('tasker'), payment.booking)
    await card.work(payment.id)
    await card.simulator.settle()
    expect(card.simulator.events.length).toBeGreaterThan(before)
    expect(card.simulator.events.every(({ delivered }) => delivered)).toBe(true)
    expect(await stateOf(payment.id)).toMatchObject({ status: 'captured', captured: 12_000 })
    expect(await card.query('select type from gateway_events where processed_at is null')).toEqual([])
    await card.balanced()
  })

  it('an event of a payment that we have not heard of is kept, and asked about again', async () => {
    const body = {
      ...{
        id: 'evt_unheard',
        object: 'event',
        type: 'payment_intent.succeeded',
        livemode: false,
        created: 1,
      },
      data: { object: { id: 'pi_unheard', object: 'payment_intent', metadata: { ref: 'nobody-knows-it' } } },
    }
    const text = JSON.stringify(body)
    const headers = new Headers(await card.simulator.sign({ id: body.id, body: text }))
    const id = await receiveEvent(card.system(), 'stripe', new TextEncoder().encode(text), headers)
    expect(await workOnEvents(card.system(), id)).toBe(1)
    const kept = await card.query(
      `select outcome, next_at > now() as again from gateway_events where event_id = 'evt_unheard'`,
    )
    expect(kept).toEqual([{ outcome: 'later', again: true }])
  })

  it('copies of one event, and two events of one change, book it once', async () => {
    const payment = await card.begin(await card.aBooking())
    card.simulator.plan({ kind: 'dup_event', copies: 5 }, { kind: 'dup_event', copies: 5 })
    await card.approve(payment)
    await completeBooking(card.as('tasker'), payment.booking)
    await card.work(payment.id)
    await card.simulator.settle()
    const ids = card.simulator.events.map(({ id }) => id)
    await Promise.all(ids.slice(-4).map((id) => card.simulator.resend(id)))
    await card.simulator.settle()
    const entries = await card.query(
      `select posting, count(*)::int as n from ledger_entries where document_id in ($1, $2) group by 1 order by 1`,
      [payment.id, payment.reference],
    )
    expect(entries.map(({ n }) => n)).toEqual(entries.map(() => 1))
    await card.balanced()
  })

  it.each([
    ['another currency', { currency: 'USD' }],
    ['the reference of another payment', { reference: 'another' }],
  ])('facts with %s pay nothing, and are looked at', async (_name, more) => {
    const payment = await card.begin(await card.aBooking())
    await learn(
      payment.reference,
      facts(payment.reference, { status: 'captured', capturedMinor: 15_000, ...more }),
    )
    expect(await stateOf(payment.id)).toEqual({
      status: 'requires_action',
      authorized: 0,
      captured: 0,
      review: 'underpaid',
    })
  })

  it('a hold that has expired is not taken for paid: the booking falls to cash', async () => {
    const payment = await card.begin(await card.aBooking())
    await card.approve(payment)
    await card.simulator.advance(8 * 24 * 3_600_000)
    await completeBooking(card.as('tasker'), payment.booking)
    await card.work(payment.id)
    await card.simulator.settle()
    const [row] = await card.query(
      'select status, method, amount_captured::int as captured from payment_intents where id = $1',
      [payment.id],
    )
    expect(row).toEqual({ status: 'requires_action', method: 'cash', captured: 0 })
    await card.balanced()
  })

  it('a refund that was made elsewhere leaves the payment as it was, for reconciliation to find', async () => {
    const payment = await card.aPayment()
    await card.simulator.refundOutside({ reference: payment.reference, major: '10.00' })
    await card.simulator.settle()
    await times(3, () => sweep(card.system()))
    const [row] = await card.query(
      'select amount_refunded::int as refunded from payment_intents where id = $1',
      [payment.id],
    )
    expect(row).toEqual({ refunded: 0 })
  })
})

/** The page names tests: they are there, and as it says. */
it('every test that docs/payments-known-bugs.md names is there', () => {
  const page = readFileSync('docs/payments-known-bugs.md', 'utf8')
  const named = [...page.matchAll(/`(test\/[^`]+\.ts)`: ([^|;]+)/g)]
  expect(named.length).toBeGreaterThanOrEqual(20)
  const missing = named.filter(
    ([, file = '', name = '']) => !readFileSync(file, 'utf8').includes(name.trim()),
  )
  expect(missing.map(([whole]) => whole)).toEqual([])
  expect([...page.matchAll(/^\| (\d+) \|/gm)].map(([, number]) => Number(number))).toEqual(
    Array.from({ length: 20 }, (_, index) => index + 1),
  )
})
