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
import { getPaystack, metadataOf, minorOf, type Paystack, postPaystack, wireAmount, wireOf } from './api.ts'

/**
 * A transaction is named by its reference everywhere: the one name that answers, lists and events of Paystack all carry. So our
 * reference is the gateway's too.
 */
export const transaction = z.object({
  id: wireId,
  status: z.string(),
  reference: z.string().min(1),
  amount: wireAmount,
  currency: z.string(),
  channel: z.string().nullish(),
  gateway_response: z.string().nullish(),
  message: z.string().nullish(),
  fees: wireAmount.nullish(),
  metadata: z.unknown().optional(),
  authorization: z.unknown().optional(),
  customer: z.object({ customer_code: z.string().nullish(), email: z.string().nullish() }).nullish(),
})
type Transaction = z.infer<typeof transaction>

const channels: Partial<Record<GatewayMethod, string>> = {
  card: 'card',
  bank_transfer: 'bank_transfer',
  mobile_money: 'mobile_money',
  reference_code: 'ussd',
  qr: 'qr',
}

/** How long a mobile network keeps its question on the payer's phone. */
const pushMs = 180_000

export async function createPayment(paystack: Paystack, request: PaymentRequest): Promise<GatewayPayment> {
  try {
    if (request.storedMethod) return await chargeStored(paystack, request, request.storedMethod)
    const wallet = walletOf(request)
    return wallet ? await pushToWallet(paystack, request, wallet) : await openPage(paystack, request)
  } catch (error) {
    if (!isDuplicate(error)) throw error
    // Made by an earlier call whose answer was lost. A page is lost with it: Paystack tells the address once.
    const found = await findPayment(paystack, { reference: request.reference, gatewayReference: null })
    if (!found) throw error
    const isPushed = found.status === 'requires_action' && walletOf(request) !== null
    return isPushed ? { ...found, nextAction: push(paystack, request, null) } : found
  }
}

const shared = ({ reference, amountMinor, currency, payer, saveMethod }: PaymentRequest) => ({
  reference,
  amount: wireOf(amountMinor, currency),
  currency,
  email: payer.email,
  metadata: { ref: reference, ...(saveMethod && { save: '1' }) },
})

async function openPage(paystack: Paystack, request: PaymentRequest): Promise<GatewayPayment> {
  const { authorization_url } = await postPaystack(paystack, {
    path: 'transaction/initialize',
    json: {
      ...shared(request),
      callback_url: request.returnUrl,
      channels: [channels[request.method] ?? request.method],
    },
    data: z.object({ authorization_url: z.url() }),
  })
  return waiting(request, 'abandoned', { type: 'redirect', url: authorization_url })
}

async function pushToWallet(
  paystack: Paystack,
  request: PaymentRequest,
  wallet: Wallet,
): Promise<GatewayPayment> {
  const answer = await postPaystack(paystack, {
    path: 'charge',
    json: { ...shared(request), mobile_money: wallet },
    data: z.object({
      reference: z.string(),
      status: z.string(),
      display_text: z.string().nullish(),
      url: z.url().nullish(),
    }),
  })
  if (statusOf(answer.status) !== 'requires_action') return existing(paystack, answer.reference)
  return waiting(
    request,
    answer.status,
    answer.url ? { type: 'redirect', url: answer.url } : push(paystack, request, answer.display_text ?? null),
  )
}

const push = (paystack: Paystack, { payer }: PaymentRequest, instructions: string | null): NextAction => ({
  type: 'await_push',
  phone: payer.phone ?? '',
  instructions,
  expiresAt: new Date(paystack.now() + pushMs).toISOString(),
})

async function chargeStored(
  paystack: Paystack,
  request: PaymentRequest,
  { methodReference, email }: StoredMethod,
): Promise<GatewayPayment> {
  const answer = await postPaystack(paystack, {
    path: 'transaction/charge_authorization',
    json: {
      ...shared(request),
      authorization_code: methodReference,
      // Only the address that the card was stored with can charge it.
      email: email ?? request.payer.email,
    },
    data: z.union([z.object({ paused: z.literal(true), authorization_url: z.url() }), transaction]),
  })
  if ('paused' in answer) {
    return waiting(request, 'paused', { type: 'redirect', url: answer.authorization_url })
  }
  return paymentOf(answer)
}

const waiting = (request: PaymentRequest, rawStatus: string, nextAction: NextAction): GatewayPayment => ({
  gatewayReference: request.reference,
  reference: request.reference,
  status: 'requires_action',
  rawStatus,
  amountMinor: request.amountMinor,
  currency: request.currency,
  capturedMinor: 0,
  feeMinor: null,
  holdExpiresAt: null,
  nextAction,
  failure: null,
  saved: null,
})

interface Wallet {
  provider: string
  phone: string
}

/**
 * Wallets that take a push, by the prefix of a Ghanaian number. Telecel wants a voucher typed, which belongs on Paystack's own page:
 * so does every number that the prefixes do not know.
 */
const prefixes: Record<string, string[]> = {
  mtn: ['024', '025', '053', '054', '055', '059'],
  atl: ['026', '027', '056', '057'],
}

