import { z } from 'zod'
import { fromWireInteger, toWireInteger } from '../amounts.ts'
import type {
  ChargebackEvidence,
  GatewayChargeback,
  GatewayRefund,
  KnownPayment,
  Names,
  RefundRequest,
} from '../gateway.ts'
import { foundOrNull } from '../gateway-call.ts'
import { call, getRazorpay, listRazorpay, notes, postRazorpay, type Razorpay, refOf } from './api.ts'
import { attemptsOf, decidingAttempt, refusal } from './payments.ts'

const refundRow = z.object({
  id: z.string().min(1),
  amount: z.int(),
  currency: z.string(),
  status: z.string(),
  receipt: z.string().nullish(),
  notes,
})

async function refundsOf(razorpay: Razorpay, paymentId: string): Promise<GatewayRefund[]> {
  const rows: GatewayRefund[] = []
  const path = `payments/${encodeURIComponent(paymentId)}/refunds`
  for await (const row of listRazorpay(razorpay, path, {}, refundRow)) rows.push(refundOf(row))
  return rows
}

/** The list first: Razorpay does not say how long it keeps keys. */
export async function refund(razorpay: Razorpay, request: RefundRequest): Promise<GatewayRefund> {
  const { payment, reference } = request
  const attempt = decidingAttempt(await attemptsOf(razorpay, payment.gatewayReference))
  if (!attempt) throw refusal('nothing_captured')
  const own = (await refundsOf(razorpay, attempt.id)).find((row) => row.reference === reference)
  if (own) return own
  return refundOf(
    await postRazorpay(razorpay, {
      path: `payments/${encodeURIComponent(attempt.id)}/refund`,
      headers: { 'x-refund-idempotency': reference },
      json: {
        amount: toWireInteger('razorpay', request.amountMinor, payment.currency),
        speed: 'normal',
        receipt: reference,
        notes: { ref: reference },
      },
      answer: refundRow,
    }),
  )
}

export async function findRefund(
  razorpay: Razorpay,
  payment: KnownPayment,
  names: Names,
): Promise<GatewayRefund | null> {
  if (names.gatewayReference !== null) {
    const path = `refunds/${encodeURIComponent(names.gatewayReference)}`
    const found = await foundOrNull(getRazorpay(razorpay, { path, answer: refundRow }))
    return found && refundOf(found)
  }
  const attempt = decidingAttempt(await attemptsOf(razorpay, payment.gatewayReference))
  if (!attempt) return null
  return (
    (await refundsOf(razorpay, attempt.id)).find(({ reference }) => reference === names.reference) ?? null
  )
}

/** `processed` is the only word that means done: `created` is the name of an event. */
function refundOf(row: z.infer<typeof refundRow>): GatewayRefund {
  return {
    gatewayReference: row.id,
    reference: row.receipt ?? refOf(row.notes),
    status: row.status === 'processed' ? 'succeeded' : row.status === 'failed' ? 'failed' : 'pending',
    rawStatus: row.status,
    amountMinor: fromWireInteger('razorpay', row.amount, row.currency),
    currency: row.currency,
    failure: row.status === 'failed' ? { code: 'other', rawCode: null } : null,
  }
}

const dispute = z.object({
  id: z.string().min(1),
  payment_id: z.string(),
  amount: z.int(),
  currency: z.string(),
  reason_code: z.string(),
  respond_by: z.int().nullish(),
  status: z.string(),
})

const pathOf = (id: string) => `disputes/${encodeURIComponent(id)}`

export async function findChargeback(razorpay: Razorpay, id: string): Promise<GatewayChargeback | null> {
  const found = await foundOrNull(getRazorpay(razorpay, { path: pathOf(id), answer: dispute }))
  return found && chargebackOf(razorpay, found)
}

/** Documents are named in the summary by their addresses, as Razorpay takes files only by upload. */
export async function submitEvidence(
  razorpay: Razorpay,
  id: string,
  { statement, documentUrls }: ChargebackEvidence,
): Promise<GatewayChargeback> {
  const summary = [statement, ...documentUrls].join('\n')
  const json = { summary, action: 'submit' }
  return chargebackOf(razorpay, await call(razorpay, 'PATCH', `${pathOf(id)}/contest`, {}, json, dispute))
}

const ends = new Map<string, GatewayChargeback['status']>([
  ['won', 'won'],
  ['closed', 'won'],
  ['lost', 'lost'],
])

async function chargebackOf(razorpay: Razorpay, found: z.infer<typeof dispute>): Promise<GatewayChargeback> {
  const { order_id } = await getRazorpay(razorpay, {
    path: `payments/${encodeURIComponent(found.payment_id)}`,
    answer: z.object({ order_id: z.string().nullish() }),
  })
  return {
    gatewayReference: found.id,
    paymentGatewayReference: order_id ?? '',
    status: ends.get(found.status) ?? 'open',
    rawStatus: found.status,
    reason: found.reason_code,
    amountMinor: fromWireInteger('razorpay', found.amount, found.currency),
    currency: found.currency,
    evidenceDueAt: found.respond_by ? new Date(found.respond_by * 1000) : null,
  }
}
