import { chargebackLookBackMs, dayRange, lookBackMs } from '../days.ts'
import type { GatewayTransaction } from '../gateway.ts'
import { type Flutterwave, feeOf, listFlutterwave, minorOf } from './api.ts'
import { transaction } from './payments.ts'
import { payoutStatusOf, transfer } from './payouts.ts'
import { chargebackRow, chargebackStatusOf, refundRow, refundStatusOf, transactionById } from './refunds.ts'

export async function* listTransactions(
  flutterwave: Flutterwave,
  day: string,
): AsyncGenerator<GatewayTransaction> {
  const { fromMs, untilMs, includes } = dayRange(day)
  const dateOf = (ms: number) => new Date(ms).toISOString().slice(0, 10)
  // A day wider on both sides: whether `to` counts, and in which zone, is not promised.
  const range = { from: dateOf(fromMs - lookBackMs), to: dateOf(untilMs) }

  const paid = listFlutterwave(flutterwave, 'transactions', { ...range, status: 'successful' }, transaction)
  for await (const row of paid) {
    if (!includes(row.created_at)) continue
    yield {
      kind: 'payment',
      gatewayReference: row.tx_ref,
      reference: row.tx_ref,
      amountMinor: minorOf(row.amount, row.currency),
      feeMinor: feeOf(row.app_fee ?? 0, row.currency),
      currency: row.currency,
      at: new Date(row.created_at),
    }
  }
  for await (const row of listFlutterwave(flutterwave, 'refunds', range, refundRow)) {
    if (!includes(row.created_at) || refundStatusOf(row.status) === 'failed') continue
    // The row itself names no currency.
    const { currency } = await transactionById(flutterwave, row.tx_id)
    yield {
      kind: 'refund',
      gatewayReference: row.id,
      reference: row.comments ?? null,
      amountMinor: 0 - minorOf(row.amount_refunded, currency),
      feeMinor: 0,
      currency,
      at: new Date(row.created_at),
    }
  }
  for await (const row of listFlutterwave(flutterwave, 'transfers', range, transfer)) {
    const status = payoutStatusOf(row)
    if (status !== 'paid' && status !== 'returned') continue
    const { currency } = row
    const shared = { gatewayReference: row.id, reference: row.reference ?? null, currency }
    const amountMinor = minorOf(row.amount, currency)
    if (includes(row.created_at)) {
      const feeMinor = feeOf(row.fee ?? 0, currency)
      yield {
        kind: 'payout',
        ...shared,
        amountMinor: 0 - amountMinor,
        feeMinor,
        at: new Date(row.created_at),
      }
    }
    const backAt = row.reversal?.created_at
    if (includes(backAt)) {
      yield { kind: 'payout', ...shared, amountMinor, feeMinor: 0, at: new Date(backAt) }
    }
  }
  const opened = { ...range, from: dateOf(fromMs - chargebackLookBackMs) }
  for await (const row of listFlutterwave(flutterwave, 'chargebacks', opened, chargebackRow)) {
    const openedAt = row.created_at
    const wonAt = chargebackStatusOf(row.status) === 'won' ? (row.meta?.history?.at(-1)?.date ?? null) : null
    if (!includes(openedAt) && !includes(wonAt)) continue
    const { currency } = await transactionById(flutterwave, row.transaction_id)
    const shared = {
      kind: 'chargeback' as const,
      gatewayReference: row.id,
      reference: null,
      feeMinor: 0,
      currency,
    }
    const amountMinor = minorOf(row.amount, currency)
    if (includes(openedAt)) yield { ...shared, amountMinor: 0 - amountMinor, at: new Date(openedAt) }
    // Flutterwave keeps the money until the bank has decided for us.
    if (includes(wonAt)) yield { ...shared, amountMinor, at: new Date(wonAt) }
  }
}
