import { z } from 'zod'
import { cut } from '../../../core/cut.ts'
import type { GatewayPayment, KnownPayment, Names, PaymentRequest, StoredMethod } from '../gateway.ts'
import { foundOrNull } from '../gateway-call.ts'
import { GatewayError } from '../gateway-error.ts'
import { callPayPal, type PayPal, paypalMoney } from './api.ts'
import { authorizationOf, capturesOf, isFailed, type Order, order, unitOf } from './orders.ts'
import { orderByReference } from './reports.ts'
import { canceledMark, paymentOf } from './state.ts'

export async function createPayment(paypal: PayPal, request: PaymentRequest): Promise<GatewayPayment> {
  const { reference } = request
  const made = await callPayPal(paypal, {
    method: 'POST',
    path: '/v2/checkout/orders',
    requestId: reference,
    json: {
      intent: request.capture === 'manual' ? 'AUTHORIZE' : 'CAPTURE',
      purchase_units: [
        {
          custom_id: reference,
          // One payment for one invoice: PayPal holds to that long after it has forgotten the key.
          invoice_id: reference,
          description: cut(request.description, 127),
          amount: paypalMoney(request.amountMinor, request.currency),
        },
      ],
      payment_source: { paypal: sourceOf(request) },
    },
    answer: order,
  })
  return settled(paypal, made)
}

function sourceOf({ storedMethod, payer, saveMethod, returnUrl }: PaymentRequest): object {
  if (storedMethod) {
    return {
      vault_id: storedMethod.methodReference,
      stored_credential: {
        payment_initiator: 'MERCHANT',
        payment_type: 'UNSCHEDULED',
        usage: 'SUBSEQUENT',
      },
    }
  }
  return {
    experience_context: {
      return_url: returnUrl,
      cancel_url: returnUrl,
      user_action: 'PAY_NOW',
      shipping_preference: 'NO_SHIPPING',
    },
    ...(saveMethod && {
      attributes: {
        ...(payer.customerReference && { customer: { id: payer.customerReference } }),
        vault: { store_in_vault: 'ON_SUCCESS', usage_type: 'MERCHANT' },
      },
    }),
  }
}

export async function findPayment(paypal: PayPal, names: Names): Promise<GatewayPayment | null> {
  const id = names.gatewayReference ?? (await orderByReference(paypal, names))
  const found = id === null ? null : await foundOrNull(fetchOrder(paypal, id))
  if (!found) return null
  return names.isGivenUp ? paymentOf(paypal, found, null) : settled(paypal, found)
}

export const fetchOrder = (paypal: PayPal, id: string): Promise<Order> =>
  callPayPal(paypal, { method: 'GET', path: `/v2/checkout/orders/${encodeURIComponent(id)}`, answer: order })

/**
 * An order that its payer has approved waits for us, and nobody is charged until we say so. It is completed by the first that asks
 * about it (event, poller, return of the payer), once however many ask: PayPal takes an order one time. An order that we
 * have ended is marked, and left alone; so is one that we have given up.
 */
async function settled(paypal: PayPal, found: Order): Promise<GatewayPayment> {
  if (found.status !== 'APPROVED' || isEnded(found)) return paymentOf(paypal, found, null)
  const verb = found.intent === 'AUTHORIZE' ? 'authorize' : 'capture'
  try {
    const completed = await callPayPal(paypal, {
      method: 'POST',
      path: `/v2/checkout/orders/${encodeURIComponent(found.id)}/${verb}`,
      // A payer who was declined can approve again: that is another attempt, of another time.
      requestId: `${found.id}-${verb}-${found.update_time ?? ''}`,
      json: {},
      answer: order,
    })
    return paymentOf(paypal, completed, null)
  } catch (error) {
    if (!(error instanceof GatewayError) || error.outcome === 'unknown') throw error
    if (alreadyCompleted.has(error.providerCode ?? '')) {
      return paymentOf(paypal, await fetchOrder(paypal, found.id), null)
    }
    if (error.retryable || error.failureCode === 'other') throw error
    return paymentOf(paypal, found, { code: error.failureCode, rawCode: error.providerCode })
  }
}

const alreadyCompleted = new Set(['ORDER_ALREADY_CAPTURED', 'ORDER_ALREADY_AUTHORIZED'])

const isEnded = (found: Order): boolean => unitOf(found).description === canceledMark

export async function capture(
  paypal: PayPal,
  payment: KnownPayment,
  amountMinor: number,
  key: string,
): Promise<GatewayPayment> {
  // PayPal itself takes up to 115 % of a hold; nobody agreed to that.
  if (amountMinor > payment.amountMinor) throw refused('more than the hold', 'capture_above_hold')
  const found = await fetchOrder(paypal, payment.gatewayReference)
  if (capturesOf(found).some((one) => !isFailed(one))) return paymentOf(paypal, found, null)
  const hold = authorizationOf(found)
  if (!hold) throw refused('no hold to capture', 'no_authorization')
  try {
    await callPayPal(paypal, {
      method: 'POST',
      path: `/v2/payments/authorizations/${encodeURIComponent(hold.id)}/capture`,
      requestId: key,
      json: { amount: paypalMoney(amountMinor, payment.currency), final_capture: true },
      answer: z.object({ id: z.string(), status: z.string() }),
    })
  } catch (error) {
    if (!(error instanceof GatewayError && error.providerCode === 'AUTHORIZATION_ALREADY_CAPTURED'))
      throw error
  }
  return paymentOf(paypal, await fetchOrder(paypal, found.id), null)
}

export async function cancel(paypal: PayPal, payment: KnownPayment, key: string): Promise<GatewayPayment> {
  const found = await fetchOrder(paypal, payment.gatewayReference)
  const now = paymentOf(paypal, found, null)
  if (now.status === 'canceled') return now
  const hold = authorizationOf(found)
  if (now.status === 'authorized' && hold) await voidHold(paypal, hold.id, key)
  else if (capturesOf(found).length === 0 && !hold) await markAsEnded(paypal, found)
  else throw refused(`cannot be canceled any more (${now.rawStatus})`, 'not_cancelable')
  return paymentOf(paypal, await fetchOrder(paypal, found.id), null)
}

async function voidHold(paypal: PayPal, id: string, key: string): Promise<void> {
  try {
    await callPayPal(paypal, {
      method: 'POST',
      path: `/v2/payments/authorizations/${encodeURIComponent(id)}/void`,
      requestId: key,
      json: {},
      answer: z.unknown(),
    })
  } catch (error) {
    if (!(error instanceof GatewayError && error.providerCode === 'AUTHORIZATION_VOIDED')) throw error
  }
}

/** PayPal ends no order before it is completed: ours says so where the payer and we both read it, and is never completed. */
async function markAsEnded(paypal: PayPal, { id }: Order): Promise<void> {
  await callPayPal(paypal, {
    method: 'PATCH',
    path: `/v2/checkout/orders/${encodeURIComponent(id)}`,
    json: [
      { op: 'replace', path: "/purchase_units/@reference_id=='default'/description", value: canceledMark },
    ],
    answer: z.unknown(),
  })
}

export async function detachMethod(paypal: PayPal, { methodReference }: StoredMethod): Promise<void> {
  await foundOrNull(
    callPayPal(paypal, {
      method: 'DELETE',
      path: `/v3/vault/payment-tokens/${encodeURIComponent(methodReference)}`,
      answer: z.unknown(),
    }),
  )
}

export const refused = (message: string, providerCode: string) =>
  new GatewayError('paypal', 'refused', message, { providerCode })
