import {
  type Booking,
  type Contract,
  chargedBackOf,
  heldOf,
  heldOfPayment,
  type Milestone,
  type Payment,
  shareOf,
} from './documents.ts'
import { RefundModel } from './refund-model.ts'

/** Rules of contracts and their escrow in memory, as docs/contracts.md tells them. */
export class ContractModel extends RefundModel {
  /** Payments into the escrow of contracts, in the order of their captures. */
  readonly #funding = new Map<Contract, Payment[]>()

  fundingOf = (c: Contract): Payment[] => this.#funding.get(c) ?? []

  isFundable(p: Payment, amount: number): boolean {
    const c = p.booking?.contract
    const wanted = c?.milestones.filter(({ payment }) => payment === p) ?? []
    return (
      c?.status === 'active' &&
      wanted.every(({ status, isFunded }) => status === 'pending' && !isFunded) &&
      wanted.reduce((sum, { amount: of }) => sum + of, 0) === amount
    )
  }

  fundContract(p: Payment, amount: number): void {
    const c = p.booking?.contract as Contract
    this.#funding.set(c, [...this.fundingOf(c), p])
    c.funded += amount
    for (const m of c.milestones) if (m.payment === p) m.isFunded = true
    this.books.post(p.currency, [
      p.method === 'wallet'
        ? ['client_wallet', p.payer, -amount]
        : ['platform_clearing', p.attempt?.gateway ?? null, -amount],
      ['escrow', p.payer, amount],
    ])
  }

  payMilestone(c: Contract, m: Milestone): void {
    if (m.payment) m.payment.outOfEscrow += m.amount
    this.#release(c, m.amount)
  }

  /** Pays the tasker out of escrow: minimum and maximum of the commission count once a contract. */
  #release(c: Contract, amount: number): void {
    const { booking } = c
    const part = shareOf(c.released + amount, booking.commission) - c.commission
    c.released += amount
    c.commission += part
    this.books.post(booking.currency, [
      ['escrow', booking.client, -amount],
      ['tasker_payable', booking.tasker, amount - part],
      ['platform_fee', null, part],
    ])
  }

  /** Divides what is held, and ends every milestone. */
  closeEscrow(c: Contract, toTasker: number, arbitration: number): void {
    const { booking } = c
    const back = heldOf(c) - toTasker - arbitration
    let [rest, restOfFee] = [toTasker, arbitration]
    for (const m of c.milestones) {
      if (m.status === 'completed' || m.status === 'canceled') continue
      const released = m.isFunded ? Math.min(m.amount, rest) : 0
      const fee = m.isFunded ? Math.min(m.amount - released, restOfFee) : 0
      rest -= released
      restOfFee -= fee
      if (m.payment) m.payment.outOfEscrow += released + fee
      m.status = released === m.amount ? 'completed' : 'canceled'
    }
    if (arbitration > 0) {
      c.arbitration += arbitration
      this.books.post(booking.currency, [
        ['escrow', booking.client, -arbitration],
        ['platform_fee', null, arbitration],
      ])
    }
    if (toTasker > 0) this.#release(c, toTasker)
    if (back > 0) this.#giveBackOfEscrow(c, booking, back)
  }

  /** Takes it from the payments whose money it holds, the latest first; what a bank has taken makes good the loss of the platform. */
  #giveBackOfEscrow(c: Contract, { currency, client }: Booking, amount: number): void {
    let rest = amount
    c.refunded += amount
    for (const p of this.fundingOf(c).toReversed()) {
      const held = heldOfPayment(p)
      const gone = Math.min(held, Math.max(chargedBackOf(p) - p.madeGood, 0))
      const part = Math.min(rest, held - gone)
      if (part > 0) this.#refundOfEscrow(p, part)
      const lost = Math.min(rest - part, gone)
      p.madeGood += lost
      this.books.post(currency, [
        ['escrow', client, -lost],
        ['chargebacks', null, lost],
      ])
      rest -= part + lost
    }
  }

  #refundOfEscrow(p: Payment, amount: number): void {
    const isBack = p.method !== 'wallet'
    p.refunded += amount
    p.refunds.push({
      ...{ id: null, payment: p, attempt: isBack ? p.attempt : null, kind: 'refund', amount },
      ...{ fromPayable: 0, fromEscrow: amount, status: isBack ? 'pending' : 'succeeded' },
    })
    this.books.post(p.currency, [
      ['escrow', p.payer, -amount],
      isBack ? ['platform_clearing', p.attempt?.gateway ?? null, amount] : ['client_wallet', p.payer, amount],
    ])
  }
}
