import { defineArea } from '../../../core/area.ts'
import { calendarRetention } from './retention-policies.ts'

export const calendar = defineArea({
  name: 'calendar',
  tags: {
    Calendar: 'When taskers work, which slots are free, and what takes up their time.',
  },
  routes: () => import('./routes.ts'),
  config: () => import('./config.ts'),
  personalData: () => import('./personal-data.ts'),
  jobs: () => import('./jobs.ts'),
  retention: calendarRetention,
  scopes: {
    'calendar:read': 'Read your hours and your agenda, and check slots',
    'calendar:write': 'Change your hours, and hold slots',
  },
  permissions: {
    'calendar.read': {
      description: 'View what takes up the time of taskers',
      heldBy: ['ops', 'support'],
    },
    'calendar.manage': {
      description: 'Enter and remove public holidays',
      heldBy: ['ops'],
    },
  },
  problems: {
    calendar_address_refused: {
      status: 422,
      fields: ['url'],
      title: {
        en: 'The calendar address is not allowed',
        ar: 'عنوان التقويم غير مقبول',
      },
      detail: {
        en: 'Use the https address of an iCalendar file on a public host.',
        ar: 'استخدم عنوان https لملف iCalendar على مضيف عام.',
      },
      cause:
        'The URL is not https on port 443, or its host is an address, a name that is not public, or one of ours.',
      remedy: 'Copy the secret iCal address that the other calendar shows.',
    },
    calendar_date_refused: {
      status: 422,
      title: {
        en: 'The date is not possible',
        ar: 'التاريخ غير ممكن',
      },
      detail: {
        en: 'Choose a date from {from} to {until}.',
        ar: 'اختر تاريخًا من {from} إلى {until}.',
      },
      cause: 'The date has passed where the tasker works, or is too far away.',
      remedy: 'Send a date from `from` to `until`.',
    },
    hold_ended: {
      status: 409,
      title: {
        en: 'The hold has ended',
        ar: 'انتهى حجز الموعد المؤقت',
      },
      detail: {
        en: 'Its time is over, or it was released. Hold the slot again.',
        ar: 'انتهت مدته أو أُلغي. احجز الموعد مؤقتًا من جديد.',
      },
      cause: 'The instant in `expiresAt` has passed, or the hold was released.',
      remedy: 'Hold the slot again, if it is still free.',
    },
    hold_too_short: {
      status: 409,
      fields: ['taskId'],
      title: {
        en: 'The held slot is too short',
        ar: 'الموعد المحجوز قصير جدًا',
      },
      detail: {
        en: 'The task takes {minutes} minutes; you hold {held}.',
        ar: 'تستغرق المهمة {minutes} دقيقة، والموعد المحجوز {held} دقيقة.',
      },
      cause: 'The estimate of the task and its add-ons take longer than the slot that is held.',
      remedy: 'Hold a slot of at least `minutes`, and book that.',
    },
    task_not_matched: {
      status: 409,
      fields: ['taskId'],
      title: {
        en: 'The task is not one to be matched',
        ar: 'المهمة ليست للمطابقة',
      },
      detail: {
        en: 'Only a draft with the sourcing “match” can be given to one tasker.',
        ar: 'لا يمكن إسناد إلا مسودة تُطلب بالمطابقة إلى مقدم خدمة بعينه.',
      },
      cause: 'The `sourcing` of the task is `bid` or `assign`.',
      remedy: 'Create the task with the sourcing `match`, or post this one as it is.',
    },
    hold_limit_reached: {
      status: 409,
      title: {
        en: 'You are holding too many slots',
        ar: 'لديك مواعيد محجوزة مؤقتًا أكثر من المسموح',
      },
      detail: {
        en: 'You can hold {limit} slots at once. Release one first.',
        ar: 'يمكنك حجز {limit} مواعيد مؤقتًا في وقت واحد. ألغِ واحدًا منها أولًا.',
      },
      cause: 'The caller already holds as many slots as `calendar.holds` allows.',
      remedy: 'Release a hold, or wait until one expires.',
    },
    quantity_refused: {
      status: 422,
      fields: ['quantity'],
      title: { en: 'The quantity does not fit the price', ar: 'الكمية لا تناسب نوع السعر' },
      detail: {
        en: 'A quantity is needed where the price is per unit, and only there; this one is {priceType}.',
        ar: 'الكمية مطلوبة عندما يكون السعر للوحدة فقط، ونوع هذا السعر {priceType}.',
      },
      cause: '`quantity` is missing for a price per unit, or sent for another one.',
      remedy: 'Read `priceType` of the service.',
    },
    service_unavailable: {
      status: 409,
      title: { en: 'The service is not offered now', ar: 'الخدمة غير متاحة الآن' },
      detail: {
        en: 'Choose another service of the profile.',
        ar: 'اختر خدمة أخرى من الملف نفسه.',
      },
      cause: 'Its tasker has made the service inactive.',
      remedy: 'List the services of the profile again.',
    },
    unknown_extra: {
      status: 422,
      fields: ['extraIds'],
      title: { en: 'Unknown extra', ar: 'إضافة غير معروفة' },
      detail: {
        en: 'An extra does not belong to the service, or was changed.',
        ar: 'إحدى الإضافات لا تخص هذه الخدمة أو تغيّرت.',
      },
      cause: 'One of `extraIds` is no extra of the service: an edit of its extras gives them new ids.',
      remedy: 'Read the service again.',
    },
    slot_unavailable: {
      status: 409,
      fields: ['startsAt'],
      title: {
        en: 'The slot is not available',
        ar: 'الموعد غير متاح',
      },
      detail: {
        en: 'The tasker cannot be booked at that time ({rule}).',
        ar: 'لا يمكن حجز مقدم الخدمة في هذا الوقت ({rule}).',
      },
      cause: 'The slot breaks `rule`; where the rule names an instant, `passesAt` is when it no longer does.',
      remedy: 'Call `slots.explain` for the next slot that passes, or list the slots.',
    },
  },
  constraints: {
    calendar_items_no_overlap: 'tasker_busy',
    holidays_one_a_day: 'already_exists',
  },
})
