import { defineArea } from '../../../core/area.ts'
import { paymentIntentMachine, refundMachine } from './machine.ts'
import { paymentsProblems } from './problems.ts'

export const payments = defineArea({
  name: 'payments',
  tags: {
    Payments: 'What clients pay, how, and what is given back.',
  },
  routes: () => import('./routes.ts'),
  personalData: () => import('./personal-data.ts'),
  config: () => import('./config.ts'),
  jobs: () => import('./jobs.ts'),
  machines: [paymentIntentMachine, refundMachine],
  scopes: {
    'payments:read': 'Read payments and earnings',
    'payments:write': 'Choose payment methods, report and confirm cash',
    'payments:refund': 'Refund payments (staff)',
  },
  permissions: {
    'payments.read': {
      description: 'View payments of others',
      heldBy: ['ops', 'finance'],
    },
    'payments.manage': {
      description: 'Settle payments for both sides',
      heldBy: ['ops', 'finance'],
    },
    'payments.refund': {
      description: 'Refund payments',
      heldBy: ['finance'],
    },
  },
  problems: paymentsProblems,
  events: {
    'payment_intent.created': {
      summary: 'A payment was made, to be paid',
    },
    'payment_intent.reopened': {
      summary: 'A payment begins anew',
    },
    'payment_intent.authorized': {
      summary: 'An amount was authorized',
    },
    'payment_intent.captured': {
      summary: 'A booking, a tip, a top-up or debts were paid',
      notifies: {
        client: {
          en: {
            title: 'Payment confirmed',
            body: 'Your payment went through. Thank you!',
          },
          ar: {
            title: 'تم الدفع',
            body: 'تمت عملية الدفع. شكرًا لك!',
          },
        },
      },
    },
    'payment_intent.cash_reported': {
      summary: 'A client says that they have paid in cash',
      notifies: {
        tasker: {
          en: {
            title: 'Did you receive the cash?',
            body: 'Your client says that they have paid. Confirm it, or object in time.',
          },
          ar: {
            title: 'هل استلمت المبلغ؟',
            body: 'يقول العميل إنه دفع. أكّد الاستلام أو اعترض في الوقت المحدد.',
          },
        },
      },
    },
    'payment_intent.objected': {
      summary: 'A tasker objects that they were not paid; staff decide',
      notifies: {
        client: {
          en: {
            title: 'Your payment is questioned',
            body: 'Your tasker says that they were not paid. We look into it.',
          },
          ar: {
            title: 'هناك اعتراض على دفعتك',
            body: 'يقول مقدم الخدمة إنه لم يستلم المبلغ. سننظر في الأمر.',
          },
        },
      },
    },
    'payment_intent.reminder': {
      summary: 'A payment in cash is settled soon unless somebody objects',
      notifies: {
        client: {
          en: { title: 'Have you paid?', body: 'Tell us that you paid in cash, or choose another method.' },
          ar: { title: 'هل دفعت؟', body: 'أخبرنا أنك دفعت نقدًا، أو اختر طريقة أخرى.' },
        },
        tasker: {
          en: { title: 'Have you been paid?', body: 'Confirm the cash, or object: soon we take it as paid.' },
          ar: { title: 'هل استلمت أجرك؟', body: 'أكّد استلام النقد أو اعترض: قريبًا سنعتبره مدفوعًا.' },
        },
      },
    },
    'refund.created': {
      summary: 'A refund is on its way',
    },
    'refund.succeeded': {
      summary: 'A refund was made',
      notifies: {
        client: {
          en: { title: 'You got a refund', body: 'See the payment for where the money went.' },
          ar: { title: 'تم ردّ مبلغ لك', body: 'تجد في تفاصيل الدفعة أين ذهب المبلغ.' },
        },
      },
    },
    'refund.failed': {
      summary: 'A gateway could not make a refund',
      notifies: {
        client: {
          en: {
            title: 'Your bank did not take a refund',
            body: 'Unless your bank has returned the money itself, it is in your wallet.',
          },
          ar: {
            title: 'لم يقبل مصرفك المبلغ المردود',
            body: 'إن لم يكن مصرفك قد أعاد المبلغ بنفسه فهو في محفظتك.',
          },
        },
      },
    },
    'payment_intent.failed': {
      summary: 'A payment failed',
    },
    'payment_intent.canceled': {
      summary: 'A payment was canceled',
    },
  },
})
