import { ProviderError } from './provider-error.ts'

const timeoutMs = 10_000
const answerLimitChars = 64 * 1024
/** 401 and 403 are our own settings: once they are put right, what waits in the queue goes out. */
const retryableStatuses = new Set([401, 403, 408, 409, 425, 429])

export interface ProviderAnswer {
  status: number
  body: Record<string, unknown>
}

export interface ProviderCall {
  provider: string
  url: string
  headers: Record<string, string>
  body: string
  /** The provider's own error code in an answer that is no success. */
  codeOf?: (body: Record<string, unknown>) => string | null
  timeoutMs?: number
}

/**
 * One POST to a provider. Errors hold status and code, never what was sent and never the provider's prose, which quotes
 * phone numbers and addresses.
 */
export async function callProvider(call: ProviderCall): Promise<ProviderAnswer> {
  const { provider, url, headers, body } = call
  let response: Response
  let text: string
  try {
    const signal = AbortSignal.timeout(call.timeoutMs ?? timeoutMs)
    response = await fetch(url, { method: 'POST', headers, body, signal, redirect: 'manual' })
    text = (await response.text()).slice(0, answerLimitChars)
  } catch (cause) {
    const reason =
      cause instanceof Error && cause.name === 'TimeoutError' ? 'no answer in time' : 'not reached'
    throw new ProviderError(provider, reason, { retryable: true, cause })
  }
  const answer = { status: response.status, body: jsonOf(text) }
  if (response.ok) return answer
  const providerCode = call.codeOf?.(answer.body) ?? null
  throw new ProviderError(
    provider,
    `answered ${response.status}${providerCode ? ` (${providerCode})` : ''}`,
    {
      retryable: response.status >= 500 || retryableStatuses.has(response.status),
      status: response.status,
      providerCode,
      retryAfterSeconds: retryAfterOf(response.headers.get('retry-after')),
    },
  )
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
