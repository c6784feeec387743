import { defineArea } from '../../../core/area.ts'

export const packages = defineArea({
  name: 'packages',
  tags: {
    Packages: 'What the platform sells: job postings, contact views and credits, and what of them is left.',
  },
  routes: () => import('./routes.ts'),
  personalData: () => import('./personal-data.ts'),
  scopes: {
    'packages:write': 'Create, change and retire packages (staff)',
    'entitlements:read': 'Read what your orders have given you, and what is left of it',
  },
  permissions: {
    'packages.manage': {
      description: 'Create, change and retire packages',
      heldBy: ['finance'],
    },
  },
  problems: {
    package_gives_nothing: {
      status: 422,
      fields: ['postings', 'contactViews', 'credits'],
      title: { en: 'The package gives nothing of its kind', ar: 'الباقة لا تمنح شيئًا من نوعها' },
      detail: {
        en: 'A package gives at least one of what its kind names.',
        ar: 'تمنح الباقة واحدًا على الأقل مما يدل عليه نوعها.',
      },
      cause: 'The quantity that belongs to `kind` is 0.',
      remedy:
        'Send `postings` for `job_posting`, `contactViews` for `contact_views` or `credits` for `credit_bundle`.',
    },
    package_currency: {
      status: 422,
      fields: ['currency', 'country'],
      title: { en: 'The country has another currency', ar: 'للبلد عملة أخرى' },
      detail: {
        en: 'In this country prices are in {currency}.',
        ar: 'الأسعار في هذا البلد بعملة {currency}.',
      },
      cause: 'The currency is not that of the country in which the package is sold.',
      remedy: 'Send the currency named in `currency`.',
    },
    package_retired: {
      status: 409,
      title: { en: 'The package is retired', ar: 'أُوقفت الباقة' },
      detail: {
        en: 'A retired package is no longer sold and cannot be changed. Create a new one.',
        ar: 'الباقة الموقوفة لم تعد تُباع ولا يمكن تعديلها. أنشئ باقة جديدة.',
      },
      cause: 'The package was retired; it stays as it was, for the orders that name it.',
      remedy: 'Create a new package.',
    },
    entitlement_used_up: {
      status: 409,
      title: { en: 'Nothing is left', ar: 'لم يتبقَّ شيء' },
      detail: {
        en: 'Everything of this kind that you have bought is used or has ended. Buy a package first.',
        ar: 'استُهلك أو انتهى كل ما اشتريته من هذا النوع. اشترِ باقة أولًا.',
      },
      cause: 'No entitlement of the kind named in `kind` has a use left at this instant.',
      remedy: 'Show `packages.list` of that kind; `entitlements.list` says what was used and what has ended.',
    },
  },
  constraints: {
    packages_gives: 'package_gives_nothing',
  },
})
