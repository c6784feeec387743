import { z } from 'zod'
import { fromWireInteger } from '../amounts.ts'
import { dayRange } from '../days.ts'
import type { GatewayTransaction } from '../gateway.ts'
import { getStripe, metadata, type Stripe } from './api.ts'

const source = z.object({ id: z.string(), payment_intent: z.string().nullish(), metadata })

const balanceTransaction = z.object({
  id: z.string().min(1),
  type: z.string(),
  amount: z.int(),
  fee: z.int(),
  currency: z.string(),
  created: z.int(),
  reporting_category: z.string().nullish(),
  source: z.union([source, z.string()]).nullish(),
})
type BalanceTransaction = z.infer<typeof balanceTransaction>

const page = z.object({ data: z.array(balanceTransaction), has_more: z.boolean() })

export async function* listTransactions(stripe: Stripe, day: string): AsyncGenerator<GatewayTransaction> {
  const { fromMs, untilMs } = dayRange(day)
  const created = { gte: fromMs / 1000, lt: untilMs / 1000 }
  let startingAfter: string | undefined
  do {
    const { data, has_more } = await getStripe(stripe, {
      path: 'balance_transactions',
      form: { created, limit: 100, starting_after: startingAfter, expand: ['data.source'] },
      answer: page,
    })
    for (const row of data) yield transactionOf(row)
    startingAfter = has_more ? data.at(-1)?.id : undefined
  } while (startingAfter !== undefined)
}

/** Stripe's `payout` goes to our own bank: it is no payout to anybody. */
const kinds = new Map<string, GatewayTransaction['kind']>([
  ['charge', 'payment'],
  ['payment', 'payment'],
  ['refund', 'refund'],
  ['payment_refund', 'refund'],
  ['refund_failure', 'refund'],
  ['payment_failure_refund', 'refund'],
  ['transfer', 'payout'],
  ['stripe_fee', 'fee'],
])

function transactionOf(row: BalanceTransaction): GatewayTransaction {
  const of = typeof row.source === 'string' ? { id: row.source } : row.source
  const isDispute = row.reporting_category?.startsWith('dispute') || of?.id.startsWith('dp_')
  const kind = isDispute ? 'chargeback' : (kinds.get(row.type) ?? 'adjustment')
  return {
    kind,
    gatewayReference:
      (kind === 'payment' ? of && 'payment_intent' in of && of.payment_intent : of?.id) || row.id,
    reference: (of && 'metadata' in of && of.metadata?.ref) || null,
    amountMinor: fromWireInteger('stripe', row.amount, row.currency),
    feeMinor: fromWireInteger('stripe', row.fee, row.currency, 'nearest'),
    currency: row.currency.toUpperCase(),
    at: new Date(row.created * 1000),
  }
}
