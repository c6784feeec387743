import type { z } from 'zod'
import { answeredText, exchange, type HttpAnswer, type HttpExchange, isSuccess } from '../http-call.ts'
import { ProviderError } from '../provider-error.ts'
import type { FailureCode, GatewayName } from './gateway.ts'
import { GatewayError } from './gateway-error.ts'

/** Longer than other providers get: a gateway waits for the payer's bank. */
const timeoutMs = 25_000
/** A page of a hundred transactions with what hangs on them. */
const answerLimitBytes = 2 * 1024 * 1024
/** Our own settings: the call itself was not looked at, and is right once they are. No word of the gateway overrides that. */
const notAdmitted = new Set([401, 403])
/** In flight, too early, too many: the same call with the same key is right a little later. */
const notNow = new Set([409, 425, 429])

export interface GatewayCall<Answer> {
  gateway: GatewayName
  method: HttpExchange['method']
  url: string
  headers?: Record<string, string>
  /** At most one of the three. `undefined` fields are left out of a form and of JSON. */
  form?: FormFields
  json?: unknown
  multipart?: FormData
  /** The shape of an answer that is understood. */
  answer: z.ZodType<Answer>
  /** Statuses that are an answer beside 2xx: some gateways tell of a failed payment by 402. */
  accept?: readonly number[]
  /** The gateway's own words of a refusal. The body is `{}` where it was no object of JSON. */
  readError?: (body: JsonObject, status: number, headers: Headers) => ErrorReading
  /** Sees the headers of an answer that is understood. */
  onHeaders?: (headers: Headers) => void
  timeoutMs?: number
  fetch?: typeof fetch | undefined
}

export interface ErrorReading {
  /** The gateway's own code, never its prose: that quotes names and account numbers. */
  code: string | null
  failureCode?: FailureCode
  /** Where the gateway says more of it than the status does. */
  retryable?: boolean
}

export type JsonObject = Record<string, unknown>
export type FormFields = { [name: string]: FormValue }
type FormValue = string | number | boolean | undefined | FormFields | FormValue[]

/**
 * One call to a gateway. Throws a `GatewayError`: `refused` for a clean 4xx, `unknown` for everything after which the work may
 * be done (no answer, 5xx, 408, a redirection, a success in words that are not understood). Never holds what was sent.
 */
export async function callGateway<Answer>(call: GatewayCall<Answer>): Promise<Answer> {
  const { gateway } = call
  const answer = await answerOf(call)
  if (isSuccess(answer.status) || call.accept?.includes(answer.status)) {
    const body = parsed(answer.text)
    const read = body === undefined ? null : call.answer.safeParse(body)
    if (read?.success) {
      call.onHeaders?.(answer.headers)
      return read.data
    }
    throw new GatewayError(gateway, 'unknown', `${answeredText(answer.status, null)}, not understood`, {
      retryable: true,
      status: answer.status,
    })
  }
  throw refusalOf(call, answer)
}

/** The answer of a look-up, or null where the gateway has no such object: that is 404 here, and 400 with a word of its own there. */
export async function foundOrNull<Answer>(answer: Promise<Answer>): Promise<Answer | null> {
  try {
    return await answer
  } catch (error) {
    if (error instanceof GatewayError && (error.status === 404 || saysNotFound(error))) return null
    throw error
  }
}

const saysNotFound = ({ outcome, providerCode }: GatewayError): boolean =>
  outcome === 'refused' && (providerCode?.endsWith('not_found') ?? false)

async function answerOf(call: GatewayCall<unknown>): Promise<HttpAnswer> {
  try {
    return await exchange({
      provider: call.gateway,
      method: call.method,
      url: call.url,
      timeoutMs: call.timeoutMs ?? timeoutMs,
      answerLimitBytes,
      fetch: call.fetch,
      ...payloadOf(call),
    })
  } catch (error) {
    if (!(error instanceof ProviderError)) throw error
    const reason = error.message.slice(`${call.gateway}: `.length)
    throw new GatewayError(call.gateway, 'unknown', reason, { retryable: true, cause: error.cause })
  }
}

function payloadOf(call: GatewayCall<unknown>): Pick<HttpExchange, 'headers' | 'body'> {
  const headers = { accept: 'application/json', ...call.headers }
  if (call.form) {
    const type = { 'content-type': 'application/x-www-form-urlencoded' }
    return { headers: { ...type, ...headers }, body: formText(call.form) }
  }
  if (call.json !== undefined) {
    return { headers: { 'content-type': 'application/json', ...headers }, body: JSON.stringify(call.json) }
  }
  return call.multipart ? { headers, body: call.multipart } : { headers }
}

function refusalOf(call: GatewayCall<unknown>, { status, text, headers, retryAfterSeconds }: HttpAnswer) {
  const body = parsed(text)
  const object = typeof body === 'object' && body !== null && !Array.isArray(body) ? (body as JsonObject) : {}
  const reading = call.readError?.(object, status, headers) ?? { code: null }
  const isRefusal = status >= 400 && status < 500 && status !== 408
  return new GatewayError(
    call.gateway,
    isRefusal ? 'refused' : 'unknown',
    answeredText(status, reading.code),
    {
      retryable: notAdmitted.has(status) || (reading.retryable ?? (!isRefusal || notNow.has(status))),
      status,
      providerCode: reading.code,
      retryAfterSeconds,
      // Nothing that the payer could mend.
      failureCode:
        reading.failureCode ?? (notAdmitted.has(status) || notNow.has(status) ? 'gateway_error' : 'other'),
    },
  )
}

/**
 * JSON, with a number that no double holds as an integer (an id of 64 bits, 26.875) as its own text; undefined where it is no
 * JSON. An empty body, as after 204, is `{}`.
 */
function parsed(text: string): unknown {
  if (text === '') return {}
  try {
    return parseJson(text, (_key, value, context) =>
      typeof value === 'number' && !Number.isSafeInteger(value) ? context?.source : value,
    )
  } catch {
    return undefined
  }
}

/** The third argument of a reviver is newer than TypeScript's library. */
const parseJson = JSON.parse as (
  text: string,
  revive: (key: string, value: unknown, context?: { source?: string }) => unknown,
) => unknown

/** `{ metadata: { ref: 'x' }, expand: ['y'] }` as `metadata[ref]=x&expand[0]=y`. */
export function formText(fields: FormFields): string {
  const form = new URLSearchParams()
  const add = (name: string, value: FormValue): void => {
    if (typeof value === 'object') {
      for (const [key, inner] of Object.entries(value)) add(`${name}[${key}]`, inner)
    } else if (value !== undefined) form.append(name, String(value))
  }
  for (const [name, value] of Object.entries(fields)) add(name, value)
  return form.toString()
}
