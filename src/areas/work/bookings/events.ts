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
  'booking.fee_waived': {
    summary: 'Staff waived the fee for the early end of a booking',
    notifies: {
      user: {
        en: {
          title: 'Your cancellation fee was waived',
          body: 'You do not have to pay it.',
        },
        ar: {
          title: 'أُعفيت من رسوم الإلغاء',
          body: 'لا يلزمك دفعها.',
        },
      },
    },
  },
  'booking.change_proposed': {
    summary: 'A party proposed a change of price, duration or start',
    notifies: {
      counterparty: {
        en: {
          title: 'A change of your booking was proposed',
          body: 'Accept or reject it in the booking.',
        },
        ar: {
          title: 'اقتُرح تعديل على حجزك',
          body: 'اقبله أو ارفضه من صفحة الحجز.',
        },
      },
    },
  },
  'booking.change_accepted': {
    summary: 'A proposed change was accepted and is in force',
    notifies: {
      proposer: {
        en: {
          title: 'Your change was accepted',
          body: 'The booking has the new terms from now on.',
        },
        ar: {
          title: 'قُبل تعديلك',
          body: 'تسري الشروط الجديدة على الحجز من الآن.',
        },
      },
    },
  },
  'booking.change_rejected': {
    summary: 'A proposed change was rejected',
    notifies: {
      proposer: {
        en: {
          title: 'Your change was rejected',
          body: 'The booking stays as it was agreed.',
        },
        ar: {
          title: 'رُفض تعديلك',
          body: 'يبقى الحجز كما اتُّفق عليه.',
        },
      },
    },
  },
  'booking.change_withdrawn': {
    summary: 'A proposed change was withdrawn',
    notifies: {
      counterparty: {
        en: {
          title: 'A proposed change was withdrawn',
          body: 'The booking stays as it was agreed.',
        },
        ar: {
          title: 'سُحب تعديل مقترح',
          body: 'يبقى الحجز كما اتُّفق عليه.',
        },
      },
    },
  },
  'booking.change_expired': {
    summary: 'A proposed change ended without an answer',
    notifies: {
      proposer: {
        en: {
          title: 'Your proposed change has ended',
          body: 'It was not answered before its time was over or the booking ended.',
        },
        ar: {
          title: 'انتهى تعديلك المقترح',
          body: 'لم يُردّ عليه قبل انتهاء مهلته أو انتهاء الحجز.',
        },
      },
    },
  },
} as const satisfies Area['events']
