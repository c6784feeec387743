import { defineArea } from '../../../core/area.ts'
import { contractsEvents } from './events.ts'
import { contractAmendmentMachine, contractMachine, escrowMachine, milestoneMachine } from './machine.ts'
import { contractsProblems } from './problems.ts'

export const contracts = defineArea({
  name: 'contracts',
  tags: {
    Contracts:
      'Terms of a booking that both sides sign, delivered and paid in milestones, with the money in escrow.',
  },
  routes: () => import('./routes.ts'),
  config: () => import('./config.ts'),
  personalData: () => import('./personal-data.ts'),
  jobs: () => import('./jobs.ts'),
  machines: [contractMachine, milestoneMachine, escrowMachine, contractAmendmentMachine],
  scopes: {
    'contracts:read': 'Read contracts, their milestones and their money',
    'contracts:write': 'Draft, sign, fund, deliver, approve, amend and cancel contracts',
  },
  permissions: {
    'contracts.read': {
      description: 'View all contracts and their money',
      heldBy: ['ops', 'support', 'finance'],
    },
    'contracts.manage': {
      description: 'Cancel contracts on behalf of a party',
      heldBy: ['ops'],
    },
  },
  problems: contractsProblems,
  constraints: {
    contracts_one_a_booking: 'already_exists',
    contract_amendments_one_pending: 'amendment_pending',
    escrows_arbitration_share: 'arbitration_too_dear',
    payment_intents_contract_open: 'payment_in_progress',
  },
  events: contractsEvents,
})
