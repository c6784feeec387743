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
import { callPayPal, minorOf, money, type PayPal, paypalMoney } from './api.ts'
import { capturesOf, isCaptured, type Refund, refund as refundShape, refundsOf } from './orders.ts'
import { fetchOrder, refused } from './payments.ts'
import { orderOf } from './reports.ts'

export async function refund(paypal: PayPal, request: RefundRequest): Promise<GatewayRefund> {
  const { payment, reference } = request
  const capture = capturesOf(await fetchOrder(paypal, payment.gatewayReference)).find(isCaptured)
  if (!capture) throw refused('nothing captured to give back', 'no_capture')
  const made = await callPayPal(paypal, {
    method: 'POST',
    path: `/v2/payments/captures/${encodeURIComponent(capture.id)}/refund`,
    requestId: reference,
    json: {
      amount: paypalMoney(request.amountMinor, payment.currency),
      custom_id: reference,
      invoice_id: reference,
    },
    answer: refundShape,
  })
  return refundOf(made)
}

export async function findRefund(
  paypal: PayPal,
  payment: KnownPayment,
  names: Names,
): Promise<GatewayRefund | null> {
  if (names.gatewayReference !== null) {
    const path = `/v2/payments/refunds/${encodeURIComponent(names.gatewayReference)}`
    const found = await foundOrNull(callPayPal(paypal, { method: 'GET', path, answer: refundShape }))
    return found && refundOf(found)
  }
  const order = await foundOrNull(fetchOrder(paypal, payment.gatewayReference))
  const match = order && refundsOf(order).find((one) => referenceOf(one) === names.reference)
  return match ? refundOf(match) : null
}

const referenceOf = ({ custom_id, invoice_id }: Refund) => custom_id ?? invoice_id ?? null

function refundOf(found: Refund): GatewayRefund {
  const isFailed = found.status === 'FAILED' || found.status === 'CANCELLED'
  return {
    gatewayReference: found.id,
    reference: referenceOf(found),
    status: isFailed ? 'failed' : found.status === 'COMPLETED' ? 'succeeded' : 'pending',
    rawStatus: found.status,
    amountMinor: minorOf(found.amount),
    currency: found.amount.currency_code,
    failure: isFailed ? { code: 'other', rawCode: found.status_details?.reason ?? null } : null,
  }
}

const dispute = z.object({
  dispute_id: z.string().min(1),
  status: z.string(),
  reason: z.string(),
  dispute_amount: money,
  dispute_outcome: z.object({ outcome_code: z.string().nullish() }).nullish(),
  seller_response_due_date: z.string().nullish(),
  disputed_transactions: z.array(z.object({ seller_transaction_id: z.string().nullish() })).nullish(),
})

const pathOf = (id: string) => `/v1/customer/disputes/${encodeURIComponent(id)}`

export async function findChargeback(paypal: PayPal, id: string): Promise<GatewayChargeback | null> {
  const found = await foundOrNull(callPayPal(paypal, { method: 'GET', path: pathOf(id), answer: dispute }))
  if (!found) return null
  const captureId = found.disputed_transactions?.[0]?.seller_transaction_id ?? ''
  return {
    gatewayReference: found.dispute_id,
    paymentGatewayReference: (await orderOf(paypal, 'captures', captureId)) ?? captureId,
    status: endOf(found),
    rawStatus: found.dispute_outcome?.outcome_code ?? found.status,
    reason: found.reason,
    amountMinor: minorOf(found.dispute_amount),
    currency: found.dispute_amount.currency_code,
    evidenceDueAt: found.seller_response_due_date ? new Date(found.seller_response_due_date) : null,
  }
}

const lostBy = new Set(['RESOLVED_BUYER_FAVOUR', 'ACCEPTED'])
/** `RESOLVED_WITH_PAYOUT`: PayPal pays the buyer itself, and the seller keeps the money. */
const wonBy = new Set(['RESOLVED_SELLER_FAVOUR', 'RESOLVED_WITH_PAYOUT', 'CANCELED_BY_BUYER', 'DENIED'])

function endOf({ status, dispute_outcome }: z.infer<typeof dispute>): GatewayChargeback['status'] {
  const outcome = dispute_outcome?.outcome_code ?? ''
  if (status !== 'RESOLVED') return 'open'
  return lostBy.has(outcome) ? 'lost' : wonBy.has(outcome) ? 'won' : 'open'
}

/** PayPal takes twice as much in one piece of evidence, where some characters count twice, and many pieces. */
const notesLimit = 1000

const wholePieces = new RegExp(`[^]{1,${notesLimit}}`, 'gu')

export async function submitEvidence(
  paypal: PayPal,
  id: string,
  { statement, documentUrls }: ChargebackEvidence,
): Promise<GatewayChargeback> {
  const pieces = [statement, ...documentUrls].join('\n').match(wholePieces) ?? []
  const multipart = new FormData()
  const evidences = pieces.map((notes) => ({ evidence_type: 'OTHER', notes }))
  const input = JSON.stringify({ evidences })
  multipart.set('input', new Blob([input], { type: 'application/json' }))
  await callPayPal(paypal, {
    method: 'POST',
    path: `${pathOf(id)}/provide-evidence`,
    multipart,
    answer: z.unknown(),
  })
  const found = await findChargeback(paypal, id)
  if (!found) throw refused('no such dispute', 'RESOURCE_NOT_FOUND')
  return found
}
