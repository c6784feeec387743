import type { Locale } from '../core/context.ts'
import type { Env } from '../env.ts'
import { recordDevMessage } from './dev-outbox.ts'
import type { OtpProvider } from './otp.ts'
import { ProviderError } from './provider-error.ts'
import { callTwilio } from './twilio.ts'

type VoiceEnv = Pick<Env, 'ENVIRONMENT' | 'MEDIA' | 'VOICE_API_URL' | 'VOICE_API_KEY' | 'VOICE_SENDER'>

const provider = 'voice'

const spoken: Record<Locale, { language: string; lead: string }> = {
  en: { language: 'en-GB', lead: 'Your Khidma code is' },
  ar: { language: 'arb', lead: 'رمز خدمة الخاص بك هو' },
}

/** `VOICE_API_URL` is the address of the calls of an account (`…/Calls.json`), `VOICE_SENDER` the number that rings. */
export function voiceProvider(env: VoiceEnv): OtpProvider {
  const { VOICE_API_URL: url, VOICE_API_KEY: key, VOICE_SENDER: from } = env
  if (url && key && from) return twilioProvider({ url, key, from })
  if (env.ENVIRONMENT === 'development' && !url) return outboxProvider(env)
  throw new ProviderError(provider, 'not configured', { retryable: true })
}

const outboxProvider = (env: VoiceEnv): OtpProvider => ({
  async send({ to, text, code, idempotencyKey }) {
    await recordDevMessage(env, { to, channel: 'voice', text, code })
    return idempotencyKey
  },
})

const twilioProvider = ({ url, key, from }: { url: string; key: string; from: string }): OtpProvider => ({
  send({ to, code, locale, idempotencyKey }) {
    const form = { To: to, From: from, Twiml: twimlOf(code, locale) }
    return callTwilio({ provider, url, key, idempotencyKey, form })
  },
})

/** Digit by digit, three times: nobody has a pen at hand. Code and texts are ours, so that nothing needs escaping. */
function twimlOf(code: string, locale: Locale): string {
  const { language, lead } = spoken[locale]
  const words = `<Say language="${language}">${lead} ${[...code].join('. ')}.</Say>`
  return `<Response>${[words, words, words].join('<Pause length="1"/>')}</Response>`
}
