import { defineArea } from '../../../core/area.ts'

export const pricing = defineArea({
  name: 'pricing',
  routes: () => import('./routes.ts'),
  personalData: () => import('./personal-data.ts'),
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
    },
  },
})
