import { defineArea } from '../../../core/area.ts'
import { webhookEvents } from './events.ts'
import { webhooksRetention } from './retention-policies.ts'

export const webhooks = defineArea({
  name: 'webhooks',
  tags: {
    Webhooks:
      'Events pushed to your server, signed as in Standard Webhooks. How to receive and verify them: `/webhooks.md`.',
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
    },
    webhook_header_refused: {
      status: 422,
      title: {
        en: 'The webhook header is not allowed',
        ar: 'ترويسة الـ webhook غير مسموح بها',
      },
      detail: {
        en: 'Custom headers authenticate us at your server. Names that HTTP, proxies or our signatures use are not allowed.',
        ar: 'الترويسات المخصصة للتحقق من هويتنا على خادمك. لا يُسمح بأسماء يستخدمها HTTP أو الوسطاء أو توقيعاتنا.',
      },
    },
    webhook_inactive: {
      status: 409,
      title: {
        en: 'The webhook is deactivated',
        ar: 'الـ webhook معطّل',
      },
      detail: {
        en: 'Reactivate it with `active: true` first.',
        ar: 'أعد تفعيله أولًا بإرسال `active: true`.',
      },
    },
    event_unavailable: {
      status: 422,
      fields: ['sinceEventId'],
      title: {
        en: 'The event is not available',
        ar: 'الحدث غير متاح',
      },
      detail: {
        en: 'It does not concern you, or it is older than 90 days. Send `since` with a time instead.',
        ar: 'لا يخصك هذا الحدث أو مضى عليه أكثر من 90 يومًا. أرسل `since` مع وقت بدلًا منه.',
      },
    },
  },
})
