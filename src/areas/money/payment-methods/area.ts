import { defineArea } from '../../../core/area.ts'

export const paymentMethods = defineArea({
  name: 'payment-methods',
  routes: () => import('./routes.ts'),
  personalData: () => import('./personal-data.ts'),
  jobs: () => import('./jobs.ts'),
  problems: {
    stored_method_unusable: {
      status: 422,
      fields: ['storedMethodId'],
      title: { en: 'This stored method cannot pay that', ar: 'طريقة الدفع المحفوظة لا تصلح لهذا الدفع' },
      detail: {
        en: 'It is not one of yours, was removed, or pays in another way than `method` says.',
        ar: 'ليست من طرقك المحفوظة، أو أُزيلت، أو تدفع بغير ما يذكره `method`.',
      },
      cause:
        'No active stored method of the caller has this id, or its type does not fit `method` (a card: `card`; a wallet: `paypal`; a bank account: `bank_transfer`).',
      remedy: 'Read `me.listPaymentMethods`, and send one of them with the method of its type.',
    },
    stored_method_expired: {
      status: 422,
      fields: ['storedMethodId'],
      title: { en: 'The card has expired', ar: 'انتهت صلاحية البطاقة' },
      detail: {
        en: 'Pay with another method, or store the new card.',
        ar: 'ادفع بطريقة أخرى، أو احفظ البطاقة الجديدة.',
      },
      cause: 'The last month of the stored card is over.',
      remedy:
        'Pay without `storedMethodId` and with `saveMethod`: the new card takes the place of the old one.',
    },
  },
})
