import { z } from 'zod'
import type {
  GatewayMethod,
  GatewayPayment,
  KnownPayment,
  Names,
  NextAction,
  PaymentRequest,
  SavedMethod,
  StoredMethod,
} from '../gateway.ts'
import { foundOrNull } from '../gateway-call.ts'
import { GatewayError, isDuplicate } from '../gateway-error.ts'
import { failureCodeOfWords, plainWords } from '../plain-words.ts'
import { wireId } from '../reading.ts'
import {
  type Flutterwave,
  feeOf,
  getFlutterwave,
  minorOf,
  postFlutterwave,
  wireAmount,
  wireOf,
} from './api.ts'

/**
 * A payment is named by our reference: Flutterwave has an id for it only once its payer has opened the page and tried.
 */
export const transaction = z.object({
  id: wireId,
  tx_ref: z.string().min(1),
  status: z.string(),
  amount: wireAmount,
  currency: z.string(),
  app_fee: wireAmount.nullish(),
  processor_response: z.string().nullish(),
  created_at: z.string().nullish(),
  card: z.unknown().optional(),
  customer: z.object({ id: wireId.nullish(), email: z.string().nullish() }).nullish(),
  meta: z.unknown().optional(),
})
type FlutterwaveTransaction = z.infer<typeof transaction>

const options: Partial<Record<GatewayMethod, Record<string, string>>> = {
  card: { NGN: 'card', GHS: 'card' },
  bank_transfer: { NGN: 'banktransfer' },
  mobile_money: { GHS: 'mobilemoneyghana' },
  reference_code: { NGN: 'ussd', EGP: 'fawry_pay' },
}
export const optionOf = (currency: string, method: GatewayMethod): string | null =>
  options[method]?.[currency] ?? null

const countries: Record<string, string> = { NGN: 'NG', GHS: 'GH', EGP: 'EG' }

export const sessionMinutes = 60

export async function createPayment(
  flutterwave: Flutterwave,
  request: PaymentRequest,
): Promise<GatewayPayment> {
  try {
    return request.storedMethod
      ? await chargeStored(flutterwave, request, request.storedMethod)
      : await openPage(flutterwave, request)
  } catch (error) {
    if (!isDuplicate(error)) throw error
    const found = await findPayment(flutterwave, { reference: request.reference, gatewayReference: null })
    if (found) return found
    throw error
  }
}

const shared = ({ reference, amountMinor, currency, saveMethod }: PaymentRequest) => ({
  tx_ref: reference,
  amount: wireOf(amountMinor, currency),
  currency,
  meta: { ref: reference, ...(saveMethod && { save: '1' }) },
})

async function openPage(flutterwave: Flutterwave, request: PaymentRequest): Promise<GatewayPayment> {
  const { link } = await postFlutterwave(flutterwave, {
    path: 'payments',
    json: {
      ...shared(request),
      redirect_url: request.returnUrl,
      payment_options: optionOf(request.currency, request.method) ?? request.method,
      customer: { email: request.payer.email },
      customizations: { title: request.description },
      configurations: { session_duration: sessionMinutes },
    },
    data: z.object({ link: z.url() }),
  })
  return waiting({ ...request, gatewayReference: request.reference }, { type: 'redirect', url: link })
}

async function chargeStored(
  flutterwave: Flutterwave,
  request: PaymentRequest,
  { methodReference, email }: StoredMethod,
): Promise<GatewayPayment> {
  const charged = await postFlutterwave(flutterwave, {
    path: 'tokenized-charges',
    json: {
      ...shared(request),
      token: methodReference,
      // Only the address that the card was stored with can charge it.
      email: email ?? request.payer.email,
      country: countries[request.currency],
      narration: request.description,
    },
    data: transaction,
  })
  return paymentOf(charged)
}

const waiting = (of: KnownPayment, nextAction: NextAction | null): GatewayPayment => ({
  gatewayReference: of.gatewayReference,
  reference: of.reference,
  status: 'requires_action',
  rawStatus: 'link',
  amountMinor: of.amountMinor,
  currency: of.currency,
  capturedMinor: 0,
  feeMinor: null,
  holdExpiresAt: null,
  nextAction,
  failure: null,
  saved: null,
})

