import { newId } from '../../../src/core/ids.ts'
import { currencies } from './books.ts'
import { halfUp, type Order, type Payment, type Subscription } from './documents.ts'
import { further } from './further-operations.ts'
import { paymentOf } from './operations.ts'
import type { Player } from './player.ts'
import { countryOf, planPrice, sold, system } from './world.ts'

/** Deeds of buyers and subscribers. Each says whether there was anything to do. */

const paymentsOf = (player: Player, order: Order): Payment[] =>
  player.payments.filter((payment) => payment.order === order)

/** A quote, with a coupon now and then, which is placed at once. */
export async function placeOrder(player: Player): Promise<boolean> {
  const [buyer, currency] = [player.client(), player.pick(currencies)]
  const [id, quote, quantity] = [newId(), newId(), player.between(1, 3)]
  const country = countryOf[currency]
  const isCheaper = player.chance(0.4)
  const coupon = player.coupons[currency]
  const { packageId, price, gives, taxBasisPoints } = sold[currency]
  const discount = isCheaper ? halfUp(price * quantity * coupon.basisPoints, 10_000) : 0
  const base = price * quantity - discount
  const tax = halfUp(base * taxBasisPoints, 10_000)
  const expected = isCheaper && coupon.uses.size >= coupon.limit ? 'coupon_used_up' : 'ok'
  player.note(`${buyer.id} orders ${quantity} in ${currency}, less ${discount}: ${expected}`)
  const rows = await player.act(
    buyer,
    [
      `insert into price_documents (id, user_id, country, currency, price, valid_until)
       values ('${quote}', '${buyer.id}', '${country}', '${currency}',
         khidma.inputs_of_packages('${buyer.id}', '[{"packageId": "${packageId}", "quantity": ${quantity}}]', '${country}', '${currency}',
           ${isCheaper ? `'${coupon.code}'` : 'null'}, 'en'), now() + interval '1 hour')`,
      `select khidma.place_order('${id}', '${quote}', null)`,
    ],
    expected,
  )
  if (!rows) return true
  const order: Order = {
    id,
    buyer: buyer.id,
    currency,
    total: base + tax,
    tax,
    discount,
    gives: gives * quantity,
    isCharge: false,
    status: 'pending',
  }
  if (isCheaper) coupon.uses.add(id)
  player.orders.push(order)
  return true
}

const refusalOf = ({ status }: Order): string =>
  status === 'pending' ? 'ok' : status === 'completed' ? 'order_paid' : 'order_closed'

export async function payOrder(player: Player): Promise<boolean> {
  const order = player.recent(player.orders, ({ status }) => status === 'pending' || player.chance(0.03))
  if (!order) return false
  const { id, buyer, currency, total } = order
  const method = player.pick(['card', 'wallet'] as const)
  const isShort =
    method === 'wallet' && player.model.books.available('client_wallet', buyer, currency) < total
  const refusal = refusalOf(order)
  const expected = refusal === 'ok' && isShort ? 'ledger_balances_guard' : refusal
  const waiting = paymentsOf(player, order)
  await further(
    player,
    player.person(buyer),
    (key) => `select khidma.open_order_payment('${key}', '${id}', '${method}', false, null)`,
    { purpose: 'order', booking: null, payee: null, currency, method, order },
    total,
    expected,
    // Another choice takes the place of a payment that waits.
    () => player.model.giveUpAll(waiting),
  )
  return true
}

export async function endOrder(player: Player): Promise<boolean> {
  const order = player.recent(player.orders, ({ status }) => status === 'pending')
  if (!order) return false
  await endOrderOf(player, order, player.pick(['canceled', 'expired'] as const))
  return true
}

export async function endOrderOf(
  player: Player,
  order: Order,
  status: 'canceled' | 'expired',
): Promise<void> {
  player.note(`order ${order.id} is ${status}`)
  const isCanceled = status === 'canceled'
  const rows = await player.act(
    isCanceled ? player.person(order.buyer) : system,
    isCanceled
      ? [`select khidma.cancel_order('${order.id}')`]
      : [`update orders set expires_at = now() where id = '${order.id}'`, 'select khidma.expire_orders(1)'],
  )
  if (!rows) return
  player.model.endOrder(order, status, paymentsOf(player, order))
  player.coupons[order.currency].uses.delete(order.id)
}

