import type { Env } from '../env.ts'
import { recordDevMessage } from './dev-outbox.ts'
import type { OtpProvider } from './otp.ts'
import { ProviderError } from './provider-error.ts'
import { callTwilio } from './twilio.ts'

type WhatsAppEnv = Pick<
  Env,
  'ENVIRONMENT' | 'MEDIA' | 'WHATSAPP_API_URL' | 'WHATSAPP_API_KEY' | 'WHATSAPP_SENDER' | 'WHATSAPP_TEMPLATE'
>

const provider = 'whatsapp'

/**
 * `WHATSAPP_API_URL` and `WHATSAPP_API_KEY` as for SMS, `WHATSAPP_SENDER` the number that WhatsApp knows, in E.164.
 * `WHATSAPP_TEMPLATE` is the SID (`HX…`) of an approved authentication template with the code as its first variable: outside
 * of a conversation WhatsApp takes nothing else.
 */
export function whatsAppProvider(env: WhatsAppEnv): OtpProvider {
  const {
    WHATSAPP_API_URL: url,
    WHATSAPP_API_KEY: key,
    WHATSAPP_SENDER: from,
    WHATSAPP_TEMPLATE: template,
  } = env
  if (url && key && from && template) return twilioProvider({ url, key, from, template })
  if (env.ENVIRONMENT === 'development' && !url) return outboxProvider(env)
  throw new ProviderError(provider, 'not configured', { retryable: true })
}

const outboxProvider = (env: WhatsAppEnv): OtpProvider => ({
  async send({ to, text, code, idempotencyKey }) {
    await recordDevMessage(env, { to, channel: 'whatsapp', text, code })
    return idempotencyKey
  },
})

const twilioProvider = (settings: {
  url: string
  key: string
  from: string
  template: string
}): OtpProvider => ({
  send({ to, code, idempotencyKey }) {
    const { url, key, from, template } = settings
    const form = {
      To: `whatsapp:${to}`,
      From: `whatsapp:${from}`,
      ContentSid: template,
      ContentVariables: JSON.stringify({ '1': code }),
    }
    return callTwilio({ provider, url, key, idempotencyKey, form })
  },
})
