import { sql } from 'drizzle-orm'
import type { Context, Locale } from '../../../../core/context.ts'
import { open } from '../../../../core/crypto.ts'
import { logFailure } from '../../../../core/log.ts'
import type { NotificationMessage, QueueBindings } from '../../../../core/messages.ts'
import { Problem } from '../../../../core/problems.ts'
import { bool, int, oneOf, type RowOf, rowsOf } from '../../../../db/rows.ts'
import type { Env } from '../../../../env.ts'
import { emailProvider } from '../../../../providers/email.ts'
import { availableOtpChannels, otpProvider } from '../../../../providers/otp.ts'
import { ProviderError } from '../../../../providers/provider-error.ts'
import { systemContext } from '../../../../system-context.ts'
import { type OtpChannel, otpChannels } from '../limits.ts'
import {
  type CodePurpose,
  type EmailCodeMessage,
  emailSealPurpose,
  type OtpMessage,
  type SealedCode,
  type SealedEmailCode,
  sealPurpose,
} from './codes.ts'

const otpTexts: Record<CodePurpose, Record<Locale, (code: string) => string>> = {
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
 * After the commit, and awaited: no sweep could find a message that never got here. A caller who gets 503 repeats the
 * call with its Idempotency-Key, or asks again.
 */
export async function enqueue(
  env: Pick<QueueBindings, 'NOTIFICATIONS'>,
  message: OtpMessage | EmailCodeMessage | Extract<NotificationMessage, { kind: 'invitation' }>,
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
  const [wanted] = await ctx.db.read(rowsOf({ channel: oneOf(otpChannels) })`
    select r.channel from otp_requests r where r.id = ${otpRequestId} and r.sent_at is null and r.expires_at > now() and not r.verified
      and not exists (select from otp_requests newer where newer.purpose = r.purpose and newer.created_at > r.created_at
                         and case r.purpose when 'change' then newer.user_id = r.user_id
                                               else newer.phone = r.phone and newer.requester = r.requester end)`)
  if (!wanted) return 'skipped'
  const content = await openOtp(env, otpRequestId, sealed)
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
      const text = otpTexts[purpose][locale](code)
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

async function openOtp(env: Env, otpRequestId: string, sealed: string): Promise<SealedCode> {
  return JSON.parse(await open(env.ENCRYPTION_KEYS, sealPurpose(otpRequestId), sealed)) as SealedCode
}

type EmailKind = 'register' | 'reset' | 'change' | 'known'

const emailTexts: Record<EmailKind, Record<Locale, (code: string) => { subject: string; text: string }>> = {
  register: {
    en: (code) => ({
      subject: `${code} is your Khidma code`,
      text: `Welcome to Khidma. Confirm your address with the code ${code}. It is valid for 30 minutes. Do not share it with anyone.`,
    }),
    ar: (code) => ({
      subject: `${code} هو رمز خدمة الخاص بك`,
      text: `مرحبًا بك في خدمة. أكّد بريدك بالرمز ${code}. صالح لمدة 30 دقيقة. لا تشاركه مع أحد.`,
    }),
  },
  reset: {
    en: (code) => ({
      subject: `${code} is your code to reset your Khidma password`,
      text: `Set a new password with the code ${code}. It is valid for 30 minutes. If you did not request it, ignore this e-mail.`,
    }),
    ar: (code) => ({
      subject: `${code} لإعادة تعيين كلمة مرورك في خدمة`,
      text: `عيّن كلمة مرور جديدة بالرمز ${code}. صالح لمدة 30 دقيقة. إن لم تطلبه فتجاهل الرسالة.`,
    }),
  },
  change: {
    en: (code) => ({
      subject: `${code} is your code to confirm your new address`,
      text: `Confirm this address for your Khidma account with the code ${code}. It is valid for 30 minutes. If this was not you, ignore this e-mail.`,
    }),
    ar: (code) => ({
      subject: `${code} لتأكيد بريدك الجديد`,
      text: `أكّد هذا البريد لحسابك في خدمة بالرمز ${code}. صالح لمدة 30 دقيقة. إن لم تكن أنت فتجاهل الرسالة.`,
    }),
  },
  known: {
    en: () => ({
      subject: 'You already have a Khidma account',
      text: 'Someone, perhaps you, tried to use this address for an account, but it already has one. Sign in, or reset your password. If this was not you, ignore this e-mail.',
    }),
    ar: () => ({
      subject: 'لديك حساب في خدمة بالفعل',
      text: 'حاول أحدهم، وربما أنت، استخدام هذا البريد لإنشاء حساب، ولكن له حساب بالفعل. سجّل الدخول أو أعد تعيين كلمة المرور. إن لم تكن أنت فتجاهل الرسالة.',
    }),
  },
}

const wantedEmail = {
  purpose: oneOf(['register', 'reset', 'change']),
  /** Somebody has proven the address; of a change, somebody else. */
  isKnown: bool,
}
type WantedEmail = RowOf<typeof wantedEmail>

/** Sends one code, or the word that there is an account; to an address that nobody has, no reset goes. */
export async function deliverEmailCode(
  env: Env,
  { emailCodeId, sealed }: EmailCodeMessage,
): Promise<'sent' | 'skipped'> {
  const ctx = systemContext(env, 'deliver-email-code')
  const [wanted] = await ctx.db.read(rowsOf(wantedEmail)`
    select c.purpose, exists (select from users u where u.email = c.email and u.email_verified_at is not null
                                and (c.purpose <> 'change' or u.id <> c.user_id)) as "isKnown"
      from email_codes c where c.id = ${emailCodeId} and c.sent_at is null and c.used_at is null and c.expires_at > now()`)
  const kind = wanted && kindOf(wanted)
  if (!kind) return 'skipped'
  const { email, code, locale } = await openEmailCode(env, emailCodeId, sealed)
  try {
    await emailProvider(env).send({
      to: email,
      ...emailTexts[kind][locale](code),
      idempotencyKey: emailCodeId,
    })
  } catch (error) {
    if (!(error instanceof ProviderError) || error.retryable) throw error
    logFailure('email_code.refused', error, { emailCodeId })
    return 'skipped'
  }
  await ctx.db.write([sql`update email_codes set sent_at = now() where id = ${emailCodeId}`])
  return 'sent'
}

function kindOf({ purpose, isKnown }: WantedEmail): EmailKind | null {
  if (purpose === 'reset') return isKnown ? 'reset' : null
  return isKnown ? 'known' : purpose
}

async function openEmailCode(env: Env, id: string, sealed: string): Promise<SealedEmailCode> {
  return JSON.parse(await open(env.ENCRYPTION_KEYS, emailSealPurpose(id), sealed)) as SealedEmailCode
}

/**
 * Tells whether a code to this number or address is still between its request and the outbox: for the development tools,
 * which show it as soon as the request has answered. A code that did not get there within 30 seconds is not waited for.
 */
export async function isCodePending({ db }: Context, to: string): Promise<boolean> {
  const rows = await db.read(rowsOf({ pending: int })`
    select 1 as pending from otp_requests
     where phone = ${to} and sent_at is null and not verified and created_at > now() - interval '30 seconds'
    union all
    select 1 from email_codes c
     where c.email = ${to} and c.sent_at is null and c.used_at is null and c.created_at > now() - interval '30 seconds'
           -- No reset goes to an address that nobody has.
       and (c.purpose <> 'reset' or exists (select from users u where u.email = c.email and u.email_verified_at is not null))
     limit 1`)
  return rows.length > 0
}
