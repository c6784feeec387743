import { defineArea } from '../../../core/area.ts'
import { disputesEvents } from './events.ts'
import { disputeMachine } from './machine.ts'

export const disputes = defineArea({
  name: 'disputes',
  routes: () => import('./routes.ts'),
  personalData: () => import('./personal-data.ts'),
  machines: [disputeMachine],
  permissions: {
    'disputes.manage': {
      description: 'Open, investigate and escalate disputes',
      heldBy: ['ops', 'support'],
    },
    'disputes.read': {
      description: 'View all disputes',
      heldBy: ['ops', 'support'],
    },
    'disputes.resolve': {
      description: 'Decide disputes, including refunds',
      heldBy: ['ops'],
    },
  },
  problems: {
    nothing_to_refund: {
      status: 409,
      title: {
        en: 'Nothing to refund',
        ar: 'لا يوجد ما يُسترد',
      },
      detail: {
        en: 'No payment was made for this booking.',
        ar: 'لم يُدفع أي مبلغ لهذا الحجز.',
      },
      cause: 'The booking has no captured payment.',
      remedy: 'Decide with `disputes.resolve` or `disputes.reject` instead.',
    },
    amount_above_paid: {
      status: 422,
      fields: ['amount', 'amountInQuestion'],
      title: {
        en: 'The amount is more than was paid',
        ar: 'المبلغ أكبر مما دُفع',
      },
      detail: {
        en: 'The payment for this booking was {maximum} minor units.',
        ar: 'المبلغ المدفوع لهذا الحجز هو {maximum} بالوحدات الصغرى.',
      },
      cause: 'The amount is higher than what was paid for the booking.',
      remedy: 'Send at most `maximum` of `detail`, in minor units.',
    },
  },
  constraints: {
    disputes_booking_id_key: 'already_exists',
  },
  events: disputesEvents,
})
