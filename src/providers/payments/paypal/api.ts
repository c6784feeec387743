import { z } from 'zod'
import { fromMajorText, toMajorText } from '../amounts.ts'
import type { FailureCode } from '../gateway.ts'
import { callGateway, type ErrorReading, type GatewayCall, type JsonObject } from '../gateway-call.ts'
import { GatewayError } from '../gateway-error.ts'

export const paypalConfig = z.object({
  clientId: z.string().min(1),
  clientSecret: z.string().min(1),
  /** Ids of our webhooks, which are part of what PayPal signs; two while one replaces the other. */
  webhookIds: z.array(z.string().min(1)).min(1),
  apiUrl: z.url().default('https://api-m.paypal.com'),
})
export type PayPalConfig = z.infer<typeof paypalConfig>

export interface PayPal {
  config: PayPalConfig
  now: () => number
  fetch: typeof fetch | undefined
}

type PayPalCall<Answer> = Pick<GatewayCall<Answer>, 'method' | 'json' | 'multipart' | 'answer' | 'accept'> & {
  path: string
  /** Key of idempotency of one step: PayPal answers a repeat with the latest state of what the first one made. */
  requestId?: string
}

export async function callPayPal<Answer>(paypal: PayPal, call: PayPalCall<Answer>): Promise<Answer> {
  const known = tokens.get(tokenKey(paypal.config))
  const isFresh = known && known.expiresAtMs > paypal.now()
  try {
    return await callWith(paypal, call, isFresh ? known.token : await newToken(paypal))
  } catch (error) {
    // A token can end before its time. Nothing was done without one, so the call is safe to repeat.
    if (!(isFresh && error instanceof GatewayError && error.status === 401)) throw error
    return callWith(paypal, call, await newToken(paypal))
  }
}

function callWith<Answer>(paypal: PayPal, call: PayPalCall<Answer>, token: string): Promise<Answer> {
  const { path, requestId, ...rest } = call
  return callGateway({
    ...rest,
    gateway: 'paypal',
    url: `${paypal.config.apiUrl}${path}`,
    headers: {
      authorization: `Bearer ${token}`,
      // Without it an answer is an id and a status.
      prefer: 'return=representation',
      ...(requestId !== undefined && { 'paypal-request-id': requestId }),
    },
    readError,
    fetch: paypal.fetch,
  })
}

/** Kept by this isolate: a token lasts for hours, and PayPal limits how many one may fetch. */
const tokens = new Map<string, { token: string; expiresAtMs: number }>()
const tokenKey = ({ apiUrl, clientId }: PayPalConfig) => `${apiUrl} ${clientId}`
/** So that a token does not end on its way. */
const marginMs = 60_000

const tokenAnswer = z.object({ access_token: z.string().min(1), expires_in: z.number() })

export async function newToken(paypal: PayPal): Promise<string> {
  const { clientId, clientSecret, apiUrl } = paypal.config
  const answer = await callGateway({
    gateway: 'paypal',
    method: 'POST',
    url: `${apiUrl}/v1/oauth2/token`,
    headers: { authorization: `Basic ${btoa(`${clientId}:${clientSecret}`)}` },
    form: { grant_type: 'client_credentials' },
    answer: tokenAnswer,
    readError,
    fetch: paypal.fetch,
  }).catch((error: unknown) => {
    // Without a token nothing was asked for yet, so nothing can have happened.
    if (error instanceof GatewayError && error.outcome === 'unknown') throw withoutToken(error)
    throw error
  })
  const expiresAtMs = paypal.now() + answer.expires_in * 1000 - marginMs
  tokens.set(tokenKey(paypal.config), { token: answer.access_token, expiresAtMs })
  return answer.access_token
}

const withoutToken = (error: GatewayError) =>
  new GatewayError('paypal', 'refused', 'gives no token', {
    retryable: true,
    status: error.status,
    retryAfterSeconds: error.retryAfterSeconds,
    failureCode: 'gateway_error',
    cause: error,
  })

const failureCodes = new Map<string, FailureCode>([
  ['INSTRUMENT_DECLINED', 'declined'],
  ['PAYER_CANNOT_PAY', 'declined'],
  ['PAYER_ACCOUNT_LOCKED_OR_CLOSED', 'invalid_account'],
  ['PAYER_ACCOUNT_RESTRICTED', 'invalid_account'],
  ['TOKEN_ID_NOT_FOUND', 'invalid_account'],
  ['RECEIVER_UNREGISTERED', 'invalid_account'],
  ['RECEIVER_ACCOUNT_LOCKED', 'invalid_account'],
  ['PAYER_ACTION_REQUIRED', 'authentication_required'],
  ['TRANSACTION_LIMIT_EXCEEDED', 'limit_exceeded'],
  ['TRANSACTION_AMOUNT_EXCEEDS_MONTHLY_MAX_LIMIT', 'limit_exceeded'],
  ['MAX_CAPTURE_AMOUNT_EXCEEDED', 'limit_exceeded'],
  ['ORDER_EXPIRED', 'expired'],
  ['AUTHORIZATION_EXPIRED', 'expired'],
  ['PAYER_CANCELED', 'canceled_by_payer'],
  ['REFUND_FAILED_INSUFFICIENT_FUNDS', 'gateway_error'],
  ['RATE_LIMIT_REACHED', 'gateway_error'],
])

export const failureCodeOf = (issue: string | null): FailureCode => failureCodes.get(issue ?? '') ?? 'other'

const problem = z.object({
  name: z.string().nullish(),
  error: z.string().nullish(),
  details: z.array(z.object({ issue: z.string().nullish() })).nullish(),
})

function readError(body: JsonObject): ErrorReading {
  const read = problem.safeParse(body)
  const code = read.success
    ? (read.data.details?.[0]?.issue ?? read.data.name ?? read.data.error ?? null)
    : null
  const failureCode = code === null ? undefined : failureCodes.get(code)
  return {
    code,
    ...(failureCode && { failureCode }),
    ...(code === 'ORDER_COMPLETION_IN_PROGRESS' && { retryable: true }),
  }
}

export const money = z.object({ currency_code: z.string(), value: z.string() })
export type PayPalMoney = z.infer<typeof money>

export const paypalMoney = (amountMinor: number, currency: string): PayPalMoney => ({
  currency_code: currency,
  value: toMajorText('paypal', amountMinor, currency),
})

export const minorOf = ({ currency_code, value }: PayPalMoney): number =>
  fromMajorText('paypal', value, currency_code)
