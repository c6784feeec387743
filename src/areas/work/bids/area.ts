import { defineArea } from '../../../core/area.ts'
import { bidsEvents } from './events.ts'
import { bidMachine } from './machine.ts'
import { bidsProblems } from './problems.ts'

export const bids = defineArea({
  name: 'bids',
  tags: {
    Bids: 'Proposals of taskers for tasks that they bid on, with invitations, questions and answers.',
  },
  routes: () => import('./routes.ts'),
  config: () => import('./config.ts'),
  personalData: () => import('./personal-data.ts'),
  jobs: () => import('./jobs.ts'),
  machines: [bidMachine],
  scopes: {
    'bids:read': 'Read tasks that take bids, bids, invitations and questions',
    'bids:write': 'Bid on tasks, choose bids, invite taskers, ask and answer questions',
  },
  permissions: {
    'bids.read': {
      description: 'View all bids',
      heldBy: ['ops', 'support'],
    },
  },
  problems: bidsProblems,
  constraints: {
    bids_one_open: 'bid_exists',
    bids_one_awarded: 'another_bid_awarded',
    bids_one_text: 'bid_text_repeated',
    bid_invitations_task_tasker_key: ['already_exists', 'taskerId'],
  },
  events: bidsEvents,
})
