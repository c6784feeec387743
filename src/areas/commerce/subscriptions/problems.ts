import type { Area } from '../../../core/area.ts'

export const subscriptionsProblems = {
  plan_unavailable: {
    status: 422,
    title: { en: 'This plan cannot be chosen', ar: 'لا يمكن اختيار هذه الخطة' },
    detail: {
      en: 'It is not sold in your country, or not for this period. Choose another.',
      ar: 'لا تُباع في بلدك أو لهذه المدة. اختر خطة أخرى.',
    },
    cause:
      'The plan is inactive, retired, of another country than the account, or has no price for the cycle.',
    remedy: 'Offer what `plans.list` shows for the country of the account.',
  },
  plan_retired: {
    status: 409,
    title: { en: 'The plan is retired', ar: 'أُوقفت الخطة' },
    detail: {
      en: 'A retired plan cannot be changed. Create a new one.',
      ar: 'لا يمكن تعديل خطة موقوفة. أنشئ خطة جديدة.',
    },
    cause: 'The plan was retired; those who have it keep it.',
    remedy: 'Create a new plan.',
  },
  plan_not_priced: {
    status: 422,
    fields: ['priceMonthMinor', 'priceYearMinor'],
    title: { en: 'The plan has no price', ar: 'الخطة بلا سعر' },
    detail: {
      en: 'A plan has a price a month, a year, or both; 0 is free.',
      ar: 'للخطة سعر شهري أو سنوي أو كلاهما، وصفر يعني مجانًا.',
    },
    cause: 'Both prices are absent.',
    remedy: 'Send one of them.',
  },
  plan_falls_badly: {
    status: 422,
    fields: ['fallsTo'],
    title: { en: 'That plan cannot be fallen to', ar: 'لا يمكن الرجوع إلى هذه الخطة' },
    detail: {
      en: 'It must be a plan of the same country that is free each month and falls to no other.',
      ar: 'يجب أن تكون خطة مجانية شهريًا في البلد نفسه ولا ترجع إلى غيرها.',
    },
    cause: 'The plan named in `fallsTo` has a price, another country, or falls to a third one.',
    remedy: 'Name a free plan of the same country.',
  },
  plan_is_fallen_to: {
    status: 409,
    title: { en: 'Other plans fall to this one', ar: 'خطط أخرى ترجع إلى هذه' },
    detail: {
      en: 'It must stay free, and fall to no other.',
      ar: 'يجب أن تبقى مجانية وألا ترجع إلى غيرها.',
    },
    cause: 'Another plan names this one in `fallsTo`.',
    remedy: 'Change those plans first.',
  },
  subscription_exists: {
    status: 409,
    title: { en: 'You are subscribed already', ar: 'لديك اشتراك بالفعل' },
    detail: {
      en: 'Change the plan of your subscription instead.',
      ar: 'غيّر خطة اشتراكك الحالي.',
    },
    cause: 'A subscription of the account has not ended.',
    remedy: 'Use `subscriptions.change`, or cancel that one first.',
  },
  subscription_ended: {
    status: 409,
    title: { en: 'The subscription has ended', ar: 'انتهى الاشتراك' },
    detail: { en: 'Subscribe again.', ar: 'اشترك من جديد.' },
    cause: 'An ended subscription does not change any more.',
    remedy: 'Create another one with `subscriptions.create`.',
  },
  subscription_not_changeable: {
    status: 409,
    title: { en: 'The subscription cannot be changed now', ar: 'لا يمكن تغيير الاشتراك الآن' },
    detail: {
      en: 'It must be in force, with no payment under way.',
      ar: 'يجب أن يكون فعّالًا ولا دفعة قيد التنفيذ.',
    },
    cause: 'It is not `trialing` or `active`, or a charge of it is open.',
    remedy: 'Read `subscriptions.getTimeline`; pay or wait for what is open.',
  },
  change_costs_less: {
    status: 409,
    title: { en: 'This change waits for the next period', ar: 'يسري هذا التغيير من المدة التالية' },
    detail: {
      en: 'What you have paid is worth more than the other plan. Choose the end of the period.',
      ar: 'ما دفعته يزيد على قيمة الخطة الأخرى. اختر نهاية المدة.',
    },
    cause: 'The unused part of the price is more than the rest of the period costs in the other plan.',
    remedy: 'Send `when: "period_end"`.',
  },
  nothing_to_pay: {
    status: 409,
    title: { en: 'Nothing is to be paid', ar: 'لا شيء مستحق' },
    detail: { en: 'No payment of this subscription is open.', ar: 'لا دفعة مفتوحة لهذا الاشتراك.' },
    cause: 'No charge of the subscription is open.',
    remedy: 'Read the subscription again.',
  },
} satisfies Area['problems']
