import type { z } from '@hono/zod-openapi'
import type { Chargeback } from '../../../src/areas/money/chargebacks/schemas.ts'
import type { Payment } from '../../../src/areas/money/payments/schemas.ts'
import { check, checkEqual, found } from '../failure.ts'
import { Gateway, learnt } from '../gateway.ts'
import { money } from '../narrator.ts'
import type { Person } from '../people.ts'
import type { BookingBody, Cast, Stage } from '../stage.ts'
import { bookTask, fareOf, getTask, moveBooking } from '../steps.ts'
import { commissionOf, entriesOf, totals } from './5-money.ts'

type PaymentBody = z.infer<typeof Payment>
type ChargebackBody = z.infer<typeof Chargeback>

export interface CardPayment {
  booking: BookingBody
  payment: PaymentBody
  /** Ours, at the gateway. */
  reference: string
}

export async function payByCard(stage: Stage, cast: Cast): Promise<CardPayment> {
  stage.narrator.chapter('9. A card: held, captured, taken back by the bank, and won')
  const tasker = found('the second tasker', cast.taskers[1])
  const held = await holdWithThreeDSecure(stage, cast, tasker)
  const paid = await captureTheFare(stage, cast, tasker, held)
  await answerTheChargeback(stage, cast, paid)
  return paid
}

/** The gateway holds the most that the booking can cost; the bank asks the payer first. */
async function holdWithThreeDSecure(stage: Stage, cast: Cast, tasker: Person): Promise<CardPayment> {
  const { api, narrator } = stage
  const { client } = cast
  const accepted = await bookTask(stage, cast, { description: 'The shower leaks.', inDays: 8 }, tasker)
  const booking = await moveBooking(stage, accepted.id, client, 'confirm')
  const most = found('the most that it can cost', booking.fare?.estimate?.mostAmountMinor)
  const begun = await api.act<PaymentBody>(`/v1/bookings/${booking.id}/payment`, client, { method: 'card' })
  check(
    'a payment that waits for its payer at the gateway',
    begun.status === 'requires_action' && begun.provider === 'stripe' && begun.nextAction?.type === 'sdk',
    begun,
  )
  const gateway = await Gateway.of(stage)
  const token = begun.nextAction?.type === 'sdk' ? begun.nextAction.clientToken : ''
  const reference = await gateway.referenceOf(token)
  await gateway.pay(reference, 'challenge')
  checkEqual('what waits for 3-D Secure', (await paymentOf(stage, client, booking.id)).amountAuthorized, 0)
  await gateway.pay(reference, 'approve')
  const payment = await learnt('the hold, by the gateway’s event', async () => {
    const now = await paymentOf(stage, client, booking.id)
    return now.status === 'authorized' ? now : undefined
  })
  checkEqual('what is held', [payment.amountAuthorized, payment.amountCaptured], [most, 0])
  checkEqual('what the books say of a hold', await entriesOf(stage, cast, booking.id), [])
  narrator.tell(
    `Mona gives her card, and her bank asks for 3-D Secure. Then ${money(most, payment.currency)} are held: the most that the booking can cost. No money has moved`,
  )
  return { booking, payment, reference }
}

/** Completed work captures the fare and never more; the rest of the hold is released. */
async function captureTheFare(
  stage: Stage,
  cast: Cast,
  tasker: Person,
  { booking, payment, reference }: CardPayment,
): Promise<CardPayment> {
  const { narrator } = stage
  await moveBooking(stage, booking.id, tasker, 'start')
  const done = await moveBooking(stage, booking.id, tasker, 'complete')
  const [fare, currency] = [fareOf(done), done.agreedRateCurrency]
  check('a fare below what is held', fare < payment.amountAuthorized, fare)
  const captured = await learnt('the capture', async () => {
    const now = await paymentOf(stage, cast.client, booking.id)
    return now.status === 'captured' ? now : undefined
  })
  checkEqual('what was captured', captured.amountCaptured, fare)
  checkEqual('the task', (await getTask(stage, cast.client, booking.task.id)).state, 'settled')
  const entries = await entriesOf(stage, cast, booking.id)
  const { gateway_fees: fee = 0, ...rest } = totals(entries)
  const commission = commissionOf(fare)
  checkEqual('what the postings come to', rest, {
    platform_clearing: -fare - fee,
    platform_fee: commission,
    tasker_payable: fare - commission,
  })
  narrator.tell(
    `${tasker.name} completes: ${money(fare, currency)} are captured, less than was held. ${money(fare - commission, currency)} are owed to him, ${money(commission, currency)} are the platform’s`,
  )
  return { booking: done, payment: captured, reference }
}

/** A bank has the money from the beginning, and gives it back if our answer convinces it. */
async function answerTheChargeback(stage: Stage, cast: Cast, paid: CardPayment): Promise<void> {
  const { api, narrator } = stage
  const { admin } = cast
  const { id: paymentId, amountCaptured: fare, currency } = paid.payment
  const gateway = await Gateway.of(stage)
  const gatewayReference = await gateway.chargeback(paid.reference)
  const find = async (status: string): Promise<ChargebackBody | undefined> => {
    const all = await api.list<ChargebackBody>('/v1/chargebacks', admin)
    return all.find((each) => each.paymentId === paymentId && each.status === status)
  }
  const opened = await learnt('the chargeback', () => find('open'))
  checkEqual('what it is about', [opened.amount, opened.gatewayReference], [fare, gatewayReference])
  const lost = totals(await entriesOf(stage, cast, paid.booking.id)).chargebacks
  checkEqual('the platform’s loss until it is decided', lost, -fare)
  await api.refused(403, 'forbidden', `/v1/chargebacks/${opened.id}/evidence`, {
    as: cast.client,
    json: { statement: 'It was me.' },
    idempotencyKey: paymentId,
  })
  const answered = await api.act<ChargebackBody>(`/v1/chargebacks/${opened.id}/evidence`, admin, {
    statement: 'The client confirmed the booking, and the work was done at the agreed address.',
  })
  check('evidence that the gateway has', answered.evidenceSubmittedAt !== null, answered)
  await gateway.endChargeback(gatewayReference, 'won')
  const won = await learnt('the decision', () => find('won'))
  const after = totals(await entriesOf(stage, cast, paid.booking.id))
  checkEqual('the loss afterwards', after.chargebacks, 0)
  narrator.tell(
    `Her bank takes ${money(won.amount, currency)} back, a loss of the platform until it is decided. Laila sends evidence (Mona may not: 403), the bank is convinced, and the books are as before`,
  )
}

export const paymentOf = ({ api }: Stage, as: Person, bookingId: string): Promise<PaymentBody> =>
  api.call<PaymentBody>(`/v1/bookings/${bookingId}/payment`, { as })
