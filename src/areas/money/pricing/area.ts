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
        en: 'The price bands of this city are in another currency in that time. A city has one currency at a time.',
        ar: 'شرائح الأسعار في هذه المدينة بعملة أخرى في هذا الوقت. لكل مدينة عملة واحدة في الوقت نفسه.',
      },
      cause: 'Bands of the same city that are valid in a part of that time have another currency.',
      remedy: 'Send that currency, or retire all bands of the city first.',
    },
    price_band_in_the_past: {
      status: 422,
      fields: ['validFrom', 'validUntil'],
      title: {
        en: 'The time has passed',
        ar: 'هذا الوقت قد مضى',
      },
      detail: {
        en: 'A price band begins now or later, and ends after it begins.',
        ar: 'تبدأ شريحة الأسعار الآن أو لاحقًا، وتنتهي بعد بدايتها.',
      },
      cause: '`validFrom` is before now, or `validUntil` is not after the beginning.',
      remedy:
        'Leave `validFrom` out to begin now, and let `validUntil` be later. To end a band now, retire it.',
    },
    price_band_overlaps: {
      status: 409,
      fields: ['validFrom', 'validUntil'],
      title: {
        en: 'Another price band is valid in that time',
        ar: 'هناك شريحة أسعار أخرى سارية في هذا الوقت',
      },
      detail: {
        en: 'A category has one price band in a city at a time. End or retire the other one first.',
        ar: 'لكل فئة شريحة أسعار واحدة في المدينة في الوقت نفسه. أنهِ الشريحة الأخرى أو أوقفها أولًا.',
      },
      cause: 'An active or scheduled band of the same category and city is valid in a part of that time.',
      remedy:
        'Preview the band: `conflicts` names what is in the way. Retire it, or set its `validUntil` to the beginning of the new one.',
    },
    price_band_ended: {
      status: 409,
      title: {
        en: 'The price band has ended',
        ar: 'انتهت شريحة الأسعار',
      },
      detail: {
        en: 'A price band that has ended or was retired cannot be changed. Create a new one.',
        ar: 'لا يمكن تعديل شريحة أسعار انتهت أو أُوقفت. أنشئ شريحة جديدة.',
      },
      cause:
        'The band has ended or was retired; it stays as it was, so that estimates made with it stay explainable.',
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
      cause: 'No price band that is valid now covers the category in the city.',
      remedy: 'Offer other categories or cities, or add a band as staff.',
    },
  },
  constraints: {
    pricing_bands_one_at_a_time: 'price_band_overlaps',
    pricing_bands_one_currency: 'price_band_currency',
    pricing_bands_order: 'price_band_order',
  },
})
