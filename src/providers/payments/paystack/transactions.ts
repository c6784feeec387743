import { z } from 'zod'
import { chargebackLookBackMs, dayRange, lookBackMs } from '../days.ts'
import type { GatewayTransaction } from '../gateway.ts'
import { listPaystack, minorOf, type Paystack } from './api.ts'
import { transaction } from './payments.ts'
import { transfer } from './payouts.ts'
import { chargebackOf, dispute, refundRow } from './refunds.ts'

const listedDispute = dispute.extend({ createdAt: z.string().nullish(), resolvedAt: z.string().nullish() })

const paidTransaction = transaction.extend({ paid_at: z.string().nullish(), paidAt: z.string().nullish() })

export async function* listTransactions(paystack: Paystack, day: string): AsyncGenerator<GatewayTransaction> {
  const { fromMs, untilMs, includes } = dayRange(day)
  const iso = (ms: number) => new Date(ms).toISOString()
  const range = { from: iso(fromMs - lookBackMs), to: iso(untilMs) }

  const paid = listPaystack(paystack, 'transaction', { ...range, status: 'success' }, paidTransaction)
  for await (const row of paid) {
    const paidAt = row.paid_at ?? row.paidAt
    if (!includes(paidAt)) continue
    yield {
      kind: 'payment',
      gatewayReference: row.reference,
      reference: row.reference,
      amountMinor: minorOf(row.amount, row.currency),
      feeMinor: minorOf(row.fees ?? 0, row.currency),
      currency: row.currency,
      at: new Date(paidAt),
    }
  }
  for await (const row of listPaystack(paystack, 'refund', range, refundRow)) {
    const madeAt = row.createdAt ?? row.created_at
    if (row.status === 'failed' || !includes(madeAt)) continue
    yield {
      kind: 'refund',
      gatewayReference: row.id,
      reference: row.merchant_note ?? null,
      amountMinor: 0 - minorOf(row.amount, row.currency),
      feeMinor: 0,
      currency: row.currency,
      at: new Date(madeAt),
    }
  }
  for await (const row of listPaystack(paystack, 'transfer', range, transfer)) {
    const shared = {
      gatewayReference: row.transfer_code,
      reference: row.reference ?? null,
      currency: row.currency,
    }
    const wasPaid = row.status === 'success' || row.status === 'reversed'
    if (wasPaid && includes(row.createdAt)) {
      yield {
        kind: 'payout',
        ...shared,
        amountMinor: 0 - minorOf(row.amount, row.currency),
        feeMinor: minorOf(row.fee_charged ?? 0, row.currency),
        at: new Date(row.createdAt),
      }
    }
    if (row.status === 'reversed' && includes(row.updatedAt)) {
      yield {
        kind: 'payout',
        ...shared,
        amountMinor: minorOf(row.amount, row.currency),
        feeMinor: 0,
        at: new Date(row.updatedAt),
      }
    }
  }
  const opened = { ...range, from: iso(fromMs - chargebackLookBackMs) }
  for await (const row of listPaystack(paystack, 'dispute', opened, listedDispute)) {
    const chargeback = chargebackOf(row)
    const shared = {
      kind: 'chargeback' as const,
      gatewayReference: chargeback.gatewayReference,
      reference: null,
      feeMinor: 0,
      currency: chargeback.currency,
    }
    const { amountMinor } = chargeback
    if (includes(row.createdAt))
      yield { ...shared, amountMinor: 0 - amountMinor, at: new Date(row.createdAt) }
    // Paystack keeps the money until the bank has decided for us.
    if (chargeback.status === 'won' && includes(row.resolvedAt))
      yield { ...shared, amountMinor, at: new Date(row.resolvedAt) }
  }
}
