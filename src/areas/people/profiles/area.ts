import { defineArea } from '../../../core/area.ts'
import { companyMachine } from './machine.ts'

export const profiles = defineArea({
  name: 'profiles',
  tags: {
    Companies: 'Public company profiles, and their approval by staff.',
  },
  routes: () => import('./routes.ts'),
  personalData: () => import('./personal-data.ts'),
  machines: [companyMachine],
  scopes: {
    'profile:read': 'Read your profiles, settings, addresses and availability',
    'profile:write': 'Change your profiles, settings, addresses and availability',
  },
  permissions: {
    'companies.review': {
      description: 'View, approve and reject companies',
      heldBy: ['ops'],
    },
  },
  problems: {
    unknown_language: {
      status: 422,
      fields: ['languages'],
      title: {
        en: 'Unknown language',
        ar: 'اللغة غير معروفة',
      },
      detail: {
        en: 'Choose from GET /v1/languages.',
        ar: 'اختر من GET ‎/v1/languages.',
      },
      cause: 'The code is not in the list of languages.',
      remedy: 'Send codes from `languages.list`.',
    },
    language_default_inactive: {
      status: 409,
      fields: ['isActive'],
      title: {
        en: 'The default language is active',
        ar: 'اللغة الافتراضية مفعّلة دائمًا',
      },
      detail: {
        en: 'The default language cannot be inactive. Make another one the default first.',
        ar: 'لا يمكن إيقاف اللغة الافتراضية. اجعل لغة أخرى هي الافتراضية أولًا.',
      },
      cause: 'The language would be inactive and the default one.',
      remedy: 'Send `isDefault: true` for another language, then make this one inactive.',
    },
  },
  constraints: {
    languages_pkey: ['already_exists', 'code'],
    languages_default_active: 'language_default_inactive',
  },
  events: {
    'company.approved': {
      summary: 'A company was approved',
      notifies: {
        user: {
          en: {
            title: 'Your company is approved',
            body: 'It is now visible to everyone.',
          },
          ar: {
            title: 'تمت الموافقة على شركتك',
            body: 'أصبحت ظاهرة للجميع الآن.',
          },
        },
      },
    },
    'company.rejected': {
      summary: 'A company was rejected',
      notifies: {
        user: {
          en: {
            title: 'Your company was not approved',
            body: 'See the reason, and correct your company profile.',
          },
          ar: {
            title: 'لم تتم الموافقة على شركتك',
            body: 'اطّلع على السبب وصحّح ملف الشركة.',
          },
        },
      },
    },
  },
})
