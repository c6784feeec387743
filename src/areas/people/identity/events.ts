import type { Area } from '../../../core/area.ts'

export const identityEvents = {
  'user.suspended': { summary: 'An account was suspended' },
  'user.restricted': {
    summary: 'Abilities of an account were restricted',
    notifies: {
      user: {
        en: {
          title: 'Your account was restricted',
          body: 'Your account page says what, why and until when.',
        },
        ar: { title: 'قُيِّد حسابك', body: 'تجد في صفحة حسابك ما قُيِّد وسببه ومدته.' },
      },
    },
  },
  'user.restrictions_lifted': {
    summary: 'Restrictions of an account were lifted',
    notifies: {
      user: {
        en: { title: 'Your account is no longer restricted', body: 'You can use it as usual.' },
        ar: { title: 'رُفعت القيود عن حسابك', body: 'يمكنك استخدامه كالمعتاد.' },
      },
    },
  },
  'user.reinstated': { summary: 'The suspension of an account was lifted' },
  'user.closed': { summary: 'An account was closed' },
  'user.restored': {
    summary: 'A closed account was restored',
    notifies: {
      user: {
        en: { title: 'Welcome back', body: 'Your account is open again. If this was not you, contact us.' },
        ar: { title: 'أهلًا بعودتك', body: 'أُعيد فتح حسابك. إن لم تكن أنت من فعل ذلك فتواصل معنا.' },
      },
    },
  },
  'user.deactivated': { summary: 'An account became inactive because nobody used it' },
  'user.reactivated': { summary: 'An inactive account is used again' },
  'user.sign_in_blocked': {
    summary: 'Repeated wrong passwords were entered for an account',
    notifies: {
      user: {
        en: {
          title: 'Someone is trying to guess your password',
          body: 'We are slowing them down, and your account is safe. If it was you, wait a minute or sign in with a code.',
        },
        ar: {
          title: 'هناك من يحاول تخمين كلمة مرورك',
          body: 'نحن نبطئ هذه المحاولات، وحسابك آمن. إن كنت أنت فانتظر دقيقة أو سجّل الدخول برمز.',
        },
      },
    },
  },
  'user.password_changed': {
    summary: 'The password of an account was changed',
    notifies: {
      user: {
        en: {
          title: 'Your password was changed',
          body: 'Your other devices were signed out. If this was not you, reset your password now.',
        },
        ar: {
          title: 'تم تغيير كلمة مرورك',
          body: 'سُجّل الخروج من أجهزتك الأخرى. إن لم تكن أنت من غيّرها فأعد تعيين كلمة المرور الآن.',
        },
      },
    },
  },
  'user.email_changed': {
    summary: 'The e-mail address of an account was changed',
    notifies: {
      user: {
        en: {
          title: 'Your e-mail address was changed',
          body: 'Use the new address to sign in from now on. If this was not you, contact us.',
        },
        ar: {
          title: 'تم تغيير بريدك الإلكتروني',
          body: 'استخدم البريد الجديد لتسجيل الدخول من الآن. إن لم تكن أنت من غيّره فتواصل معنا.',
        },
      },
    },
  },
  'user.phone_changed': {
    summary: 'The phone number of an account was changed',
    notifies: {
      user: {
        en: {
          title: 'Your phone number was changed',
          body: 'Your other devices were signed out. If this was not you, contact us.',
        },
        ar: {
          title: 'تم تغيير رقم هاتفك',
          body: 'سُجّل الخروج من أجهزتك الأخرى. إن لم تكن أنت من غيّره فتواصل معنا.',
        },
      },
    },
  },
  'user.mfa_enabled': {
    summary: 'A second factor was added to an account',
    notifies: {
      user: {
        en: {
          title: 'A second factor was added',
          body: 'We will ask for its code when you sign in. If this was not you, contact us.',
        },
        ar: {
          title: 'تمت إضافة عامل تحقق ثانٍ',
          body: 'سنطلب رمزه عند تسجيل الدخول. إن لم تكن أنت من أضافه فتواصل معنا.',
        },
      },
    },
  },
  'user.mfa_disabled': {
    summary: 'A second factor was removed from an account',
    notifies: {
      user: {
        en: {
          title: 'A second factor was removed',
          body: 'If this was not you, contact us.',
        },
        ar: {
          title: 'تمت إزالة عامل تحقق ثانٍ',
          body: 'إن لم تكن أنت من أزاله فتواصل معنا.',
        },
      },
    },
  },
  'user.backup_codes_changed': {
    summary: 'The backup codes of an account were regenerated',
    notifies: {
      user: {
        en: {
          title: 'You have new backup codes',
          body: 'The old codes no longer work. If this was not you, contact us.',
        },
        ar: {
          title: 'لديك رموز احتياطية جديدة',
          body: 'لم تعد الرموز القديمة صالحة. إن لم تكن أنت من أنشأها فتواصل معنا.',
        },
      },
    },
  },
  'user.backup_code_used': {
    summary: 'A backup code was used to sign in',
    notifies: {
      user: {
        en: {
          title: 'A backup code was used',
          body: '{left, plural, =0 {None left: create new ones.} one {# left.} other {# left.}} If this was not you, contact us.',
        },
        ar: {
          title: 'تم استخدام رمز احتياطي',
          body: '{left, plural, =0 {لم يتبق أي رمز: أنشئ رموزًا جديدة.} one {تبقى رمز واحد.} two {تبقى رمزان.} few {تبقت # رموز.} other {تبقى # رمزًا.}} إن لم تكن أنت من استخدمه فتواصل معنا.',
        },
      },
    },
  },
  'otp_breaker.tripped': {
    summary: 'Codes to a number prefix were paused because none are used',
  },
  'otp_breaker.reset': {
    summary: 'Staff ended a pause of sign-in codes early',
  },
  'session.opened': {
    summary: 'A user signed in on a new device',
    notifies: {
      user: {
        en: {
          title: 'New sign-in',
          body: 'Your account was used to sign in on another device. If this was not you, end that session and change your password.',
        },
        ar: {
          title: 'تسجيل دخول جديد',
          body: 'سُجّل الدخول إلى حسابك من جهاز آخر. إن لم تكن أنت فأنهِ تلك الجلسة وغيّر كلمة المرور.',
        },
      },
    },
  },
  'session.revoked': {
    summary: 'A session was ended',
    notifies: {
      user: {
        en: {
          title: 'A device was signed out',
          body: '{reason, select, refresh_token_reused {Its session was used twice, so we ended it. Sign in again on it to continue.} other {Sign in again on it to continue.}}',
        },
        ar: {
          title: 'سُجّل الخروج من أحد أجهزتك',
          body: '{reason, select, refresh_token_reused {استُخدمت جلسته مرتين فأنهيناها. سجّل الدخول عليه من جديد للمتابعة.} other {سجّل الدخول عليه من جديد للمتابعة.}}',
        },
      },
    },
  },
} as const satisfies Area['events']
