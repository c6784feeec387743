import type { Locale } from '../../../core/context.ts'
import { formatMessage, formatTime } from '../../../core/i18n.ts'
import { ProviderError } from '../../../providers/provider-error.ts'

/** A change to how somebody signs in, or to a webhook of theirs, as its security notification tells of it (`khidma.tell_security`). */
export interface SecurityChange {
  /** The event. */
  kind: string
  happenedAt: string
  /** Masked: the new address or number, where that is what has changed. */
  changedTo: string | null
}

export interface SecurityMessage {
  subject: string
  text: string
}

/** In the language and zone of the account. Throws a `ProviderError` that no later attempt mends where nothing is to be said. */
export async function securityMessage(
  { kind, happenedAt, changedTo }: SecurityChange,
  locale: Locale,
  timezone: string,
): Promise<SecurityMessage> {
  const text = texts[kind]?.[locale]
  if (!text) throw new ProviderError('email', `no security notification tells of ${kind}`)
  const values = { changedTo: changedTo ?? '', time: formatTime(happenedAt, locale, timezone) }
  return { subject: text.subject, text: await formatMessage(text.body, locale, values) }
}

interface Text {
  subject: string
  body: string
}

const texts: Record<string, Record<Locale, Text>> = {
  'user.email_changed': {
    en: {
      subject: 'The e-mail address of your Khidma account was changed',
      body: 'On {time} the e-mail address of your account was changed to {changedTo}. This one no longer signs in. If it was not you, contact us at once: this message was sent here so that you can.',
    },
    ar: {
      subject: 'تغيّر البريد الإلكتروني لحسابك في خدمة',
      body: 'تغيّر البريد الإلكتروني لحسابك في {time} إلى {changedTo}، ولم يعد هذا البريد صالحًا للدخول. إن لم تكن أنت فتواصل معنا فورًا، فقد أرسلنا هذه الرسالة إلى هنا لهذا السبب.',
    },
  },
  'user.phone_changed': {
    en: {
      subject: 'The phone number of your Khidma account was changed',
      body: 'On {time} the phone number of your account was changed to {changedTo}, and other devices were signed out. If it was not you, contact us at once.',
    },
    ar: {
      subject: 'تغيّر رقم هاتف حسابك في خدمة',
      body: 'تغيّر رقم هاتف حسابك في {time} إلى \u2066{changedTo}\u2069 وسُجّل خروج الأجهزة الأخرى. إن لم تكن أنت فتواصل معنا فورًا.',
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
  'webhook.failing': {
    en: {
      subject: 'A webhook of your Khidma account is failing',
      body: 'At {time} a webhook of your account had taken no event for an hour. We go on trying for three days in all, then it is deactivated. See its deliveries for what your server answers.',
    },
    ar: {
      subject: 'تعذّر إيصال الأحداث إلى webhook في حسابك في خدمة',
      body: 'حتى {time} لم يستقبل أحد عناوين webhook في حسابك أي حدث منذ ساعة. نواصل المحاولة ثلاثة أيام في المجموع ثم نعطّله. راجع عمليات الإرسال لمعرفة رد خادمك.',
    },
  },
  'webhook.disabled': {
    en: {
      subject: 'A webhook of your Khidma account was deactivated',
      body: 'A webhook of your account was deactivated on {time}, as its server takes nothing. Repair it, reactivate the webhook, and fetch the events that were missed.',
    },
    ar: {
      subject: 'تم تعطيل webhook في حسابك في خدمة',
      body: 'عُطّل أحد عناوين webhook في حسابك في {time} لأن خادمه لا يستقبل شيئًا. أصلحه ثم أعد تفعيل الـ webhook واطلب الأحداث الفائتة.',
    },
  },
  'webhook.recovered': {
    en: {
      subject: 'A webhook of your Khidma account has recovered',
      body: 'A webhook of your account that was failing takes events again since {time}.',
    },
    ar: {
      subject: 'عاد webhook في حسابك في خدمة إلى العمل',
      body: 'عاد أحد عناوين webhook في حسابك إلى استقبال الأحداث منذ {time}.',
    },
  },
}
