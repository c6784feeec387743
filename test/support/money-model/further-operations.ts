import { newId } from '../../../src/core/ids.ts'
import { type Currency, currencies } from './books.ts'
import type { Milestone, Order, Payment } from './documents.ts'
import { beginAtGateway } from './gateway-operations.ts'
import { paymentOf } from './operations.ts'
import type { Player } from './player.ts'
import { gatewayOf, type Person, system } from './world.ts'

/** Payments beside those of bookings: top-ups, tips, debts. */

/** A payment beside those of bookings: opened by its payer, who is asked by the gateway at once. */
export async function further(
  player: Player,
  payer: Person,
  open: (key: string) => string,
  made: Pick<Payment, 'purpose' | 'booking' | 'payee' | 'currency' | 'method'> & {
    order?: Order
    milestones?: readonly Milestone[]
  },
  amount: number,
  expected = 'ok',
  before = () => {},
): Promise<void> {
  const key = newId()
  player.note(`${payer.id} opens a ${made.purpose} of ${amount} by ${made.method}: ${expected}`)
  const rows = await player.act(
    payer,
    [
      open(key),
      `select id, transaction_id as attempt from payment_intents where payer_id = '${payer.id}' and request_key = '${key}'`,
    ],
    expected,
  )
  if (!rows) return
  before()
  const p = paymentOf(
    rows[0].id,
    made.purpose,
    made.booking,
    payer.id,
    made.payee,
    made.currency,
    made.method,
  )
  player.payments.push(p)
  if (made.purpose === 'tip') made.booking?.tips.push(p)
  Object.assign(p, { amount, order: made.order ?? null })
  for (const milestone of made.milestones ?? []) milestone.payment = p
  if (made.method === 'wallet') player.model.capture(p, amount)
  else {
    const t = player.model.begin(p, rows[0].attempt, gatewayOf[p.currency].name, amount)
    if (!player.chance(0.03)) await beginAtGateway(player, t)
  }
}

export async function topUp(player: Player): Promise<boolean> {
  await topUpOf(player, player.pick(currencies))
  return true
}

export async function topUpOf(player: Player, currency: Currency): Promise<void> {
  const amount = player.between(100_000, 900_000)
  await further(
    player,
    player.client(),
    (key) => `select khidma.open_top_up('${key}', 'card', ${amount}, '${currency}', false, null)`,
    { purpose: 'top_up', booking: null, payee: null, currency, method: 'card' },
    amount,
  )
}

export async function tip(player: Player): Promise<boolean> {
  const booking = player.recent(
    player.bookings,
    ({ status, tips }) => status === 'completed' && tips.length < 3,
  )
  if (!booking) return false
  const { id, client, tasker, currency } = booking
  const method = player.pick(['card', 'wallet'] as const)
  const amount = player.between(500, 5_000)
  const has = player.model.books.available('client_wallet', client, currency)
  await further(
    player,
    player.person(client),
    (key) => `select khidma.open_tip('${key}', '${id}', '${method}', ${amount}, false, null)`,
    { purpose: 'tip', booking, payee: tasker, currency, method },
    amount,
    method === 'wallet' && has < amount ? 'ledger_balances_guard' : 'ok',
  )
  return true
}

/** Somebody pays what they owe, from the wallet or through a gateway. */
export async function payDebts(player: Player): Promise<boolean> {
  const currency = player.pick(currencies)
  const payer = player.chance(0.8) ? player.tasker() : player.client()
  const owed = player.model.books.debts(payer.id, currency).all
  if (owed === 0) return false
  const amount = player.chance(0.05) ? owed + 1 : player.chance(0.5) ? owed : player.between(1, owed)
  const expected = amount > owed ? 'amount_above_debt' : 'ok'
  const method = player.pick(['card', 'wallet'] as const)
  const has = player.model.books.available('client_wallet', payer.id, currency)
  await further(
    player,
    payer,
    (key) => `select khidma.open_debt_payment('${key}', '${method}', ${amount}, '${currency}', false, null)`,
    { purpose: 'debt', booking: null, payee: null, currency, method },
    amount,
    expected === 'ok' && method === 'wallet' && has < amount ? 'ledger_balances_guard' : expected,
  )
  return true
}

/** The time for a tip, a top-up or a payment of debts is over. */
export async function giveUp(player: Player): Promise<boolean> {
  const p = player.recent(
    player.payments,
    ({ status, purpose }) => status === 'requires_action' && purpose !== 'booking',
  )
  if (!p) return false
  player.note(`gives ${p.id} up`)
  const rows = await player.act(system, [
    `update payment_intents set expires_at = now() where id = '${p.id}'`,
    'select khidma.give_up_payments(1)',
  ])
  if (rows) player.model.giveUp(p)
  return true
}
