import { z } from 'zod'
import { dayRange } from '../days.ts'
import type { GatewayTransaction } from '../gateway.ts'
import { listPaystack, minorOf, type Paystack } from './api.ts'
import { transaction } from './payments.ts'
import { transfer } from './payouts.ts'
import { refundRow } from './refunds.ts'

/** Lists go by the day that a thing was made; it may be paid, or come back, days after that. */
const lookBackMs = 7 * 24 * 3_600_000

const paidTransaction = transaction.extend({ paid_at: z.string().nullish(), paidAt: z.string().nullish() })

export async function* listTransactions(paystack: Paystack, day: string): AsyncGenerator<GatewayTransaction> {
  const { fromMs, untilMs } = dayRange(day)
  const iso = (ms: number) => new Date(ms).toISOString()
  const range = { from: iso(fromMs - lookBackMs), to: iso(untilMs) }
  const isOfDay = (text: string | null | undefined): text is string => {
    const ms = text ? Date.parse(text) : Number.NaN
    return ms >= fromMs && ms < untilMs
  }

  const paid = listPaystack(paystack, 'transaction', { ...range, status: 'success' }, paidTransaction)
  for await (const row of paid) {
    const paidAt = row.paid_at ?? row.paidAt
    if (!isOfDay(paidAt)) continue
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
    if (row.status === 'failed' || !isOfDay(madeAt)) continue
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
    if (wasPaid && isOfDay(row.createdAt)) {
      yield {
        kind: 'payout',
        ...shared,
        amountMinor: 0 - minorOf(row.amount, row.currency),
        feeMinor: minorOf(row.fee_charged ?? 0, row.currency),
        at: new Date(row.createdAt),
      }
    }
    if (row.status === 'reversed' && isOfDay(row.updatedAt)) {
      yield {
        kind: 'adjustment',
        ...shared,
        amountMinor: minorOf(row.amount, row.currency),
        feeMinor: 0,
        at: new Date(row.updatedAt),
      }
    }
  }
}
