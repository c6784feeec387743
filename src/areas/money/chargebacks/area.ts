import { defineArea } from '../../../core/area.ts'
import { chargebackMachine } from './machine.ts'

export const chargebacks = defineArea({
  name: 'chargebacks',
  tags: {
    Chargebacks: 'Payments that a bank takes back, and what we answer.',
  },
  routes: () => import('./routes.ts'),
  personalData: () => import('./personal-data.ts'),
  config: () => import('./config.ts'),
  jobs: () => import('./jobs.ts'),
  machines: [chargebackMachine],
  scopes: {
    'chargebacks:read': 'Read chargebacks (staff)',
  },
  permissions: {
    'chargebacks.read': {
      description: 'View chargebacks',
      heldBy: ['ops', 'finance'],
    },
    'chargebacks.manage': {
      description: 'Answer chargebacks with evidence',
      heldBy: ['finance'],
    },
  },
  problems: {
    evidence_closed: {
      status: 409,
      title: {
        en: 'Evidence is no longer taken',
        ar: 'لم يعد تقديم الأدلة ممكنًا',
      },
      detail: {
        en: 'The chargeback is decided, or the deadline of its evidence has passed.',
        ar: 'حُسم الاعتراض البنكي أو انتهت مهلة تقديم الأدلة.',
      },
      cause: 'The status of the chargeback is not `open`, or `evidenceDueAt` lies in the past.',
      remedy: 'Read the chargeback: its status says how it ended. Nothing more can be sent.',
    },
    evidence_refused: {
      status: 409,
      title: {
        en: 'The gateway refused the evidence',
        ar: 'رفضت البوابة الأدلة',
      },
      detail: {
        en: 'It may have been submitted already, or the gateway takes none for this chargeback.',
        ar: 'ربما قُدّمت الأدلة من قبل، أو أن البوابة لا تقبل أدلة لهذا الاعتراض.',
      },
      cause: 'The gateway answered that it does not take the evidence; `evidenceFailure` has its code.',
      remedy: 'Look at the chargeback on the dashboard of the gateway.',
    },
  },
  events: {
    'chargeback.opened': {
      summary: 'A bank takes a payment back',
      notifies: {
        tasker: {
          en: {
            title: 'A payment is questioned',
            body: 'The client’s bank takes a payment back. Send us what shows your work.',
          },
          ar: {
            title: 'دفعة قيد الاعتراض',
            body: 'يسترد مصرف العميل إحدى الدفعات. أرسل لنا ما يثبت عملك.',
          },
        },
      },
    },
    'chargeback.reminder': {
      summary: 'The deadline of the evidence of a chargeback is near',
      notifies: {
        tasker: {
          en: {
            title: 'We need your evidence soon',
            body: 'The deadline for a questioned payment is near. Send us what shows your work.',
          },
          ar: {
            title: 'نحتاج إلى أدلتك قريبًا',
            body: 'اقتربت مهلة الرد على الاعتراض. أرسل لنا ما يثبت عملك.',
          },
        },
      },
    },
    'chargeback.won': {
      summary: 'A bank has given a payment back to us',
      notifies: {
        tasker: {
          en: { title: 'The payment stays', body: 'The bank decided for you.' },
          ar: { title: 'الدفعة باقية', body: 'حكم المصرف لصالحك.' },
        },
      },
    },
    'chargeback.lost': {
      summary: 'A bank has taken a payment back for good',
      notifies: {
        tasker: {
          en: {
            title: 'A payment was taken back',
            body: 'The bank decided for the client. See your earnings for what it means to you.',
          },
          ar: {
            title: 'تم استرداد دفعة',
            body: 'حكم المصرف لصالح العميل. تجد أثر ذلك في صفحة أرباحك.',
          },
        },
      },
    },
  },
})