export const findTransaction = (
  flutterwave: Flutterwave,
  reference: string,
): Promise<FlutterwaveTransaction | null> =>
  foundOrNull(
    getFlutterwave(flutterwave, {
      path: 'transactions/verify_by_reference',
      query: { tx_ref: reference },
      data: transaction,
    }),
  )

/**
 * A page that nobody has opened yet is not known to Flutterwave, and neither is one that was never made: only its maker can say which.
 * Given all of a payment that was made, this says that it waits for its payer; given our reference only, that nobody knows.
 */
export async function findPayment(
  flutterwave: Flutterwave,
  names: Names | KnownPayment,
): Promise<GatewayPayment | null> {
  const { reference, gatewayReference } = names
  const found = await findTransaction(flutterwave, gatewayReference ?? reference)
  if (found) return paymentOf(found)
  if (gatewayReference !== null && gatewayReference !== reference) return null
  if ('amountMinor' in names) return waiting(names, null)
  throw new GatewayError('flutterwave', 'unknown', 'knows no payment before its payer comes', {
    retryable: true,
    providerCode: 'page_not_opened',
  })
}

/** Money is taken at once, so there is nothing to capture; taken already, it is as it should be. */
export async function capture(flutterwave: Flutterwave, payment: KnownPayment): Promise<GatewayPayment> {
  const found = await findPayment(flutterwave, payment)
  if (found?.status === 'captured') return found
  throw refusal('capture_not_offered')
}

export const cancel = (): Promise<GatewayPayment> => Promise.reject(refusal('cancel_not_offered'))

export const refusal = (providerCode: string) =>
  new GatewayError('flutterwave', 'refused', `does not do it (${providerCode})`, { providerCode })

const statuses = new Map<string, GatewayPayment['status']>([
  ['pending', 'processing'],
  ['successful', 'captured'],
  ['succeeded', 'captured'],
  ['failed', 'failed'],
])

function paymentOf(found: FlutterwaveTransaction): GatewayPayment {
  const { currency, processor_response: words } = found
  const status = statuses.get(found.status) ?? 'processing'
  const amountMinor = minorOf(found.amount, currency)
  const isCaptured = status === 'captured'
  return {
    gatewayReference: found.tx_ref,
    reference: found.tx_ref,
    status,
    rawStatus: found.status,
    amountMinor,
    currency,
    capturedMinor: isCaptured ? amountMinor : 0,
    feeMinor:
      isCaptured && found.app_fee !== null && found.app_fee !== undefined
        ? feeOf(found.app_fee, currency)
        : null,
    holdExpiresAt: null,
    nextAction: null,
    failure: status === 'failed' ? { code: failureCodeOfWords(words), rawCode: plainWords(words) } : null,
    saved: isCaptured ? savedOf(found) : null,
  }
}

const card = z.object({
  token: z.string().min(1),
  type: z.string().nullish(),
  last_4digits: z.string().nullish(),
  issuer: z.string().nullish(),
  expiry: z.string().nullish(),
})

/** Every payment by card comes with a token: it is kept only where the payer agreed. */
function savedOf(found: FlutterwaveTransaction): SavedMethod | null {
  const read = card.safeParse(found.card)
  const agreed = z.object({ save: z.literal('1') }).safeParse(found.meta)
  if (!read.success || !agreed.success) return null
  const [month, year] = (read.data.expiry ?? '').split('/').map(Number)
  return {
    customerReference: found.customer?.id ?? null,
    methodReference: read.data.token,
    email: found.customer?.email ?? null,
    type: 'card',
    brand: read.data.type ?? null,
    lastFour: read.data.last_4digits ?? null,
    accountType: null,
    expMonth: month || null,
    expYear: year ? 2000 + (year % 100) : null,
    bankName: read.data.issuer ?? null,
    fingerprint: null,
  }
}
