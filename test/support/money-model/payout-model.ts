import { Books, type Currency } from './books.ts'
import { type Payout, payoutSource } from './documents.ts'

/** Rules of payouts in memory. */
export class PayoutModel {
  readonly books = new Books()

  openPayout(
    id: string,
    kind: Payout['kind'],
    user: string,
    currency: Currency,
    amount: number,
    gateway: string,
  ): Payout {
    this.books.hold(payoutSource(kind), user, currency, amount)
    return {
      id,
      kind,
      user,
      currency,
      amount,
      gateway,
      batch: null,
      status: 'scheduled',
      isHeld: false,
      isLateSuccess: false,
      second: null,
      attempts: 0,
    }
  }

  startPayout(o: Payout): void {
    o.status = 'processing'
    o.attempts += 1
    this.books.hold(payoutSource(o.kind), o.user, o.currency, -o.amount)
    this.books.post(o.currency, [
      [payoutSource(o.kind), o.user, -o.amount],
      ['payout_clearing', o.gateway, o.amount],
    ])
  }

  /** Returns whether money has left the gateway (1), or has come back to it (-1). */
  endPayout(o: Payout, outcome: 'paid' | 'failed' | 'returned', fee: number): number {
    let moved = 0
    if (o.status === 'processing' && outcome !== 'failed') {
      o.status = 'paid'
      moved += 1
      this.books.post(o.currency, [
        ['payout_clearing', o.gateway, -o.amount],
        ['platform_clearing', o.gateway, o.amount],
      ])
      this.books.post(o.currency, [
        ['gateway_fees', null, -fee],
        ['platform_clearing', o.gateway, fee],
      ])
    }
    if (o.status === 'processing') {
      o.status = 'failed'
      this.books.post(o.currency, [
        ['payout_clearing', o.gateway, -o.amount],
        [payoutSource(o.kind), o.user, o.amount],
      ])
    } else if (o.status === 'paid' && outcome !== 'paid') {
      o.status = 'returned'
      moved -= 1
      this.books.post(o.currency, [
        ['platform_clearing', o.gateway, -o.amount],
        [payoutSource(o.kind), o.user, o.amount],
      ])
    } else if (o.status === 'failed' && !o.second) o.isLateSuccess = outcome === 'paid'
    return moved
  }

  /** It was not sent: its amount is its owner's. */
  giveUpPayout(o: Payout): void {
    o.status = 'failed'
    this.books.hold(payoutSource(o.kind), o.user, o.currency, -o.amount)
  }

  retryPayout(o: Payout): void {
    Object.assign(o, { status: 'scheduled', second: null })
    this.books.hold(payoutSource(o.kind), o.user, o.currency, o.amount)
  }
}
