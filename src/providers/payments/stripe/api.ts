import { z } from 'zod'
import { toWireInteger } from '../amounts.ts'
import type { FailureCode } from '../gateway.ts'
import {
  callGateway,
  type ErrorReading,
  type FormFields,
  formText,
  type JsonObject,
} from '../gateway-call.ts'

/** Pinned: Stripe changes shapes between versions, and an account's default is somebody's setting. */
const apiVersion = '2026-07-29.dahlia'

export const stripeConfig = z.object({
  secretKey: z.string().regex(/^(?:sk|rk)_(?:test|live)_/),
  publishableKey: z.string().regex(/^pk_(?:test|live)_/),
  /** Secrets of our endpoint; two while one replaces the other. */
  webhookSecrets: z.array(z.string().startsWith('whsec_')).min(1),
  apiUrl: z.url().default('https://api.stripe.com'),
})
export type StripeConfig = z.infer<typeof stripeConfig>

export interface Stripe {
  config: StripeConfig
  now: () => number
  fetch: typeof fetch | undefined
}

interface StripeCall<Answer> {
  path: string
  form?: FormFields
  answer: z.ZodType<Answer>
}

const headersOf = ({ config }: Stripe) => ({
  authorization: `Bearer ${config.secretKey}`,
  'stripe-version': apiVersion,
})

export function getStripe<Answer>(
  stripe: Stripe,
  { path, form, answer }: StripeCall<Answer>,
): Promise<Answer> {
  const query = form ? `?${formText(form)}` : ''
  return callGateway({
    gateway: 'stripe',
    method: 'GET',
    url: `${stripe.config.apiUrl}/v1/${path}${query}`,
    headers: headersOf(stripe),
    answer,
    readError,
    fetch: stripe.fetch,
  })
}

/**
 * One change under a key of idempotency. `isReplay`: Stripe did it earlier, and the answer is as old as that; `accept` are
 * statuses of errors whose body counts.
 */
export async function postStripe<Answer>(
  stripe: Stripe,
  call: StripeCall<Answer> & { key: string; accept?: readonly number[] },
): Promise<{ answer: Answer; isReplay: boolean }> {
  let isReplay = false
  const answer = await callGateway({
    gateway: 'stripe',
    method: 'POST',
    url: `${stripe.config.apiUrl}/v1/${call.path}`,
    headers: { ...headersOf(stripe), 'idempotency-key': call.key },
    form: call.form ?? {},
    answer: call.answer,
    ...(call.accept && { accept: call.accept }),
    readError,
    onHeaders: (headers) => {
      isReplay = headers.get('idempotent-replayed') === 'true'
    },
    fetch: stripe.fetch,
  })
  return { answer, isReplay }
}

/** Amount and currency as Stripe's parameters. */
export const stripeAmount = (amountMinor: number, currency: string) => ({
  amount: toWireInteger('stripe', amountMinor, currency),
  currency: currency.toLowerCase(),
})

export const stripeError = z.object({
  type: z.string().nullish(),
  code: z.string().nullish(),
  decline_code: z.string().nullish(),
})

/** Why a payment failed, by Stripe's most exact word. */
export const codeOf = ({ type, code, decline_code }: z.infer<typeof stripeError>): string | null =>
  decline_code ?? code ?? type ?? null

export function failureCodeOf(error: z.infer<typeof stripeError>): FailureCode {
  const known = failureCodes.get(codeOf(error) ?? '') ?? failureCodes.get(error.code ?? '')
  return known ?? (error.type === 'card_error' ? 'declined' : 'other')
}

const failureCodes = new Map<string, FailureCode>([
  ['insufficient_funds', 'insufficient_funds'],
  ['authentication_required', 'authentication_required'],
  ['payment_intent_authentication_failure', 'authentication_required'],
  ['expired_card', 'expired'],
  ['card_velocity_exceeded', 'limit_exceeded'],
  ['withdrawal_count_limit_exceeded', 'limit_exceeded'],
  ['amount_too_large', 'limit_exceeded'],
  ['incorrect_number', 'invalid_account'],
  ['invalid_account', 'invalid_account'],
  ['processing_error', 'gateway_error'],
  ['idempotency_error', 'gateway_error'],
  ['card_declined', 'declined'],
])

function readError(body: JsonObject, status: number, headers: Headers): ErrorReading {
  const read = stripeError.safeParse(body.error)
  const shouldRetry = headers.get('stripe-should-retry')
  return {
    code: read.success ? codeOf(read.data) : null,
    ...(read.success && status !== 401 && status !== 403 && status !== 429 && status !== 409
      ? { failureCode: failureCodeOf(read.data) }
      : {}),
    // An unknown outcome is asked about whatever Stripe thinks of a repeat.
    ...(status < 500 && shouldRetry !== null && { retryable: shouldRetry === 'true' }),
  }
}

/** Where an expanded object can be its id alone. */
export const expandable = <Shape extends z.ZodType>(shape: Shape) => z.union([shape, z.string()]).nullish()

export const expanded = <Value>(value: Value | string | null | undefined): Value | null =>
  typeof value === 'string' ? null : (value ?? null)

export const idOf = (value: { id: string } | string | null | undefined): string | null =>
  typeof value === 'string' ? value : (value?.id ?? null)

/** Ours, as we gave it with the object. */
export const metadata = z.record(z.string(), z.string()).nullish()
