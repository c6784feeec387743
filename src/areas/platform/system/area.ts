import { defineArea } from '../../../core/area.ts'
import { systemRetention } from './retention-policies.ts'

export const system = defineArea({
  name: 'system',
  tags: {
    Platform:
      'Health, signing keys and the problem catalogue; for staff, dead letters and pauses of sign-in codes.',
  },
  routes: () => import('./routes.ts'),
  personalData: () => import('./personal-data.ts'),
  jobs: () => import('./jobs.ts'),
  retention: systemRetention,
  permissions: {
    'platform.operate': {
      description: 'View and retry dead letters',
      heldBy: ['ops'],
    },
  },
})
