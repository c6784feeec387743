import { defineArea } from '../../../core/area.ts'
import { bookingsEvents } from './events.ts'
import { bookingChangeMachine, bookingMachine } from './machine.ts'

export const bookings = defineArea({
  name: 'bookings',
  tags: {
    Bookings: 'The engagement that a task becomes.',
  },
  routes: () => import('./routes.ts'),
  config: () => import('./config.ts'),
  personalData: () => import('./personal-data.ts'),
  jobs: () => import('./jobs.ts'),
  machines: [bookingMachine, bookingChangeMachine],
  scopes: {
    'bookings:read': 'Read bookings and their history',
    'bookings:write': 'Confirm, start, complete, change and cancel bookings',
  },
  permissions: {
    'bookings.manage': {
      description: 'Cancel bookings on behalf of a party, and waive fees',
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
    booking_change_expired: {
      status: 409,
      title: {
        en: 'The proposal has expired',
        ar: 'انتهت مهلة التعديل المقترح',
      },
      detail: {
        en: 'Its time for an answer is over. Propose the change again.',
        ar: 'انتهى وقت الرد عليه. اقترح التعديل من جديد.',
      },
      cause: 'The instant in `expiresAt` of the change has passed.',
      remedy: 'Propose the change again.',
    },
    booking_change_pending: {
      status: 409,
      title: {
        en: 'Another change is waiting for an answer',
        ar: 'هناك تعديل آخر في انتظار الرد',
      },
      detail: {
        en: 'A booking has one proposed change at a time. Answer or withdraw it first.',
        ar: 'للحجز تعديل مقترح واحد في كل مرة. أجب عنه أو اسحبه أولًا.',
      },
      cause: 'A change of this booking is `pending`.',
      remedy: 'List the changes of the booking; accept, reject or withdraw the pending one.',
    },
    booking_not_changeable: {
      status: 409,
      title: {
        en: 'The booking can no longer be changed',
        ar: 'لم يعد تعديل الحجز ممكنًا',
      },
      detail: {
        en: 'Price and time can change until the work is completed; this booking is {status}.',
        ar: 'يمكن تعديل السعر والوقت حتى اكتمال العمل، وهذا الحجز حالته {status}.',
      },
      cause: 'The booking is completed, canceled or in dispute, or was never accepted.',
      remedy: 'Propose changes while the booking is `accepted`, `confirmed` or `in_progress`.',
    },
    booking_started: {
      status: 409,
      fields: ['startsAt'],
      title: {
        en: 'The work has started',
        ar: 'بدأ العمل',
      },
      detail: {
        en: 'The start of work that has begun cannot move. Change the price or the duration.',
        ar: 'لا يمكن تغيير موعد عمل بدأ بالفعل. عدّل السعر أو المدة.',
      },
      cause: 'The booking is `in_progress`, and the change names another start.',
      remedy: 'Leave `startsAt` out; reject or withdraw a proposal that names another start.',
    },
    cancellation_fee_higher: {
      status: 409,
      title: {
        en: 'Canceling costs more than that',
        ar: 'تكلفة الإلغاء أعلى من ذلك',
      },
      detail: {
        en: 'Canceling now costs {fee} minor units of {currency}. Nothing was canceled.',
        ar: 'يكلف الإلغاء الآن {fee} بالوحدات الصغرى من {currency}. لم يُلغَ شيء.',
      },
      cause: 'The fee at this instant is higher than `acceptFeeMinor`.',
      remedy:
        'Show the fee (`bookings.previewCancellation`), and send it in `acceptFeeMinor` once it is accepted.',
    },
    no_change_proposed: {
      status: 422,
      fields: ['rateAmountMinor', 'minutes', 'startsAt'],
      title: {
        en: 'Nothing would change',
        ar: 'لن يتغير شيء',
      },
      detail: {
        en: 'The booking already has these terms.',
        ar: 'للحجز هذه الشروط بالفعل.',
      },
      cause: 'The body names no price, duration or start, or only those that the booking has.',
      remedy: 'Send at least one of `rateAmountMinor`, `minutes` and `startsAt` with another value.',
    },
    no_fee_to_waive: {
      status: 409,
      title: {
        en: 'There is no fee to waive',
        ar: 'لا توجد رسوم للإعفاء منها',
      },
      detail: {
        en: 'The booking ended without a fee, or its fee was waived.',
        ar: 'انتهى الحجز بلا رسوم، أو أُعفي منها بالفعل.',
      },
      cause: 'The booking has no fee for its early end, or that fee was waived already.',
      remedy: 'Nothing to do.',
    },
    no_show_too_early: {
      status: 409,
      title: {
        en: 'Please wait a little longer',
        ar: 'انتظر قليلًا من فضلك',
      },
      detail: {
        en: 'You can report that the other side has not appeared from {possibleAt} on.',
        ar: 'يمكنك الإبلاغ عن عدم حضور الطرف الآخر بدءًا من {possibleAt}.',
      },
      cause: 'The start of the booking and the time of grace after it have not passed.',
      remedy: 'Repeat the call at `noShowFrom` of the booking, or later.',
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
    booking_changes_one_pending: 'booking_change_pending',
    booking_changes_something: 'no_change_proposed',
  },
  events: bookingsEvents,
})
