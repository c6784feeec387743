import { defineArea } from '../../../core/area.ts'
import { webhookEvents } from './events.ts'
import { webhooksRetention } from './retention-policies.ts'

export const webhooks = defineArea({
  name: 'webhooks',
  tags: {
    Webhooks: 'Events pushed to your server, signed as in Standard Webhooks.',
  },
  routes: () => import('./routes.ts'),
  personalData: () => import('./personal-data.ts'),
  jobs: () => import('./jobs.ts'),
  retention: webhooksRetention,
  events: webhookEvents,
  scopes: {
    'webhooks:read': 'Read webhooks and their deliveries',
    'webhooks:write': 'Create, change, test and delete webhooks',
  },
  problems: {
    webhook_url_refused: {
      status: 422,
      fields: ['url'],
      title: {
        en: 'The webhook URL is not allowed',
        ar: 'عنوان الـ webhook غير مقبول',
      },
      detail: {
        en: 'Use https on port 443 with a public host name.',
        ar: 'استخدم https على المنفذ 443 مع اسم مضيف عام.',
      },
      cause: 'The URL is not https on port 443, or its host is an address or name that is not public.',
      remedy: 'Register a public https URL. For tests on your own machine, use a tunnel.',
    },
  },
})
