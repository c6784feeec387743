import { z } from 'zod'
import type {
  ChargebackEvidence,
  GatewayChargeback,
  GatewayRefund,
  KnownPayment,
  Names,
  RefundRequest,
} from '../gateway.ts'
import { foundOrNull } from '../gateway-call.ts'
import { GatewayError } from '../gateway-error.ts'
import { wireId } from '../reading.ts'
import { givenBackMinor, ownRefund } from '../refund-match.ts'
import {
  getPaystack,
  listPaystack,
  minorOf,
  type Paystack,
  postPaystack,
  putPaystack,
  wireAmount,
  wireOf,
} from './api.ts'
import { findTransaction } from './payments.ts'

export const refundRow = z.object({
  id: wireId,
  /** Its id alone, or all of it. */
  transaction: z.union([wireId, z.object({ id: wireId })]).nullish(),
  transaction_reference: z.string().nullish(),
  amount: wireAmount,
  currency: z.string(),
  status: z.string(),
  merchant_note: z.string().nullish(),
  createdAt: z.string().nullish(),
  created_at: z.string().nullish(),
})
type RefundRow = z.infer<typeof refundRow>

const transactionIdOf = ({ transaction }: RefundRow): string | null =>
  typeof transaction === 'string' ? transaction : (transaction?.id ?? null)

/** Its own look at every row: whether the list can be asked for one transaction is not promised. */
async function refundsOf(paystack: Paystack, of: { id: string; reference: string }): Promise<RefundRow[]> {
  const rows: RefundRow[] = []
  for await (const row of listPaystack(paystack, 'refund', { transaction: of.id }, refundRow)) {
    if (transactionIdOf(row) === of.id || row.transaction_reference === of.reference) rows.push(row)
  }
  return rows
}

/** Paystack has no keys for refunds, and older accounts did not add them up: its list is read before every one. */
export async function refund(paystack: Paystack, request: RefundRequest): Promise<GatewayRefund> {
  const { payment, amountMinor, reference } = request
  const of = await findTransaction(paystack, payment.gatewayReference)
  if (!of) throw refusal('transaction_not_found')
  const rows = (await refundsOf(paystack, of)).map(refundOf)
  const own = ownRefund(rows, request)
  if (own) return own
  if (givenBackMinor(rows) + amountMinor > minorOf(of.amount, of.currency)) {
    throw refusal('refund_amount_exceeded')
  }
  return refundOf(
    await postPaystack(paystack, {
      path: 'refund',
      json: {
        transaction: payment.gatewayReference,
        amount: wireOf(amountMinor, payment.currency),
        currency: payment.currency,
        merchant_note: reference,
      },
      data: refundRow,
    }),
  )
}

const refusal = (providerCode: string) =>
  new GatewayError('paystack', 'refused', `refunds nothing (${providerCode})`, { providerCode })

export async function findRefund(
  paystack: Paystack,
  payment: KnownPayment,
  names: Names,
): Promise<GatewayRefund | null> {
  if (names.gatewayReference !== null) {
    const path = `refund/${encodeURIComponent(names.gatewayReference)}`
    const found = await foundOrNull(getPaystack(paystack, { path, data: refundRow }))
    return found && refundOf(found)
  }
  const of = await findTransaction(paystack, payment.gatewayReference)
  if (!of) return null
  const row = (await refundsOf(paystack, of)).find((one) => one.merchant_note === names.reference)
  return row ? refundOf(row) : null
}

/** `needs-attention` waits for the payer's bank details: neither done nor failed. */
function refundOf(row: RefundRow): GatewayRefund {
  return {
    gatewayReference: row.id,
    reference: row.merchant_note ?? null,
    status: row.status === 'processed' ? 'succeeded' : row.status === 'failed' ? 'failed' : 'pending',
    rawStatus: row.status,
    amountMinor: minorOf(row.amount, row.currency),
    currency: row.currency,
    failure: row.status === 'failed' ? { code: 'other', rawCode: null } : null,
  }
}

export const dispute = z.object({
  id: wireId,
  status: z.string(),
  resolution: z.string().nullish(),
  category: z.string().nullish(),
  refund_amount: wireAmount.nullish(),
  currency: z.string().nullish(),
  dueAt: z.string().nullish(),
  transaction: z.object({ reference: z.string(), amount: wireAmount, currency: z.string() }),
  customer: z
    .object({
      email: z.string().nullish(),
      first_name: z.string().nullish(),
      last_name: z.string().nullish(),
      phone: z.string().nullish(),
    })
    .nullish(),
})
type Dispute = z.infer<typeof dispute>

const pathOf = (id: string) => `dispute/${encodeURIComponent(id)}`

export async function findChargeback(paystack: Paystack, id: string): Promise<GatewayChargeback | null> {
  const found = await foundOrNull(getPaystack(paystack, { path: pathOf(id), data: dispute }))
  return found && chargebackOf(found)
}

export async function submitEvidence(
  paystack: Paystack,
  id: string,
  { statement, documentUrls }: ChargebackEvidence,
): Promise<GatewayChargeback> {
  const { customer } = await getPaystack(paystack, { path: pathOf(id), data: dispute })
  const name = [customer?.first_name, customer?.last_name].filter(Boolean).join(' ')
  const evidence = await postPaystack(paystack, {
    path: `${pathOf(id)}/evidence`,
    json: {
      customer_email: customer?.email ?? '',
      customer_name: name,
      customer_phone: customer?.phone ?? '',
      service_details: [statement, ...documentUrls].join('\n'),
    },
    data: z.object({ id: wireId }),
  })
  return chargebackOf(
    await putPaystack(paystack, {
      path: `${pathOf(id)}/resolve`,
      json: { resolution: 'declined', message: statement, refund_amount: 0, evidence: Number(evidence.id) },
      data: dispute,
    }),
  )
}

/** `declined` by us is an answer to the bank, which decides: it is the end only once the dispute is resolved. */
export function chargebackOf(found: Dispute): GatewayChargeback {
  const { transaction } = found
  const currency = found.currency ?? transaction.currency
  return {
    gatewayReference: found.id,
    paymentGatewayReference: transaction.reference,
    status: found.status !== 'resolved' ? 'open' : found.resolution === 'declined' ? 'won' : 'lost',
    rawStatus: found.resolution ? `${found.status} ${found.resolution}` : found.status,
    reason: found.category ?? '',
    amountMinor: minorOf(found.refund_amount ?? transaction.amount, currency),
    currency,
    evidenceDueAt: found.dueAt ? new Date(found.dueAt) : null,
  }
}
