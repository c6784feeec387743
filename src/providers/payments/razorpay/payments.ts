import { z } from 'zod'
import { accountTypes } from '../../../core/gateway-names.ts'
import { fromWireInteger, toWireInteger } from '../amounts.ts'
import type {
  GatewayPayment,
  KnownPayment,
  Names,
  PaymentRequest,
  SavedMethod,
  StoredMethod,
} from '../gateway.ts'
import { foundOrNull } from '../gateway-call.ts'
import { GatewayError } from '../gateway-error.ts'
import { call, failureCodeOf, getRazorpay, notes, postRazorpay, type Razorpay, refOf } from './api.ts'

/**
 * A payment of ours is an order of Razorpay's: known before its payer acts, found by its receipt, paid at most once however many
 * attempts (Razorpay's payments) it takes.
 */
const order = z.object({
  id: z.string().min(1),
  amount: z.int(),
  currency: z.string(),
  status: z.string(),
  receipt: z.string().nullish(),
  notes,
})
type Order = z.infer<typeof order>

const payment = z.object({
  id: z.string().min(1),
  order_id: z.string().nullish(),
  status: z.string(),
  amount: z.int(),
  currency: z.string(),
  captured: z.boolean().nullish(),
  fee: z.int().nullish(),
  created_at: z.int(),
  error_code: z.string().nullish(),
  error_reason: z.string().nullish(),
  method: z.string().nullish(),
  customer_id: z.string().nullish(),
  token_id: z.string().nullish(),
  email: z.string().nullish(),
  vpa: z.string().nullish(),
  bank: z.string().nullish(),
  card: z
    .object({
      network: z.string().nullish(),
      last4: z.string().nullish(),
      type: z.enum(accountTypes).nullish().catch(null),
    })
    .nullish(),
})
export type RazorpayPayment = z.infer<typeof payment>

/** Longer than this an authorisation is not promised; after it Razorpay gives the money back by itself. */
const holdHours = 3 * 24

export async function createPayment(razorpay: Razorpay, request: PaymentRequest): Promise<GatewayPayment> {
  const { reference, currency, storedMethod } = request
  const customer = request.saveMethod ? await customerOf(razorpay, request) : null
  const made = await postRazorpay(razorpay, {
    path: 'orders',
    json: {
      amount: toWireInteger('razorpay', request.amountMinor, currency),
      currency,
      receipt: reference,
      // The same receipt again answers with the same order.
      unique_receipt: true,
      notes: {
        ref: reference,
        ...(request.saveMethod && { save: '1' }),
        ...(storedMethod && { stored: '1' }),
      },
      payment:
        request.capture === 'manual'
          ? {
              capture: 'manual',
              capture_options: { manual_expiry_period: holdHours * 60, refund_speed: 'normal' },
            }
          : {
              capture: 'automatic',
              capture_options: { automatic_expiry_period: 60, refund_speed: 'normal' },
            },
      ...(customer !== null && { customer_id: customer }),
    },
    answer: order,
  })
  if (!storedMethod) return paymentOf(razorpay, made)
  // One order is charged once: an attempt that is there already is the answer.
  if ((await attemptsOf(razorpay, made.id)).length === 0) {
    await chargeStored(razorpay, request, storedMethod, made.id)
  }
  return paymentOf(razorpay, made)
}

/** Only a customer of Razorpay's can have a method kept; the same address again is the same customer. */
async function customerOf(razorpay: Razorpay, { payer }: PaymentRequest): Promise<string> {
  if (payer.customerReference) return payer.customerReference
  const { id } = await postRazorpay(razorpay, {
    path: 'customers',
    json: { email: payer.email, fail_existing: '0', notes: { user: payer.id } },
    answer: z.object({ id: z.string() }),
  })
  return id
}

async function chargeStored(
  razorpay: Razorpay,
  request: PaymentRequest,
  stored: StoredMethod,
  orderId: string,
): Promise<void> {
  await postRazorpay(razorpay, {
    path: 'payments/create/recurring',
    json: {
      email: stored.email ?? request.payer.email,
      contact: request.payer.phone ?? '',
      amount: toWireInteger('razorpay', request.amountMinor, request.currency),
      currency: request.currency,
      order_id: orderId,
      customer_id: stored.customerReference,
      token: stored.methodReference,
      recurring: '1',
      description: request.description,
      notes: { ref: request.reference },
    },
    answer: z.object({ razorpay_payment_id: z.string() }),
  })
}

export async function findPayment(razorpay: Razorpay, names: Names): Promise<GatewayPayment | null> {
  const found = await findOrder(razorpay, names)
  if (!found) return null
  const attempts = await attemptsOf(razorpay, found.id)
  // An order for a stored method that nobody charged yet waits for us and not for its payer.
  if (found.notes.stored === '1' && attempts.length === 0) return null
  return paymentOf(razorpay, found, attempts)
}

async function findOrder(razorpay: Razorpay, names: Names): Promise<Order | null> {
  if (names.gatewayReference !== null) {
    const path = `orders/${encodeURIComponent(names.gatewayReference)}`
    return foundOrNull(getRazorpay(razorpay, { path, answer: order }))
  }
  const { items } = await getRazorpay(razorpay, {
    path: 'orders',
    query: { receipt: names.reference },
    answer: z.object({ items: z.array(order) }),
  })
  return items.find(({ receipt }) => receipt === names.reference) ?? null
}

async function existing(razorpay: Razorpay, { gatewayReference }: KnownPayment): Promise<Order> {
  const path = `orders/${encodeURIComponent(gatewayReference)}`
  return getRazorpay(razorpay, { path, answer: order })
}

