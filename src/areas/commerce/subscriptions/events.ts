import type { EventEntry } from '../../../core/area.ts'

export const subscriptionEvents = {
  'subscription.created': { summary: 'A user subscribed, and is to pay the first period' },
  'subscription.trial_began': {
    summary: 'A trial of a plan began',
    notifies: {
      user: {
        en: { title: 'Your trial has begun', body: 'See when it ends, and how it goes on.' },
        ar: { title: 'بدأت فترتك التجريبية', body: 'اطّلع على موعد انتهائها وما يليها.' },
      },
    },
  },
  'subscription.active': {
    summary: 'A subscription is in force',
    notifies: {
      user: {
        en: { title: 'Your subscription is active', body: 'You have everything that your plan gives.' },
        ar: { title: 'اشتراكك فعّال', body: 'أصبح لديك كل ما تمنحه خطتك.' },
      },
    },
  },
  'subscription.renewed': { summary: 'The next period of a subscription was paid' },
  'subscription.changed': { summary: 'A subscription changed its plan' },
  'subscription.change_failed': {
    summary: 'A change of plan could not be charged',
    notifies: {
      user: {
        en: {
          title: 'Your plan was not changed',
          body: 'The payment failed. You keep the plan that you have.',
        },
        ar: { title: 'لم تتغيّر خطتك', body: 'تعذّر الدفع. تبقى على خطتك الحالية.' },
      },
    },
  },
  'subscription.past_due': {
    summary: 'A subscription could not be charged',
    notifies: {
      user: {
        en: {
          title: 'We could not charge your subscription',
          body: 'Check how you pay. You keep your plan for some days.',
        },
        ar: { title: 'تعذّر تحصيل اشتراكك', body: 'راجع طريقة الدفع. تبقى خطتك لديك بضعة أيام.' },
      },
    },
  },
  'subscription.paused': { summary: 'A subscription is paused' },
  'subscription.ended': {
    summary: 'A subscription has ended',
    notifies: {
      user: {
        en: { title: 'Your subscription has ended', body: 'Nothing more is charged.' },
        ar: { title: 'انتهى اشتراكك', body: 'لن يُحصَّل منك شيء بعد الآن.' },
      },
    },
  },
} satisfies Record<string, EventEntry>
