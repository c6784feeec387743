import { defineArea } from '../../../core/area.ts'
import { orderMachine } from './machine.ts'
import { ordersProblems } from './problems.ts'
import { ordersRetention } from './retention-policies.ts'

export const orders = defineArea({
  name: 'orders',
  tags: {
    Orders: 'Quotes with their price step by step, and the orders that they become.',
  },
  routes: () => import('./routes.ts'),
  config: () => import('./config.ts'),
  personalData: () => import('./personal-data.ts'),
  jobs: () => import('./jobs.ts'),
  retention: ordersRetention,
  machines: [orderMachine],
  scopes: {
    'orders:read': 'Read quotes and orders',
    'orders:write': 'Ask for quotes, place orders, pay and cancel them',
  },
  permissions: {
    'orders.read': {
      description: 'View orders of others',
      heldBy: ['ops', 'finance', 'support'],
    },
    'orders.manage': {
      description: 'Cancel and refund orders',
      heldBy: ['finance'],
    },
  },
  problems: ordersProblems,
  constraints: {
    orders_document_id_key: 'quote_placed',
    payment_intents_order_open: 'order_paid',
    order_refunds_once: 'refund_above_order',
  },
  events: {
    'order.created': { summary: 'An order was placed, to be paid' },
    'order.completed': {
      summary: 'An order was paid, and gave what it contains',
      notifies: {
        user: {
          en: { title: 'Your order is complete', body: 'What you have bought is yours to use.' },
          ar: { title: 'اكتمل طلبك', body: 'يمكنك الآن استخدام ما اشتريته.' },
        },
      },
    },
    'order.canceled': {
      summary: 'An order was canceled before it was paid',
      notifies: {
        user: {
          en: { title: 'Your order was canceled', body: 'Nothing was charged.' },
          ar: { title: 'أُلغي طلبك', body: 'لم يُخصم أي مبلغ.' },
        },
      },
    },
    'order.expired': {
      summary: 'An order was not paid in time',
      notifies: {
        user: {
          en: { title: 'Your order has ended', body: 'It was not paid in time. You can place it again.' },
          ar: { title: 'انتهت مهلة طلبك', body: 'لم يُدفع في الوقت المحدد. يمكنك إنشاؤه من جديد.' },
        },
      },
    },
    'order.partially_refunded': {
      summary: 'A part of an order was refunded, with what it gave',
      notifies: {
        user: {
          en: { title: 'A part of your order was refunded', body: 'What that part had given is gone.' },
          ar: { title: 'رُدّ جزء من مبلغ طلبك', body: 'سُحب ما قدّمه ذلك الجزء.' },
        },
      },
    },
    'order.refunded': {
      summary: 'An order was refunded; what was unspent of it is taken back',
      notifies: {
        user: {
          en: { title: 'Your order was refunded', body: 'What you had not used of it is gone.' },
          ar: { title: 'رُدّ مبلغ طلبك', body: 'سُحب ما لم تستخدمه منه.' },
        },
      },
    },
  },
})
