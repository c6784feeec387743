import type { Area } from '../../../core/area.ts'

export const bookingsEvents = {
  'booking.offered': {
    summary: 'A booking was offered to a tasker manually',
  },
  'booking.offer_ended': {
    summary: 'An offered booking ended without being taken',
  },
  'booking.released': {
    summary: 'Staff released the tasker from a booking',
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
          title: '{action, select, lapse {Your booking has lapsed} other {Your booking was canceled}}',
          body: '{action, select, lapse {It was not confirmed or begun in time. It costs nothing.} other {See the booking for the reason.}}',
        },
        ar: {
          title: '{action, select, lapse {انتهت مهلة حجزك} other {أُلغي حجزك}}',
          body: '{action, select, lapse {لم يُؤكَّد أو لم يبدأ في موعده، ولا يكلفك شيئًا.} other {تجد السبب في صفحة الحجز.}}',
        },
      },
      tasker: {
        en: {
          title: '{action, select, lapse {A booking has lapsed} other {A booking was canceled}}',
          body: '{action, select, lapse {It was not confirmed or begun in time. Your hours are free again.} other {See the booking for the reason.}}',
        },
        ar: {
          title: '{action, select, lapse {انتهت مهلة أحد حجوزاتك} other {أُلغي أحد حجوزاتك}}',
          body: '{action, select, lapse {لم يُؤكَّد أو لم يبدأ في موعده. أصبح وقتك متاحًا من جديد.} other {تجد السبب في صفحة الحجز.}}',
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
  'booking.on_the_way': {
    summary: 'The tasker is on the way',
    notifies: {
      client: {
        en: {
          title: 'Your tasker is on the way',
          body: 'They have set out for you.',
        },
        ar: {
          title: 'مقدم الخدمة في الطريق',
          body: 'انطلق إليك الآن.',
        },
      },
    },
  },
  'booking.running_late': {
    summary: 'The tasker will be late',
    notifies: {
      client: {
        en: {
          title: 'Your tasker is running late',
          body: '{lateMinutes, plural, one {They expect to be # minute late.} other {They expect to be # minutes late.}}',
        },
        ar: {
          title: 'سيتأخر مقدم الخدمة',
          body: '{lateMinutes, plural, zero {لن يتأخر.} one {يتوقع التأخر دقيقة واحدة.} two {يتوقع التأخر دقيقتين.} few {يتوقع التأخر # دقائق.} many {يتوقع التأخر # دقيقة.} other {يتوقع التأخر # دقيقة.}}',
        },
      },
    },
  },
  'booking.arrived': {
    summary: 'The tasker has arrived',
    notifies: {
      client: {
        en: {
          title: 'Your tasker has arrived',
          body: 'Show them the start code if they ask for it.',
        },
        ar: {
          title: 'وصل مقدم الخدمة',
          body: 'أظهر له رمز البدء إن طلبه.',
        },
      },
    },
  },
  'booking.noted': {
    summary: 'The tasker added a note about the progress of the work',
    notifies: {
      client: {
        en: {
          title: 'News of your booking',
          body: 'Your tasker wrote a note about the work.',
        },
        ar: {
          title: 'جديد في حجزك',
          body: 'كتب مقدم الخدمة ملاحظة عن العمل.',
        },
      },
    },
  },
  'booking.work_accepted': {
    summary: 'The client accepted the work, or did not object in time',
    notifies: {
      tasker: {
        en: {
          title: 'The work was accepted',
          body: '{acceptedBy, select, silence {The client had no objection in time.} other {The client is content with it.}}',
        },
        ar: {
          title: 'قُبل العمل',
          body: '{acceptedBy, select, silence {لم يعترض العميل في المهلة.} other {العميل راضٍ عنه.}}',
        },
      },
    },
  },
  'booking.unpaid': {
    summary: 'A completed booking was not paid in time: staff decide',
  },
  'booking.confirmation_reminder': {
    summary: 'The client has yet to confirm the booking',
    notifies: {
      client: {
        en: {
          title: 'Confirm your booking',
          body: 'It lapses soon if you do not confirm it.',
        },
        ar: {
          title: 'أكّد حجزك',
          body: 'تنتهي مهلته قريبًا إن لم تؤكده.',
        },
      },
    },
  },
  'booking.visit_reminder': {
    summary: 'The booking starts soon',
    notifies: {
      client: {
        en: {
          title: 'Your booking is coming up',
          body: 'See the booking for the time and your tasker.',
        },
        ar: {
          title: 'موعد حجزك يقترب',
          body: 'تجد الموعد ومقدم الخدمة في صفحة الحجز.',
        },
      },
      tasker: {
        en: {
          title: 'You have a booking coming up',
          body: 'See the booking for the time and the place.',
        },
        ar: {
          title: 'لديك حجز قريب',
          body: 'تجد الموعد والمكان في صفحة الحجز.',
        },
      },
    },
  },
  'booking.start_reminder': {
    summary: 'The hours are over, and the work has not begun',
    notifies: {
      client: {
        en: {
          title: 'Did your tasker come?',
          body: 'The work was not begun in its hours. Report it, or agree on another time.',
        },
        ar: {
          title: 'هل حضر مقدم الخدمة؟',
          body: 'لم يبدأ العمل في موعده. أبلغ عن ذلك أو اتفقا على موعد آخر.',
        },
      },
      tasker: {
        en: {
          title: 'Have you begun?',
          body: 'The hours of a booking are over. Start the work, or agree on another time.',
        },
        ar: {
          title: 'هل بدأت العمل؟',
          body: 'انتهى وقت أحد حجوزاتك. ابدأ العمل أو اتفقا على موعد آخر.',
        },
      },
    },
  },
  'booking.completion_reminder': {
    summary: 'The hours are over, and the work goes on',
    notifies: {
      tasker: {
        en: {
          title: 'Is the work done?',
          body: 'Complete the booking, or propose more time.',
        },
        ar: {
          title: 'هل انتهى العمل؟',
          body: 'أكمل الحجز أو اقترح وقتًا إضافيًا.',
        },
      },
    },
  },
  'booking.acceptance_reminder': {
    summary: 'The client has yet to accept the work',
    notifies: {
      client: {
        en: {
          title: 'Are you content with the work?',
          body: 'Without an objection it soon counts as accepted.',
        },
        ar: {
          title: 'هل أنت راضٍ عن العمل؟',
          body: 'إن لم تعترض فسيُعد مقبولًا قريبًا.',
        },
      },
    },
  },
  'booking.payment_reminder': {
    summary: 'A completed booking has yet to be paid',
    notifies: {
      client: {
        en: {
          title: 'A payment is open',
          body: 'Please pay for the completed work.',
        },
        ar: {
          title: 'لديك دفعة مستحقة',
          body: 'من فضلك ادفع مقابل العمل المنجز.',
        },
      },
    },
  },
} as const satisfies Area['events']
