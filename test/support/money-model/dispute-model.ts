import {
  type Booking,
  type Dispute,
  fareOf,
  heldOf,
  isPaid,
  leftToRefund,
  type Payment,
} from './documents.ts'
import { Model } from './model.ts'

export interface Subject {
  source: 'escrow' | 'payment' | 'fare' | null
  amount: number
}

/** Rules of disputes in memory, as docs/disputes.md tells them. */
export class DisputeModel extends Model {
  openDispute(d: Dispute): void {
    const { booking } = d
    booking.status = 'disputed'
    booking.disputes.push(d)
    const c = booking.contract
    if (c?.status !== 'active') return
    c.status = 'disputed'
    c.disputed = heldOf(c)
    this.giveUpAll(c.milestones.flatMap(({ payment }) => payment ?? []))
  }

  /** Captured payments of a booking, the latest first. */
  paidFor({ payment, contract }: Booking): Payment[] {
    const own = payment.status === 'captured' ? [payment] : []
    return [...own, ...(contract ? this.fundingOf(contract).toReversed() : [])]
  }

  refundableFor(booking: Booking): number {
    return this.paidFor(booking).reduce((sum, p) => sum + leftToRefund(p), 0)
  }

  subjectOf(d: Dispute): Subject {
    const { booking } = d
    const held = heldOf(booking.contract)
    if (held > 0) return { source: 'escrow', amount: held }
    const left = this.refundableFor(booking)
    if (left > 0) return { source: 'payment', amount: Math.min(d.inQuestion ?? left, left) }
    // A signed contract has no fare: its milestones alone are paid.
    if (isPaid(booking) || booking.contract) return { source: null, amount: 0 }
    return { source: 'fare', amount: fareOf({ ...booking, worked: booking.worked || d.worked }) }
  }

  /** Ends a dispute that staff or its opener end; says how the booking ends where no contract decides. */
  endDispute(d: Dispute, status: Dispute['status'], outcome: 'completed' | 'canceled'): void {
    d.status = status
    d.offer = null
    const ended = this.#decideContract(d, 0, 0) ?? outcome
    this.#end(d, ended)
  }

  refundDispute(d: Dispute, amount: number): void {
    this.endDispute(d, 'refunded', 'completed')
    this.#giveBack(d, amount)
  }

  split(d: Dispute, toTasker: number, arbitration: number): void {
    const { booking } = d
    const { source, amount } = this.subjectOf(d)
    d.status = 'resolved'
    d.offer = null
    if (source === 'fare' && toTasker > 0) booking.price = toTasker
    const byContract = this.#decideContract(d, source === 'escrow' ? toTasker : 0, arbitration)
    this.#end(d, byContract ?? (toTasker > 0 || source === 'payment' ? 'completed' : 'canceled'))
    if (source === 'payment') this.#giveBack(d, amount - toTasker)
  }

  #decideContract(d: Dispute, toTasker: number, arbitration: number): 'completed' | 'canceled' | null {
    const c = d.booking.contract
    if (c?.status !== 'disputed') return null
    const outcome = c.released + toTasker > 0 ? 'completed' : 'canceled'
    this.closeEscrow(c, toTasker, arbitration)
    d.booking.price = c.released
    c.status = outcome
    return outcome
  }

  #end(d: Dispute, outcome: 'completed' | 'canceled'): void {
    const { booking } = d
    booking.status = outcome
    if (outcome === 'canceled') {
      for (const p of [booking.payment, ...booking.tips]) {
        p.isCaptureDue = false
        if (['requires_action', 'authorized', 'failed'].includes(p.status)) this.giveUp(p)
      }
      return
    }
    booking.worked ||= d.worked
    if (!isPaid(booking)) this.awaitPayment(booking)
  }

  #giveBack(d: Dispute, amount: number): void {
    d.returned += amount
    let rest = amount
    for (const p of this.paidFor(d.booking)) {
      const part = Math.min(rest, leftToRefund(p))
      if (part > 0) this.refund(p, part, 'original', null)
      rest -= Math.max(part, 0)
    }
  }
}
