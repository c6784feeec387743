import { defineArea } from '../../../core/area.ts'

export const standing = defineArea({
  name: 'standing',
  routes: () => import('./routes.ts'),
  config: () => import('./config.ts'),
  personalData: () => import('./personal-data.ts'),
  jobs: () => import('./jobs.ts'),
})
