import type { Line } from './books.ts'
import { DebtModel } from './debt-model.ts'
import { halfUp, leftToRefund, type Order, type Payment, type Refund } from './documents.ts'

/** Rules of orders in memory, as docs/commerce.md tells them. */
export class OrderModel extends DebtModel {
  /** Uses that a buyer has. */
  readonly entitled = new Map<string, number>()

  captureOrder(p: Payment, order: Order, amount: number): void {
    const from: Line =
      p.method === 'wallet'
        ? ['client_wallet', p.payer, -amount]
        : ['platform_clearing', p.attempt?.gateway ?? null, -amount]
    this.books.post(p.currency, [
      from,
      ['platform_fee', null, amount - order.tax],
      ['tax_payable', null, order.tax],
    ])
    order.status = 'completed'
    this.#fund(order, 1)
    this.#entitle(order, 1)
  }

  /** Gives back what is left of its payment, with its taxes, and takes back what it gave. */
  refundOrder(order: Order, p: Payment, id: string): void {
    order.status = 'refunded'
    this.#fund(order, -1)
    this.#entitle(order, -1)
    const amount = leftToRefund(p)
    if (amount === 0) return
    const isBack = p.method !== 'wallet'
    const tax = halfUp(amount * order.tax, order.total)
    p.refunded += amount
    p.refunds.push({
      ...{ id, payment: p, attempt: isBack ? p.attempt : null, kind: 'refund', amount },
      ...{ fromPayable: 0, status: isBack ? 'pending' : 'succeeded' },
    })
    this.books.post(p.currency, [
      ['platform_fee', null, tax - amount],
      ['tax_payable', null, -tax],
      isBack ? ['platform_clearing', p.attempt?.gateway ?? null, amount] : ['client_wallet', p.payer, amount],
    ])
  }

  /** A bank has returned what the gateway could not: it makes good the loss of the chargeback. */
  reverseOrderRefund({ payment, attempt, amount }: Refund): void {
    payment.refunded -= amount
    this.books.post(payment.currency, [
      ['platform_clearing', attempt?.gateway ?? null, -amount],
      ['chargebacks', null, amount],
    ])
  }

  #fund({ currency, discount }: Order, sign: 1 | -1): void {
    this.books.post(currency, [
      ['promotions', null, -discount * sign],
      ['platform_fee', null, discount * sign],
    ])
  }

  #entitle({ buyer, gives }: Order, sign: 1 | -1): void {
    this.entitled.set(buyer, (this.entitled.get(buyer) ?? 0) + gives * sign)
  }
}