export async function attemptsOf(razorpay: Razorpay, orderId: string): Promise<RazorpayPayment[]> {
  const { items } = await getRazorpay(razorpay, {
    path: `orders/${encodeURIComponent(orderId)}/payments`,
    answer: z.object({ items: z.array(payment) }),
  })
  return items
}

/** The attempt that decides: money beats a hope, a hope beats a failure, the newest of them wins. */
const ranks = ['failed', 'created', 'refunded', 'authorized', 'captured']
const rankOf = ({ status }: RazorpayPayment): number =>
  ranks.includes(status) ? ranks.indexOf(status) : ranks.indexOf('created')

export const decidingAttempt = (attempts: RazorpayPayment[]): RazorpayPayment | null =>
  attempts.toSorted((a, b) => rankOf(b) - rankOf(a) || b.created_at - a.created_at)[0] ?? null

export async function capture(
  razorpay: Razorpay,
  known: KnownPayment,
  amountMinor: number,
): Promise<GatewayPayment> {
  const of = await existing(razorpay, known)
  const attempt = decidingAttempt(await attemptsOf(razorpay, of.id))
  if (!attempt) throw refusal('nothing_authorised')
  const amount = toWireInteger('razorpay', amountMinor, known.currency)
  try {
    await postRazorpay(razorpay, {
      path: `payments/${encodeURIComponent(attempt.id)}/capture`,
      json: { amount, currency: known.currency },
      answer: z.object({ status: z.string() }),
    })
  } catch (error) {
    if (!(error instanceof GatewayError && error.providerCode === 'already_captured')) throw error
  }
  return paymentOf(razorpay, of)
}

/** Razorpay voids nothing: a hold ends by itself, and an order that nobody pays is never paid. */
export async function cancel(razorpay: Razorpay, known: KnownPayment): Promise<GatewayPayment> {
  const found = await paymentOf(razorpay, await existing(razorpay, known))
  if (found.status === 'canceled') return found
  throw refusal('cancel_not_offered')
}

export const refusal = (providerCode: string) =>
  new GatewayError('razorpay', 'refused', `does not do it (${providerCode})`, { providerCode })

export async function detachMethod(razorpay: Razorpay, method: StoredMethod): Promise<void> {
  const customer = encodeURIComponent(method.customerReference ?? '')
  const path = `customers/${customer}/tokens/${encodeURIComponent(method.methodReference)}`
  await foundOrNull(call(razorpay, 'DELETE', path, {}, undefined, z.unknown()))
}

async function paymentOf(
  razorpay: Razorpay,
  of: Order,
  attempts?: RazorpayPayment[],
): Promise<GatewayPayment> {
  const attempt = decidingAttempt(attempts ?? (await attemptsOf(razorpay, of.id)))
  const minor = (wire: number) => fromWireInteger('razorpay', wire, of.currency)
  const status = attempt ? statusOf(attempt) : 'requires_action'
  const isCaptured = status === 'captured' && attempt !== null
  return {
    gatewayReference: of.id,
    reference: of.receipt ?? refOf(of.notes),
    status,
    rawStatus: attempt?.status ?? of.status,
    amountMinor: minor(attempt && isCaptured ? attempt.amount : of.amount),
    currency: of.currency,
    capturedMinor: isCaptured ? minor(attempt.amount) : 0,
    feeMinor: isCaptured && typeof attempt.fee === 'number' ? minor(attempt.fee) : null,
    holdExpiresAt:
      status === 'authorized' && attempt ? new Date(attempt.created_at * 1000 + holdHours * 3_600_000) : null,
    nextAction:
      status === 'requires_action'
        ? { type: 'sdk', gateway: 'razorpay', publicKey: razorpay.config.keyId, clientToken: of.id }
        : null,
    failure: failureOf(attempt, status),
    saved: attempt && of.notes.save === '1' ? savedOf(attempt) : null,
  }
}

const statuses = new Map<string, GatewayPayment['status']>([
  ['created', 'processing'],
  ['authorized', 'authorized'],
  ['captured', 'captured'],
  // The payer may try again, and a bank may say yes days after it said no.
  ['failed', 'failed'],
])

/** `refunded` is the end of money that was taken, and of a hold that expired. */
function statusOf({ status, captured }: RazorpayPayment): GatewayPayment['status'] {
  if (status === 'refunded') return captured ? 'captured' : 'canceled'
  return statuses.get(status) ?? 'processing'
}

function failureOf(
  attempt: RazorpayPayment | null,
  status: GatewayPayment['status'],
): GatewayPayment['failure'] {
  if (status === 'canceled') return { code: 'expired', rawCode: null }
  if (status !== 'failed' || !attempt) return null
  return {
    code: failureCodeOf(attempt.error_reason),
    rawCode: attempt.error_reason ?? attempt.error_code ?? null,
  }
}

function savedOf(attempt: RazorpayPayment): SavedMethod | null {
  const isPaid = attempt.status === 'authorized' || attempt.status === 'captured'
  if (!isPaid || !attempt.token_id || !attempt.customer_id) return null
  return {
    customerReference: attempt.customer_id,
    methodReference: attempt.token_id,
    email: attempt.email ?? null,
    type: attempt.method === 'card' ? 'card' : attempt.method === 'upi' ? 'wallet' : 'bank_account',
    brand: attempt.card?.network ?? (attempt.method === 'upi' ? 'UPI' : null),
    lastFour: attempt.card?.last4 ?? null,
    accountType: attempt.card?.type ?? null,
    expMonth: null,
    expYear: null,
    bankName: attempt.bank ?? null,
    fingerprint: null,
  }
}
