import { sql } from 'drizzle-orm'
import type { Locale } from '../../../../core/context.ts'
import { open } from '../../../../core/crypto.ts'
import { logFailure } from '../../../../core/log.ts'
import type { Env } from '../../../../env.ts'
import { emailProvider } from '../../../../providers/email.ts'
import { ProviderError } from '../../../../providers/provider-error.ts'
import { systemContext } from '../../../../system-context.ts'
import { type EmailCodeMessage, emailSealPurpose, type SealedEmailCode } from './email-codes.ts'

type Kind = 'register' | 'reset' | 'change' | 'known'

const texts: Record<Kind, Record<Locale, (code: string) => { subject: string; text: string }>> = {
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

interface Wanted {
  purpose: 'register' | 'reset' | 'change'
  /** Somebody has proven the address; of a change, somebody else. */
  isKnown: boolean
}

/** Sends one code, or the word that there is an account; to an address that nobody has, no reset goes. */
export async function deliverEmailCode(
  env: Env,
  { emailCodeId, sealed }: EmailCodeMessage,
): Promise<'sent' | 'skipped'> {
  const ctx = systemContext(env, 'deliver-email-code')
  const [wanted] = await ctx.db.read<Wanted>(sql`
    select c.purpose, exists (select from users u where u.email = c.email and u.email_verified_at is not null
                                and (c.purpose <> 'change' or u.id <> c.user_id)) as "isKnown"
      from email_codes c where c.id = ${emailCodeId} and c.sent_at is null and c.used_at is null and c.expires_at > now()`)
  const kind = wanted && kindOf(wanted)
  if (!kind) return 'skipped'
  const { email, code, locale } = await openCode(env, emailCodeId, sealed)
  try {
    await emailProvider(env).send({ to: email, ...texts[kind][locale](code), idempotencyKey: emailCodeId })
  } catch (error) {
    if (!(error instanceof ProviderError) || error.retryable) throw error
    logFailure('email_code.refused', error, { emailCodeId })
    return 'skipped'
  }
  await ctx.db.write([sql`update email_codes set sent_at = now() where id = ${emailCodeId}`])
  return 'sent'
}

function kindOf({ purpose, isKnown }: Wanted): Kind | null {
  if (purpose === 'reset') return isKnown ? 'reset' : null
  return isKnown ? 'known' : purpose
}

async function openCode(env: Env, id: string, sealed: string): Promise<SealedEmailCode> {
  return JSON.parse(await open(env.ENCRYPTION_KEYS, emailSealPurpose(id), sealed)) as SealedEmailCode
}
