import type { Env } from '../env.ts'
import { hmacSignature, isRecent } from './checks-signature.ts'
import { answeredText, callProvider, exchange, isSuccess } from './http-call.ts'
import { ProviderError } from './provider-error.ts'

/** Papers as the provider gets them. */
export interface Papers {
  /** Our id of the attempt; the provider takes an id once. */
  externalId: string
  documentType: string
  country: string | null
  files: { part: string; mimeType: string; sha256: string; bytes: Uint8Array<ArrayBuffer> }[]
}

export interface CheckAnswer {
  /** Names the answer: the same however often it is sent. */
  eventId: string
  externalId: string
  /** `unclear`: a person must look. */
  outcome: 'pass' | 'fail' | 'unclear'
  reason: string | null
}

/** A service that compares papers with what it knows of genuine ones. */
export interface CheckProvider {
  /** Hands papers over, once for each `externalId`, and returns the id of the check there. Throws a `ProviderError`. */
  submit(papers: Papers): Promise<string>
  /** The answer so far; null while there is none. */
  ask(reference: string): Promise<CheckAnswer | null>
  /** The answer in a webhook; null unless the provider has signed it. */
  verify(raw: Uint8Array, headers: Headers): CheckAnswer | null
}

type ChecksEnv = Pick<Env, 'CHECKS_API_URL' | 'CHECKS_API_KEY' | 'CHECKS_WEBHOOK_SECRET'>

const provider = 'checks'
/** Photos of several documents take their time. */
const uploadTimeoutMs = 60_000

/**
 * `CHECKS_API_URL` is the address below which the provider has `checks`, `CHECKS_API_KEY` its bearer token, `CHECKS_WEBHOOK_SECRET` the key of
 * its webhooks (base64, with `whsec_` before it or not). Null where no provider is configured.
 */
export function checkProvider(env: ChecksEnv): CheckProvider | null {
  const { CHECKS_API_URL: url, CHECKS_API_KEY: key, CHECKS_WEBHOOK_SECRET: secret } = env
  if (!url || !key || !secret) return null
  const headers = { accept: 'application/json', authorization: `Bearer ${key}` }
  return {
    async submit({ files, ...about }) {
      const form = new FormData()
      const listed = files.map(({ part, sha256 }, index) => ({ name: `file${index}`, part, sha256 }))
      form.set('check', JSON.stringify({ ...about, files: listed }))
      files.forEach(({ bytes, mimeType }, index) => {
        form.set(`file${index}`, new Blob([bytes], { type: mimeType }), `file${index}`)
      })
      const { body } = await callProvider({
        provider,
        url: `${url}/checks`,
        headers: { ...headers, 'idempotency-key': about.externalId },
        body: form,
        timeoutMs: uploadTimeoutMs,
        codeOf: ({ code }) => (typeof code === 'string' ? code : null),
      })
      if (typeof body.id !== 'string')
        throw new ProviderError(provider, 'an answer without id', { retryable: true })
      return body.id
    },
    async ask(reference) {
      const answer = await exchange({
        provider,
        method: 'GET',
        url: `${url}/checks/${encodeURIComponent(reference)}`,
        headers,
      })
      if (!isSuccess(answer.status)) {
        throw new ProviderError(provider, answeredText(answer.status, null), { retryable: true })
      }
      return answerIn(parsed(answer.text), `asked:${reference}`)
    },
    verify(raw, given) {
      const [id, time, signatures] = ['webhook-id', 'webhook-timestamp', 'webhook-signature'].map(
        (name) => given.get(name) ?? '',
      ) as [string, string, string]
      if (!isRecent(time) || !hmacSignature(secret, id, time, raw, signatures)) return null
      const { type, data } = parsed(Buffer.from(raw).toString('utf8'))
      return type === 'check.completed' ? answerIn({ ...(data as object), status: 'completed' }, id) : null
    },
  }
}

function parsed(text: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {}
  } catch {
    return {}
  }
}

const uuidPattern = /^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/

/** An outcome that we do not know, and a reason that is no code, are for a person to look at. */
function answerIn(body: Record<string, unknown>, eventId: string): CheckAnswer | null {
  const { status, externalId, outcome, reason } = body
  if (status !== 'completed' || typeof externalId !== 'string' || !uuidPattern.test(externalId)) return null
  return {
    eventId,
    externalId,
    outcome: outcome === 'pass' || outcome === 'fail' ? outcome : 'unclear',
    reason: typeof reason === 'string' && /^[a-z][a-z0-9_]{0,59}$/.test(reason) ? reason : null,
  }
}