/** Staff refund an order as a whole, and its coupon is free for whoever comes next. */
export async function refundOrder(player: Player): Promise<boolean> {
  const order = player.recent(player.orders, ({ status }) => status === 'completed')
  const p = order && paymentsOf(player, order).find(({ status }) => status === 'captured')
  if (!order || !p) return false
  const id = newId()
  player.note(`refunds order ${order.id}, payment ${p.id}`)
  const rows = await player.act(player.staff.proposer, [
    `select khidma.refund_order('${id}', '${order.id}', null, 'Asked for', true, false)`,
  ])
  if (!rows) return true
  player.model.refundOrder(order, p, id)
  player.coupons[order.currency].uses.delete(order.id)
  return true
}

export async function subscribe(player: Player): Promise<boolean> {
  const owner = player.tasker()
  const currency = player.pick(currencies)
  const id = newId()
  const expected = player.subscriptions.some((each) => each.owner === owner.id && !each.isOver)
    ? 'subscriptions_one_open'
    : 'ok'
  player.note(`${owner.id} subscribes in ${currency}: ${expected}`)
  const rows = await player.act(
    owner,
    [`select khidma.open_subscription('${id}', '${sold[currency].planId}', 'month', null)`],
    expected,
  )
  if (!rows) return true
  const made = { id, owner: owner.id, isOver: false }
  player.subscriptions.push(made)
  await learn(player, made)
  return true
}

/** A renewal, a retry or the end of a grace; the wallet may be short. */
export async function passTime(player: Player): Promise<boolean> {
  const some = player.recent(player.subscriptions, ({ isOver }) => !isOver)
  if (!some) return false
  const days = player.pick([1, 3, 10, 32])
  player.note(`${days} days pass for ${some.id}`)
  if (await player.act(system, [`select khidma.pass_subscription_time('${some.id}', ${days * 86_400})`]))
    await learn(player, some)
  return true
}

export async function unsubscribe(player: Player): Promise<boolean> {
  const some = player.recent(player.subscriptions, ({ isOver }) => !isOver)
  if (!some) return false
  await unsubscribeOne(player, some)
  return true
}

export async function unsubscribeOne(player: Player, some: Subscription): Promise<void> {
  player.note(`cancels subscription ${some.id}`)
  if (await player.act(player.person(some.owner), [`select khidma.cancel_subscription('${some.id}', 'now')`]))
    await learn(player, some)
}

/** Which charges there are is the business of the model of subscriptions; what each does to money is that of this one. */
export async function learn(player: Player, some: Subscription): Promise<void> {
  const rows = await player.line.read(`
    select o.id, o.status, d.currency, d.total::float8 as total, s.status = 'ended' as "isOver",
           (select i.id from payment_intents i where i.order_id = o.id and i.status = 'captured') as payment
      from subscriptions s left join subscription_charges c on c.subscription_id = s.id left join subscription_attempts a on a.charge_id = c.id
      left join orders o on o.id = a.document_id left join price_documents d on d.id = o.document_id
     where s.id = '${some.id}' order by a.id`)
  for (const { id, status, currency, total, isOver, payment } of rows) {
    some.isOver = isOver
    if (id === null) continue
    const known = player.orders.find((order) => order.id === id)
    if (known) {
      if (known.status === 'pending' && status !== 'pending')
        player.model.endOrder(known, status, paymentsOf(player, known))
      continue
    }
    if (total !== planPrice) throw new Error(`a charge is ${total}`)
    const order: Order = {
      id,
      buyer: some.owner,
      currency,
      total,
      tax: 0,
      discount: 0,
      gives: 0,
      isCharge: true,
      status: status === 'completed' ? 'pending' : status,
    }
    player.orders.push(order)
    if (status !== 'completed') continue
    const p = paymentOf(payment, 'order', null, some.owner, null, currency, 'wallet')
    Object.assign(p, { order, amount: total })
    player.payments.push(p)
    player.model.capture(p, total)
  }
}
