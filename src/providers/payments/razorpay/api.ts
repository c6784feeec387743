import { z } from 'zod'
import type { FailureCode } from '../gateway.ts'
import { callGateway, type ErrorReading, type JsonObject } from '../gateway-call.ts'
import { GatewayError } from '../gateway-error.ts'

export const razorpayConfig = z.object({
  keyId: z.string().regex(/^rzp_(?:test|live)_/),
  keySecret: z.string().min(1),
  /** The webhook has a secret of its own; two while one replaces the other. */
  webhookSecrets: z.array(z.string().min(1)).min(1),
  /** Our own account at RazorpayX that payouts leave from; without one nobody is paid out. */
  payoutAccountNumber: z.string().min(1).nullable().default(null),
  apiUrl: z.url().default('https://api.razorpay.com'),
})
export type RazorpayConfig = z.infer<typeof razorpayConfig>

export interface Razorpay {
  config: RazorpayConfig
  now: () => number
  fetch: typeof fetch | undefined
}

interface RazorpayCall<Answer> {
  path: string
  answer: z.ZodType<Answer>
}

export const getRazorpay = <Answer>(
  razorpay: Razorpay,
  { path, query, answer }: RazorpayCall<Answer> & { query?: Record<string, string> },
): Promise<Answer> =>
  call(razorpay, 'GET', query ? `${path}?${new URLSearchParams(query)}` : path, {}, undefined, answer)

export const postRazorpay = <Answer>(
  razorpay: Razorpay,
  {
    path,
    headers = {},
    json,
    answer,
  }: RazorpayCall<Answer> & { json: JsonObject; headers?: Record<string, string> },
): Promise<Answer> => call(razorpay, 'POST', path, headers, json, answer)

export function call<Answer>(
  { config, fetch }: Razorpay,
  method: 'GET' | 'POST' | 'PATCH' | 'DELETE',
  path: string,
  headers: Record<string, string>,
  json: JsonObject | undefined,
  answer: z.ZodType<Answer>,
): Promise<Answer> {
  return callGateway({
    gateway: 'razorpay',
    method,
    url: `${config.apiUrl}/v1/${path}`,
    headers: { authorization: `Basic ${btoa(`${config.keyId}:${config.keySecret}`)}`, ...headers },
    ...(json && { json }),
    answer,
    readError,
    fetch,
  })
}

const pageSize = 100
/** A day has fewer; a list without end is a fault. */
const pagesLimit = 500

export async function* listRazorpay<Row>(
  razorpay: Razorpay,
  path: string,
  query: Record<string, string>,
  row: z.ZodType<Row>,
): AsyncGenerator<Row> {
  const answer = z.object({ items: z.array(row) })
  for (let page = 0; page < pagesLimit; page++) {
    const part = { count: String(pageSize), skip: String(page * pageSize) }
    const { items } = await getRazorpay(razorpay, { path, query: { ...query, ...part }, answer })
    yield* items
    if (items.length < pageSize) return
  }
  throw new GatewayError('razorpay', 'unknown', `told of more than ${pagesLimit} pages`, { retryable: true })
}

/** `description` is prose: of it only what no code tells is read, and nothing is kept. */
function readError(body: JsonObject, status: number): ErrorReading {
  const error = typeof body.error === 'object' && body.error !== null ? (body.error as JsonObject) : body
  const text = (name: string): string | null => {
    const value = error[name]
    return typeof value === 'string' && value !== '' && value !== 'NA' ? value : null
  }
  const description = text('description') ?? text('message') ?? ''
  if (status === 404 || /does not exist|not found/i.test(description)) return { code: 'not_found' }
  if (/already been captured/i.test(description)) return { code: 'already_captured' }
  const code = text('reason') ?? text('code')
  const failureCode = failureCodes.get(code ?? '')
  return { code, ...(failureCode && { failureCode }) }
}

const failureCodes = new Map<string, FailureCode>([
  ['insufficient_funds', 'insufficient_funds'],
  ['insufficient_balance', 'insufficient_funds'],
  ['payment_cancelled', 'canceled_by_payer'],
  ['payment_timed_out', 'expired'],
  ['payment_session_expired', 'expired'],
  ['card_expired', 'expired'],
  ['authentication_failed', 'authentication_required'],
  ['incorrect_otp', 'authentication_required'],
  ['transaction_limit_exceeded', 'limit_exceeded'],
  ['amount_exceeds_mandate_limit', 'limit_exceeded'],
  ['invalid_vpa', 'invalid_account'],
  ['incorrect_card_details', 'invalid_account'],
  ['bank_account_invalid', 'invalid_account'],
  ['payment_declined', 'declined'],
  ['card_declined', 'declined'],
  ['payment_risk_check_failed', 'declined'],
  ['gateway_technical_error', 'gateway_error'],
  ['bank_technical_error', 'gateway_error'],
  ['server_error', 'gateway_error'],
])

export const failureCodeOf = (reason: string | null | undefined): FailureCode =>
  failureCodes.get(reason ?? '') ?? 'other'

/** Ours, as we gave it with an object; `[]` where there are none. */
export const notes = z
  .union([z.record(z.string(), z.unknown()), z.array(z.unknown())])
  .nullish()
  .transform((value): Record<string, unknown> => (Array.isArray(value) ? {} : (value ?? {})))

export const refOf = (of: Record<string, unknown>): string | null =>
  typeof of.ref === 'string' ? of.ref : null
