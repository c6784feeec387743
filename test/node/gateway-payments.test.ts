import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import { activateConfig, createConfig, updateConfig } from '../../src/areas/money/gateways/configs.ts'
import { bookingToPay, payByGateway } from '../../src/areas/money/gateways/paying.ts'
import { paymentsToWorkOn, sweep, workOn } from '../../src/areas/money/gateways/work.ts'
import { choosePayment } from '../../src/areas/money/payments/payments.ts'
import { createRefund } from '../../src/areas/money/payments/refunds.ts'
import { cancelBooking, completeBooking } from '../../src/areas/work/bookings/bookings.ts'
import type { GatewaySimulator } from '../../tools/simulators/gateways/gateway-simulator.ts'
import { readAccounts, trialBalance } from '../support/books.ts'
import { type GatewayWorld, openGatewayWorld } from '../support/gateway-world.ts'
import { asOwner, insertBooking, insertPayment, insertTask } from '../support/integrity-world.ts'
import type { NodeContexts } from '../support/node-context.ts'
import { describeReal } from '../support/real-postgres.ts'

const connections = 12
/** An hour at the world's rate of 120.00; its task was estimated at 150.00 at most. */
const fare = 12_000

describeReal('a card payment, between a gateway and the books', () => {
  let scene: GatewayWorld
  let world: GatewayWorld['world']
  let contexts: NodeContexts
  let simulator: GatewaySimulator

  beforeAll(async () => {
    scene = await openGatewayWorld(connections)
    ;({ world, contexts, simulator } = scene)
  })
  afterAll(() => scene.close())
  beforeEach(async () => {
    await world.connection.query('update payment_gateway_configs set failures = 0, paused_until = null')
  })

  const as = (who: 'client' | 'tasker' | 'ops') => contexts.contextOf(world[who])
  const system = () => contexts.systemContext('gateways')
  const choice = {
    method: 'card',
    returnUrl: 'https://app.example/paid',
    saveMethod: false,
    storedMethodId: null,
  } as const

  let days = 0
  async function aBooking(status = 'in_progress'): Promise<string> {
    return asOwner(world.connection, async () => {
      days += 1
      const task = await insertTask(world, {
        state: status,
        startsAt: new Date(Date.UTC(2027, 0, days)).toISOString(),
      })
      const booking = await insertBooking(world, task, status)
      await world.connection.query(`update tasks set est_max_amount = 15000 where id = $1`, [task])
      await world.connection.query(
        `update bookings set started_at = now() - interval '50 minutes', agreed_minimum_minutes = 60, agreed_maximum_amount = 15000 where id = $1`,
        [booking],
      )
      await insertPayment(world, booking, 'requires_action')
      return booking
    })
  }

  const stateOf = async (booking: string) => {
    const { rows } = await world.connection.query(
      `select p.status, p.method, p.amount_authorized::int as authorized, p.amount_captured::int as captured, p.amount_released::int as released,
              p.is_prepaid as prepaid, p.review, t.state as task, p.transaction_id as reference, p.failure_code as failure
         from payment_intents p join bookings b on b.id = p.booking_id join tasks t on t.id = b.task_id where b.id = $1`,
      [booking],
    )
    return rows[0]
  }
  const work = async (booking: string) => {
    for (const id of await paymentsToWorkOn(system(), booking)) await workOn(system(), id)
  }
  const pay = (booking: string) => payByGateway(as('client'), bookingToPay(booking, choice), choice)
  async function approved(booking: string): Promise<string> {
    await pay(booking)
    const { reference } = await stateOf(booking)
    await simulator.pay({ reference })
    await simulator.settle()
    return reference
  }
  const balanceOf = async (kind: string) =>
    (await readAccounts(world.connection))
      .filter((account) => account.kind === kind)
      .reduce((sum, { balance }) => sum + balance, 0)
  const major = (kind: 'captured' | 'refunded' | 'fees') =>
    Math.round(Number(simulator.books().EGP?.[kind] ?? 0) * 100)
  /** The gateway's own sums are those of the books. */
  async function balanced(): Promise<void> {
    expect(await trialBalance(world.connection)).toBe(0)
    expect(-(await balanceOf('platform_clearing'))).toBe(
      major('captured') - major('refunded') - (await balanceOf('gateway_fees')) * -1,
    )
  }

  it('needs a configuration that has proved itself', async () => {
    const serves = { displayName: 'New', countries: [], currencies: ['EGP'], methods: ['card'], weight: 1 }
    const { id } = await createConfig(as('ops'), 'stripe', scene.config, serves)
    await expect(activateConfig(as('ops'), id, null)).rejects.toMatchObject({ code: 'gateway_untested' })
  })

  it.each([
    [['EGP'], ['card', 'qr'], { currency: 'EGP', method: 'qr' }],
    [['EGP', 'GHS'], ['card'], { currency: 'GHS', method: 'card' }],
  ])(
    'is taken by no configuration for %s by %s, which its gateway does not offer',
    async (currencies, methods, values) => {
      const refused = { code: 'gateway_cannot_serve', values }
      const serves = { displayName: 'New', countries: [], currencies, methods, weight: 1 }
      await expect(createConfig(as('ops'), 'stripe', scene.config, serves)).rejects.toMatchObject(refused)
      const own = { ...serves, currencies: ['EGP'], methods: ['card'] }
      const { id } = await createConfig(as('ops'), 'stripe', scene.config, own)
      await expect(updateConfig(as('ops'), id, { currencies, methods }, null)).rejects.toMatchObject(refused)
      expect(await updateConfig(as('ops'), id, { weight: 2 }, null)).toMatchObject({
        currencies: ['EGP'],
        weight: 2,
      })
      await world.connection.query(
        'update payment_gateway_configs set tested_at = now(), currencies = $2, methods = $3 where id = $1',
        [id, currencies, methods],
      )
      await expect(activateConfig(as('ops'), id, null)).rejects.toMatchObject(refused)
    },
  )

  it('is authorised by the payer, captured at completion, and what is left is released', async () => {
    const booking = await aBooking()
    const begun = await pay(booking)
    expect(begun).toMatchObject({ status: 'requires_action', nextAction: { type: 'sdk' } })
    // Asked again, it is the same payment.
    const again = await pay(booking)
    expect(again.nextAction).toEqual(begun.nextAction)
    const { reference } = await stateOf(booking)
    expect(simulator.countPayments(reference)).toBe(1)
    await simulator.pay({ reference })
    await simulator.settle()
    expect(await stateOf(booking)).toMatchObject({ status: 'authorized', authorized: 15_000 })
    await completeBooking(as('tasker'), booking)
    await work(booking)
    expect(await stateOf(booking)).toMatchObject({
      status: 'captured',
      captured: fare,
      released: 3_000,
      task: 'settled',
    })
    await balanced()
  })

  it('is released with its booking, and charged to nobody', async () => {
    const booking = await aBooking('confirmed')
    await approved(booking)
    await cancelBooking(as('client'), booking, 'Ill.')
    await work(booking)
    expect(await stateOf(booking)).toMatchObject({ status: 'canceled', released: 15_000, captured: 0 })
    await simulator.settle()
    expect(await paymentsToWorkOn(system(), booking)).toEqual([])
    await balanced()
  })

  it('that was declined can be tried again, with another method as well', async () => {
    const booking = await aBooking()
    await pay(booking)
    const { reference } = await stateOf(booking)
    await simulator.pay({ reference, outcome: 'decline', code: 'insufficient_funds' })
    await simulator.settle()
    expect(await stateOf(booking)).toMatchObject({ failure: 'insufficient_funds' })
    await choosePayment(as('client'), booking, 'cash')
    expect(await stateOf(booking)).toMatchObject({ status: 'requires_action', method: 'cash' })
    await approved(booking)
    expect(await stateOf(booking)).toMatchObject({ status: 'authorized', failure: null })
  })

  it('whose gateway never answers is one payment, found again by its reference', async () => {
    const booking = await aBooking()
    simulator.plan({ kind: 'cut' })
    await expect(pay(booking)).rejects.toMatchObject({ code: 'gateway_unavailable' })
    const { reference } = await stateOf(booking)
    expect(simulator.countPayments(reference)).toBe(1)
    await pay(booking)
    expect(await stateOf(booking)).toMatchObject({ reference })
    expect(simulator.countPayments(reference)).toBe(1)
  })

  it('that succeeds after another method was chosen is given up, once', async () => {
    const booking = await aBooking()
    await pay(booking)
    const { reference } = await stateOf(booking)
    await choosePayment(as('client'), booking, 'cash')
    await simulator.pay({ reference })
    await simulator.settle()
    await work(booking)
    await work(booking)
    expect(await stateOf(booking)).toMatchObject({ status: 'requires_action', method: 'cash', authorized: 0 })
    await balanced()
  })

  it('is finished without the app and without any event: the sweep asks', async () => {
    const booking = await aBooking()
    await pay(booking)
    const { reference } = await stateOf(booking)
    simulator.plan({ kind: 'never' })
    await simulator.pay({ reference })
    await world.connection.query(
      `update payment_transactions set next_check_at = now() where reference = $1`,
      [reference],
    )
    await sweep(system())
    expect(await stateOf(booking)).toMatchObject({ status: 'authorized' })
  })

  it('captured twice at once is captured once', async () => {
    const booking = await aBooking()
    await approved(booking)
    await completeBooking(as('tasker'), booking)
    await Promise.all(Array.from({ length: 5 }, () => work(booking)))
    expect(await stateOf(booking)).toMatchObject({ status: 'captured', captured: fare })
    const { rows } = await world.connection.query(
      `select count(*)::int as n from ledger_entries where booking_id = $1 and entry_type = 'capture'`,
      [booking],
    )
    expect(rows).toEqual([{ n: 1 }])
    await balanced()
  })

  it('refunded in parts and at once is never refunded above what was paid', async () => {
    const booking = await aBooking()
    await approved(booking)
    await completeBooking(as('tasker'), booking)
    await work(booking)
    const { rows } = await world.connection.query('select id from payment_intents where booking_id = $1', [
      booking,
    ])
    const id = rows[0].id as string
    const refunds = await Promise.allSettled(
      Array.from({ length: 4 }, () =>
        createRefund(as('ops'), id, { amount: 5_000, reason: 'requested', destination: 'original' }),
      ),
    )
    expect(refunds.filter(({ status }) => status === 'fulfilled')).toHaveLength(2)
    simulator.plan({ kind: 'cut' })
    await work(booking)
    await world.connection.query('update refunds set next_at = now()')
    await work(booking)
    await simulator.settle()
    const { rows: ended } = await world.connection.query(
      `select status, count(*)::int as n from refunds where intent_id = $1 group by status`,
      [id],
    )
    expect(ended).toEqual([{ status: 'succeeded', n: 2 }])
    await balanced()
  })
})
