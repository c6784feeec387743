import { z } from 'zod'
import { fromMajorText } from '../amounts.ts'
import { dayRange } from '../days.ts'
import type { GatewayTransaction, Names } from '../gateway.ts'
import { foundOrNull } from '../gateway-call.ts'
import { GatewayError } from '../gateway-error.ts'
import { callPayPal, minorOf, money, type PayPal } from './api.ts'

const row = z.object({
  transaction_info: z.object({
    transaction_id: z.string().min(1),
    transaction_event_code: z.string(),
    transaction_initiation_date: z.string(),
    transaction_amount: money,
    fee_amount: money.nullish(),
    custom_field: z.string().nullish(),
    /** The capture whose money it moved back or forth. */
    paypal_reference_id: z.string().nullish(),
    invoice_id: z.string().nullish(),
  }),
})
type Row = z.infer<typeof row>['transaction_info']

const page = z.object({ transaction_details: z.array(row), total_pages: z.int() })

interface Range {
  fromMs: number
  untilMs: number
  /** Holds are listed too. */
  withHolds: boolean
}

async function* rowsOf(paypal: PayPal, { fromMs, untilMs, withHolds }: Range): AsyncGenerator<Row> {
  for (let number = 1, pages = 1; number <= pages; number++) {
    const query = new URLSearchParams({
      start_date: new Date(fromMs).toISOString(),
      end_date: new Date(untilMs).toISOString(),
      fields: 'transaction_info',
      balance_affecting_records_only: withHolds ? 'N' : 'Y',
      page_size: '500',
      page: String(number),
    })
    const answer = await callPayPal(paypal, {
      method: 'GET',
      path: `/v1/reporting/transactions?${query}`,
      answer: page,
    })
    pages = answer.total_pages
    for (const { transaction_info } of answer.transaction_details) yield transaction_info
  }
}

/** PayPal's lists may be three hours late. */
const lagMs = 4 * 3_600_000

/**
 * PayPal finds no order by a name of ours, only what has moved money, and that late. Null when it is late enough to be sure; until
 * then nobody can tell. An order that nobody has paid may be there all the same: nobody has its link, so nobody can pay it.
 */
export async function orderByReference(paypal: PayPal, { reference, sentAt }: Names): Promise<string | null> {
  const nowMs = paypal.now()
  const fromMs = (sentAt?.getTime() ?? nowMs - 24 * 3_600_000) - 3_600_000
  for await (const row of rowsOf(paypal, { fromMs, untilMs: nowMs, withHolds: true })) {
    const isOurs = row.custom_field === reference || row.invoice_id === reference
    const noun = isOurs ? nounOf(row.transaction_event_code) : null
    const order = noun && (await orderOf(paypal, noun, row.transaction_id))
    if (order) return order
  }
  if (sentAt && nowMs - sentAt.getTime() > lagMs) return null
  throw new GatewayError('paypal', 'unknown', 'cannot tell yet by our reference alone', { retryable: true })
}

const nounOf = (code: string) =>
  code.startsWith('T13') ? 'authorizations' : code.startsWith('T00') ? 'captures' : null

const related = z.object({
  supplementary_data: z
    .object({ related_ids: z.object({ order_id: z.string().nullish() }).nullish() })
    .nullish(),
})

/** The order that a capture or an authorisation belongs to. */
export async function orderOf(
  paypal: PayPal,
  noun: 'authorizations' | 'captures',
  id: string,
): Promise<string | null> {
  const path = `/v2/payments/${noun}/${encodeURIComponent(id)}`
  const found = await foundOrNull(callPayPal(paypal, { method: 'GET', path, answer: related }))
  return found?.supplementary_data?.related_ids?.order_id ?? null
}

export async function* listTransactions(paypal: PayPal, day: string): AsyncGenerator<GatewayTransaction> {
  const { fromMs, untilMs } = dayRange(day)
  // PayPal's end is inclusive.
  for await (const row of rowsOf(paypal, { fromMs, untilMs: untilMs - 1, withHolds: false })) {
    const transaction = transactionOf(row)
    if (transaction.kind !== 'chargeback') yield transaction
    else yield { ...transaction, gatewayReference: (await disputeOf(paypal, row)) ?? row.transaction_id }
  }
}

const disputes = z.object({ items: z.array(z.object({ dispute_id: z.string().min(1) })).nullish() })

/** The dispute that a chargeback's row belongs to: reports name the capture only. */
async function disputeOf(paypal: PayPal, { paypal_reference_id: capture }: Row): Promise<string | null> {
  if (!capture) return null
  const path = `/v1/customer/disputes?${new URLSearchParams({ disputed_transaction_id: capture })}`
  const found = await foundOrNull(callPayPal(paypal, { method: 'GET', path, answer: disputes }))
  return found?.items?.[0]?.dispute_id ?? null
}

/** Held for a dispute and given free again, then taken for good and, where a bank changes its mind, given back. */
const chargebackCodes = new Set(['T1110', 'T1111', 'T1201', 'T1202'])

/** By PayPal's own table of event codes, of which the first two digits are the group. */
function kindOf(code: string): GatewayTransaction['kind'] {
  if (code === 'T0001' || code === 'T1115') return 'payout'
  if (code === 'T1106' || code === 'T1107') return 'refund'
  if (chargebackCodes.has(code)) return 'chargeback'
  if (code.startsWith('T00')) return 'payment'
  return code.startsWith('T01') ? 'fee' : 'adjustment'
}

function transactionOf(row: Row): GatewayTransaction {
  const { transaction_amount, fee_amount } = row
  const kind = kindOf(row.transaction_event_code)
  const reference = row.custom_field ?? row.invoice_id ?? null
  return {
    kind,
    // A payout and its return are two transactions, neither of which is the batch that we know: what they share is our reference.
    gatewayReference: kind === 'payout' ? (reference ?? row.transaction_id) : row.transaction_id,
    reference,
    amountMinor: minorOf(transaction_amount),
    feeMinor: fee_amount
      ? 0 - fromMajorText('paypal', fee_amount.value, fee_amount.currency_code, 'nearest')
      : 0,
    currency: transaction_amount.currency_code,
    at: new Date(row.transaction_initiation_date),
  }
}
