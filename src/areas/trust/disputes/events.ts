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
} as const satisfies Area['events']
