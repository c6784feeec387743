import { defineArea } from '../../../core/area.ts'
import { paymentIntentMachine, payoutMachine } from './machine.ts'
import { paymentsProblems } from './problems.ts'

export const payments = defineArea({
  name: 'payments',
  tags: {
    Payments: 'Payments of bookings.',
  },
  routes: () => import('./routes.ts'),
  personalData: () => import('./personal-data.ts'),
  machines: [paymentIntentMachine, payoutMachine],
  scopes: {
    'payments:read': 'Read payments and earnings',
    'payments:write': 'Choose payment methods and confirm cash',
  },
  permissions: {
    'payments.read': {
      description: 'View payments of others',
      heldBy: ['ops'],
    },
  },
  problems: paymentsProblems,
  constraints: {
    payment_intents_booking_id_key: 'payment_exists',
  },
  events: {
    'payment_intent.created': {
      summary: 'A payment method was chosen',
    },
    'payment_intent.authorized': {
      summary: 'An amount was authorized',
    },
    'payment_intent.captured': {
      summary: 'A booking was paid',
      notifies: {
        client: {
          en: {
            title: 'Payment confirmed',
            body: 'Your tasker has confirmed your payment. Thank you!',
          },
          ar: {
            title: 'تم الدفع',
            body: 'أكّد مقدم الخدمة استلام المبلغ. شكرًا لك!',
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
    'payout.created': {
      summary: 'A payout to a tasker was scheduled',
    },
    'payout.paid_in_cash': {
      summary: 'A tasker was paid by the client in cash',
    },
    'payout.processing': {
      summary: 'A payout is being processed',
    },
    'payout.paid': {
      summary: 'A payout was made',
      notifies: {
        tasker: {
          en: {
            title: 'You have been paid',
            body: 'See your earnings for the details.',
          },
          ar: {
            title: 'وصلتك أرباحك',
            body: 'تجد التفاصيل في صفحة أرباحك.',
          },
        },
      },
    },
    'payout.failed': {
      summary: 'A payout failed',
    },
  },
})
