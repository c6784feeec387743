import { defineArea } from '../../../core/area.ts'
import { roleProfileMachine, roleProfileVersionMachine } from './machine.ts'

export const professions = defineArea({
  name: 'professions',
  tags: {
    Professions:
      'What people offer in a profession: profiles with approved versions, services and portfolios.',
  },
  routes: () => import('./routes.ts'),
  personalData: () => import('./personal-data.ts'),
  machines: [roleProfileMachine, roleProfileVersionMachine],
  scopes: {
    'role_profiles:read': 'Read role profiles with all their versions',
    'role_profiles:write': 'Change role profiles, services and portfolios, and decide about them (staff)',
  },
  permissions: {
    'role_profiles.read': {
      description: 'View role profiles in every state',
      heldBy: ['ops', 'support'],
    },
    'role_profiles.review': {
      description: 'Approve, reject, verify and suspend role profiles',
      heldBy: ['ops'],
    },
  },
  problems: {
    profession_fixed: {
      status: 422,
      fields: ['attributes'],
      title: {
        en: 'The profession cannot change',
        ar: 'لا يمكن تغيير المهنة',
      },
      detail: {
        en: 'Create another profile for another profession.',
        ar: 'أنشئ ملفًا آخر للمهنة الأخرى.',
      },
      cause: '`attributes.profession` differs from the profession of the profile.',
      remedy: 'Send attributes of the same profession, or create a profile for the other one.',
    },
    service_unit_refused: {
      status: 422,
      fields: ['unitName'],
      title: {
        en: 'The unit does not fit the price',
        ar: 'الوحدة لا تناسب نوع السعر',
      },
      detail: {
        en: 'A price per unit needs the name of the unit. Other prices have none.',
        ar: 'السعر لكل وحدة يحتاج إلى اسم الوحدة، والأسعار الأخرى بلا وحدة.',
      },
      cause: '`unitName` is absent with the price type `per_unit`, or is sent with another one.',
      remedy: 'Send `unitName` together with `priceType: per_unit`, and null otherwise.',
    },
    portfolio_incomplete: {
      status: 422,
      fields: ['itemIds'],
      title: {
        en: 'Not all items',
        ar: 'ليست كل العناصر',
      },
      detail: {
        en: 'Name each item of the portfolio once.',
        ar: 'اذكر كل عنصر من معرض الأعمال مرة واحدة.',
      },
      cause: 'The order lacks items of the portfolio, or names items that are not in it.',
      remedy: 'Read `portfolioItems.list`, and send all its ids in the new order.',
    },
  },
  constraints: {
    role_profiles_one_a_profession: 'already_exists',
    services_unit: 'service_unit_refused',
  },
  events: {
    'role_profile.created': {
      summary: 'A draft of a role profile was created',
    },
    'role_profile.version_drafted': {
      summary: 'A version of a draft was written',
    },
    'role_profile.version_superseded': {
      summary: 'A version was replaced before anybody decided about it',
    },
    'role_profile.submitted': {
      summary: 'A role profile was submitted for the first time',
    },
    'role_profile.suspended': {
      summary: 'A role profile was suspended',
      notifies: {
        user: {
          en: { title: 'Your profile is suspended', body: 'Contact us to learn more.' },
          ar: { title: 'أُوقف ملفك المهني مؤقتًا', body: 'تواصل معنا لمعرفة المزيد.' },
        },
      },
    },
    'role_profile.reinstated': {
      summary: 'The suspension of a role profile ended',
      notifies: {
        user: {
          en: { title: 'Your profile is active again', body: 'Clients can find you again.' },
          ar: { title: 'عاد ملفك المهني نشطًا', body: 'يمكن للعملاء العثور عليك من جديد.' },
        },
      },
    },
    'role_profile.version_pending': {
      summary: 'A version of a role profile waits for approval',
    },
    'role_profile.approved': {
      summary: 'A version of a role profile was approved',
      notifies: {
        user: {
          en: { title: 'Your profile is approved', body: 'Clients see it as you wrote it.' },
          ar: { title: 'تمت الموافقة على ملفك المهني', body: 'يراه العملاء الآن كما كتبته.' },
        },
      },
    },
    'role_profile.rejected': {
      summary: 'A version of a role profile was rejected',
      notifies: {
        user: {
          en: { title: 'Please revise your profile', body: 'Open it to read why it was not approved.' },
          ar: { title: 'راجع ملفك المهني', body: 'افتحه لقراءة سبب عدم الموافقة عليه.' },
        },
      },
    },
  },
})
