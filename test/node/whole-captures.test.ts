import { afterAll, beforeAll, expect, it } from 'vitest'
import { completeBooking } from '../../src/areas/work/bookings/bookings.ts'
import { type CardWorld, fare, openCardWorld } from '../support/card-world.ts'
import { describeReal } from '../support/real-postgres.ts'

/** Gateways that hold on other terms than Stripe: they charge at once, or capture a hold whole only. */
const gateways = [
  { gateway: 'paystack', currency: 'NGN' },
  { gateway: 'flutterwave', currency: 'GHS' },
  { gateway: 'razorpay', currency: 'INR' },
] as const

describeReal.each(gateways)('a fare paid by $gateway', (options) => {
  let card: CardWorld

  beforeAll(async () => {
    card = await openCardWorld(options)
  })
  afterAll(() => card.close())

  const stateOf = async (id: string) => {
    const [row] = await card.query(
      `select p.status, p.amount_captured::int as captured, p.next_action, p.review, t.state as task
         from payment_intents p join bookings b on b.id = p.booking_id join tasks t on t.id = b.task_id where p.id = $1`,
      [id],
    )
    return row
  }
  const settled = { status: 'captured', captured: fare, next_action: null, review: null, task: 'settled' }
  const finish = async (id: string) => {
    // The rest above the fare goes back after the capture.
    for (const _ of ['capture', 'refund']) {
      await card.work(id)
      await card.simulator.settle()
    }
  }

  it('is held or taken before the work, and settles with it', async () => {
    const booking = await card.aBooking()
    const payment = await card.begin(booking)
    await card.approve(payment)
    expect(await stateOf(payment.id)).toMatchObject({ status: 'authorized', captured: 0 })
    await completeBooking(card.as('tasker'), booking)
    await finish(payment.id)
    expect(await stateOf(payment.id)).toEqual(settled)
    await card.balanced()
  })

  it('is paid after the work', async () => {
    const booking = await card.aBooking()
    await completeBooking(card.as('tasker'), booking)
    const payment = await card.begin(booking)
    await card.approve(payment)
    await finish(payment.id)
    expect(await stateOf(payment.id)).toEqual(settled)
    await card.balanced()
  })

  it('goes back when it comes after the booking has fallen to cash', async () => {
    const booking = await card.aBooking()
    const payment = await card.begin(booking)
    const before = card.there('captured') - card.there('refunded')
    await completeBooking(card.as('tasker'), booking)
    await card.approve(payment)
    await finish(payment.id)
    expect(await stateOf(payment.id)).toMatchObject({
      status: 'requires_action',
      captured: 0,
      task: 'completed',
    })
    expect(card.there('captured') - card.there('refunded')).toBe(before)
    await card.balanced()
  })
})
