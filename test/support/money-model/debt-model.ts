import { type Currency, keyOf, type Line } from './books.ts'
import type { Booking, Payout } from './documents.ts'
import { PayoutModel } from './payout-model.ts'

type DebtKind = 'refund' | 'fee'

/** Rules of debts in memory: how they are made and paid, and what is left of one that is taken back. */
export class DebtModel extends PayoutModel {
  readonly #feesOwed = new Map<string, number>()
  /** Paid of all debts of a kind of a user so far, and how much of that before a document (a booking, a refund) made one. */
  readonly #paid = new Map<string, number>()
  readonly #paidBefore = new Map<unknown, number>()

  /** Commission first, then refunds, then fees; what is above them goes into the wallet. */
  payDebts(user: string, currency: Currency, amount: number, from: Line): void {
    const owed = this.books.debts(user, currency)
    const commission = Math.min(amount, owed.commission)
    const refund = Math.min(amount - commission, owed.refund)
    const fee = Math.min(amount - commission - refund, owed.fee)
    this.#paid.set(keyOf('refund', user, currency), this.#paidBy('refund', user, currency) + refund)
    this.#paid.set(keyOf('fee', user, currency), this.#paidBy('fee', user, currency) + fee)
    this.books.post(currency, [
      from,
      ['commission_receivable', user, commission],
      ['refund_receivable', user, refund],
      ['fee_receivable', user, fee],
      ['client_wallet', user, amount - commission - refund - fee],
    ])
  }

  feeOwed(booking: Booking): number {
    return this.#feesOwed.get(booking.id) ?? 0
  }

  oweFee(booking: Booking, amount: number): void {
    this.#feesOwed.set(booking.id, this.feeOwed(booking) + amount)
    const payer = booking.fee?.payer === 'client' ? booking.client : booking.tasker
    this.noteDebt('fee', booking.id, payer, booking.currency)
    this.books.post(booking.currency, [
      ['fee_receivable', payer, -amount],
      ['platform_fee', null, amount],
    ])
  }

  /** Notes what was paid before a document made a debt. */
  noteDebt(kind: DebtKind, document: unknown, user: string, currency: Currency): void {
    if (!this.#paidBefore.has(document)) this.#paidBefore.set(document, this.#paidBy(kind, user, currency))
  }

  /** Parts of a debt that is taken back: still owed, paid since it was made, and the rest, which was written off. */
  partsOf(kind: DebtKind, document: unknown, user: string, currency: Currency, debt: number) {
    const owed = Math.min(this.books.debts(user, currency)[kind], debt)
    const paidSince = this.#paidBy(kind, user, currency) - (this.#paidBefore.get(document) ?? 0)
    const paid = Math.min(paidSince, debt - owed)
    return { owed, paid, writtenOff: debt - owed - paid }
  }

  /** A success beside the books is a debt of whoever has the money. */
  settleSecond(o: Payout): void {
    Object.assign(o, { isLateSuccess: false, second: {} })
    this.noteDebt('refund', o.second, o.user, o.currency)
    this.books.post(o.currency, [
      ['refund_receivable', o.user, -o.amount],
      ['platform_clearing', o.gateway, o.amount],
    ])
  }

  /** It has come back. */
  giveBackSecond(o: Payout): void {
    const { owed, paid, writtenOff } = this.partsOf('refund', o.second, o.user, o.currency, o.amount)
    o.second = null
    this.books.post(o.currency, [
      ['platform_clearing', o.gateway, -o.amount],
      ['refund_receivable', o.user, owed],
      ['client_wallet', o.user, paid],
      ['write_offs', null, writtenOff],
    ])
  }

  #paidBy(kind: DebtKind, user: string, currency: Currency): number {
    return this.#paid.get(keyOf(kind, user, currency)) ?? 0
  }
}
