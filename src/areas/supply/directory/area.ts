import { defineArea } from '../../../core/area.ts'
import { directoryRetention } from './retention-policies.ts'

export const directory = defineArea({
  name: 'directory',
  tags: {
    Directory: 'Search of everybody who can be booked, with the number of matches by value.',
  },
  routes: () => import('./routes.ts'),
  personalData: () => import('./personal-data.ts'),
  jobs: () => import('./jobs.ts'),
  retention: directoryRetention,
})
