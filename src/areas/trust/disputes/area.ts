import { defineArea } from '../../../core/area.ts'
import { disputesEvents } from './events.ts'
import { disputeMachine, disputeOfferMachine } from './machine.ts'
import { disputesProblems } from './problems.ts'

export const disputes = defineArea({
  name: 'disputes',
  routes: () => import('./routes.ts'),
  config: () => import('./config.ts'),
  jobs: () => import('./jobs.ts'),
  personalData: () => import('./personal-data.ts'),
  machines: [disputeMachine, disputeOfferMachine],
  permissions: {
    'disputes.manage': {
      description: 'Open, investigate and escalate disputes',
      heldBy: ['ops', 'support'],
    },
    'disputes.read': {
      description: 'View all disputes',
      heldBy: ['ops', 'support'],
    },
    'disputes.resolve': {
      description: 'Decide disputes, including refunds',
      heldBy: ['ops'],
    },
  },
  problems: disputesProblems,
  constraints: {
    disputes_one_open: 'dispute_open',
    disputes_one_appeal: 'already_appealed',
    dispute_offers_one_pending: 'dispute_offer_exists',
  },
  events: disputesEvents,
})