function walletOf({ method, storedMethod, payer: { phone } }: PaymentRequest): Wallet | null {
  if (method !== 'mobile_money' || storedMethod) return null
  const national = phone?.startsWith('+233') ? `0${phone.slice(4)}` : null
  const provider = Object.keys(prefixes).find((name) => prefixes[name]?.includes(national?.slice(0, 3) ?? ''))
  return national && provider ? { provider, phone: national } : null
}

export async function findTransaction(paystack: Paystack, reference: string): Promise<Transaction | null> {
  return foundOrNull(
    getPaystack(paystack, {
      path: `transaction/verify/${encodeURIComponent(reference)}`,
      data: transaction,
    }),
  )
}

export async function findPayment(paystack: Paystack, names: Names): Promise<GatewayPayment | null> {
  const found = await findTransaction(paystack, names.gatewayReference ?? names.reference)
  return found && paymentOf(found)
}

async function existing(paystack: Paystack, reference: string): Promise<GatewayPayment> {
  const found = await findPayment(paystack, { reference, gatewayReference: reference })
  if (found) return found
  throw new GatewayError('paystack', 'unknown', 'does not know what it answered', { retryable: true })
}

/** Money is taken at once, so there is nothing to capture; taken already, it is as it should be. */
export async function capture(paystack: Paystack, payment: KnownPayment): Promise<GatewayPayment> {
  const found = await existing(paystack, payment.gatewayReference)
  if (found.status === 'captured') return found
  throw new GatewayError('paystack', 'refused', 'holds nothing', { providerCode: 'capture_not_offered' })
}

export function cancel(): Promise<GatewayPayment> {
  return Promise.reject(
    new GatewayError('paystack', 'refused', 'ends no payment', { providerCode: 'cancel_not_offered' }),
  )
}

export async function detachMethod(paystack: Paystack, { methodReference }: StoredMethod): Promise<void> {
  await foundOrNull(
    postPaystack(paystack, {
      path: 'customer/authorization/deactivate',
      json: { authorization_code: methodReference },
      data: z.unknown().optional(),
    }),
  )
}

const statuses = new Map<string, GatewayPayment['status']>([
  ...[
    ...['abandoned', 'ongoing', 'paused', 'pay_offline', 'open_url'],
    ...['send_pin', 'send_otp', 'send_phone', 'send_birthday', 'send_address'],
  ].map((status): [string, 'requires_action'] => [status, 'requires_action']),
  ['pending', 'processing'],
  ['processing', 'processing'],
  ['queued', 'processing'],
  ['success', 'captured'],
  // Given back or charged back after it was captured: refunds and chargebacks tell which, and how much.
  ['reversed', 'captured'],
  ['failed', 'failed'],
  ['timeout', 'failed'],
])

const statusOf = (status: string): GatewayPayment['status'] => statuses.get(status) ?? 'processing'

function paymentOf(found: Transaction): GatewayPayment {
  const { currency } = found
  const status = statusOf(found.status)
  const amountMinor = minorOf(found.amount, currency)
  const words = found.gateway_response ?? found.message
  return {
    gatewayReference: found.reference,
    reference: found.reference,
    status,
    rawStatus: found.status,
    amountMinor,
    currency,
    capturedMinor: status === 'captured' ? amountMinor : 0,
    feeMinor:
      status === 'captured' && found.fees !== null && found.fees !== undefined
        ? minorOf(found.fees, currency)
        : null,
    holdExpiresAt: null,
    nextAction: null,
    failure:
      status === 'failed'
        ? {
            code: found.status === 'timeout' ? 'expired' : failureCodeOfWords(words),
            rawCode: plainWords(words),
          }
        : null,
    saved: status === 'captured' ? savedOf(found) : null,
  }
}

const authorization = z.object({
  authorization_code: z.string().min(1),
  reusable: z.literal(true),
  signature: z.string().nullish(),
  channel: z.string().nullish(),
  brand: z.string().nullish(),
  last4: z.string().nullish(),
  exp_month: z.coerce.number().int().nullish(),
  exp_year: z.coerce.number().int().nullish(),
  bank: z.string().nullish(),
})

/** Every payment by card comes with a method that can be charged again: it is kept only where the payer agreed. */
function savedOf({ authorization: value, customer, metadata }: Transaction): SavedMethod | null {
  const read = authorization.safeParse(value)
  if (!read.success || metadataOf(metadata).save !== '1') return null
  const { data } = read
  return {
    customerReference: customer?.customer_code ?? null,
    methodReference: data.authorization_code,
    email: customer?.email ?? null,
    type:
      data.channel === 'mobile_money' ? 'wallet' : data.channel?.includes('bank') ? 'bank_account' : 'card',
    brand: data.brand ?? null,
    lastFour: data.last4 ?? null,
    accountType: null,
    expMonth: data.exp_month ?? null,
    expYear: data.exp_year ?? null,
    bankName: data.bank ?? null,
    fingerprint: data.signature ?? null,
  }
}
