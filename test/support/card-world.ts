import { expect } from 'vitest'
import { bookingToPay, payByGateway } from '../../src/areas/money/gateways/paying.ts'
import { paymentsToWorkOn, workOn } from '../../src/areas/money/gateways/work.ts'
import { completeBooking } from '../../src/areas/work/bookings/bookings.ts'
import { readAccounts, trialBalance } from './books.ts'
import { type GatewayOptions, openGatewayWorld } from './gateway-world.ts'
import { asOwner, insertBooking, insertPayment, insertTask } from './integrity-world.ts'

/** An hour at the world's rate of 120.00; its task was estimated at 150.00 at most. */
export const fare = 12_000

export interface CardPayment {
  id: string
  booking: string
  reference: string
}

/** A gateway's world, and bookings that were paid by card in it. */
export async function openCardWorld(options: GatewayOptions = {}) {
  const { currency = 'EGP', gateway } = options
  const scene = await openGatewayWorld(12, options)
  const { world, contexts, simulator } = scene
  const system = () => contexts.systemContext('gateways')
  const as = (who: 'client' | 'tasker' | 'ops') => contexts.contextOf(world[who])

  const query = async <Row = Record<string, unknown>>(text: string, values: unknown[] = []): Promise<Row[]> =>
    (await world.connection.query(text, values)).rows

  let days = 0
  const choice = {
    method: gateway === 'paypal' ? 'paypal' : 'card',
    returnUrl: 'https://app.example/paid',
    saveMethod: false,
    storedMethodId: null,
  } as const

  /** A booking in the middle of its work, not paid. */
  const aBooking = (): Promise<string> =>
    asOwner(world.connection, async () => {
      days += 1
      const startsAt = new Date(Date.UTC(2027, 0, days)).toISOString()
      const task = await insertTask(world, { state: 'in_progress', startsAt, currency })
      const made = await insertBooking(world, task, 'in_progress')
      await query(
        `update bookings set started_at = now() - interval '50 minutes', agreed_minimum_minutes = 60, agreed_maximum_amount = 15000 where id = $1`,
        [made],
      )
      await insertPayment(world, made, 'requires_action')
      return made
    })

  const pay = (booking: string) => payByGateway(as('client'), bookingToPay(booking, choice), choice)

  /** The client has begun to pay, and is asked to go on at the gateway. */
  async function begin(booking: string): Promise<CardPayment> {
    await pay(booking)
    const [payment] = await query<{ id: string; reference: string }>(
      'select id, transaction_id as reference from payment_intents where booking_id = $1',
      [booking],
    )
    return { booking, ...(payment as { id: string; reference: string }) }
  }

  async function approve({ reference }: CardPayment): Promise<void> {
    await simulator.pay({ reference })
    await simulator.settle()
  }

  /** A booking whose fare a card has paid. */
  async function aPayment(): Promise<CardPayment> {
    const booking = await aBooking()
    const payment = await begin(booking)
    await approve(payment)
    await completeBooking(as('tasker'), booking)
    await work(payment.id)
    await simulator.settle()
    return payment
  }

  async function work(about: string): Promise<void> {
    for (const id of await paymentsToWorkOn(system(), about)) await workOn(system(), id)
  }

  async function balanceOf(kind: string): Promise<number> {
    const accounts = (await readAccounts(world.connection)).filter((account) => account.kind === kind)
    return accounts.reduce((sum, { balance }) => sum + balance, 0)
  }

  /** In minor units, as the gateway's own books have it. */
  const there = (kind: 'captured' | 'refunded' | 'fees' | 'chargedBack'): number =>
    Math.round(Number(simulator.books()[currency]?.[kind] ?? 0) * 100)

  return {
    ...scene,
    system,
    as,
    query,
    aBooking,
    pay,
    begin,
    approve,
    aPayment,
    work,
    balanceOf,
    there,
    /** The gateway holds for us as much as the books say, but for fees that it has not named. */
    async balanced(): Promise<void> {
      expect(await trialBalance(world.connection)).toBe(0)
      expect(await query(`select what, expected, posted from khidma.document_differences()`)).toEqual([])
      expect(-(await balanceOf('platform_clearing'))).toBe(
        there('captured') - there('refunded') - there('chargedBack') + (await balanceOf('gateway_fees')),
      )
    },
  }
}

export type CardWorld = Awaited<ReturnType<typeof openCardWorld>>
