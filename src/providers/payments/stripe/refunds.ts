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
import { expandable, getStripe, idOf, metadata, postStripe, type Stripe } from './api.ts'

const stripeRefund = z.object({
  id: z.string().min(1),
  object: z.literal('refund'),
  amount: z.int(),
  currency: z.string(),
  status: z.string().nullish(),
  failure_reason: z.string().nullish(),
  metadata,
})
type StripeRefund = z.infer<typeof stripeRefund>

export async function refund(stripe: Stripe, request: RefundRequest): Promise<GatewayRefund> {
  const { payment, reference } = request
  const { answer, isReplay } = await postStripe(stripe, {
    path: 'refunds',
    key: reference,
    form: {
      payment_intent: payment.gatewayReference,
      amount: toWireInteger('stripe', request.amountMinor, payment.currency),
      reason: request.reason === 'duplicate' ? 'duplicate' : 'requested_by_customer',
      metadata: { ref: reference },
    },
    answer: stripeRefund,
  })
  return isReplay ? fetchRefund(stripe, answer.id) : refundOf(answer)
}

export async function findRefund(
  stripe: Stripe,
  payment: KnownPayment,
  names: Names,
): Promise<GatewayRefund | null> {
  if (names.gatewayReference !== null) return foundOrNull(fetchRefund(stripe, names.gatewayReference))
  const { data } = await getStripe(stripe, {
    path: 'refunds',
    form: { payment_intent: payment.gatewayReference, limit: 100 },
    answer: z.object({ data: z.array(stripeRefund) }),
  })
  const match = data.find((one) => one.metadata?.ref === names.reference)
  return match ? refundOf(match) : null
}

const fetchRefund = async (stripe: Stripe, id: string): Promise<GatewayRefund> =>
  refundOf(await getStripe(stripe, { path: `refunds/${encodeURIComponent(id)}`, answer: stripeRefund }))

function refundOf({ id, amount, currency, status, failure_reason, metadata }: StripeRefund): GatewayRefund {
  const isFailed = status === 'failed' || status === 'canceled'
  return {
    gatewayReference: id,
    reference: metadata?.ref ?? null,
    status: isFailed ? 'failed' : status === 'succeeded' ? 'succeeded' : 'pending',
    rawStatus: status ?? '',
    amountMinor: fromWireInteger('stripe', amount, currency),
    currency: currency.toUpperCase(),
    failure: isFailed
      ? {
          code: failure_reason === 'expired_or_canceled_card' ? 'expired' : 'other',
          rawCode: failure_reason ?? null,
        }
      : null,
  }
}

const dispute = z.object({
  id: z.string().min(1),
  object: z.literal('dispute'),
  amount: z.int(),
  currency: z.string(),
  status: z.string(),
  reason: z.string(),
  payment_intent: expandable(z.object({ id: z.string() })),
  evidence_details: z.object({ due_by: z.int().nullish() }).nullish(),
})

const pathOf = (id: string) => `disputes/${encodeURIComponent(id)}`

export async function findChargeback(stripe: Stripe, id: string): Promise<GatewayChargeback | null> {
  const found = await foundOrNull(getStripe(stripe, { path: pathOf(id), answer: dispute }))
  return found && chargebackOf(found)
}

/** Evidence is a text: documents are named in it by their addresses, as Stripe takes files only by upload. */
export async function submitEvidence(
  stripe: Stripe,
  id: string,
  { statement, documentUrls }: ChargebackEvidence,
): Promise<GatewayChargeback> {
  const text = [statement, ...documentUrls].join('\n')
  const { answer } = await postStripe(stripe, {
    path: pathOf(id),
    // Evidence can be sent again while it is open, and another text is another call.
    key: `evidence-${id}-${await digestOf(text)}`,
    form: { evidence: { uncategorized_text: text }, submit: true },
    answer: dispute,
  })
  return chargebackOf(answer)
}

async function digestOf(text: string): Promise<string> {
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text))
  return Array.from(new Uint8Array(digest).slice(0, 8), (byte) => byte.toString(16).padStart(2, '0')).join('')
}

const chargebackEnds = new Map<string, GatewayChargeback['status']>([
  ['won', 'won'],
  ['warning_closed', 'won'],
  ['prevented', 'won'],
  ['lost', 'lost'],
])

function chargebackOf(found: z.infer<typeof dispute>): GatewayChargeback {
  const dueBy = found.evidence_details?.due_by
  return {
    gatewayReference: found.id,
    paymentGatewayReference: idOf(found.payment_intent) ?? '',
    status: chargebackEnds.get(found.status) ?? 'open',
    rawStatus: found.status,
    reason: found.reason,
    amountMinor: fromWireInteger('stripe', found.amount, found.currency),
    currency: found.currency.toUpperCase(),
    evidenceDueAt: dueBy ? new Date(dueBy * 1000) : null,
  }
}
