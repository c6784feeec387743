import { defineArea } from '../../../core/area.ts'

export const credits = defineArea({
  name: 'credits',
  tags: {
    Credits: 'Credits that taskers and companies spend: bought, given by a plan, or by staff.',
  },
  routes: () => import('./routes.ts'),
  personalData: () => import('./personal-data.ts'),
  jobs: () => import('./jobs.ts'),
  scopes: {
    'credits:read': 'Read your credits and their history',
    'credits:write': 'Grant credits (staff)',
  },
  permissions: {
    'credits.read': {
      description: 'View credits of users',
      heldBy: ['ops', 'support', 'finance'],
    },
    'credits.grant': {
      description: 'Give users bonus credits',
      heldBy: ['ops', 'finance'],
    },
  },
  problems: {
    insufficient_credits: {
      status: 409,
      title: { en: 'You have not enough credits', ar: 'رصيدك من النقاط غير كافٍ' },
      detail: {
        en: 'This needs {needed} credits. You can spend {available} on it.',
        ar: 'المطلوب {needed} نقطة، ويمكنك أن تنفق منها {available}.',
      },
      cause: 'The grants that are valid now and for this purpose, less what is held, do not reach.',
      remedy: 'Read `me.getCredits`; get more credits, or end what holds them.',
    },
    credits_expiry_past: {
      status: 422,
      fields: ['expiresAt'],
      title: { en: 'Credits must expire later', ar: 'يجب أن تنتهي النقاط لاحقًا' },
      detail: { en: 'Choose a time in the future.', ar: 'اختر وقتًا في المستقبل.' },
      cause: '`expiresAt` is not in the future.',
      remedy: 'Send a later time, or none: the credits then never expire.',
    },
    credits_not_held: {
      status: 409,
      title: { en: 'The credits are no longer held', ar: 'لم تعد النقاط محجوزة' },
      detail: {
        en: 'They were released meanwhile.',
        ar: 'أُعيدت النقاط إلى رصيدها في هذه الأثناء.',
      },
      cause: 'The hold of this document has ended.',
      remedy: 'Read the document again.',
    },
  },
  constraints: {
    credit_grants_expiry: 'credits_expiry_past',
    credit_grants_user_id_users_id_fk: 'not_found',
    credit_grants_guard: 'insufficient_credits',
  },
  events: {
    'credit_grant.created': {
      summary: 'A user was granted credits',
      notifies: {
        user: {
          en: { title: 'You have new credits', body: '{amount} credits are yours.' },
          ar: { title: 'لديك نقاط جديدة', body: 'أُضيفت إلى رصيدك {amount} نقطة.' },
        },
      },
    },
    'credit_grant.returned': {
      summary: 'Credits that a user had spent were given back',
      notifies: {
        user: {
          en: { title: 'Your credits are back', body: '{amount} credits are yours again.' },
          ar: { title: 'عادت نقاطك إليك', body: 'أُعيدت إلى رصيدك {amount} نقطة.' },
        },
      },
    },
  },
})
