import { z } from 'zod'
import { fromWireInteger } from '../amounts.ts'
import { dayRange } from '../days.ts'
import type { GatewayTransaction } from '../gateway.ts'
import { listRazorpay, type Razorpay } from './api.ts'
import { payout } from './payouts.ts'

const settled = z.object({
  entity_id: z.string().min(1),
  type: z.string(),
  debit: z.int(),
  credit: z.int(),
  amount: z.int(),
  currency: z.string(),
  fee: z.int().nullish(),
  settled_at: z.int(),
  order_id: z.string().nullish(),
  order_receipt: z.string().nullish(),
  dispute_id: z.string().nullish(),
})
type Settled = z.infer<typeof settled>

/**
 * The settlement report of a day, and the payouts of RazorpayX, which knows nothing of settlements. A payment is in the report of the
 * day that it is settled, which is some days after it was taken: no list of payments tells when one was captured.
 */
export async function* listTransactions(razorpay: Razorpay, day: string): AsyncGenerator<GatewayTransaction> {
  const { fromMs, untilMs } = dayRange(day)
  const [year = '', month = '', date = ''] = day.split('-')
  const query = { year, month: String(Number(month)), day: String(Number(date)) }
  for await (const row of listRazorpay(razorpay, 'settlements/recon/combined', query, settled)) {
    yield transactionOf(row)
  }

  const accountNumber = razorpay.config.payoutAccountNumber
  if (accountNumber === null) return
  const range = { from: String(fromMs / 1000), to: String(untilMs / 1000 - 1) }
  const payouts = listRazorpay(razorpay, 'payouts', { account_number: accountNumber, ...range }, payout)
  for await (const row of payouts) {
    const minor = (wire: number) => fromWireInteger('razorpay', wire, row.currency)
    const shared = {
      gatewayReference: row.id,
      reference: row.reference_id ?? null,
      currency: row.currency,
      at: new Date(row.created_at * 1000),
    }
    const wasPaid = row.status === 'processed' || row.status === 'reversed'
    if (!wasPaid) continue
    yield { kind: 'payout', ...shared, amountMinor: 0 - minor(row.amount), feeMinor: minor(row.fees ?? 0) }
    if (row.status !== 'reversed') continue
    // RazorpayX does not say when: with the day of the payout, the two make nothing.
    yield {
      kind: 'payout',
      ...shared,
      amountMinor: minor(row.amount),
      feeMinor: 0 - minor(row.fees ?? 0),
    }
  }
}

const kinds = new Map<string, GatewayTransaction['kind']>([
  ['payment', 'payment'],
  ['refund', 'refund'],
])

function transactionOf(row: Settled): GatewayTransaction {
  const minor = (wire: number) => fromWireInteger('razorpay', wire, row.currency)
  const kind = row.dispute_id ? 'chargeback' : (kinds.get(row.type) ?? 'adjustment')
  return {
    kind,
    gatewayReference:
      kind === 'payment' ? (row.order_id ?? row.entity_id) : (row.dispute_id ?? row.entity_id),
    // The receipt of a refund's row is that of its order.
    reference: kind === 'payment' ? (row.order_receipt ?? null) : null,
    // `credit` of a payment has lost its fee already.
    amountMinor: kind === 'payment' ? minor(row.amount) : minor(row.credit) - minor(row.debit),
    feeMinor: minor(row.fee ?? 0),
    currency: row.currency,
    at: new Date(row.settled_at * 1000),
  }
}
