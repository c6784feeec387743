import { z } from 'zod'
import { accountTypes } from '../../../core/gateway-names.ts'
import { fromWireInteger, toWireInteger } from '../amounts.ts'
import type {
  GatewayPayment,
  KnownPayment,
  Names,
  NextAction,
  PaymentRequest,
  SavedMethod,
  StoredMethod,
} from '../gateway.ts'
import { foundOrNull } from '../gateway-call.ts'
import { GatewayError } from '../gateway-error.ts'
import {
  codeOf,
  expandable,
  expanded,
  failureCodeOf,
  getStripe,
  idOf,
  metadata,
  postStripe,
  type Stripe,
  stripeAmount,
  stripeError,
} from './api.ts'

const card = z.object({
  brand: z.string().nullish(),
  last4: z.string().nullish(),
  funding: z.enum(accountTypes).nullish().catch(null),
  exp_month: z.int().nullish(),
  exp_year: z.int().nullish(),
  fingerprint: z.string().nullish(),
})

const paymentMethod = z.object({
  id: z.string(),
  customer: expandable(z.object({ id: z.string() })),
  card: card.nullish(),
})

const charge = z.object({
  id: z.string(),
  balance_transaction: expandable(z.object({ id: z.string(), fee: z.int(), currency: z.string() })),
  payment_method_details: z
    .object({ card: z.object({ capture_before: z.int().nullish() }).nullish() })
    .nullish(),
})

const paymentIntent = z.object({
  id: z.string().min(1),
  object: z.literal('payment_intent'),
  status: z.string(),
  amount: z.int(),
  amount_received: z.int().nullish(),
  currency: z.string(),
  client_secret: z.string().nullish(),
  metadata,
  setup_future_usage: z.string().nullish(),
  cancellation_reason: z.string().nullish(),
  last_payment_error: stripeError.nullish(),
  latest_charge: expandable(charge),
  payment_method: expandable(paymentMethod),
})
type PaymentIntent = z.infer<typeof paymentIntent>

/** A decline without the payer is 402 with the payment inside of the error. */
const intentOrDecline = z.union([
  paymentIntent,
  z.object({ error: stripeError.extend({ payment_intent: paymentIntent.nullish() }) }),
])

const expand = ['latest_charge.balance_transaction', 'payment_method']

export async function createPayment(stripe: Stripe, request: PaymentRequest): Promise<GatewayPayment> {
  const { reference, storedMethod } = request
  const customer = storedMethod?.customerReference ?? (await customerOf(stripe, request))
  const { answer, isReplay } = await postStripe(stripe, {
    path: 'payment_intents',
    key: reference,
    form: {
      ...stripeAmount(request.amountMinor, request.currency),
      capture_method: request.capture,
      payment_method_types: ['card'],
      description: request.description,
      metadata: { ref: reference },
      customer: customer ?? undefined,
      ...(storedMethod
        ? { confirm: true, off_session: true, payment_method: storedMethod.methodReference }
        : { setup_future_usage: request.saveMethod ? 'off_session' : undefined }),
      expand,
    },
    answer: intentOrDecline,
    accept: [402],
  })
  if ('error' in answer) {
    const intent = answer.error.payment_intent
    if (intent) return paymentOf(stripe, intent)
    throw new GatewayError('stripe', 'refused', 'answered 402', {
      status: 402,
      providerCode: codeOf(answer.error),
      failureCode: failureCodeOf(answer.error),
    })
  }
  return isReplay ? fetchPayment(stripe, answer.id) : paymentOf(stripe, answer)
}

/** Only a customer of Stripe's can have a method kept; nothing personal goes with it. */
async function customerOf(stripe: Stripe, { payer, saveMethod }: PaymentRequest): Promise<string | null> {
  if (payer.customerReference || !saveMethod) return payer.customerReference
  const { answer } = await postStripe(stripe, {
    path: 'customers',
    key: `customer-${payer.id}`,
    form: { metadata: { user: payer.id } },
    answer: z.object({ id: z.string() }),
  })
  return answer.id
}

export async function findPayment(stripe: Stripe, names: Names): Promise<GatewayPayment | null> {
  const id = names.gatewayReference ?? (await idByReference(stripe, names.reference))
  return id === null ? null : foundOrNull(fetchPayment(stripe, id))
}

const page = z.object({ data: z.array(paymentIntent), has_more: z.boolean().nullish() })
/** Stripe's search knows nothing of the last minute; twice that is read from its list, which knows everything. */
const searchLagSeconds = 120
const pageSize = 100
const pagesLimit = 20

async function idByReference(stripe: Stripe, reference: string): Promise<string | null> {
  const query = `metadata['ref']:'${reference.replaceAll(/[^\w.-]/g, '')}'`
  const found = await getStripe(stripe, { path: 'payment_intents/search', form: { query }, answer: page })
  const isOurs = (intent: PaymentIntent) => intent.metadata?.ref === reference
  const match = found.data.find(isOurs)
  if (match) return match.id

  const gte = Math.floor(stripe.now() / 1000) - searchLagSeconds
  let startingAfter: string | undefined
  for (let count = 0; count < pagesLimit; count++) {
    const recent = await getStripe(stripe, {
      path: 'payment_intents',
      form: { created: { gte }, limit: pageSize, starting_after: startingAfter },
      answer: page,
    })
    const recentMatch = recent.data.find(isOurs)
    if (recentMatch) return recentMatch.id
    startingAfter = recent.data.at(-1)?.id
    if (!recent.has_more || startingAfter === undefined) return null
  }
  throw new GatewayError('stripe', 'unknown', 'made too many payments in a minute to look through', {
    retryable: true,
  })
}

