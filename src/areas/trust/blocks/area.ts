import { defineArea } from '../../../core/area.ts'

export const blocks = defineArea({
  name: 'blocks',
  routes: () => import('./routes.ts'),
  personalData: () => import('./personal-data.ts'),
  events: {
    'user_block.created': {
      summary: 'A user blocked another user',
    },
  },
})
