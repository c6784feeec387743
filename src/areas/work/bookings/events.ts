import type { Area } from '../../../core/area.ts'

export const bookingsEvents = {
  'booking.offered': {
    summary: 'A booking was offered to a tasker manually',
  },
  'booking.accepted': {
    summary: 'A task became a booking',
    notifies: {
      client: {
        en: {
          title: 'A tasker accepted your task',
          body: 'Check their profile and confirm.',
        },
        ar: {
          title: 'قبل مقدم خدمة مهمتك',
          body: 'اطّلع على ملفه ثم أكّد الحجز.',
        },
      },
    },
  },
  'booking.confirmed': {
    summary: 'The client confirmed the booking',
    notifies: {
      tasker: {
        en: {
          title: 'Your booking is confirmed',
          body: 'The client is expecting you.',
        },
        ar: {
          title: 'تم تأكيد حجزك',
          body: 'العميل في انتظارك.',
        },
      },
    },
  },
  'booking.in_progress': {
    summary: 'The tasker started the work',
    notifies: {
      client: {
        en: {
          title: 'The work has started',
          body: 'Your tasker is now at work.',
        },
        ar: {
          title: 'بدأ العمل',
          body: 'بدأ مقدم الخدمة العمل الآن.',
        },
      },
    },
  },
  'booking.completed': {
    summary: 'The tasker completed the work',
    notifies: {
      client: {
        en: {
          title: 'The work is done',
          body: 'Pay, and tell us how it went.',
        },
        ar: {
          title: 'تم إنجاز العمل',
          body: 'ادفع وأخبرنا كيف كانت تجربتك.',
        },
      },
    },
  },
  'booking.canceled': {
    summary: 'The booking was canceled',
    notifies: {
      client: {
        en: {
          title: 'Your booking was canceled',
          body: 'See the booking for the reason.',
        },
        ar: {
          title: 'أُلغي حجزك',
          body: 'تجد السبب في صفحة الحجز.',
        },
      },
      tasker: {
        en: {
          title: 'A booking was canceled',
          body: 'See the booking for the reason.',
        },
        ar: {
          title: 'أُلغي أحد حجوزاتك',
          body: 'تجد السبب في صفحة الحجز.',
        },
      },
    },
  },
  'booking.disputed': {
    summary: 'A dispute about the booking was opened',
  },
} as const satisfies Area['events']
