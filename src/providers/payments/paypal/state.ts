import { fromMajorText } from '../amounts.ts'
import type { GatewayFailure, GatewayPayment, NextAction, SavedMethod } from '../gateway.ts'
import { failureCodeOf, minorOf, type PayPal } from './api.ts'
import { authorizationOf, capturesOf, isCaptured, isFailed, type Order, unitOf } from './orders.ts'

/** Description of an order that we have ended. */
export const canceledMark = 'Canceled'

/** `declined`: why PayPal would not complete the order just now; the order itself does not tell. */
export function paymentOf(paypal: PayPal, order: Order, declined: GatewayFailure | null): GatewayPayment {
  const unit = unitOf(order)
  const { status, rawStatus, failure } = declined
    ? { status: 'failed' as const, rawStatus: order.status, failure: declined }
    : stateOf(order, paypal.now())
  const captures = capturesOf(order).filter(isCaptured)
  const hold = authorizationOf(order)
  return {
    gatewayReference: order.id,
    reference: unit.custom_id ?? null,
    status,
    rawStatus,
    amountMinor: minorOf(unit.amount),
    currency: unit.amount.currency_code,
    capturedMinor: captures.reduce((sum, { amount }) => sum + minorOf(amount), 0),
    feeMinor: feeOf(order),
    holdExpiresAt: status === 'authorized' && hold?.expiration_time ? new Date(hold.expiration_time) : null,
    nextAction: status === 'requires_action' ? nextActionOf(order) : null,
    failure,
    saved: status === 'authorized' || status === 'captured' ? savedOf(order) : null,
  }
}

type State = Pick<GatewayPayment, 'status' | 'rawStatus' | 'failure'>

/** The order's own word says little: a completed one can hold a capture that was declined. Captures first, then the hold. */
function stateOf(order: Order, nowMs: number): State {
  const captures = capturesOf(order)
  if (captures.length > 0) return stateOfCaptures(captures)
  const hold = authorizationOf(order)
  if (hold) return stateOfHold(hold, nowMs)
  const { status } = order
  if (status === 'VOIDED' || unitOf(order).description === canceledMark) return state('canceled', status)
  const waits = status === 'CREATED' || status === 'SAVED' || status === 'PAYER_ACTION_REQUIRED'
  return state(waits ? 'requires_action' : 'processing', status)
}

function stateOfCaptures(captures: ReturnType<typeof capturesOf>): State {
  const taken = captures.find(isCaptured)
  if (taken) return state('captured', taken.status)
  const open = captures.find((capture) => !isFailed(capture))
  if (open) return state('processing', open.status)
  const failed = captures.at(-1)
  return state('failed', failed?.status ?? '', declineOf(failed))
}

function stateOfHold(hold: NonNullable<ReturnType<typeof authorizationOf>>, nowMs: number): State {
  const hasExpired = hold.expiration_time ? Date.parse(hold.expiration_time) <= nowMs : false
  if (isFailed(hold)) return state('failed', hold.status, declineOf(hold))
  if (hold.status === 'VOIDED') return state('canceled', hold.status)
  if (hold.status !== 'CREATED') return state('processing', hold.status)
  // PayPal has no word for it: an authorisation that has expired is called created for ever.
  return hasExpired
    ? state('canceled', hold.status, { code: 'expired', rawCode: null })
    : state('authorized', hold.status)
}

const state = (
  status: GatewayPayment['status'],
  rawStatus: string,
  failure: GatewayFailure | null = null,
): State => ({ status, rawStatus, failure })

function declineOf(
  declined:
    | { processor_response?: { response_code?: string | null | undefined } | null | undefined }
    | undefined,
): GatewayFailure {
  const rawCode = declined?.processor_response?.response_code ?? null
  const code = failureCodeOf(rawCode)
  return { code: code === 'other' ? 'declined' : code, rawCode }
}

function feeOf(order: Order): number | null {
  const { currency_code } = unitOf(order).amount
  const fees = capturesOf(order)
    .filter(isCaptured)
    .map(({ seller_receivable_breakdown }) => seller_receivable_breakdown?.paypal_fee)
  if (fees.length === 0) return null
  let sum = 0
  for (const fee of fees) {
    if (!fee || fee.currency_code !== currency_code) return null
    sum += fromMajorText('paypal', fee.value, currency_code, 'nearest')
  }
  return sum
}

function nextActionOf({ links }: Order): NextAction | null {
  const link = links?.find(({ rel }) => rel === 'payer-action' || rel === 'approve')
  return link ? { type: 'redirect', url: link.href } : null
}

function savedOf({ payment_source }: Order): SavedMethod | null {
  const vault = payment_source?.paypal?.attributes?.vault
  if (!vault?.id || vault.status !== 'VAULTED') return null
  return {
    customerReference: vault.customer?.id ?? null,
    methodReference: vault.id,
    email: null,
    type: 'wallet',
    brand: 'paypal',
    lastFour: null,
    accountType: null,
    expMonth: null,
    expYear: null,
    bankName: null,
    fingerprint: null,
  }
}
