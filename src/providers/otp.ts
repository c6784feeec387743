import type { Locale } from '../core/context.ts'
import type { Env } from '../env.ts'
import { smsProvider } from './sms.ts'
import { voiceProvider } from './voice.ts'
import { whatsAppProvider } from './whatsapp.ts'

export interface OtpToSend {
  /** E.164. */
  to: string
  text: string
  code: string
  locale: Locale
  /** The same for every attempt at the same message: the provider sends it once. */
  idempotencyKey: string
}

export interface OtpProvider {
  /** The provider's id of the message. Throws a `ProviderError`. */
  send(otp: OtpToSend): Promise<string>
}

type Channel = 'sms' | 'whatsapp' | 'voice'

const providers: Record<Channel, (env: Env) => OtpProvider> = {
  sms: smsProvider,
  whatsapp: whatsAppProvider,
  voice: voiceProvider,
}

export const otpProvider = (env: Env, channel: Channel): OtpProvider => providers[channel](env)

/** In the order of fallback. In development, a channel without a provider writes to the outbox. */
export function availableOtpChannels(env: Env): Channel[] {
  const configured: Record<Channel, unknown> = {
    sms: env.SMS_API_URL && env.SMS_API_KEY,
    whatsapp: env.WHATSAPP_API_URL && env.WHATSAPP_API_KEY,
    voice: env.VOICE_API_URL && env.VOICE_API_KEY,
  }
  const channels = ['sms', 'whatsapp', 'voice'] as const
  return channels.filter((channel) => configured[channel] || env.ENVIRONMENT === 'development')
}
