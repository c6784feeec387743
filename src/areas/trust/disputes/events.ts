import type { Area } from '../../../core/area.ts'

export const disputesEvents = {
  'dispute.created': {
    summary: 'A party opened a dispute',
    notifies: {
      client: {
        en: {
          title: 'A dispute was opened',
          body: 'Our team is looking into it and will be in touch.',
        },
        ar: {
          title: 'فُتح نزاع',
          body: 'فريقنا يراجعه وسيتواصل معك.',
        },
      },
      tasker: {
        en: {
          title: 'A dispute was opened',
          body: 'Our team is looking into it and will be in touch.',
        },
        ar: {
          title: 'فُتح نزاع',
          body: 'فريقنا يراجعه وسيتواصل معك.',
        },
      },
    },
  },
  'dispute.investigating': {
    summary: 'A dispute is being investigated',
  },
  'dispute.escalated': {
    summary: 'A dispute was escalated',
  },
  'dispute.resolved': {
    summary: 'A dispute was resolved',
    notifies: {
      client: {
        en: {
          title: 'The dispute is resolved',
          body: 'See the booking for the decision.',
        },
        ar: {
          title: 'تم حل النزاع',
          body: 'تجد القرار في صفحة الحجز.',
        },
      },
      tasker: {
        en: {
          title: 'The dispute is resolved',
          body: 'See the booking for the decision.',
        },
        ar: {
          title: 'تم حل النزاع',
          body: 'تجد القرار في صفحة الحجز.',
        },
      },
    },
  },
  'dispute.rejected': {
    summary: 'A dispute was rejected',
    notifies: {
      client: {
        en: {
          title: 'The dispute is closed',
          body: 'See the booking for the decision.',
        },
        ar: {
          title: 'أُغلق النزاع',
          body: 'تجد القرار في صفحة الحجز.',
        },
      },
      tasker: {
        en: {
          title: 'The dispute is closed',
          body: 'See the booking for the decision.',
        },
        ar: {
          title: 'أُغلق النزاع',
          body: 'تجد القرار في صفحة الحجز.',
        },
      },
    },
  },
  'dispute.refunded': {
    summary: 'A dispute was resolved with a refund',
    notifies: {
      client: {
        en: {
          title: 'You received a refund',
          body: 'See the payment for where the money went.',
        },
        ar: {
          title: 'استرددت مبلغًا',
          body: 'تجد في تفاصيل الدفعة أين ذهب المبلغ.',
        },
      },
      tasker: {
        en: {
          title: 'The client received a refund',
          body: 'See your earnings for the details.',
        },
        ar: {
          title: 'استرد العميل مبلغًا',
          body: 'تجد التفاصيل في صفحة أرباحك.',
        },
      },
    },
  },
  'dispute.withdrawn': {
    summary: 'A party withdrew their dispute',
    notifies: {
      client: {
        en: { title: 'The dispute was withdrawn', body: 'The booking is completed again.' },
        ar: { title: 'سُحب النزاع', body: 'عاد الحجز إلى حالته المكتملة.' },
      },
      tasker: {
        en: { title: 'The dispute was withdrawn', body: 'The booking is completed again.' },
        ar: { title: 'سُحب النزاع', body: 'عاد الحجز إلى حالته المكتملة.' },
      },
    },
  },
  'dispute.response_reminder': {
    summary: 'A party is to respond to a dispute soon',
    notifies: {
      user: {
        en: { title: 'Tell your side', body: 'You can respond to the dispute until {respondBy}.' },
        ar: { title: 'اعرض موقفك', body: 'يمكنك الرد على النزاع حتى {respondBy}.' },
      },
    },
  },
  'dispute.overdue': {
    summary: 'An escalated dispute was not decided in time',
    notifies: {
      client: {
        en: { title: 'The decision takes longer', body: 'Our team is still looking into your dispute.' },
        ar: { title: 'القرار يستغرق وقتًا أطول', body: 'ما زال فريقنا يراجع نزاعك.' },
      },
      tasker: {
        en: { title: 'The decision takes longer', body: 'Our team is still looking into your dispute.' },
        ar: { title: 'القرار يستغرق وقتًا أطول', body: 'ما زال فريقنا يراجع نزاعك.' },
      },
    },
  },
  'dispute.evidence_added': {
    summary: 'Evidence was added to a dispute',
    notifies: {
      client: {
        en: { title: 'New evidence in the dispute', body: 'See the dispute for what was added.' },
        ar: { title: 'دليل جديد في النزاع', body: 'تجد ما أُضيف في صفحة النزاع.' },
      },
      tasker: {
        en: { title: 'New evidence in the dispute', body: 'See the dispute for what was added.' },
        ar: { title: 'دليل جديد في النزاع', body: 'تجد ما أُضيف في صفحة النزاع.' },
      },
    },
  },
  'dispute.offer_made': {
    summary: 'A split was proposed',
    notifies: {
      client: {
        en: { title: 'A split was proposed', body: 'See the dispute, and accept or decline it.' },
        ar: { title: 'اقتُرح تقسيم للمبلغ', body: 'راجع النزاع، واقبل الاقتراح أو ارفضه.' },
      },
      tasker: {
        en: { title: 'A split was proposed', body: 'See the dispute, and accept or decline it.' },
        ar: { title: 'اقتُرح تقسيم للمبلغ', body: 'راجع النزاع، واقبل الاقتراح أو ارفضه.' },
      },
    },
  },
  'dispute.offer_answered': {
    summary: 'One side accepted a proposed split',
    notifies: {
      client: {
        en: { title: 'The other side has accepted', body: 'The proposed split now waits for you.' },
        ar: { title: 'وافق الطرف الآخر', body: 'التقسيم المقترح في انتظار ردك.' },
      },
      tasker: {
        en: { title: 'The other side has accepted', body: 'The proposed split now waits for you.' },
        ar: { title: 'وافق الطرف الآخر', body: 'التقسيم المقترح في انتظار ردك.' },
      },
    },
  },
  'dispute.offer_accepted': {
    summary: 'Both sides accepted a proposed split',
    notifies: {
      client: {
        en: { title: 'You have agreed', body: 'The dispute ends with the split that both of you accepted.' },
        ar: { title: 'اتفقتما', body: 'ينتهي النزاع بالتقسيم الذي قبله الطرفان.' },
      },
      tasker: {
        en: { title: 'You have agreed', body: 'The dispute ends with the split that both of you accepted.' },
        ar: { title: 'اتفقتما', body: 'ينتهي النزاع بالتقسيم الذي قبله الطرفان.' },
      },
    },
  },
  'dispute.offer_declined': {
    summary: 'A side declined a proposed split',
    notifies: {
      client: {
        en: { title: 'The split was declined', body: 'The dispute goes on.' },
        ar: { title: 'رُفض التقسيم', body: 'يستمر النزاع.' },
      },
      tasker: {
        en: { title: 'The split was declined', body: 'The dispute goes on.' },
        ar: { title: 'رُفض التقسيم', body: 'يستمر النزاع.' },
      },
    },
  },
  'dispute.offer_withdrawn': {
    summary: 'A proposed split was withdrawn',
  },
  'dispute.offer_expired': {
    summary: 'A proposed split ended without both answers',
  },
  'dispute.reported_decided': {
    summary: 'A dispute about a reported booking has ended',
    notifies: {
      user: {
        en: {
          title: 'The dispute was decided',
          body: 'The dispute about the booking that you reported has ended.',
        },
        ar: { title: 'حُسم النزاع', body: 'انتهى النزاع بشأن الحجز الذي أبلغت عنه.' },
      },
    },
  },
} as const satisfies Area['events']
