import { randomUUID } from 'node:crypto'
import type { z } from '@hono/zod-openapi'
import type { Refund } from '../../../src/areas/money/payments/refund-schemas.ts'
import type { Payment } from '../../../src/areas/money/payments/schemas.ts'
import type { PayoutBatch } from '../../../src/areas/money/payouts/batch-schemas.ts'
import type { Payout } from '../../../src/areas/money/payouts/schemas.ts'
import type { Wallet } from '../../../src/areas/money/wallet/schemas.ts'
import * as scenes from '../../../test/support/scenes.ts'
import { check, checkEqual, found } from '../failure.ts'
import { Gateway, learnt } from '../gateway.ts'
import { money } from '../narrator.ts'
import type { Person } from '../people.ts'
import type { BookingBody, Cast, Stage } from '../stage.ts'
import { actOf, bookTask, fareOf, moveBooking, uploadPicture } from '../steps.ts'
import { paymentOf } from './9-card.ts'

type PaymentBody = z.infer<typeof Payment>
type PayoutBody = z.infer<typeof Payout>

const currency = 'EGP'
const topUpMinor = 150_000
const refundMinor = 4_000

export async function payFromWallet(stage: Stage, cast: Cast): Promise<void> {
  stage.narrator.chapter(
    '10. A wallet: filled, held, spent, refunded into, and emptied; the payout comes back',
  )
  const tasker = found('the third tasker', cast.taskers[2])
  const filled = await topUp(stage, cast)
  await bookFromWallet(stage, cast, tasker, filled)
  await withdrawAndReturn(stage, cast)
}

/** Returns what is in it then; a refund of an earlier chapter is there already. */
async function topUp(stage: Stage, { client }: Cast): Promise<number> {
  const { api, narrator } = stage
  const before = await walletOf(stage, client)
  const begun = await api.act<PaymentBody>('/v1/me/wallet/top-ups', client, {
    amountMinor: topUpMinor,
    currency,
    method: 'card',
  })
  check('a top-up that waits for its payer', begun.nextAction?.type === 'sdk', begun)
  checkEqual('the wallet before she pays', await walletOf(stage, client), before)
  const gateway = await Gateway.of(stage)
  const token = begun.nextAction?.type === 'sdk' ? begun.nextAction.clientToken : ''
  await gateway.pay(await gateway.referenceOf(token), 'approve')
  const filled = before.available + topUpMinor
  await learnt('the top-up in her wallet', async () => {
    const { available } = await walletOf(stage, client)
    return available === filled ? true : undefined
  })
  narrator.tell(`Mona tops her wallet up with ${money(topUpMinor, currency)}, by card`)
  return filled
}

async function bookFromWallet(stage: Stage, cast: Cast, tasker: Person, filled: number): Promise<void> {
  const { api, narrator } = stage
  const { client } = cast
  const accepted = await bookTask(stage, cast, { description: 'The bath is cracked.', inDays: 9 }, tasker)
  const booking = await moveBooking(stage, accepted.id, client, 'confirm')
  const most = found('the most that it can cost', booking.fare?.estimate?.mostAmountMinor)
  const held = await api.act<PaymentBody>(`/v1/bookings/${booking.id}/payment`, client, { method: 'wallet' })
  checkEqual('the payment', [held.status, held.amountAuthorized], ['authorized', most])
  const whileHeld = { balance: filled, held: most, available: filled - most }
  checkEqual('the wallet while it is held', await walletOf(stage, client), whileHeld)
  await moveBooking(stage, booking.id, tasker, 'start')
  const done: BookingBody = await scenes.moveBooking(actOf(stage), tasker, booking.id, 'complete')
  checkEqual(
    'booking and task, paid in the same stroke',
    [done.status, done.task.state],
    ['completed', 'settled'],
  )
  const fare = fareOf(done)
  const payment = await paymentOf(stage, client, booking.id)
  checkEqual('the payment', [payment.status, payment.amountCaptured], ['captured', fare])
  const left = filled - fare
  checkEqual('the wallet afterwards', await walletOf(stage, client), {
    balance: left,
    held: 0,
    available: left,
  })
  narrator.tell(
    `A booking holds ${money(most, currency)} of it, and takes the fare of ${money(fare, currency)} when the work is done: the rest is hers again at once`,
  )

  const refund = await api.act<z.infer<typeof Refund>>(`/v1/payments/${payment.id}/refunds`, cast.admin, {
    amountMinor: refundMinor,
    reason: 'requested',
    destination: 'wallet',
  })
  checkEqual('the refund', [refund.status, refund.amount], ['succeeded', refundMinor])
  await api.refused(422, 'amount_above_paid', `/v1/payments/${payment.id}/refunds`, {
    as: cast.admin,
    json: { amountMinor: fare, reason: 'requested', destination: 'wallet' },
    idempotencyKey: randomUUID(),
  })
  checkEqual('the wallet with the refund', (await walletOf(stage, client)).available, left + refundMinor)
  narrator.tell(`${money(refundMinor, currency)} go back into the wallet; more than was paid does not (422)`)
}

