import { ProviderError } from './provider-error.ts'

const timeoutMs = 10_000
const answerLimitBytes = 64 * 1024
/** 401 and 403 are our own settings: once they are put right, what waits in the queue goes out. */
const retryableStatuses = new Set([401, 403, 408, 409, 425, 429])

export interface HttpExchange {
  provider: string
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  url: string
  headers: Record<string, string>
  body?: string | FormData
  timeoutMs?: number
  answerLimitBytes?: number
  fetch?: typeof fetch | undefined
}

export interface HttpAnswer {
  status: number
  headers: Headers
  text: string
  /** When the provider asks for patience. */
  retryAfterSeconds: number | null
}

/** One call, whatever the status of its answer. Throws a retryable `ProviderError` where none came, or one without end. */
export async function exchange(call: HttpExchange): Promise<HttpAnswer> {
  // Called bare: the runtime refuses `fetch` as a method of another object.
  const go = call.fetch ?? fetch
  try {
    const response = await go(call.url, {
      method: call.method,
      headers: call.headers,
      ...(call.body !== undefined && { body: call.body }),
      signal: AbortSignal.timeout(call.timeoutMs ?? timeoutMs),
      redirect: 'manual',
    })
    return {
      status: response.status,
      headers: response.headers,
      text: await textOf(response, call.answerLimitBytes ?? answerLimitBytes),
      retryAfterSeconds: retryAfterOf(response.headers.get('retry-after')),
    }
  } catch (cause) {
    const reason =
      cause instanceof AnswerTooLong
        ? 'an answer too long'
        : cause instanceof Error && cause.name === 'TimeoutError'
          ? 'no answer in time'
          : 'not reached'
    throw new ProviderError(call.provider, reason, { retryable: true, cause })
  }
}

export interface ProviderAnswer {
  status: number
  body: Record<string, unknown>
}

export interface ProviderCall {
  provider: string
  url: string
  headers: Record<string, string>
  body: string | FormData
  /** The provider's own error code in an answer that is no success. */
  codeOf?: (body: Record<string, unknown>) => string | null
  /**
   * Codes that are about the one who is called or written to, and that no later attempt mends. With them every other refusal is taken
   * for our own mistake (a sender that is not confirmed, an account without credit), which is mended while the message waits. Without
   * them, the status decides.
   */
  finalCodes?: readonly string[]
  timeoutMs?: number
}

/**
 * One POST to a provider. Errors hold status and code, never what was sent and never the provider's prose, which quotes
 * phone numbers and addresses.
 */
export async function callProvider(call: ProviderCall): Promise<ProviderAnswer> {
  const { codeOf, finalCodes, ...sent } = call
  const { status, text, retryAfterSeconds } = await exchange({ method: 'POST', ...sent })
  const answer = { status, body: jsonOf(text) }
  if (isSuccess(status)) return answer
  const providerCode = codeOf?.(answer.body) ?? null
  throw new ProviderError(call.provider, answeredText(status, providerCode), {
    retryable: finalCodes
      ? providerCode === null || !finalCodes.includes(providerCode)
      : status >= 500 || retryableStatuses.has(status),
    status,
    providerCode,
    retryAfterSeconds,
  })
}

export const isSuccess = (status: number): boolean => status >= 200 && status < 300

export const answeredText = (status: number, code: string | null): string =>
  `answered ${status}${code ? ` (${code})` : ''}`

class AnswerTooLong extends Error {}

async function textOf(response: Response, limitBytes: number): Promise<string> {
  const decoder = new TextDecoder()
  let text = ''
  let bytes = 0
  for await (const chunk of response.body ?? []) {
    bytes += chunk.byteLength
    if (bytes > limitBytes) throw new AnswerTooLong()
    text += decoder.decode(chunk, { stream: true })
  }
  return text + decoder.decode()
}

function jsonOf(text: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {}
  } catch {
    return {}
  }
}

function retryAfterOf(header: string | null): number | null {
  const seconds = Number(header ?? Number.NaN)
  return Number.isInteger(seconds) && seconds >= 0 ? seconds : null
}
