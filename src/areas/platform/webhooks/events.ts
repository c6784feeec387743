import type { Area } from '../../../core/area.ts'

export const webhookEvents = {
  'webhook.failing': {
    summary: 'A webhook has taken nothing for an hour',
    notifies: {
      user: {
        en: {
          title: 'A webhook is failing',
          body: 'Your server has taken no event for an hour. After three days we stop sending.',
        },
        ar: {
          title: 'تعذّر إيصال الأحداث إلى webhook',
          body: 'لم يستقبل خادمك أي حدث منذ ساعة. بعد ثلاثة أيام نتوقف عن الإرسال.',
        },
      },
    },
  },
  'webhook.disabled': {
    summary: 'A webhook was deactivated, as its server takes nothing',
    notifies: {
      user: {
        en: {
          title: 'A webhook was deactivated',
          body: 'We no longer send events to your server. Reactivate the webhook once it is repaired.',
        },
        ar: {
          title: 'تم تعطيل webhook',
          body: 'لم نعد نرسل الأحداث إلى خادمك. أعد تفعيل الـ webhook بعد إصلاحه.',
        },
      },
    },
  },
  'webhook.recovered': {
    summary: 'A webhook that was failing takes events again',
    notifies: {
      user: {
        en: {
          title: 'A webhook has recovered',
          body: 'Your server takes events again.',
        },
        ar: {
          title: 'عاد webhook إلى العمل',
          body: 'خادمك يستقبل الأحداث من جديد.',
        },
      },
    },
  },
} as const satisfies Area['events']