/** Her bank has closed the account: what had been paid is in the wallet again. */
async function withdrawAndReturn(stage: Stage, cast: Cast): Promise<void> {
  const { api, narrator } = stage
  const { client, admin } = cast
  const { available: amountMinor } = await walletOf(stage, client)
  const wish = { as: client, json: { amountMinor, currency }, idempotencyKey: randomUUID() }
  await api.refused(409, 'payout_account_required', '/v1/me/withdrawals', wish)
  await api.act('/v1/me/payout-accounts', client, {
    currency,
    destination: {
      kind: 'bank',
      country: 'EG',
      bankCode: 'NBEGEGCX',
      accountNumber: 'EG380019000500000000263180002',
      holderName: client.name,
    },
  })
  const asked = await api.act<PayoutBody>('/v1/me/withdrawals', client, { amountMinor, currency })
  checkEqual('the withdrawal', asked.status, 'scheduled')
  const waiting = { balance: amountMinor, held: amountMinor, available: 0 }
  checkEqual('the wallet while it waits', await walletOf(stage, client), waiting)
  narrator.tell(
    `Money leaves only to an account that she has named (409): Mona names hers at a bank, and withdraws all of it`,
  )

  const batch = await api.act<z.infer<typeof PayoutBatch>>('/v1/payout-batches', admin, { currency })
  const sent = await api.list<PayoutBody>(`/v1/payouts?batchId=${batch.id}`, admin)
  check(
    'her withdrawal in the batch',
    sent.some(({ id }) => id === asked.id),
    sent,
  )
  checkEqual('the wallet once it is under way', await walletOf(stage, client), empty)
  const settled = {
    results: [{ payoutId: asked.id, outcome: 'paid', reference: `NBE-${asked.id.slice(-6)}` }],
  }
  await api.refused(409, 'payout_proof_required', `/v1/payout-batches/${batch.id}/results`, {
    as: admin,
    json: settled,
    idempotencyKey: randomUUID(),
  })
  const proofMediaId = await uploadPicture(stage, admin)
  await api.act(`/v1/payout-batches/${batch.id}/results`, admin, { ...settled, proofMediaId })
  checkEqual('the payout', (await payoutOf(stage, client, asked.id)).status, 'paid')
  narrator.tell('Laila carries a batch to the bank, and may call it paid only with the bank’s proof (409)')

  const back = await api.act<PayoutBody>(`/v1/payouts/${asked.id}/return`, admin, {
    reason: 'The bank sent it back: account closed.',
  })
  checkEqual('the payout that came back', back.status, 'returned')
  const again = { balance: amountMinor, held: 0, available: amountMinor }
  checkEqual('the wallet afterwards', await walletOf(stage, client), again)
  await api.refused(409, 'payout_account_refused', '/v1/me/withdrawals', {
    ...wish,
    as: client,
    idempotencyKey: randomUUID(),
  })
  narrator.tell(
    `Days later the bank sends it back: ${money(amountMinor, currency)} are in her wallet again, and nothing more goes to that account (409)`,
  )
}

const empty = { balance: 0, held: 0, available: 0 }

export async function walletOf({ api }: Stage, as: Person): Promise<typeof empty> {
  const { accounts } = await api.call<z.infer<typeof Wallet>>('/v1/me/wallet', { as })
  const wallet = accounts.find((each) => each.account === 'wallet' && each.currency === currency)
  if (!wallet) return empty
  const { balance, held, available } = wallet
  return { balance, held, available }
}

const payoutOf = ({ api }: Stage, as: Person, id: string): Promise<PayoutBody> =>
  api.call<PayoutBody>(`/v1/payouts/${id}`, { as })
