import { newId } from '../../../src/core/ids.ts'
import { agreed } from './bookings.ts'
import type { Currency } from './books.ts'
import {
  type Booking,
  chargedBackOf,
  expectedOf,
  fareOf,
  heldOf,
  leftToRefund,
  mostOf,
  type Payment,
} from './documents.ts'
import { beginAtGateway } from './gateway-operations.ts'
import type { Player } from './player.ts'
import { gatewayOf, system } from './world.ts'

/** Deeds of people and jobs with bookings and their payments. Each says whether there was anything to do. */

export async function book(player: Player): Promise<boolean> {
  const made = (await agreed(player)) as Booking
  const rows = await player.act(system, [
    `select khidma.open_payment(b) from bookings b where id = '${made.id}'`,
    `select id from payment_intents where booking_id = '${made.id}'`,
  ])
  if (!rows) return true
  player.agreed.shift()
  made.payment = paymentOf(rows[0].id, 'booking', made, made.client, made.tasker, made.currency, 'cash')
  player.bookings.push(made)
  player.payments.push(made.payment)
  return true
}

export function paymentOf(
  id: string,
  purpose: Payment['purpose'],
  booking: Booking | null,
  payer: string,
  payee: string | null,
  currency: Currency,
  method: Payment['method'],
): Payment {
  return {
    ...{ id, purpose, booking, order: null, payer, payee, currency, method },
    ...{ status: 'requires_action', amount: null, authorized: 0, captured: 0, refunded: 0, released: 0 },
    ...{
      isPrepaid: false,
      isCaptureDue: false,
      isObjected: false,
      attempt: null,
      attempts: [],
      refunds: [],
      chargebacks: [],
      ...{ outOfEscrow: 0, madeGood: 0 },
    },
  }
}

/** Refusal of another method, if any. */
function refusalOf({ status, payment, contract }: Booking): string {
  if (contract && contract.status !== 'canceled') return 'contract_decides'
  if (status === 'canceled' || status === 'disputed') return 'booking_not_payable'
  if (payment.status === 'captured') return 'already_paid'
  return payment.isCaptureDue ? 'payment_in_progress' : 'ok'
}

const payable = (player: Player): Booking | null =>
  player.recent(player.bookings, (booking) => refusalOf(booking) === 'ok' || player.chance(0.03), 60)

export async function payFromWallet(player: Player): Promise<boolean> {
  const booking = payable(player)
  if (!booking) return false
  const p = booking.payment
  const most = mostOf(booking)
  const held = p.method === 'wallet' && p.status === 'authorized' ? p.authorized : 0
  const has = player.model.books.available('client_wallet', p.payer, p.currency) + held
  const refusal = refusalOf(booking)
  const expected = refusal === 'ok' && has < most ? 'ledger_balances_guard' : refusal
  player.note(`pays ${p.id} from the wallet, ${booking.status}, ${most} of ${has}: ${expected}`)
  const rows = await player.act(
    player.person(p.payer),
    [`select khidma.pay_from_wallet('${booking.id}')`],
    expected,
  )
  if (!rows) return true
  player.model.choose(p, 'wallet')
  if (booking.status === 'completed') player.model.capture(p, most)
  else player.model.holdWallet(p, most)
  return true
}

export async function payByCard(player: Player): Promise<boolean> {
  const booking = payable(player)
  if (!booking) return false
  const p = booking.payment
  const most = mostOf(booking)
  const isGoneOn =
    p.status === 'requires_action' &&
    p.method === 'card' &&
    p.attempt !== null &&
    !p.attempt.hasFailed &&
    !p.attempt.isReleaseDue &&
    p.attempt.amount === most
  const expected = isGoneOn ? 'ok' : refusalOf(booking)
  player.note(`pays ${p.id} by card, ${booking.status}, ${most}: ${expected}`)
  const rows = await player.act(
    player.person(p.payer),
    [`select khidma.open_attempt('${booking.id}', 'card', false, null) as id`],
    expected,
  )
  if (!rows) return true
  if (!isGoneOn) {
    player.model.choose(p, 'card')
    player.model.begin(p, rows[0].id, gatewayOf[p.currency].name, most)
  }
  // Everything may die between the two transactions: the janitor finds the attempt.
  if (p.attempt && !player.chance(0.03)) await beginAtGateway(player, p.attempt)
  return true
}

export async function chooseCash(player: Player): Promise<boolean> {
  const booking = payable(player)
  if (!booking) return false
  const expected = refusalOf(booking)
  player.note(`chooses cash for ${booking.payment.id}: ${expected}`)
  const rows = await player.act(
    player.person(booking.client),
    [`select khidma.choose_method('${booking.id}', 'cash')`],
    expected,
  )
  if (rows) player.model.choose(booking.payment, 'cash')
  return true
}

export async function start(player: Player): Promise<boolean> {
  const booking = player.recent(player.bookings, ({ status }) => status === 'confirmed')
  if (!booking) return false
  const text = `update bookings set status = 'in_progress', started_at = now() where id = '${booking.id}'`
  if (await player.act(player.person(booking.tasker), [text])) booking.status = 'in_progress'
  return true
}

export async function complete(player: Player): Promise<boolean> {
  const booking = player.recent(
    player.bookings,
    ({ status, contract }) => status === 'in_progress' && contract === null,
  )
  if (!booking) return false
  await completeOne(player, booking)
  return true
}

