import { defineArea } from '../../../core/area.ts'
import { taskerMachine } from './machine.ts'

export const taskers = defineArea({
  name: 'taskers',
  tags: {
    Taskers: 'Public profiles of taskers, and their life cycle for operations staff.',
  },
  routes: () => import('./routes.ts'),
  personalData: () => import('./personal-data.ts'),
  machines: [taskerMachine],
  scopes: {
    'taskers:read': 'Read tasker profiles in any status (staff)',
    'taskers:write': 'Verify, activate and suspend taskers (staff)',
  },
  permissions: {
    'taskers.read': {
      description: 'View taskers in every state',
      heldBy: ['ops', 'support'],
    },
    'taskers.review': {
      description: 'Verify, activate and clear taskers',
      heldBy: ['ops'],
    },
    'taskers.suspend': {
      description: 'Flag, suspend and offboard taskers',
      heldBy: ['ops'],
    },
  },
  problems: {
    rate_currency_refused: {
      status: 422,
      title: {
        en: 'Rate in another currency',
        ar: 'السعر بعملة أخرى',
      },
      detail: {
        en: 'Set your hourly rate in the currency of the market you work in.',
        ar: 'حدّد سعرك بعملة السوق التي تعمل فيها.',
      },
      cause: "The currency of the rate differs from that of the tasker's market.",
      remedy: 'Send the currency of the country in which the tasker works.',
    },
    not_a_tasker: {
      status: 403,
      title: {
        en: 'For taskers only',
        ar: 'هذا متاح لمقدمي الخدمة فقط',
      },
      detail: {
        en: 'Apply as a tasker first.',
        ar: 'قدّم طلبًا لتصبح مقدم خدمة أولًا.',
      },
      cause: 'The account has no tasker profile.',
      remedy: 'Call `me.applyAsTasker`, and wait for the verification.',
    },
    tasker_not_active: {
      status: 403,
      title: {
        en: 'Your tasker profile is not active',
        ar: 'ملفك كمقدم خدمة غير نشط',
      },
      detail: {
        en: 'Current status: {status}. Only active taskers can accept work.',
        ar: 'الحالة الحالية: {status}. لا يمكن قبول المهام إلا عندما يكون الملف نشطًا.',
      },
      cause: 'The tasker is not yet verified and activated, or was suspended.',
      remedy: 'Show the status in `detail`. Work can be accepted once it is `active`.',
    },
  },
  constraints: {
    tasker_profiles_pkey: 'already_exists',
  },
  events: {
    'tasker.applied': {
      summary: 'A user applied as a tasker',
    },
    'tasker.verified': {
      summary: 'A tasker was verified',
      notifies: {
        tasker: {
          en: {
            title: 'You are verified',
            body: 'One more step, and you can receive offers.',
          },
          ar: {
            title: 'تم التحقق من هويتك',
            body: 'خطوة واحدة أخرى وتبدأ في استقبال العروض.',
          },
        },
      },
    },
    'tasker.active': {
      summary: 'A tasker was activated',
      notifies: {
        tasker: {
          en: {
            title: 'You can now receive offers',
            body: 'Keep the app open to respond quickly.',
          },
          ar: {
            title: 'يمكنك الآن استقبال العروض',
            body: 'أبقِ التطبيق مفتوحًا لترد بسرعة.',
          },
        },
      },
    },
    'tasker.at_risk': {
      summary: 'A tasker was flagged as at risk of suspension',
      notifies: {
        tasker: {
          en: {
            title: 'Your profile is at risk',
            body: 'You still receive offers. See which rule it is, and what you can do.',
          },
          ar: {
            title: 'ملفك معرّض للإيقاف',
            body: 'لا تزال تستقبل العروض. اطّلع على السبب وما يمكنك فعله.',
          },
        },
      },
    },
    'tasker.suspended': {
      summary: 'A tasker was suspended',
      notifies: {
        tasker: {
          en: {
            title: 'Your profile is suspended',
            body: 'Contact us to learn more.',
          },
          ar: {
            title: 'أُوقف ملفك مؤقتًا',
            body: 'تواصل معنا لمعرفة المزيد.',
          },
        },
      },
    },
    'tasker.offboarded': {
      summary: 'A tasker left the platform',
    },
  },
})