async function fetchPayment(stripe: Stripe, id: string): Promise<GatewayPayment> {
  const path = `payment_intents/${encodeURIComponent(id)}`
  return paymentOf(stripe, await getStripe(stripe, { path, form: { expand }, answer: paymentIntent }))
}

export function capture(
  stripe: Stripe,
  payment: KnownPayment,
  amountMinor: number,
  key: string,
): Promise<GatewayPayment> {
  const amount = toWireInteger('stripe', amountMinor, payment.currency)
  return change(stripe, payment, 'capture', key, { amount_to_capture: amount }, 'captured')
}

export const cancel = (stripe: Stripe, payment: KnownPayment, key: string): Promise<GatewayPayment> =>
  change(stripe, payment, 'cancel', key, {}, 'canceled')

/** A payment that is where it should go already is no error: a lost answer, or two of us at once. */
async function change(
  stripe: Stripe,
  payment: KnownPayment,
  verb: 'capture' | 'cancel',
  key: string,
  form: { amount_to_capture?: number },
  goal: GatewayPayment['status'],
): Promise<GatewayPayment> {
  const id = payment.gatewayReference
  try {
    const { answer, isReplay } = await postStripe(stripe, {
      path: `payment_intents/${encodeURIComponent(id)}/${verb}`,
      key,
      form: { ...form, expand },
      answer: paymentIntent,
    })
    return isReplay ? await fetchPayment(stripe, id) : paymentOf(stripe, answer)
  } catch (error) {
    if (!(error instanceof GatewayError && error.providerCode === 'payment_intent_unexpected_state'))
      throw error
    const found = await fetchPayment(stripe, id)
    if (found.status === goal) return found
    throw error
  }
}

export async function detachMethod(stripe: Stripe, { methodReference }: StoredMethod): Promise<void> {
  const path = `payment_methods/${encodeURIComponent(methodReference)}`
  const method = await foundOrNull(getStripe(stripe, { path, answer: paymentMethod }))
  if (!method || method.customer === null || method.customer === undefined) return
  await postStripe(stripe, {
    path: `${path}/detach`,
    key: `detach-${methodReference}`,
    answer: paymentMethod,
  })
}

function paymentOf({ config }: Stripe, intent: PaymentIntent): GatewayPayment {
  const { currency } = intent
  const minor = (wire: number) => fromWireInteger('stripe', wire, currency)
  const status = statusOf(intent)
  const latestCharge = expanded(intent.latest_charge)
  const captureBefore = latestCharge?.payment_method_details?.card?.capture_before
  const fee = expanded(latestCharge?.balance_transaction)
  return {
    gatewayReference: intent.id,
    reference: intent.metadata?.ref ?? null,
    status,
    rawStatus: intent.status,
    amountMinor: minor(intent.amount),
    currency: currency.toUpperCase(),
    capturedMinor: minor(intent.amount_received ?? 0),
    // A fee in the currency of settlement comes with the day's list.
    feeMinor: fee?.currency === currency ? fromWireInteger('stripe', fee.fee, currency, 'nearest') : null,
    holdExpiresAt: status === 'authorized' && captureBefore ? new Date(captureBefore * 1000) : null,
    nextAction: status === 'requires_action' ? nextActionOf(config.publishableKey, intent) : null,
    failure: failureOf(intent, status),
    saved: savedOf(intent, status),
  }
}

const statuses = new Map<string, GatewayPayment['status']>([
  ['requires_payment_method', 'requires_action'],
  ['requires_confirmation', 'requires_action'],
  ['requires_action', 'requires_action'],
  ['processing', 'processing'],
  ['requires_capture', 'authorized'],
  ['succeeded', 'captured'],
  ['canceled', 'canceled'],
])

function statusOf({ status, last_payment_error }: PaymentIntent): GatewayPayment['status'] {
  if (status === 'requires_payment_method' && last_payment_error) {
    // The bank wants the owner of a stored card: the SDK confirms the same payment with them.
    return codeOf(last_payment_error) === 'authentication_required' ? 'requires_action' : 'failed'
  }
  return statuses.get(status) ?? 'processing'
}

/** The app's SDK takes it from there: it asks for the card, does 3-D Secure and follows redirections. */
const nextActionOf = (publicKey: string, { client_secret }: PaymentIntent): NextAction | null =>
  client_secret ? { type: 'sdk', gateway: 'stripe', publicKey, clientToken: client_secret } : null

function failureOf(intent: PaymentIntent, status: GatewayPayment['status']): GatewayPayment['failure'] {
  const error = intent.last_payment_error
  if (status === 'failed' && error) return { code: failureCodeOf(error), rawCode: codeOf(error) }
  if (intent.cancellation_reason === 'automatic' || intent.cancellation_reason === 'expired') {
    return { code: 'expired', rawCode: intent.cancellation_reason }
  }
  return null
}

function savedOf(intent: PaymentIntent, status: GatewayPayment['status']): SavedMethod | null {
  const method = expanded(intent.payment_method)
  const customerReference = idOf(method?.customer)
  const isKept = intent.setup_future_usage === 'off_session' && customerReference !== null
  if (!method || !isKept || (status !== 'authorized' && status !== 'captured')) return null
  return {
    customerReference,
    methodReference: method.id,
    email: null,
    type: 'card',
    brand: method.card?.brand ?? null,
    lastFour: method.card?.last4 ?? null,
    accountType: method.card?.funding ?? null,
    expMonth: method.card?.exp_month ?? null,
    expYear: method.card?.exp_year ?? null,
    bankName: null,
    fingerprint: method.card?.fingerprint ?? null,
  }
}
