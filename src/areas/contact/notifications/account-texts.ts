import type { Templates } from './templates.ts'

/** Of an account: its ways in, its sessions, roles and keys, and what is kept about its person. */
export const accountTexts = {
  'user.sign_in_blocked': {
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
  'user.password_changed': {
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
  'user.email_changed': {
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
  'user.phone_changed': {
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
  'user.mfa_enabled': {
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
  'user.mfa_disabled': {
    user: {
      en: { title: 'A second factor was removed', body: 'If this was not you, contact us.' },
      ar: { title: 'تمت إزالة عامل تحقق ثانٍ', body: 'إن لم تكن أنت من أزاله فتواصل معنا.' },
    },
  },
  'user.backup_codes_changed': {
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
  'user.backup_code_used': {
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
  'user_role.approved': {
    user: {
      en: {
        title: 'You have a new role',
        body: 'You have the role “{role}” from your next sign-in. Staff need a second factor.',
      },
      ar: {
        title: 'لديك دور جديد',
        body: 'أصبح لديك الدور «{role}» ابتداءً من تسجيل دخولك التالي. يحتاج الموظفون إلى عامل تحقق ثانٍ.',
      },
    },
  },
  'user_role.rejected': {
    user: {
      en: {
        title: 'Your role request was rejected',
        body: 'Your request for the role “{role}” was rejected.',
      },
      ar: { title: 'رُفض طلبك', body: 'رُفض طلبك للحصول على الدور «{role}».' },
    },
  },
  'user_role.revoked': {
    user: {
      en: { title: 'A role was revoked', body: 'You no longer have the role “{role}”.' },
      ar: { title: 'تم سحب أحد أدوارك', body: 'لم يعد لديك الدور «{role}».' },
    },
  },
  'user_role.expired': {
    user: {
      en: {
        title: 'A role has expired',
        body: 'You had the role “{role}” for a limited time, which is over.',
      },
      ar: { title: 'انتهت مدة أحد أدوارك', body: 'كان لديك الدور «{role}» لمدة محددة، وقد انتهت.' },
    },
  },
  'session.opened': {
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
  'session.revoked': {
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
  'export.ready': {
    user: {
      en: {
        title: 'Your data is ready',
        body: 'Download it in the app within a week. If you did not request it, sign out your other devices.',
      },
      ar: {
        title: 'بياناتك جاهزة',
        body: 'نزّلها من التطبيق خلال أسبوع. إن لم تكن أنت من طلبها فسجّل الخروج من أجهزتك الأخرى.',
      },
    },
  },
  'export.failed': {
    user: {
      en: { title: 'Your data export failed', body: 'Request it again. If it fails again, contact us.' },
      ar: { title: 'تعذّر تجهيز بياناتك', body: 'اطلبها من جديد، وإن تكرر ذلك فتواصل معنا.' },
    },
  },
  'erasure.scheduled': {
    user: {
      en: {
        title: 'Your account will be deleted',
        body: 'You can cancel this in the app until then. If this was not you, cancel it now.',
      },
      ar: {
        title: 'سيُحذف حسابك',
        body: 'يمكنك إلغاء ذلك من التطبيق قبل الموعد. إن لم تكن أنت من طلبه فألغِه الآن.',
      },
    },
  },
  'erasure.canceled': {
    user: {
      en: { title: 'Your account stays', body: 'The deletion was canceled. Nothing will be deleted.' },
      ar: { title: 'حسابك باقٍ', body: 'أُلغي حذف الحساب، ولن يُحذف شيء.' },
    },
  },
  'erasure.deferred': {
    user: {
      en: {
        title: 'Your account is not deleted yet',
        body: 'Something is still open. We try again every day.',
      },
      ar: { title: 'لم يُحذف حسابك بعد', body: 'ما زالت هناك معاملات لم تكتمل. نعيد المحاولة كل يوم.' },
    },
  },
  'api_key.created': {
    user: {
      en: {
        title: 'An API key was created',
        body: 'It allows a program to act on your behalf. If this was not you, revoke it.',
      },
      ar: {
        title: 'تم إنشاء مفتاح API',
        body: 'يتيح لبرنامج التصرف نيابة عنك. إن لم تكن أنت من أنشأه فألغِه.',
      },
    },
  },
  'api_key.rotated': {
    user: {
      en: {
        title: 'An API key was replaced',
        body: 'The new key acts on your behalf. If this was not you, revoke it.',
      },
      ar: {
        title: 'تم استبدال مفتاح API',
        body: 'المفتاح الجديد يتصرف نيابة عنك. إن لم تكن أنت من استبدله فألغِه.',
      },
    },
  },
} satisfies Templates
