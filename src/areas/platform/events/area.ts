import { defineArea } from '../../../core/area.ts'
import { eventsRetention } from './retention-policies.ts'

export const events = defineArea({
  name: 'events',
  tags: {
    Events: 'The same events, to be pulled in order.',
  },
  routes: () => import('./routes.ts'),
  personalData: () => import('./personal-data.ts'),
  jobs: () => import('./jobs.ts'),
  retention: eventsRetention,
  scopes: {
    'events:read': 'List events',
  },
  permissions: {
    'events.read': {
      description: 'View all events',
      heldBy: ['ops'],
    },
  },
})
