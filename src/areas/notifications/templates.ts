import type { Locale } from '../../core/context.ts'
import type { EventRow, EventTypeName } from '../../core/events.ts'
import { formatMessage, type MessageValues } from '../../core/i18n.ts'

/** To whom an event is news: never to the person who made it happen. The event's data names each as `<audience>Id`. */
const audiences = ['client', 'tasker', 'reviewee', 'user'] as const
type Audience = (typeof audiences)[number]

interface Text {
  title: string
  body: string
}

export type Template = Partial<Record<Audience, Record<Locale, Text>>>

/**
 * What people are told, in the languages that ship: ICU MessageFormat with the values of the event's data. An event without
 * a template is told to nobody.
 */
export const templates: Partial<Record<EventTypeName, Template>> = {
  'offer.created': {
    tasker: {
      en: { title: 'A task near you', body: 'Open the offer and answer before it closes.' },
      ar: { title: 'مهمة قريبة منك', body: 'افتح العرض وأجب قبل أن يُغلق.' },
    },
  },
  'booking.accepted': {
    client: {
      en: { title: 'A tasker has accepted', body: 'Look at their profile and confirm.' },
      ar: { title: 'قبل مقدم خدمة مهمتك', body: 'اطّلع على ملفه ثم أكّد الحجز.' },
    },
  },
  'booking.confirmed': {
    tasker: {
      en: { title: 'Your booking is confirmed', body: 'The client is expecting you.' },
      ar: { title: 'تأكّد حجزك', body: 'العميل في انتظارك.' },
    },
  },
  'booking.in_progress': {
    client: {
      en: { title: 'The work has started', body: 'Your tasker is at work.' },
      ar: { title: 'بدأ العمل', body: 'مقدم الخدمة بدأ العمل.' },
    },
  },
  'booking.completed': {
    client: {
      en: { title: 'The work is done', body: 'Pay, and tell how it went.' },
      ar: { title: 'تم العمل', body: 'ادفع وأخبرنا كيف سارت الأمور.' },
    },
  },
  'booking.canceled': {
    client: {
      en: { title: 'Your booking was canceled', body: 'See the booking for the reason.' },
      ar: { title: 'أُلغي حجزك', body: 'تجد السبب في صفحة الحجز.' },
    },
    tasker: {
      en: { title: 'A booking was canceled', body: 'See the booking for the reason.' },
      ar: { title: 'أُلغي حجز', body: 'تجد السبب في صفحة الحجز.' },
    },
  },
  'task.expired': {
    client: {
      en: { title: 'Nobody was free', body: 'Change the time or the place and post the task again.' },
      ar: { title: 'لا أحد متاح الآن', body: 'غيّر الموعد أو المكان وانشر المهمة من جديد.' },
    },
  },
  'payment_intent.captured': {
    client: {
      en: { title: 'Paid', body: 'The tasker has confirmed your payment. Thank you.' },
      ar: { title: 'تم الدفع', body: 'أكّد مقدم الخدمة استلام المبلغ. شكرًا لك.' },
    },
  },
  'dispute.created': {
    client: {
      en: { title: 'A dispute was opened', body: 'Our team looks into it and will be in touch.' },
      ar: { title: 'فُتح نزاع', body: 'فريقنا يراجعه وسيتواصل معك.' },
    },
    tasker: {
      en: { title: 'A dispute was opened', body: 'Our team looks into it and will be in touch.' },
      ar: { title: 'فُتح نزاع', body: 'فريقنا يراجعه وسيتواصل معك.' },
    },
  },
  'dispute.refunded': {
    client: {
      en: { title: 'You were refunded', body: 'The amount is in your wallet.' },
      ar: { title: 'استرددت مبلغًا', body: 'المبلغ في محفظتك الآن.' },
    },
    tasker: {
      en: { title: 'The client was refunded', body: 'See your earnings for the details.' },
      ar: { title: 'استرد العميل مبلغًا', body: 'التفاصيل في صفحة أرباحك.' },
    },
  },
  'dispute.resolved': {
    client: {
      en: { title: 'The dispute is resolved', body: 'See the booking for the decision.' },
      ar: { title: 'انتهى النزاع', body: 'تجد القرار في صفحة الحجز.' },
    },
    tasker: {
      en: { title: 'The dispute is resolved', body: 'See the booking for the decision.' },
      ar: { title: 'انتهى النزاع', body: 'تجد القرار في صفحة الحجز.' },
    },
  },
  'dispute.rejected': {
    client: {
      en: { title: 'The dispute is closed', body: 'See the booking for the decision.' },
      ar: { title: 'أُغلق النزاع', body: 'تجد القرار في صفحة الحجز.' },
    },
    tasker: {
      en: { title: 'The dispute is closed', body: 'See the booking for the decision.' },
      ar: { title: 'أُغلق النزاع', body: 'تجد القرار في صفحة الحجز.' },
    },
  },
  'review.created': {
    reviewee: {
      en: {
        title: 'You were reviewed',
        body: '{rating, plural, one {# star} other {# stars}} for your last booking.',
      },
      ar: {
        title: 'لديك تقييم جديد',
        body: '{rating, plural, one {نجمة واحدة} two {نجمتان} few {# نجوم} other {# نجمة}} عن حجزك الأخير.',
      },
    },
  },
  'report.resolved': {
    client: {
      en: { title: 'Your report was looked into', body: 'Thank you for telling us.' },
      ar: { title: 'راجعنا بلاغك', body: 'شكرًا لأنك أخبرتنا.' },
    },
  },
  'payout.paid': {
    tasker: {
      en: { title: 'You were paid', body: 'See your earnings for the details.' },
      ar: { title: 'وصلتك أرباحك', body: 'التفاصيل في صفحة أرباحك.' },
    },
  },
  'verification.verified': {
    user: {
      en: { title: 'You are verified', body: 'Your papers were checked and found in order.' },
      ar: { title: 'تم توثيق حسابك', body: 'راجعنا مستنداتك ووجدناها سليمة.' },
    },
  },
  'verification.rejected': {
    user: {
      en: { title: 'Your papers were refused', body: 'See why, and send better ones.' },
      ar: { title: 'رُفضت مستنداتك', body: 'اطّلع على السبب وأرسل مستندات أوضح.' },
    },
  },
  'company.approved': {
    user: {
      en: { title: 'Your company is approved', body: 'Everybody can find it now.' },
      ar: { title: 'تمت الموافقة على شركتك', body: 'أصبحت ظاهرة للجميع الآن.' },
    },
  },
  'company.rejected': {
    user: {
      en: { title: 'Your company was refused', body: 'See why, and correct your company profile.' },
      ar: { title: 'رُفضت شركتك', body: 'اطّلع على السبب وصحّح ملف الشركة.' },
    },
  },
  'user.sign_in_blocked': {
    user: {
      en: {
        title: 'Somebody guesses at your password',
        body: 'We slow them down; your account is safe. If it was you, wait a minute or sign in by code.',
      },
      ar: {
        title: 'أحدهم يخمّن كلمة مرورك',
        body: 'نبطئ محاولاته وحسابك آمن. إن كنت أنت فانتظر دقيقة أو ادخل برمز.',
      },
    },
  },
  'user.password_changed': {
    user: {
      en: {
        title: 'Your password was changed',
        body: 'Your other devices were signed out. If that was not you, reset it now.',
      },
      ar: {
        title: 'تغيّرت كلمة مرورك',
        body: 'سُجّل خروج أجهزتك الأخرى. إن لم تكن أنت فأعد تعيينها الآن.',
      },
    },
  },
  'user.email_changed': {
    user: {
      en: {
        title: 'Your e-mail address was changed',
        body: 'From now on you sign in with the new one. If that was not you, contact us.',
      },
      ar: {
        title: 'تغيّر بريدك الإلكتروني',
        body: 'من الآن تدخل بالبريد الجديد. إن لم تكن أنت فتواصل معنا.',
      },
    },
  },
  'user.phone_changed': {
    user: {
      en: {
        title: 'Your phone number was changed',
        body: 'Your other devices were signed out. If that was not you, contact us.',
      },
      ar: {
        title: 'تغيّر رقم هاتفك',
        body: 'سُجّل خروج أجهزتك الأخرى. إن لم تكن أنت فتواصل معنا.',
      },
    },
  },
  'user.mfa_enabled': {
    user: {
      en: {
        title: 'A second factor was added',
        body: 'We ask for its code when you sign in. If that was not you, contact us.',
      },
      ar: {
        title: 'أُضيف عامل تحقق ثانٍ',
        body: 'سنطلب رمزه عند الدخول. إن لم تكن أنت فتواصل معنا.',
      },
    },
  },
  'user.mfa_disabled': {
    user: {
      en: { title: 'A second factor was removed', body: 'If that was not you, contact us.' },
      ar: { title: 'أُزيل عامل تحقق ثانٍ', body: 'إن لم تكن أنت فتواصل معنا.' },
    },
  },
  'user.backup_codes_changed': {
    user: {
      en: {
        title: 'You have new backup codes',
        body: 'The old ones are worth nothing now. If that was not you, contact us.',
      },
      ar: {
        title: 'لديك رموز احتياطية جديدة',
        body: 'لم تعد الرموز القديمة صالحة. إن لم تكن أنت فتواصل معنا.',
      },
    },
  },
  'user.backup_code_used': {
    user: {
      en: {
        title: 'A backup code was used',
        body: '{left, plural, =0 {None is left: make new ones.} one {# is left.} other {# are left.}} If that was not you, contact us.',
      },
      ar: {
        title: 'استُخدم رمز احتياطي',
        body: '{left, plural, =0 {لم يبق أي رمز: أنشئ رموزًا جديدة.} one {بقي رمز واحد.} two {بقي رمزان.} few {بقيت # رموز.} other {بقي # رمزًا.}} إن لم تكن أنت فتواصل معنا.',
      },
    },
  },
  'user_role.approved': {
    user: {
      en: {
        title: 'You have a new role',
        body: 'The role “{role}” is yours from your next sign-in. Staff need a second factor.',
      },
      ar: {
        title: 'لديك دور جديد',
        body: 'أصبح الدور «{role}» لك ابتداءً من دخولك التالي. يحتاج الموظفون إلى عامل تحقق ثانٍ.',
      },
    },
  },
  'user_role.rejected': {
    user: {
      en: {
        title: 'You were not given the role',
        body: 'Your request for the role “{role}” was turned down.',
      },
      ar: { title: 'لم تحصل على الدور', body: 'رُفض طلبك للدور «{role}».' },
    },
  },
  'user_role.revoked': {
    user: {
      en: { title: 'A role was taken from you', body: 'The role “{role}” is yours no more.' },
      ar: { title: 'سُحب منك أحد أدوارك', body: 'لم يعد الدور «{role}» لك.' },
    },
  },
  'user_role.expired': {
    user: {
      en: {
        title: 'One of your roles has run out',
        body: 'The role “{role}” was yours for a time, which is over.',
      },
      ar: { title: 'انتهت مدة أحد أدوارك', body: 'كان الدور «{role}» لك لمدة، وقد انتهت.' },
    },
  },
  'session.opened': {
    user: {
      en: {
        title: 'A new sign-in',
        body: 'Your account was opened on another device. If that was not you, end that session and change your password.',
      },
      ar: {
        title: 'دخول جديد',
        body: 'فُتح حسابك على جهاز آخر. إن لم تكن أنت فأنهِ تلك الجلسة وغيّر كلمة المرور.',
      },
    },
  },
  'session.revoked': {
    user: {
      en: {
        title: 'A device was signed out',
        body: `{reason, select,
          refresh_token_reused {Its sign-in was used twice. If that was not you, sign in again.}
          other {It has to sign in again.}}`,
      },
      ar: {
        title: 'سُجّل خروج أحد أجهزتك',
        body: `{reason, select,
          refresh_token_reused {استُخدم تسجيل دخوله مرتين. إن لم تكن أنت فسجّل الدخول من جديد.}
          other {عليه تسجيل الدخول من جديد.}}`,
      },
    },
  },
  'export.ready': {
    user: {
      en: {
        title: 'Your data is ready',
        body: 'Download it in the app within a week. If you did not ask for it, sign out your other devices.',
      },
      ar: {
        title: 'بياناتك جاهزة',
        body: 'نزّلها من التطبيق خلال أسبوع. إن لم تطلبها أنت فسجّل خروج أجهزتك الأخرى.',
      },
    },
  },
  'export.failed': {
    user: {
      en: { title: 'Your data could not be gathered', body: 'Ask for it again; if that fails, contact us.' },
      ar: { title: 'تعذّر جمع بياناتك', body: 'اطلبها من جديد، وإن تكرر ذلك فتواصل معنا.' },
    },
  },
  'erasure.scheduled': {
    user: {
      en: {
        title: 'Your account will be erased',
        body: 'You can take this back in the app until then. If that was not you, do so now.',
      },
      ar: {
        title: 'سيُحذف حسابك',
        body: 'يمكنك التراجع من التطبيق حتى ذلك الحين. إن لم تكن أنت فتراجع الآن.',
      },
    },
  },
  'erasure.canceled': {
    user: {
      en: { title: 'Your account stays', body: 'Nothing will be erased.' },
      ar: { title: 'حسابك باقٍ', body: 'لن يُحذف شيء.' },
    },
  },
  'erasure.deferred': {
    user: {
      en: {
        title: 'Your account is not erased yet',
        body: 'Something is still under way. We try again every day.',
      },
      ar: { title: 'لم يُحذف حسابك بعد', body: 'ما زال هناك ما لم ينتهِ. نعيد المحاولة كل يوم.' },
    },
  },
  'api_key.created': {
    user: {
      en: {
        title: 'An API key was made',
        body: 'It lets a machine act in your name. If that was not you, revoke it.',
      },
      ar: {
        title: 'أُنشئ مفتاح API',
        body: 'يتيح لبرنامج التصرف باسمك. إن لم تكن أنت من أنشأه فألغِه.',
      },
    },
  },
  'api_key.rotated': {
    user: {
      en: {
        title: 'An API key was replaced',
        body: 'The new one acts in your name. If that was not you, revoke it.',
      },
      ar: {
        title: 'استُبدل مفتاح API',
        body: 'المفتاح الجديد يتصرف باسمك. إن لم تكن أنت من استبدله فألغِه.',
      },
    },
  },
  'tasker.verified': {
    tasker: {
      en: { title: 'You are verified', body: 'One more step and you can receive offers.' },
      ar: { title: 'تم التحقق منك', body: 'خطوة واحدة وتبدأ في استقبال العروض.' },
    },
  },
  'tasker.active': {
    tasker: {
      en: { title: 'You can receive offers', body: 'Keep the app open to be fast.' },
      ar: { title: 'يمكنك استقبال العروض', body: 'أبقِ التطبيق مفتوحًا لتكون الأسرع.' },
    },
  },
  'tasker.suspended': {
    tasker: {
      en: { title: 'Your profile is suspended', body: 'Contact us to talk about it.' },
      ar: { title: 'أُوقف ملفك مؤقتًا', body: 'تواصل معنا للحديث عن ذلك.' },
    },
  },
}

export interface Recipient {
  userId: string
  /** BCP 47. */
  locale: string
}

export interface PlannedNotification extends Text {
  userId: string
}

export const localeOf = (tag: string): Locale => (tag.toLowerCase().startsWith('ar') ? 'ar' : 'en')

/** Who is told of an event, in their own language. */
export async function notificationsFor(
  event: EventRow,
  recipients: Recipient[],
): Promise<PlannedNotification[]> {
  const template = templates[event.type as EventTypeName]
  if (!template) return []
  const planned = audiences.map(async (audience) => {
    const texts = template[audience]
    const userId = event.data[`${audience}Id`]
    const recipient = recipients.find((candidate) => candidate.userId === userId)
    if (!texts || !recipient || event.data.party === audience) return null
    const locale = localeOf(recipient.locale)
    const { title, body } = texts[locale]
    const values = event.data as MessageValues
    const text = (part: string) => formatMessage(part, locale, values)
    return { userId: recipient.userId, title: await text(title), body: await text(body) }
  })
  return (await Promise.all(planned)).filter((note) => note !== null)
}
