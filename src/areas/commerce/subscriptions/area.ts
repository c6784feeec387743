import { defineArea } from '../../../core/area.ts'
import { subscriptionEvents } from './events.ts'
import { subscriptionMachine } from './machine.ts'
import { subscriptionsProblems } from './problems.ts'

export const subscriptions = defineArea({
  name: 'subscriptions',
  tags: {
    Subscriptions: 'Plans that taskers, clients and companies subscribe to, by the month or the year.',
  },
  routes: () => import('./routes.ts'),
  config: () => import('./config.ts'),
  personalData: () => import('./personal-data.ts'),
  jobs: () => import('./jobs.ts'),
  machines: [subscriptionMachine],
  events: subscriptionEvents,
  scopes: {
    'plans:write': 'Create, change and retire plans (staff)',
    'subscriptions:read': 'Read your subscriptions',
    'subscriptions:write': 'Subscribe, change and cancel',
  },
  permissions: {
    'plans.manage': { description: 'Create, change and retire plans', heldBy: ['finance'] },
    'subscriptions.read': {
      description: 'View subscriptions of users',
      heldBy: ['ops', 'support', 'finance'],
    },
  },
  problems: subscriptionsProblems,
  constraints: {
    plans_price: 'plan_not_priced',
    subscriptions_one_open: 'subscription_exists',
  },
})
