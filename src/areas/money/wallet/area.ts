import { defineArea } from '../../../core/area.ts'

export const wallet = defineArea({
  name: 'wallet',
  tags: {
    Wallet: 'What users have with us, what they owe, and how they pay it.',
  },
  routes: () => import('./routes.ts'),
  config: () => import('./config.ts'),
  personalData: () => import('./personal-data.ts'),
  scopes: {
    'wallet:read': 'Read your wallet, its statement and your debts',
    'wallet:write': 'Pay your debts',
  },
  permissions: {
    'debts.read': {
      description: 'View wallets and debts of users',
      heldBy: ['ops', 'finance'],
    },
  },
  problems: {
    amount_above_debt: {
      status: 422,
      fields: ['amountMinor'],
      title: { en: 'That is more than you owe', ar: 'المبلغ أكبر من دينك' },
      detail: {
        en: 'You owe {maximum} in minor units of this currency.',
        ar: 'دينك {maximum} بالوحدات الصغرى لهذه العملة.',
      },
      cause: 'The amount is above the debts in this currency; `detail` names them.',
      remedy: 'Read `me.getDebts`, and send at most `owedAmount`.',
    },
    debt_cap_reached: {
      status: 409,
      title: { en: 'Pay your debts to take work again', ar: 'سدّد ديونك لتستقبل الأعمال من جديد' },
      detail: {
        en: 'You owe more than {cap} in minor units of {currency}. Pay {amount} to get offers again.',
        ar: 'دينك أكبر من {cap} بالوحدات الصغرى لعملة {currency}. سدّد {amount} لتصلك العروض من جديد.',
      },
      cause: 'The tasker owes more than the cap of their city (`debts.cap`).',
      remedy: 'Pay the amount in `detail`: `me.payDebts`.',
    },
    receipt_unavailable: {
      status: 409,
      title: { en: 'There is no receipt yet', ar: 'لا يوجد إيصال بعد' },
      detail: { en: 'Nothing has been paid.', ar: 'لم يُدفع شيء.' },
      cause: 'The payment is not captured.',
      remedy: 'Wait until the payment is `captured`.',
    },
  },
  events: {
    'debt.cap_reached': {
      summary: 'A tasker owes more than the cap',
      notifies: {
        tasker: {
          en: {
            title: 'Pay your debts to get offers',
            body: 'You owe more than is allowed. Offers stop until you have paid. See your debts.',
          },
          ar: {
            title: 'سدّد ديونك لتصلك العروض',
            body: 'تجاوز دينك الحد المسموح. تتوقف العروض حتى تسدّد. راجع ديونك.',
          },
        },
      },
    },
  },
})
