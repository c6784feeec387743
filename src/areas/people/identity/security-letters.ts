import { hkdfSync } from 'node:crypto'
import { type SQL, sql } from 'drizzle-orm'
import type { Context, Locale } from '../../../core/context.ts'
import { formatMessage } from '../../../core/i18n.ts'
import { newId } from '../../../core/ids.ts'
import { ProviderError } from '../../../providers/provider-error.ts'

/** Longer than two addresses of 254 letters and what stands around them; every letter is as long, once sealed. */
const keyBytes = 768

/** For one letter: what is sealed with it is as safe as the pepper, and the database keeps neither. */
const keyOf = (pepper: string, id: string): Buffer =>
  Buffer.from(hkdfSync('sha256', Buffer.from(pepper, 'base64'), id, 'security-letter', keyBytes))

/**
 * To run before a change that an owner is told of by letter (`khidma.plan_letter`): who holds the address until then is
 * known to the database alone, which seals it under a key that it does not keep. So the change stays one trip.
 */
export function sealingLetter(ctx: Context): SQL {
  const id = newId(ctx.now.getTime())
  const given = { id, key: keyOf(ctx.secrets.pepper, id).toString('base64') }
  return sql`select set_config('khidma.letter', ${JSON.stringify(given)}, true)`
}

export interface SealedLetter {
  id: string
  /** Base64. */
  sealed: string
  kind: string
  /** Of the owner: language and zone to write it in. */
  locale: Locale
  timezone: string
  happenedAt: string
}

export interface Letter {
  /** The address that was proven before, if there was one. */
  to: string | null
  /** The number that was before, where that is what has changed. */
  phone: string | null
  subject: string
  text: string
}

interface Content {
  to?: string
  phone?: string
  /** Those that stand there now, masked. */
  address?: string
  number?: string
}

/** Throws a `ProviderError` that no later attempt mends where it cannot be opened. */
export async function openLetter(pepper: string, letter: SealedLetter): Promise<Letter> {
  const content = contentOf(pepper, letter)
  const text = texts[letter.kind]?.[letter.locale]
  if (!content || !text) throw new ProviderError('email', 'the letter cannot be opened')
  const { to = null, phone = null, address = '', number = '' } = content
  const values = { address, number, time: timeOf(letter) }
  return { to, phone, subject: text.subject, text: await formatMessage(text.body, letter.locale, values) }
}

function contentOf(pepper: string, { id, sealed }: SealedLetter): Content | null {
  const key = keyOf(pepper, id)
  const text = Buffer.from(sealed, 'base64').map((byte, n) => byte ^ (key[n] ?? 0))
  try {
    return JSON.parse(Buffer.from(text).toString('utf8')) as Content
  } catch {
    return null
  }
}

function timeOf({ locale, timezone, happenedAt }: SealedLetter): string {
  const language = locale === 'ar' ? 'ar-EG' : 'en-GB'
  const format = { dateStyle: 'long', timeStyle: 'long', timeZone: timezone } as const
  return new Intl.DateTimeFormat(language, format).format(new Date(happenedAt))
}

interface Text {
  subject: string
  body: string
}

const texts: Record<string, Record<Locale, Text>> = {
  'user.email_changed': {
    en: {
      subject: 'The e-mail address of your Khidma account was changed',
      body: 'On {time} the e-mail address of your account was changed to {address}. This one no longer signs in. If it was not you, contact us at once: this letter was sent here so that you can.',
    },
    ar: {
      subject: 'تغيّر البريد الإلكتروني لحسابك في خدمة',
      body: 'تغيّر البريد الإلكتروني لحسابك في {time} إلى {address}، ولم يعد هذا البريد صالحًا للدخول. إن لم تكن أنت فتواصل معنا فورًا، فقد أرسلنا هذه الرسالة إلى هنا لهذا السبب.',
    },
  },
  'user.phone_changed': {
    en: {
      subject: 'The phone number of your Khidma account was changed',
      body: 'On {time} the phone number of your account was changed to {number}, and other devices were signed out. If it was not you, contact us at once.',
    },
    ar: {
      subject: 'تغيّر رقم هاتف حسابك في خدمة',
      body: 'تغيّر رقم هاتف حسابك في {time} إلى \u2066{number}\u2069 وسُجّل خروج الأجهزة الأخرى. إن لم تكن أنت فتواصل معنا فورًا.',
    },
  },
  'user.password_changed': {
    en: {
      subject: 'The password of your Khidma account was changed',
      body: 'The password of your account was changed on {time}, and other devices were signed out. If it was not you, reset it with this address now, and contact us.',
    },
    ar: {
      subject: 'تغيّرت كلمة مرور حسابك في خدمة',
      body: 'تغيّرت كلمة مرور حسابك في {time} وسُجّل خروج الأجهزة الأخرى. إن لم تكن أنت فأعد تعيينها الآن بهذا البريد وتواصل معنا.',
    },
  },
  'user.mfa_enabled': {
    en: {
      subject: 'Your Khidma account has a new second factor',
      body: 'An authenticator app was added to your account on {time}. Its code is asked for at every sign-in. If it was not you, contact us at once.',
    },
    ar: {
      subject: 'أُضيف عامل تحقق ثانٍ إلى حسابك في خدمة',
      body: 'أُضيف تطبيق مصادقة إلى حسابك في {time} وسيُطلب رمزه عند كل دخول. إن لم تكن أنت فتواصل معنا فورًا.',
    },
  },
  'user.mfa_disabled': {
    en: {
      subject: 'A second factor of your Khidma account was removed',
      body: 'An authenticator app was removed from your account on {time}. If it was not you, change your password and contact us at once.',
    },
    ar: {
      subject: 'أُزيل عامل تحقق ثانٍ من حسابك في خدمة',
      body: 'أُزيل تطبيق مصادقة من حسابك في {time}. إن لم تكن أنت فغيّر كلمة المرور وتواصل معنا فورًا.',
    },
  },
  'user.backup_codes_changed': {
    en: {
      subject: 'Your Khidma account has new backup codes',
      body: 'New backup codes were made for your account on {time}; the old ones are worth nothing. If it was not you, change your password and contact us at once.',
    },
    ar: {
      subject: 'رموز احتياطية جديدة لحسابك في خدمة',
      body: 'أُنشئت رموز احتياطية جديدة لحسابك في {time} ولم تعد القديمة صالحة. إن لم تكن أنت فغيّر كلمة المرور وتواصل معنا فورًا.',
    },
  },
  'user.backup_code_used': {
    en: {
      subject: 'A backup code of your Khidma account was used',
      body: 'A backup code stood in for your authenticator app on {time}. If it was not you, change your password, make new codes and contact us.',
    },
    ar: {
      subject: 'استُخدم رمز احتياطي لحسابك في خدمة',
      body: 'استُخدم رمز احتياطي بدل تطبيق المصادقة في {time}. إن لم تكن أنت فغيّر كلمة المرور وأنشئ رموزًا جديدة وتواصل معنا.',
    },
  },
}
