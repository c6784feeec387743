import { defineArea } from '../../../core/area.ts'
import { payoutsEvents } from './events.ts'
import { payoutMachine } from './machine.ts'
import { payoutsProblems } from './problems.ts'

export const payouts = defineArea({
  name: 'payouts',
  tags: {
    Payouts:
      'What leaves the platform: earnings of taskers and withdrawals from wallets, and the accounts they go to.',
  },
  routes: () => import('./routes.ts'),
  personalData: () => import('./personal-data.ts'),
  config: () => import('./config.ts'),
  jobs: () => import('./jobs.ts'),
  machines: [payoutMachine],
  scopes: {
    'payouts:read': 'Read payouts and payout accounts',
    'payouts:write': 'Hold, release, cancel and retry payouts (staff)',
  },
  permissions: {
    'payouts.read': {
      description: 'View payouts of others',
      heldBy: ['finance'],
    },
    'payouts.manage': {
      description: 'Hold, release, cancel, retry and transfer payouts',
      heldBy: ['finance'],
    },
  },
  problems: payoutsProblems,
  constraints: {
    payouts_withdrawal_key: 'withdrawal_pending',
  },
  events: payoutsEvents,
})
