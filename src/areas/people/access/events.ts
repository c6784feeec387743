import type { Area } from '../../../core/area.ts'

export const accessEvents = {
  'user_role.approved': {
    summary: 'A user was granted a role',
    notifies: {
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
  },
  'user_role.rejected': {
    summary: 'A role request was rejected',
    notifies: {
      user: {
        en: {
          title: 'Your role request was rejected',
          body: 'Your request for the role “{role}” was rejected.',
        },
        ar: {
          title: 'رُفض طلبك',
          body: 'رُفض طلبك للحصول على الدور «{role}».',
        },
      },
    },
  },
  'user_role.revoked': {
    summary: 'A role of a user was revoked',
    notifies: {
      user: {
        en: {
          title: 'A role was revoked',
          body: 'You no longer have the role “{role}”.',
        },
        ar: {
          title: 'تم سحب أحد أدوارك',
          body: 'لم يعد لديك الدور «{role}».',
        },
      },
    },
  },
  'user_role.expired': {
    summary: 'A role of a user expired',
    notifies: {
      user: {
        en: {
          title: 'A role has expired',
          body: 'You had the role “{role}” for a limited time, which is over.',
        },
        ar: {
          title: 'انتهت مدة أحد أدوارك',
          body: 'كان لديك الدور «{role}» لمدة محددة، وقد انتهت.',
        },
      },
    },
  },
} as const satisfies Area['events']
