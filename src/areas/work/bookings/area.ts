import { defineArea } from '../../../core/area.ts'
import { bookingsEvents } from './events.ts'
import { bookingMachine } from './machine.ts'

export const bookings = defineArea({
  name: 'bookings',
  tags: {
    Bookings: 'The engagement that a task becomes.',
  },
  routes: () => import('./routes.ts'),
  personalData: () => import('./personal-data.ts'),
  machines: [bookingMachine],
  scopes: {
    'bookings:read': 'Read bookings and their history',
    'bookings:write': 'Confirm, start, complete and cancel bookings',
  },
  permissions: {
    'bookings.manage': {
      description: 'Cancel bookings for a party',
      heldBy: ['ops'],
    },
    'bookings.read': {
      description: 'See all bookings',
      heldBy: ['ops', 'support'],
    },
  },
  problems: {
    tasker_busy: {
      status: 409,
      title: {
        en: 'The time is taken',
        ar: 'هذا الوقت محجوز',
      },
      detail: {
        en: 'The tasker has another booking at that time.',
        ar: 'لدى مقدم الخدمة حجز آخر في هذا الوقت.',
      },
    },
  },
  constraints: {
    bookings_task_id_key: 'offer_taken',
    bookings_no_overlap: 'tasker_busy',
  },
  events: bookingsEvents,
})
