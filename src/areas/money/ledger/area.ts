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
      heldBy: ['ops'],
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
        en: 'This account cannot go below zero.',
        ar: 'لا يمكن أن يقل رصيد هذا الحساب عن صفر.',
      },
      cause: 'The posting would make the balance of an account negative that must not be.',
      remedy: 'Post a smaller amount, or fund the account first.',
    },
  },
  constraints: {
    ledger_balances_guard: 'insufficient_balance',
  },
})
