import { defineArea } from '../../../core/area.ts'
import { apiKeysRetention } from './retention-policies.ts'

export const apiKeys = defineArea({
  name: 'api-keys',
  tags: {
    'API keys': 'Keys for programs that call the API on your behalf, within scopes that you choose.',
  },
  routes: () => import('./routes.ts'),
  personalData: () => import('./personal-data.ts'),
  jobs: () => import('./jobs.ts'),
  retention: apiKeysRetention,
  problems: {
    invalid_api_key: {
      status: 401,
      title: {
        en: 'The API key is not valid',
        ar: 'مفتاح API غير صالح',
      },
      detail: {
        en: 'It is unknown, expired, revoked or replaced, or its owner is not active. Use another key, or create one.',
        ar: 'المفتاح غير معروف أو انتهت صلاحيته أو أُلغي أو استُبدل، أو أن حساب صاحبه غير نشط. استخدم مفتاحًا آخر أو أنشئ مفتاحًا جديدًا.',
      },
      cause: 'The key is unknown, expired, revoked or replaced, or its owner is suspended or closed.',
      remedy:
        'Check that the current key is in use. Create or rotate one as its owner; retrying does not help.',
    },
    scope_unusable: {
      status: 422,
      fields: ['scopes'],
      title: {
        en: 'The scopes give you no access',
        ar: 'هذه النطاقات لا تتيح لك شيئًا',
      },
      detail: {
        en: 'You have no access to anything in these scopes: {scopes}. Create the key without them.',
        ar: 'لا تملك حق الوصول إلى أي شيء في هذه النطاقات: {scopes}. أنشئ المفتاح بدونها.',
      },
      cause: 'The role of the owner is open to no operation that the scope opens.',
      remedy: 'Create the key without the scopes that `detail` names.',
    },
    api_key_ended: {
      status: 409,
      title: {
        en: 'The API key has ended',
        ar: 'لم يعد مفتاح API صالحًا',
      },
      detail: {
        en: 'It was revoked or has expired. Create another one.',
        ar: 'أُلغي أو انتهت صلاحيته. أنشئ مفتاحًا آخر.',
      },
      cause: 'The key was revoked or has expired, so that it can be neither changed nor rotated.',
      remedy: 'Create another key.',
    },
  },
  events: {
    'api_key.created': {
      summary: 'An API key was created',
      notifies: {
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
    },
    'api_key.rotated': {
      summary: 'An API key was rotated',
      notifies: {
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
    },
    'api_key.revoked': {
      summary: 'An API key was revoked',
    },
  },
})
