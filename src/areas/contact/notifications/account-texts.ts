import type { Templates } from './templates.ts'

/** Of an account: its ways in, its sessions, roles and keys, and what is kept about its person. */
export const accountTexts = {
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
} satisfies Templates
