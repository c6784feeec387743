import type { Line } from './books.ts'
import { ContractModel } from './contract-model.ts'
import {
  type Attempt,
  type Booking,
  expectedOf,
  fareOf,
  type Order,
  type Payment,
  shareOf,
} from './documents.ts'
import type { Facts } from './gateway.ts'

/** Rules of money in memory, as docs/money.md tells them: what each step makes of the documents, and what it posts. */

export class Model extends ContractModel {
  capture(p: Payment, amount: number): void {
    const part = p.purpose === 'booking' && p.booking ? shareOf(amount, p.booking.commission) : 0
    const rest = Math.max(p.authorized - amount, 0)
    if (p.method === 'wallet' && p.status === 'authorized') this.#endHold(p)
    const wasPrepaid = p.isPrepaid
    Object.assign(p, {
      status: 'captured',
      amount,
      captured: amount,
      released: rest,
      isCaptureDue: false,
      isObjected: false,
    })
    p.authorized = Math.max(p.authorized, amount)
    const gateway = p.attempt?.gateway ?? null
    const earned: Line[] = [
      ['tasker_payable', p.payee, amount - part],
      ['platform_fee', null, part],
    ]
    if (p.purpose === 'top_up')
      this.books.post(p.currency, [
        ['platform_clearing', gateway, -amount],
        ['client_wallet', p.payer, amount],
      ])
    else if (p.purpose === 'debt') {
      const from: Line =
        p.method === 'wallet' ? ['client_wallet', p.payer, -amount] : ['platform_clearing', gateway, -amount]
      this.payDebts(p.payer, p.currency, amount, from)
    } else if (p.order) this.captureOrder(p, p.order, amount)
    else if (p.purpose === 'contract') this.fundContract(p, amount)
    else if (p.method === 'cash')
      // The notes go from hand to hand: of all that only the commission stays in the books.
      this.books.post(p.currency, [
        ['commission_receivable', p.payee, -part],
        ['platform_fee', null, part],
      ])
    else if (p.method === 'wallet')
      this.books.post(p.currency, [['client_wallet', p.payer, -amount], ...earned])
    else if (wasPrepaid) {
      this.books.post(p.currency, [['escrow', p.payer, -amount], ...earned])
      if (rest > 0) this.#giveBack(p, p.attempt as Attempt, rest)
    } else this.books.post(p.currency, [['platform_clearing', gateway, -amount], ...earned])
  }

  /** Another method for a booking: what was authorised is released. */
  choose(p: Payment, method: Payment['method']): void {
    this.#release(p)
    if (p.method === 'wallet' && p.status === 'authorized') this.#endHold(p)
    Object.assign(p, {
      status: 'requires_action',
      method,
      authorized: 0,
      released: 0,
      isPrepaid: false,
      attempt: null,
    })
  }

  holdWallet(p: Payment, amount: number): void {
    this.books.hold('client_wallet', p.payer, p.currency, amount)
    Object.assign(p, { status: 'authorized', amount, authorized: amount })
  }

  begin(p: Payment, id: string, gateway: string, amount: number): Attempt {
    const attempt: Attempt = {
      id,
      payment: p,
      gateway,
      amount,
      hasFailed: false,
      isCompleted: false,
      isKnown: false,
      askedAt: '',
      isBooked: false,
      isReleaseDue: false,
    }
    p.attempts.push(attempt)
    Object.assign(p, { attempt, amount })
    return attempt
  }

  complete(booking: Booking, worked: number): void {
    Object.assign(booking, { status: 'completed', worked })
    this.awaitPayment(booking)
  }

  cancel(booking: Booking, by: 'client' | 'tasker' | 'ops'): void {
    const p = booking.payment
    const fee =
      booking.status === 'confirmed' && by !== 'ops' ? shareOf(expectedOf(booking), booking.fees[by]) : 0
    booking.status = 'canceled'
    if (fee > 0 && by !== 'ops') {
      booking.fee = { payer: by, amount: fee, isWaived: false }
      const taken = by === 'client' && p.status === 'authorized' ? Math.min(fee, p.authorized) : 0
      if (taken > 0 && (p.method === 'wallet' || p.isPrepaid)) this.capture(p, taken)
      else if (taken > 0) Object.assign(p, { amount: taken, isCaptureDue: true })
      if (fee > taken) this.oweFee(booking, fee - taken)
    }
    if (['requires_action', 'authorized', 'failed'].includes(p.status) && !p.isCaptureDue) this.giveUp(p)
  }

  /** Ends a payment of which nothing was made: what was authorised goes back. */
  giveUp(p: Payment): void {
    this.#release(p)
    if (p.method === 'wallet' && p.status === 'authorized') this.#endHold(p)
    p.released = p.status === 'authorized' ? p.authorized : 0
    p.status = 'canceled'
  }

  /** Ends an order that is not paid, with the payments that wait for it. */
  endOrder(order: Order, status: 'canceled' | 'expired', payments: readonly Payment[]): void {
    order.status = status
    this.giveUpAll(payments)
  }

  giveUpAll(payments: readonly Payment[]): void {
    for (const p of payments) if (p.status === 'requires_action' || p.status === 'failed') this.giveUp(p)
  }

  /** Takes a fee back that was charged. What was paid of its debt is in the wallet; what was neither paid nor is owed was written off. */
  waive(booking: Booking): void {
    const p = booking.payment
    if (!booking.fee) throw new Error('There is no fee.')
    booking.fee.isWaived = true
    if (p.status === 'captured' && p.captured > p.refunded)
      this.refund(p, p.captured - p.refunded, 'original', null)
    else if (p.isCaptureDue) {
      this.#release(p)
      Object.assign(p, { status: 'canceled', isCaptureDue: false, released: p.authorized })
    }
    const payer = booking.fee.payer === 'client' ? booking.client : booking.tasker
    const due = this.feeOwed(booking)
    const { owed, paid, writtenOff } = this.partsOf('fee', booking.id, payer, booking.currency, due)
    this.books.post(booking.currency, [
      ['fee_receivable', payer, owed],
      ['client_wallet', payer, paid],
      ['write_offs', null, writtenOff],
      ['platform_fee', null, -due],
    ])
  }

