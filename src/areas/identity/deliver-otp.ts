import { sql } from 'drizzle-orm'
import type { Locale } from '../../core/context.ts'
import { open } from '../../core/crypto.ts'
import { Problem } from '../../core/problems.ts'
import type { Env } from '../../env.ts'
import { ProviderError } from '../../providers/provider-error.ts'
import { smsProvider } from '../../providers/sms.ts'
import { systemContext } from '../../system-context.ts'
import { type OtpMessage, type SealedCode, sealPurpose } from './one-time-codes.ts'

const texts: Record<Locale, (code: string) => string> = {
  en: (code) => `${code} is your Khidma code. It is good for 5 minutes. Give it to nobody.`,
  ar: (code) => `${code} هو رمز الدخول إلى خدمة. صالح لمدة 5 دقائق. لا تعطه لأحد.`,
}

/**
 * After the commit, and awaited: no sweep could find a message that never got here. A caller who is told 503 repeats the
 * call with its Idempotency-Key, or asks for another code.
 */
export async function enqueueOtp(env: Pick<Env, 'NOTIFICATIONS'>, message: OtpMessage): Promise<void> {
  try {
    await env.NOTIFICATIONS.send(message)
  } catch (cause) {
    throw new Problem('temporarily_unavailable', { retryAfterSeconds: 2, cause })
  }
}

/**
 * Sends one code: a message of the queue, which may come late, twice or out of order. What has left, expired, was used or
 * was followed by a newer code is skipped. Throws where a later attempt may succeed.
 */
export async function deliverOtp(
  env: Env,
  { otpRequestId, sealed }: OtpMessage,
): Promise<'sent' | 'skipped'> {
  const ctx = systemContext(env, 'deliver-otp')
  const wanted = await ctx.db.read(sql`
    select r.id from otp_requests r where r.id = ${otpRequestId} and r.sent_at is null and r.expires_at > now() and not r.verified
      and not exists (select from otp_requests newer where newer.phone = r.phone and newer.created_at > r.created_at)`)
  if (wanted.length === 0) return 'skipped'
  const { phone, code, locale } = await openCode(env, otpRequestId, sealed)
  try {
    await smsProvider(env).send({ to: phone, text: texts[locale](code), code, idempotencyKey: otpRequestId })
  } catch (error) {
    if (!(error instanceof ProviderError) || error.retryable) throw error
    console.error({ message: 'an SMS was refused for good', otpRequestId, error: error.message })
    return 'skipped'
  }
  await ctx.db.write([sql`update otp_requests set sent_at = now() where id = ${otpRequestId}`])
  return 'sent'
}

async function openCode(env: Env, otpRequestId: string, sealed: string): Promise<SealedCode> {
  return JSON.parse(await open(env.ENCRYPTION_KEYS, sealPurpose(otpRequestId), sealed)) as SealedCode
}
