import type { Area } from '../../../core/area.ts'

export const leadsProblems = {
  lead_refund_exists: {
    status: 409,
    title: { en: 'You have asked for these credits already', ar: 'سبق أن طلبت استرداد هذه النقاط' },
    detail: { en: 'There is one refund a request.', ar: 'لكل طلب استرداد واحد.' },
    cause: 'There is a refund of this request, decided or not.',
    remedy: 'Read it with `leadRefunds.list`.',
  },
  lead_refund_refused: {
    status: 409,
    title: { en: 'These credits are not refunded', ar: 'لا تُسترد هذه النقاط' },
    detail: {
      en: 'Refunds are for credits that were spent in the last {days} days, and not for work that has begun.',
      ar: 'الاسترداد للنقاط التي أُنفقت خلال آخر {days} يومًا، ولا يشمل عملًا بدأ.',
    },
    cause:
      'Nothing was spent on the request, it was longer ago than `leads.refund_days`, or its booking has begun.',
    remedy: 'Show it. Retrying does not help.',
  },
  lead_closed: {
    status: 409,
    title: { en: 'The lead is closed', ar: 'أُغلق هذا الطلب' },
    detail: {
      en: 'The task has its tasker, was canceled, or its deadline has passed.',
      ar: 'أُسندت المهمة أو أُلغيت أو مضى موعدها النهائي.',
    },
    cause: 'The lead is not `open`, or the `deadline` of its task has passed.',
    remedy: 'Remove it from the screen.',
  },
  lead_price_changed: {
    status: 409,
    fields: ['credits'],
    title: { en: 'The price has changed', ar: 'تغيّر السعر' },
    detail: { en: 'This lead costs {credits} credits now.', ar: 'سعر هذا الطلب الآن {credits} نقطة.' },
    cause: 'The lead costs more than the `credits` that were sent.',
    remedy: 'Show the new price, and send it if the tasker agrees.',
  },
  lead_request_declined: {
    status: 409,
    title: { en: 'The client has declined', ar: 'رفض العميل طلبك' },
    detail: {
      en: 'The client declined your request for this lead. Another one is not possible.',
      ar: 'رفض العميل طلبك لهذه المهمة، ولا يمكن تقديم طلب آخر لها.',
    },
    cause: 'The client declined an earlier request of this tasker for the same lead.',
    remedy: 'Show it. Retrying does not help.',
  },
  lead_request_exists: {
    status: 409,
    title: { en: 'You have asked already', ar: 'سبق أن طلبت هذه المهمة' },
    detail: { en: 'There is one request a lead.', ar: 'لكل مهمة طلب واحد منك.' },
    cause: 'The tasker has an open request for this lead.',
    remedy: 'Read it with `leadRequests.get`, or withdraw it first.',
  },
  lead_request_over: {
    status: 409,
    title: { en: 'The time to answer is over', ar: 'انتهت مهلة الرد' },
    detail: {
      en: 'The request has ended, and its credits are free again.',
      ar: 'انتهى الطلب وعادت نقاطه إلى صاحبها.',
    },
    cause: 'The instant in `expiresAt` of the request has passed.',
    remedy: 'Choose another request.',
  },
} as const satisfies Area['problems']
