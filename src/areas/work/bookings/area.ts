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
    booking_lapsed: {
      status: 409,
      title: {
        en: 'The booking has lapsed',
        ar: 'انتهت مهلة الحجز',
      },
      detail: {
        en: 'Its time for this was over at {lapsedAt}. It costs nothing.',
        ar: 'انتهت مهلته في {lapsedAt}، ولا يكلف شيئًا.',
      },
      cause: 'The deadline for taking or confirming the booking, or for starting its work, has passed.',
      remedy: 'Post the task again.',
    },
    booking_not_at_stage: {
      status: 409,
      title: {
        en: 'Not at this stage',
        ar: 'ليس في هذه المرحلة',
      },
      detail: {
        en: 'This booking is {status}; it is possible while it is {stages}.',
        ar: 'حالة هذا الحجز {status}، وهذا ممكن عندما تكون {stages}.',
      },
      cause: 'The status of the booking is another than those in `stages`.',
      remedy: 'Read the booking, and call at the stage that `stages` names.',
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
    position_required: {
      status: 422,
      fields: ['position'],
      title: {
        en: 'Your position is needed',
        ar: 'موقعك مطلوب',
      },
      detail: {
        en: 'Send your position to report your arrival here.',
        ar: 'أرسل موقعك للإبلاغ عن وصولك هنا.',
      },
      cause: '`bookings.arrival` demands a position for this task.',
      remedy: 'Send `position`.',
    },
    proof_missing: {
      status: 409,
      title: {
        en: 'Photos are missing',
        ar: 'صور ناقصة',
      },
      detail: {
        en: 'Add {before} more of before the work and {after} more of after it, then complete it.',
        ar: 'أضف {before} قبل العمل و{after} بعده ثم أكمله.',
      },
      cause: '`bookings.proof` demands photos of before or after the work, and some are missing.',
      remedy: 'Add the photos (`bookings.addProof`), and call again.',
    },
    start_code_blocked: {
      status: 409,
      title: {
        en: 'Too many wrong codes',
        ar: 'رموز خاطئة كثيرة',
      },
      detail: {
        en: 'Wait {minutes} minutes, then ask the client for a new code.',
        ar: 'انتظر {minutes} دقيقة ثم اطلب من العميل رمزًا جديدًا.',
      },
      cause: 'Too many wrong start codes were sent for the booking of late.',
      remedy: 'Wait for `minutes`, and send the code that the client shows then.',
    },
    start_code_demanded: {
      status: 409,
      title: {
        en: 'The code is demanded here',
        ar: 'الرمز إلزامي هنا',
      },
      detail: {
        en: 'Work of this kind starts by the code of the client.',
        ar: 'يبدأ هذا النوع من العمل برمز العميل.',
      },
      cause: '`bookings.start_code` demands the code for this task.',
      remedy: 'Leave the code on.',
    },
    start_code_refused: {
      status: 422,
      fields: ['startCode'],
      title: {
        en: 'That is not the code',
        ar: 'هذا ليس الرمز',
      },
      detail: {
        en: 'Ask the client for the code that the app shows now.',
        ar: 'اطلب من العميل الرمز الظاهر في التطبيق الآن.',
      },
      cause: 'The start code is wrong, or older than a minute.',
      remedy: 'Ask for the present code, and send it in `startCode`.',
    },
    start_code_required: {
      status: 422,
      fields: ['startCode'],
      title: {
        en: 'The start code is needed',
        ar: 'رمز البدء مطلوب',
      },
      detail: {
        en: 'Ask the client for the code that the app shows, and start with it.',
        ar: 'اطلب من العميل الرمز الظاهر في التطبيق وابدأ به.',
      },
      cause: 'The work of this booking starts by the code of its client.',
      remedy: 'Send `startCode`.',
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
    too_far_away: {
      status: 422,
      fields: ['position'],
      title: {
        en: 'You are not there yet',
        ar: 'لم تصل بعد',
      },
      detail: {
        en: 'You are {distanceMeters} m away; {radiusMeters} m are near enough.',
        ar: 'أنت على بعد {distanceMeters} م، ويكفي {radiusMeters} م.',
      },
      cause: 'The position is farther from the place of the task than `bookings.arrival` allows.',
      remedy: 'Send the position again on arrival.',
    },
    too_many_proofs: {
      status: 409,
      title: {
        en: 'That is enough',
        ar: 'هذا يكفي',
      },
      detail: {
        en: 'A booking takes {maximum} photos.',
        ar: 'يتسع الحجز لـ {maximum} صورة.',
      },
      cause: 'The booking has as many photos as it takes.',
      remedy: 'Keep those that it has.',
    },
    work_accepted: {
      status: 409,
      title: {
        en: 'The work was accepted',
        ar: 'قُبل العمل',
      },
      detail: {
        en: 'It was accepted at {acceptedAt}. Ask our support if something is wrong.',
        ar: 'قُبل في {acceptedAt}. تواصل مع الدعم إن كانت هناك مشكلة.',
      },
      cause: 'The client has accepted the work, or has not objected within the time for it.',
      remedy: 'Contact support: staff can open a dispute.',
    },
  },
  constraints: {
    booking_proofs_media: 'already_exists',
    bookings_one_open: 'offer_taken',
    bookings_rate_currency: 'rate_currency_refused',
    booking_changes_one_pending: 'booking_change_pending',
    booking_changes_something: 'no_change_proposed',
  },
  events: bookingsEvents,
})
