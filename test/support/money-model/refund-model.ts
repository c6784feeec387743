import {
  type Attempt,
  type Chargeback,
  chargedBackOf,
  heldOfPayment,
  type Payment,
  type Refund,
} from './documents.ts'
import { OrderModel } from './order-model.ts'

/** Rules of what goes back in memory: refunds, and what banks take. */
export class RefundModel extends OrderModel {
  refund(p: Payment, amount: number, destination: 'original' | 'wallet', id: string | null): void {
    const isBack = p.method === 'card' && destination === 'original'
    const fromPayable = Math.min(
      amount,
      this.books.available('tasker_payable', p.payee as string, p.currency),
    )
    p.refunded += amount
    const refund: Refund = {
      id,
      payment: p,
      attempt: isBack ? p.attempt : null,
      kind: 'refund',
      amount,
      fromPayable,
      status: isBack ? 'pending' : 'succeeded',
    }
    p.refunds.push(refund)
    this.noteDebt('refund', refund, p.payee as string, p.currency)
    this.books.post(p.currency, [
      ['tasker_payable', p.payee, -fromPayable],
      ['refund_receivable', p.payee, -(amount - fromPayable)],
      isBack ? ['platform_clearing', p.attempt?.gateway ?? null, amount] : ['client_wallet', p.payer, amount],
    ])
  }

  endRefund(r: Refund, status: Refund['status']): void {
    if (status === 'pending' || status === r.status || (r.status === 'failed' && status === 'succeeded'))
      return
    r.status = status
    if (status !== 'failed') return
    const p = r.payment
    const gateway = r.attempt?.gateway ?? null
    if (r.kind === 'refund' && p.order && p.refunded + chargedBackOf(p) > p.captured)
      this.reverseOrderRefund(r)
    else if (r.fromEscrow && p.refunded + chargedBackOf(p) > p.captured) {
      p.refunded -= r.amount
      p.madeGood += r.amount
      this.books.post(p.currency, [
        ['platform_clearing', gateway, -r.amount],
        ['chargebacks', null, r.amount],
      ])
    } else if (r.kind === 'refund' && p.refunded + chargedBackOf(p) > p.captured) {
      p.refunded -= r.amount
      const { owed, paid, writtenOff } = this.partsOf(
        'refund',
        r,
        p.payee as string,
        p.currency,
        r.amount - r.fromPayable,
      )
      this.books.post(p.currency, [
        ['platform_clearing', gateway, -r.amount],
        ['tasker_payable', p.payee, r.fromPayable + paid],
        ['refund_receivable', p.payee, owed],
        ['write_offs', null, writtenOff],
      ])
    } else
      this.books.post(p.currency, [
        ['platform_clearing', gateway, -r.amount],
        ['client_wallet', p.payer, r.amount],
      ])
  }

  chargeBack(
    t: Attempt,
    facts: { gatewayReference: string; amountMinor: number; status: Chargeback['status'] },
    isTaskers: boolean,
  ): void {
    const p = t.payment
    let c = p.chargebacks.find(({ gatewayReference }) => gatewayReference === facts.gatewayReference)
    if (!c) {
      c = {
        gatewayReference: facts.gatewayReference,
        amount: facts.amountMinor,
        status: 'open',
        // While a contract holds the money, its tasker has nothing of it.
        isTaskers: isTaskers && p.payee !== null && heldOfPayment(p) === 0,
      }
      p.chargebacks.push(c)
      this.books.post(p.currency, [
        ['chargebacks', null, -c.amount],
        ['platform_clearing', t.gateway, c.amount],
      ])
    }
    if (c.status !== 'open' || facts.status === 'open') return
    c.status = facts.status
    if (c.status === 'won') {
      this.books.post(p.currency, [
        ['platform_clearing', t.gateway, -c.amount],
        ['chargebacks', null, c.amount],
      ])
      this.#returnMadeGood(p)
    } else if (c.isTaskers)
      this.books.post(p.currency, [
        ['refund_receivable', p.payee, -c.amount],
        ['chargebacks', null, c.amount],
      ])
  }
  /** The part that escrow had made good is the payer's again, once the bank has given it back. */
  #returnMadeGood(p: Payment): void {
    const amount = p.madeGood - chargedBackOf(p)
    if (amount <= 0) return
    p.madeGood -= amount
    p.refunded += amount
    p.refunds.push({
      ...{ id: null, payment: p, attempt: null, kind: 'refund', amount },
      ...{ fromPayable: 0, fromEscrow: amount, status: 'succeeded' },
    })
    this.books.post(p.currency, [
      ['chargebacks', null, -amount],
      ['client_wallet', p.payer, amount],
    ])
  }
}
