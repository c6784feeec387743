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
  call,
  type Flutterwave,
  getFlutterwave,
  listFlutterwave,
  minorOf,
  postFlutterwave,
  wireAmount,
  wireOf,
} from './api.ts'
import { findTransaction, refusal, transaction } from './payments.ts'

export const refundRow = z.object({
  id: wireId,
  tx_id: wireId,
  amount_refunded: wireAmount,
  status: z.string(),
  comments: z.string().nullish(),
  created_at: z.string().nullish(),
})
type RefundRow = z.infer<typeof refundRow>

/** Its own look at every row: whether the list can be asked for one transaction is not promised. */
async function refundsOf(
  flutterwave: Flutterwave,
  of: { id: string; currency: string },
): Promise<GatewayRefund[]> {
  const rows: GatewayRefund[] = []
  for await (const row of listFlutterwave(flutterwave, 'refunds', { tx_id: of.id }, refundRow)) {
    if (row.tx_id === of.id) rows.push(refundOf(row, of.currency))
  }
  return rows
}

/** Flutterwave has no keys for refunds: its list is read before every one. */
export async function refund(flutterwave: Flutterwave, request: RefundRequest): Promise<GatewayRefund> {
  const { payment, amountMinor, reference } = request
  const of = await findTransaction(flutterwave, payment.gatewayReference)
  if (!of) throw refusal('nothing_captured')
  const rows = await refundsOf(flutterwave, of)
  const own = ownRefund(rows, request)
  if (own) return own
  if (givenBackMinor(rows) + amountMinor > minorOf(of.amount, of.currency)) {
    throw refusal('refund_amount_exceeded')
  }
  const made = await postFlutterwave(flutterwave, {
    path: `transactions/${encodeURIComponent(of.id)}/refund`,
    json: { amount: wireOf(amountMinor, payment.currency), comments: reference },
    data: refundRow,
  })
  return { ...refundOf(made, of.currency), reference }
}

export async function findRefund(
  flutterwave: Flutterwave,
  payment: KnownPayment,
  names: Names,
): Promise<GatewayRefund | null> {
  if (names.gatewayReference !== null) {
    const path = `refunds/${encodeURIComponent(names.gatewayReference)}`
    const found = await foundOrNull(getFlutterwave(flutterwave, { path, data: refundRow }))
    return found && refundOf(found, payment.currency)
  }
  const of = await findTransaction(flutterwave, payment.gatewayReference)
  if (!of) return null
  return (await refundsOf(flutterwave, of)).find(({ reference }) => reference === names.reference) ?? null
}

/** `completed-momo`, `completed-bank-transfer`, `pending-momo`: how it went is in the first word. */
export function refundStatusOf(status: string): GatewayRefund['status'] {
  if (status.startsWith('completed')) return 'succeeded'
  return status.startsWith('failed') || status === 'cancelled' ? 'failed' : 'pending'
}

function refundOf(row: RefundRow, currency: string): GatewayRefund {
  const status = refundStatusOf(row.status)
  return {
    gatewayReference: row.id,
    reference: row.comments ?? null,
    status,
    rawStatus: row.status,
    amountMinor: minorOf(row.amount_refunded, currency),
    currency,
    failure: status === 'failed' ? { code: 'other', rawCode: null } : null,
  }
}

export const chargebackRow = z.object({
  id: wireId,
  transaction_id: wireId,
  amount: wireAmount,
  status: z.string(),
  comment: z.string().nullish(),
  due_date: z.string().nullish(),
  created_at: z.string().nullish(),
  /** Its steps, oldest first. */
  meta: z
    .object({ history: z.array(z.object({ date: z.string().nullish() })).nullish() })
    .nullish()
    .catch(null),
})

export async function findChargeback(
  flutterwave: Flutterwave,
  id: string,
): Promise<GatewayChargeback | null> {
  for await (const row of listFlutterwave(flutterwave, 'chargebacks', { id }, chargebackRow)) {
    if (row.id === id) return chargebackOf(flutterwave, row)
  }
  return null
}

/** Evidence is a comment: documents are named in it by their addresses. */
export async function submitEvidence(
  flutterwave: Flutterwave,
  id: string,
  { statement, documentUrls }: ChargebackEvidence,
): Promise<GatewayChargeback> {
  const json = { action: 'decline', comment: [statement, ...documentUrls].join('\n') }
  await call(flutterwave, 'PUT', `chargebacks/${encodeURIComponent(id)}`, json, z.unknown().optional())
  const found = await findChargeback(flutterwave, id)
  if (found) return found
  throw new GatewayError('flutterwave', 'unknown', 'does not know what it answered', { retryable: true })
}

/** `declined` is our answer to the bank, which decides. */
const ends = new Map<string, GatewayChargeback['status']>([
  ['won', 'won'],
  ['reversed', 'won'],
  ['lost', 'lost'],
  ['accepted', 'lost'],
])

export const chargebackStatusOf = (status: string): GatewayChargeback['status'] => ends.get(status) ?? 'open'

async function chargebackOf(
  flutterwave: Flutterwave,
  row: z.infer<typeof chargebackRow>,
): Promise<GatewayChargeback> {
  const { tx_ref, currency } = await transactionById(flutterwave, row.transaction_id)
  return {
    gatewayReference: row.id,
    paymentGatewayReference: tx_ref,
    status: chargebackStatusOf(row.status),
    rawStatus: row.status,
    reason: row.comment ?? '',
    amountMinor: minorOf(row.amount, currency),
    currency,
    evidenceDueAt: row.due_date ? new Date(row.due_date) : null,
  }
}

export const transactionById = (flutterwave: Flutterwave, id: string) =>
  getFlutterwave(flutterwave, {
    path: `transactions/${encodeURIComponent(id)}/verify`,
    data: transaction,
  })
