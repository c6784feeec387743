import { defineArea } from '../../../core/area.ts'
import { leadsEvents } from './events.ts'
import { leadMachine, leadRefundMachine, leadRequestMachine } from './machine.ts'
import { leadsProblems } from './problems.ts'

export const leads = defineArea({
  name: 'leads',
  tags: {
    Leads: 'Tasks that taskers ask for with credits, their approval, and the answers of clients.',
  },
  routes: () => import('./routes.ts'),
  config: () => import('./config.ts'),
  personalData: () => import('./personal-data.ts'),
  jobs: () => import('./jobs.ts'),
  machines: [leadMachine, leadRequestMachine, leadRefundMachine],
  scopes: {
    'leads:read': 'Read leads and requests for them',
    'leads:write': 'Ask for leads, answer requests, approve leads (staff)',
  },
  permissions: {
    'leads.read': {
      description: 'View leads and requests for them',
      heldBy: ['ops', 'support'],
    },
    'leads.approve': {
      description: 'Approve and reject leads',
      heldBy: ['ops', 'support'],
    },
    'leads.refund': {
      description: 'Decide on refunds of credits for leads',
      heldBy: ['ops', 'finance'],
    },
  },
  problems: leadsProblems,
  constraints: {
    lead_requests_one_open: 'lead_request_exists',
    lead_refunds_one: 'lead_refund_exists',
  },
  events: leadsEvents,
})
