import { sql } from 'drizzle-orm'
import type { Locale } from '../../../../core/context.ts'
import { open } from '../../../../core/crypto.ts'
import { logFailure } from '../../../../core/log.ts'
import type { QueueBindings } from '../../../../core/messages.ts'
import { Problem } from '../../../../core/problems.ts'
import type { Env } from '../../../../env.ts'
import { availableOtpChannels, otpProvider } from '../../../../providers/otp.ts'
import { ProviderError } from '../../../../providers/provider-error.ts'
import { systemContext } from '../../../../system-context.ts'
import type { OtpChannel } from '../limits.ts'
import type { EmailCodeMessage } from './email-codes.ts'
import { type CodePurpose, type OtpMessage, type SealedCode, sealPurpose } from './one-time-codes.ts'

const texts: Record<CodePurpose, Record<Locale, (code: string) => string>> = {
  sign_in: {
    en: (code) => `${code} is your Khidma code. It is valid for 5 minutes. Do not share it with anyone.`,
    ar: (code) => `${code} هو رمز تسجيل الدخول إلى خدمة. صالح لمدة 5 دقائق. لا تشاركه مع أحد.`,
  },
  change: {
    en: (code) =>
      `${code} is the code to add this number to a Khidma account. It is valid for 5 minutes. If this was not you, do not share it.`,
    ar: (code) =>
      `${code} هو رمز إضافة هذا الرقم إلى حساب في خدمة. صالح لمدة 5 دقائق. إن لم تطلبه فلا تشاركه مع أحد.`,
  },
}

/**
 * After the commit, and awaited: no sweep could find a message that never got here. A caller who is told 503 repeats the
 * call with its Idempotency-Key, or asks for another code.
 */
export async function enqueueCode(
  env: Pick<QueueBindings, 'NOTIFICATIONS'>,
  message: OtpMessage | EmailCodeMessage,
): Promise<void> {
  try {
    await env.NOTIFICATIONS.send(message)
  } catch (cause) {
    throw new Problem('temporarily_unavailable', { retryAfterSeconds: 2, cause })
  }
}

/**
 * Sends one code: a message of the queue, which may come late, twice or out of order. What has left, expired, was used or
 * was followed by a newer code of the same requester is skipped. A channel that fails is followed by the next one there is, the same code on each:
 * a provider that took the message and lost its answer costs a second copy, not the sign-in. Throws where a later attempt may
 * succeed.
 */
export async function deliverOtp(
  env: Env,
  { otpRequestId, sealed }: OtpMessage,
): Promise<'sent' | 'skipped'> {
  const ctx = systemContext(env, 'deliver-otp')
  const [wanted] = await ctx.db.read<{ channel: OtpChannel }>(sql`
    select r.channel from otp_requests r where r.id = ${otpRequestId} and r.sent_at is null and r.expires_at > now() and not r.verified
      and not exists (select from otp_requests newer where newer.purpose = r.purpose and newer.created_at > r.created_at
                         and case r.purpose when 'change' then newer.user_id = r.user_id
                                               else newer.phone = r.phone and newer.requester = r.requester end)`)
  if (!wanted) return 'skipped'
  const content = await openCode(env, otpRequestId, sealed)
  const sentBy = await sendByAny(env, wanted.channel, otpRequestId, content)
  if (!sentBy) return 'skipped'
  await ctx.db.write([
    sql`update otp_requests set sent_at = now(), sent_by = ${sentBy} where id = ${otpRequestId}`,
  ])
  return 'sent'
}

/** The channel that took it; null where all of them refused it for good. */
async function sendByAny(
  env: Env,
  wanted: OtpChannel,
  otpRequestId: string,
  { phone, code, locale, purpose = 'sign_in' }: SealedCode,
): Promise<OtpChannel | null> {
  const others = availableOtpChannels(env).filter((channel) => channel !== wanted)
  let failure: ProviderError | undefined
  for (const channel of [wanted, ...others]) {
    try {
      const text = texts[purpose][locale](code)
      const message = { to: phone, text, code, locale, idempotencyKey: otpRequestId }
      await otpProvider(env, channel).send(message)
      return channel
    } catch (error) {
      if (!(error instanceof ProviderError)) throw error
      logFailure('otp.send_failed', error, { channel, otpRequestId })
      if (error.retryable) failure ??= error
    }
  }
  if (failure) throw failure
  return null
}

async function openCode(env: Env, otpRequestId: string, sealed: string): Promise<SealedCode> {
  return JSON.parse(await open(env.ENCRYPTION_KEYS, sealPurpose(otpRequestId), sealed)) as SealedCode
}
