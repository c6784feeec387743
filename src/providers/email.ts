import type { Env } from '../env.ts'
import { recordDevMessage } from './dev-outbox.ts'
import { callProvider } from './http-call.ts'
import { ProviderError } from './provider-error.ts'

export interface Email {
  to: string
  subject: string
  text: string
  /** The same for every attempt at the same message. */
  idempotencyKey: string
}

export interface EmailProvider {
  /** The provider's id of the message. Throws a `ProviderError`. */
  send(email: Email): Promise<string>
}

type EmailEnv = Pick<Env, 'ENVIRONMENT' | 'MEDIA' | 'EMAIL_API_URL' | 'EMAIL_API_KEY' | 'EMAIL_SENDER'>

const provider = 'email'
/** 300: the address is none; 406: it has bounced, or its owner has complained. */
const finalCodes = ['300', '406']
const defaultSender = 'Khidma <no-reply@khidma.example>'

/** `EMAIL_API_URL` is Postmark's `…/email` or one that speaks like it, `EMAIL_API_KEY` its server token. */
export function emailProvider(env: EmailEnv): EmailProvider {
  if (env.EMAIL_API_URL && env.EMAIL_API_KEY) {
    return postmarkProvider(env.EMAIL_API_URL, env.EMAIL_API_KEY, env.EMAIL_SENDER)
  }
  if (env.ENVIRONMENT === 'development') return outboxProvider(env)
  throw new ProviderError(provider, 'not configured', { retryable: true })
}

const outboxProvider = (env: EmailEnv): EmailProvider => ({
  async send({ to, subject, text, idempotencyKey }) {
    await recordDevMessage(env, { to, channel: 'email', text: `${subject}\n\n${text}` })
    return idempotencyKey
  },
})

const postmarkProvider = (url: string, token: string, sender = defaultSender): EmailProvider => ({
  async send({ to, subject, text, idempotencyKey }) {
    const { body } = await callProvider({
      provider,
      url,
      headers: {
        accept: 'application/json',
        'content-type': 'application/json',
        'x-postmark-server-token': token,
        'idempotency-key': idempotencyKey,
      },
      body: JSON.stringify({
        From: sender,
        To: to,
        Subject: subject,
        TextBody: text,
        MessageStream: 'outbound',
        Metadata: { key: idempotencyKey },
      }),
      codeOf: ({ ErrorCode }) => (typeof ErrorCode === 'number' ? String(ErrorCode) : null),
      finalCodes,
    })
    if (typeof body.MessageID !== 'string') {
      throw new ProviderError(provider, 'an answer without MessageID', { retryable: true })
    }
    return body.MessageID
  },
})
