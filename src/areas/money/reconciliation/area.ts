import { defineArea } from '../../../core/area.ts'

export const reconciliation = defineArea({
  name: 'reconciliation',
  tags: {
    Reconciliation: 'The lists of gateways against the books, day by day.',
  },
  routes: () => import('./routes.ts'),
  personalData: () => import('./personal-data.ts'),
  config: () => import('./config.ts'),
  jobs: () => import('./jobs.ts'),
  scopes: {
    'reconciliation:read': 'Read reconciliations (staff)',
  },
  permissions: {
    'reconciliation.read': {
      description: 'View reconciliations',
      heldBy: ['ops', 'finance'],
    },
    'reconciliation.manage': {
      description: 'Run reconciliations and explain what they find',
      heldBy: ['finance'],
    },
  },
  problems: {
    nothing_to_resolve: {
      status: 409,
      title: {
        en: 'Nothing is to be explained',
        ar: 'لا شيء يحتاج إلى تفسير',
      },
      detail: {
        en: 'The item matches, or was explained before.',
        ar: 'العنصر مطابق أو سبق تفسيره.',
      },
      cause: 'The outcome of the item is `matched` or `fee_booked`, or its `resolvedAt` is set.',
      remedy: 'Read the item: list those with `isUnexplained=true`.',
    },
  },
})
