import { defineArea } from '../../../core/area.ts'
import { bookingsEvents } from './events.ts'
import { bookingMachine } from './machine.ts'

export const bookings = defineArea({
  name: 'bookings',
  tags: {
    Bookings: 'The engagement that a task becomes.',
  },
  routes: () => import('./routes.ts'),
  config: () => import('./config.ts'),
  personalData: () => import('./personal-data.ts'),
  machines: [bookingMachine],
  scopes: {
    'bookings:read': 'Read bookings and their history',
    'bookings:write': 'Confirm, start, complete and cancel bookings',
  },
  permissions: {
    'bookings.manage': {
      description: 'Cancel bookings on behalf of a party',
      heldBy: ['ops'],
    },
    'bookings.read': {
      description: 'View all bookings',
      heldBy: ['ops', 'support'],
    },
  },
  problems: {
    booking_in_dispute: {
      status: 409,
      title: {
        en: 'The booking is in dispute',
        ar: 'الحجز محل نزاع',
      },
      detail: {
        en: 'Only the decision on dispute {disputeId} ends it. To cancel the booking, resolve the dispute with the outcome "canceled".',
        ar: 'لا ينتهي الحجز إلا بالقرار في النزاع {disputeId}. لإلغاء الحجز، أنهِ النزاع بالنتيجة "canceled".',
      },
      cause: 'A dispute about the booking is open, and its decision also decides how the booking ends.',
      remedy: 'Wait for the decision, or decide dispute `disputeId` as staff.',
    },
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
      cause: 'The tasker has a booking that overlaps the time of this one.',
      remedy: 'Choose another time or another tasker.',
    },
  },
  constraints: {
    bookings_task_id_key: 'offer_taken',
    bookings_no_overlap: 'tasker_busy',
    bookings_rate_currency: 'rate_currency_refused',
  },
  events: bookingsEvents,
})
