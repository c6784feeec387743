import { defineArea } from '../../../core/area.ts'
import { notificationsRetention } from './retention-policies.ts'

export const notifications = defineArea({
  name: 'notifications',
  tags: {
    Notifications: 'Notifications to the user, and their preferences.',
  },
  routes: () => import('./routes.ts'),
  personalData: () => import('./personal-data.ts'),
  jobs: () => import('./jobs.ts'),
  retention: notificationsRetention,
  scopes: {
    'notifications:read': 'Read notifications and notification preferences',
    'notifications:write': 'Mark notifications as read, change notification preferences',
  },
})