  /** Takes facts of a gateway about an attempt, whenever they were true. */
  learn(t: Attempt, f: Facts): void {
    const p = t.payment
    const { status } = f
    if (f.currency !== p.currency || f.reference !== t.id) return
    // An end that was true before something newer undoes nothing.
    if ((status === 'failed' || status === 'canceled') && f.askedAt < t.askedAt) return
    if (f.askedAt > t.askedAt) t.askedAt = f.askedAt
    t.isKnown = true
    t.isCompleted = status !== 'requires_action'
    t.hasFailed = (status === 'failed' || status === 'canceled') && !t.isBooked
    const isGivenUp = p.attempt !== t || p.status === 'captured' || p.status === 'canceled'
    if (status === 'captured') {
      if (t.isBooked) return
      t.isBooked = true
      this.#take(p, t, f.capturedMinor, isGivenUp)
      const fee = f.feeMinor ?? 0
      this.books.post(p.currency, [
        ['gateway_fees', null, -fee],
        ['platform_clearing', t.gateway, fee],
      ])
    } else if (isGivenUp) {
      if (status === 'canceled') t.isReleaseDue = false
      else if (status !== 'failed' && !t.isBooked) t.isReleaseDue = true
    } else if (status === 'authorized') {
      if (p.status !== 'requires_action' && p.status !== 'failed') return
      Object.assign(p, { status: 'authorized', authorized: f.amountMinor })
      this.#goOn(p)
    } else if (
      status !== 'requires_action' &&
      !t.isBooked &&
      ['requires_action', 'authorized'].includes(p.status)
    ) {
      const wasDue = p.isCaptureDue
      Object.assign(p, { status: 'failed', authorized: 0, isCaptureDue: false })
      this.#goOn(p)
      const booking = p.booking
      if (wasDue && booking?.status === 'canceled' && !booking.fee?.isWaived)
        this.oweFee(booking, p.amount ?? 0)
    }
  }

  /** The gateway has refused to begin, or has never heard of it. */
  refuse(t: Attempt): void {
    if (t.isCompleted) return
    Object.assign(t, { hasFailed: true, isCompleted: true })
    const p = t.payment
    if (p.attempt !== t || p.status !== 'requires_action') return
    p.status = 'failed'
    this.#goOn(p)
  }

  #endHold(p: Payment): void {
    this.books.hold('client_wallet', p.payer, p.currency, -p.authorized)
  }

  #release(p: Payment): void {
    const t = p.attempt
    if (!t) return
    if (p.isPrepaid && p.status === 'authorized') this.#giveBack(p, t, p.authorized)
    else if (!t.hasFailed || t.isKnown) t.isReleaseDue = true
  }

  #giveBack(p: Payment, t: Attempt, amount: number): void {
    p.refunds.push({
      id: null,
      payment: p,
      attempt: t,
      kind: 'return',
      amount,
      fromPayable: 0,
      status: 'pending',
    })
    this.books.post(p.currency, [
      ['escrow', p.payer, -amount],
      ['platform_clearing', t.gateway, amount],
    ])
  }

  #goOn(p: Payment): void {
    // The next attempt of a subscription is another order.
    if (p.status === 'failed' && p.order?.isCharge && p.order.status === 'pending')
      this.endOrder(p.order, 'canceled', [p])
    if (p.purpose === 'booking' && p.booking?.status === 'completed') this.awaitPayment(p.booking)
  }

  awaitPayment(booking: Booking): void {
    const p = booking.payment
    const fare = fareOf(booking)
    if (p.status === 'authorized') {
      if (p.method === 'wallet' || p.isPrepaid) this.capture(p, Math.min(fare, p.authorized))
      else Object.assign(p, { amount: Math.min(fare, p.authorized), isCaptureDue: true })
    } else if (p.status === 'requires_action' || p.status === 'failed') {
      p.status = 'requires_action'
      this.#release(p)
      Object.assign(p, { method: 'cash', attempt: null })
    }
  }

  /** Money that a gateway took: the capture that was asked for, a prepayment, or nothing that we still want. */
  #take(p: Payment, t: Attempt, amount: number, isGivenUp: boolean): void {
    const prepay = () =>
      this.books.post(p.currency, [
        ['platform_clearing', t.gateway, -amount],
        ['escrow', p.payer, amount],
      ])
    const isUnwanted = p.order
      ? p.order.status !== 'pending' || amount !== p.order.total
      : p.purpose === 'contract' && !this.isFundable(p, amount)
    if (!isGivenUp && isUnwanted) {
      p.status = 'canceled'
      isGivenUp = true
    }
    if (isGivenUp) {
      prepay()
      this.#giveBack(p, t, amount)
      t.isReleaseDue = false
      return
    }
    if (p.status === 'failed') p.status = 'requires_action'
    if (p.purpose !== 'booking') this.capture(p, amount)
    else if (p.status === 'authorized' && p.isCaptureDue && amount === p.amount) this.capture(p, amount)
    else {
      prepay()
      const booking = p.booking as Booking
      const fare = p.isCaptureDue ? p.amount : booking.status === 'completed' ? fareOf(booking) : null
      Object.assign(p, { isPrepaid: true, authorized: amount })
      if (fare !== null) this.capture(p, Math.min(fare, amount))
      else p.status = 'authorized'
    }
  }
}
