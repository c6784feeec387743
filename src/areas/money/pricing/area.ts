import { defineArea } from '../../../core/area.ts'

export const pricing = defineArea({
  name: 'pricing',
  routes: () => import('./routes.ts'),
  config: () => import('./config.ts'),
  personalData: () => import('./personal-data.ts'),
  scopes: {
    'pricing:read': 'Read price bands (staff)',
    'pricing:write': 'Create, change and retire price bands (staff)',
  },
  permissions: {
    'pricing.manage': {
      description: 'Create, change and retire price bands',
    },
    'pricing.read': {
      description: 'View price bands',
      heldBy: ['ops', 'support'],
    },
  },
  problems: {
    fare_unavailable: {
      status: 409,
      title: {
        en: 'The fare cannot be calculated',
        ar: 'لا يمكن حساب الأجرة',
      },
      detail: {
        en: 'The booking has no agreed rate. Contact us.',
        ar: 'لا يوجد سعر متفق عليه لهذا الحجز. تواصل معنا.',
      },
      cause: 'The booking has no agreed rate from which the fare could be calculated.',
      remedy: 'Report `requestId`: staff must add the rate.',
    },
    price_band_order: {
      status: 422,
      fields: ['minAmountMinor', 'maxAmountMinor'],
      title: {
        en: 'The minimum is above the maximum',
        ar: 'الحد الأدنى أكبر من الحد الأقصى',
      },
      detail: {
        en: 'The lower end of a price band cannot exceed its upper end.',
        ar: 'لا يمكن أن يتجاوز الحد الأدنى لشريحة الأسعار حدها الأقصى.',
      },
      cause: 'The minimum of the band is higher than its maximum.',
      remedy: 'Swap or correct the two amounts; both are in minor units.',
    },
    price_band_currency: {
      status: 409,
      fields: ['currency'],
      title: {
        en: 'The city has another currency',
        ar: 'للمدينة عملة أخرى',
      },
      detail: {
        en: 'The active price bands of this city are in another currency. A city has one currency.',
        ar: 'شرائح الأسعار السارية في هذه المدينة بعملة أخرى. لكل مدينة عملة واحدة.',
      },
      cause: 'Active bands of the same city have another currency.',
      remedy: 'Send that currency, or retire all bands of the city first.',
    },
    price_band_retired: {
      status: 409,
      title: {
        en: 'The price band is retired',
        ar: 'شريحة الأسعار متوقفة',
      },
      detail: {
        en: 'A retired price band cannot be changed. Create a new one.',
        ar: 'لا يمكن تعديل شريحة أسعار متوقفة. أنشئ شريحة جديدة.',
      },
      cause: 'The band was retired, so that estimates made with it stay explainable.',
      remedy: 'Create a new band.',
    },
    price_unavailable: {
      status: 404,
      title: {
        en: 'No price available',
        ar: 'لا يوجد سعر متاح',
      },
      detail: {
        en: 'There is no price band for this category in this city.',
        ar: 'لا توجد شريحة أسعار لهذه الفئة في هذه المدينة.',
      },
      cause: 'No active price band covers the category in the city.',
      remedy: 'Offer other categories or cities, or add a band as staff.',
    },
  },
  constraints: {
    pricing_bands_active_key: ['already_exists', 'categoryId', 'city'],
    pricing_bands_one_currency: 'price_band_currency',
    pricing_bands_order: 'price_band_order',
  },
})