export async function completeOne(player: Player, booking: Booking): Promise<void> {
  const worked = player.pick([5, 30, 60, 61, 119, 240])
  player.note(
    `completes ${booking.id} after ${worked} minutes, payment ${booking.payment.id} ${booking.payment.status}`,
  )
  const text = `update bookings set status = 'completed', completed_at = started_at + interval '${worked} minutes' where id = '${booking.id}'`
  if (await player.act(player.person(booking.tasker), [text])) player.model.complete(booking, worked)
}

export async function cancel(player: Player): Promise<boolean> {
  const booking = player.recent(player.bookings, ({ status }) => status === 'confirmed')
  if (!booking) return false
  await cancelOne(player, booking, player.pick(['client', 'client', 'tasker', 'ops'] as const))
  return true
}

export async function cancelOne(
  player: Player,
  booking: Booking,
  by: 'client' | 'tasker' | 'ops',
): Promise<void> {
  const actor = by === 'ops' ? player.staff.proposer : player.person(booking[by])
  const { payment } = booking
  player.note(
    `${by} cancels ${booking.id}, payment ${payment.id} ${payment.method} ${payment.status} ${payment.authorized}, expected ${expectedOf(booking)}`,
  )
  const text = `update bookings set status = 'canceled', cancel_reason = 'No longer needed' where id = '${booking.id}'`
  if (await player.act(actor, [text])) player.model.cancel(booking, by)
}

/** Staff waive a fee, paid or not. */
export async function waive(player: Player): Promise<boolean> {
  const booking = player.recent(player.bookings, ({ fee }) => fee !== null && !fee.isWaived)
  if (!booking?.fee) return false
  const { payment: p } = booking
  const isBack = p.status === 'captured' && p.captured > p.refunded
  const expected = isBack && chargedBackOf(p) > 0 ? 'amount_above_paid' : 'ok'
  const refund = newId()
  player.note(`waives the fee of ${booking.id}, payment ${p.id} ${p.status}: ${expected}`)
  const rows = await player.act(
    player.staff.proposer,
    [
      `update bookings set fee_waived_at = now(), fee_waived_by = '${player.staff.proposer.id}', fee_waive_reason = 'Ill' where id = '${booking.id}'`,
      `select khidma.give_back_fee('${booking.id}', '${refund}')`,
    ],
    expected,
  )
  if (!rows) return true
  player.model.waive(booking)
  const made = p.refunds.at(-1)
  if (isBack && made) made.id = refund
  return true
}

export const isCashDue = ({ status, payment }: Booking): boolean =>
  status === 'completed' && payment.method === 'cash' && payment.status === 'requires_action'

/** The tasker has the notes, silence says so, or staff settle another amount. */
export async function settleCash(player: Player): Promise<boolean> {
  const booking = player.recent(player.bookings, isCashDue)
  if (!booking) return false
  await settleCashOf(player, booking)
  return true
}

export async function settleCashOf(player: Player, booking: Booking): Promise<void> {
  const { payment: p } = booking
  const fare = fareOf(booking)
  const settle = (amount: number) => `select khidma.capture_payment('${p.id}', ${amount})`
  const luck = player.random()
  // Silence waits for staff where they must look at the payment.
  const [row] =
    luck < 0.25 ? await player.line.read(`select review from payment_intents where id = '${p.id}'`) : []
  const isSilent = row !== undefined && !['cash_objection', 'no_fare', 'unknown'].includes(row.review)
  const isStaff = !isSilent && (p.isObjected || luck < 0.4)
  const amount = isStaff && player.chance(0.5) ? player.between(1, fare) : fare
  player.note(`${isSilent ? 'silence' : isStaff ? 'staff' : 'the tasker'} settles ${amount} of ${p.id}`)
  const actor = isSilent ? system : isStaff ? player.staff.proposer : player.person(booking.tasker)
  const statements = isSilent
    ? [
        `update payment_intents set settles_at = now() where id = '${p.id}'`,
        'select khidma.settle_silent_cash(1)',
      ]
    : [`select khidma.assert_cash_due('${booking.id}')`, settle(amount)]
  if (await player.act(actor, statements)) player.model.capture(p, amount)
}

export async function objectToCash(player: Player): Promise<boolean> {
  const booking = player.recent(player.bookings, (each) => isCashDue(each) && !each.payment.isObjected)
  if (!booking) return false
  const text = `update payment_intents set review = 'cash_objection', objection = 'Half of it', settles_at = null where id = '${booking.payment.id}'`
  if (await player.act(player.person(booking.tasker), [text])) booking.payment.isObjected = true
  return true
}

/** Staff give back a part of what was captured, or all that is left; too much is refused. */
export async function refund(player: Player): Promise<boolean> {
  const p = player.recent(
    player.payments,
    ({ status, purpose, booking }) =>
      status === 'captured' &&
      (purpose === 'booking' ||
        purpose === 'tip' ||
        (purpose === 'contract' && heldOf(booking?.contract ?? null) === 0)),
  )
  if (!p) return false
  const rest = leftToRefund(p)
  const wanted = player.chance(0.1) ? rest + player.between(1, 100) : rest === 0 ? 0 : player.between(1, rest)
  if (wanted === 0) return false
  const destination = player.pick(['original', 'wallet'] as const)
  const expected = wanted > rest ? 'amount_above_paid' : 'ok'
  const id = newId()
  player.note(`refunds ${wanted} of ${p.id} (${rest} left) to ${destination}: ${expected}`)
  const rows = await player.act(
    player.staff.proposer,
    [`select khidma.open_refund('${id}', '${p.id}', ${wanted}, 'requested', '${destination}', null, null)`],
    expected,
  )
  if (rows) player.model.refund(p, wanted, destination, id)
  return true
}
