import type { Env } from '../env.ts'
import { recordDevMessage } from './dev-outbox.ts'
import { ProviderError } from './provider-error.ts'
import { callTwilio } from './twilio.ts'

export interface Sms {
  /** E.164. */
  to: string
  text: string
  /** The same for every attempt at the same message: the provider sends it once. */
  idempotencyKey: string
  /** The code in the text, for the outbox of a development machine. */
  code?: string
}

export interface SmsProvider {
  /** The provider's id of the message. Throws a `ProviderError`. */
  send(sms: Sms): Promise<string>
}

type SmsEnv = Pick<Env, 'ENVIRONMENT' | 'MEDIA' | 'SMS_API_URL' | 'SMS_API_KEY' | 'SMS_SENDER'>

const provider = 'sms'
const defaultSender = 'Khidma'

/**
 * `SMS_API_URL` is the address of the messages of an account (`…/2010-04-01/Accounts/AC…/Messages.json`), `SMS_API_KEY` is
 * `user:password` (account or key SID and its secret), `SMS_SENDER` a number, a sender name or the SID of a messaging service (`MG…`).
 */
export function smsProvider(env: SmsEnv): SmsProvider {
  if (env.SMS_API_URL && env.SMS_API_KEY)
    return twilioProvider(env.SMS_API_URL, env.SMS_API_KEY, env.SMS_SENDER)
  if (env.ENVIRONMENT === 'development') return outboxProvider(env)
  throw new ProviderError(provider, 'not configured', { retryable: true })
}

const outboxProvider = (env: SmsEnv): SmsProvider => ({
  async send({ to, text, code, idempotencyKey }) {
    await recordDevMessage(env, { to, channel: 'sms', text, ...(code !== undefined && { code }) })
    return idempotencyKey
  },
})

const twilioProvider = (url: string, key: string, sender = defaultSender): SmsProvider => ({
  send({ to, text, idempotencyKey }) {
    const from = /^MG[0-9a-f]{32}$/.test(sender) ? { MessagingServiceSid: sender } : { From: sender }
    return callTwilio({ provider, url, key, idempotencyKey, form: { To: to, ...from, Body: text } })
  },
})
