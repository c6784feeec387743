import { type Booking, type Contract, chargedBackOf, heldOf, type Payment, shareOf } from './documents.ts'
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

  /** Pays the tasker out of escrow: minimum and maximum of the commission count once a contract. */
  release(c: Contract, amount: number): void {
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
    let rest = toTasker
    for (const m of c.milestones) {
      if (m.status === 'completed' || m.status === 'canceled') continue
      const released = m.isFunded ? Math.min(m.amount, rest) : 0
      rest -= released
      m.status = released === m.amount ? 'completed' : 'canceled'
    }
    if (arbitration > 0) {
      c.arbitration += arbitration
      this.books.post(booking.currency, [
        ['escrow', booking.client, -arbitration],
        ['platform_fee', null, arbitration],
      ])
    }
    if (toTasker > 0) this.release(c, toTasker)
    if (back > 0) this.#giveBackOfEscrow(c, booking, back)
  }

  /** The latest payment first; what a bank has taken makes good the loss of the platform. */
  #giveBackOfEscrow(c: Contract, { currency, client }: Booking, amount: number): void {
    let rest = amount
    c.refunded += amount
    for (const p of this.fundingOf(c).toReversed()) {
      const part = Math.min(rest, p.captured - p.refunded - chargedBackOf(p))
      if (part <= 0) continue
      rest -= part
      const isBack = p.method !== 'wallet'
      p.refunded += part
      p.refunds.push({
        ...{ id: null, payment: p, attempt: isBack ? p.attempt : null, kind: 'refund', amount: part },
        ...{ fromPayable: 0, fromEscrow: part, status: isBack ? 'pending' : 'succeeded' },
      })
      this.books.post(currency, [
        ['escrow', client, -part],
        isBack ? ['platform_clearing', p.attempt?.gateway ?? null, part] : ['client_wallet', client, part],
      ])
    }
    this.books.post(currency, [
      ['escrow', client, -rest],
      ['chargebacks', null, rest],
    ])
  }
}
