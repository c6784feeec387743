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
      cause:
        'The URL is not https on port 443, or its host is an address, a name that is not public, or one of ours.',
      remedy: 'Register a public https URL. For tests on your own machine, use a tunnel.',
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
      cause: 'A name in `headers` is not on the list of allowed names, or is there twice.',
      remedy:
        'Use Authorization, API-Key, CF-Access-Client-Id, CF-Access-Client-Secret or a name of your own that begins with X-, each once.',
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
      cause: 'The webhook is switched off: by its owner, or by us after days without a delivery.',
      remedy:
        'Mend the endpoint, send `active: true` with `PATCH /v1/webhooks/{webhookId}`, and repeat the request.',
    },
    webhook_secret_rotating: {
      status: 409,
      title: {
        en: 'The secret is being replaced already',
        ar: 'يجري استبدال السر بالفعل',
      },
      detail: {
        en: 'The secret before it signs until {until}. Rotate again after that.',
        ar: 'السر السابق يوقّع حتى {until}. أعد الاستبدال بعد ذلك.',
      },
      cause:
        'The secret was rotated within the last 24 hours: another rotation would drop a secret that your server may still use.',
      remedy:
        'Use the secret of that rotation; the same `Idempotency-Key` returns it again. If it is lost or was leaked, create another webhook with the same URL, and delete this one when your server has the new secret.',
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
      cause: 'The event does not exist, does not concern the caller, or was deleted by retention.',
      remedy: 'Start from a time: send `since` instead of `sinceEventId`.',
    },
  },
})
