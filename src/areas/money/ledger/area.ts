import { defineArea } from '../../../core/area.ts'

export const ledger = defineArea({
  name: 'ledger',
  tags: {
    Ledger: 'The double-entry ledger behind every amount.',
  },
  routes: () => import('./routes.ts'),
  personalData: () => import('./personal-data.ts'),
  jobs: () => import('./jobs.ts'),
  scopes: {
    'ledger:read': 'Read the ledger (staff)',
  },
  permissions: {
    'ledger.read': {
      description: 'View the ledger',
      heldBy: ['ops', 'finance'],
    },
  },
  problems: {
    insufficient_balance: {
      status: 409,
      title: {
        en: 'Insufficient balance',
        ar: 'الرصيد غير كافٍ',
      },
      detail: {
        en: 'The amount is more than is available.',
        ar: 'المبلغ أكبر من الرصيد المتاح.',
      },
      cause: 'The balance, less what is held for other payments, does not reach.',
      remedy: 'Take a smaller amount, or top up first.',
    },
  },
  constraints: {
    ledger_balances_guard: 'insufficient_balance',
  },
})
