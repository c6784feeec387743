import type { Templates } from './templates.ts'

/** Of tasks, bookings, money and those who do the work. */
export const workTexts = {
  'offer.created': {
    tasker: {
      en: { title: 'A task near you', body: 'Open the offer and answer before it closes.' },
      ar: { title: 'مهمة قريبة منك', body: 'افتح العرض وأجب قبل أن يُغلق.' },
    },
  },
  'booking.accepted': {
    client: {
      en: { title: 'A tasker has accepted', body: 'Look at their profile and confirm.' },
      ar: { title: 'قبل مقدم خدمة مهمتك', body: 'اطّلع على ملفه ثم أكّد الحجز.' },
    },
  },
  'booking.confirmed': {
    tasker: {
      en: { title: 'Your booking is confirmed', body: 'The client is expecting you.' },
      ar: { title: 'تأكّد حجزك', body: 'العميل في انتظارك.' },
    },
  },
  'booking.in_progress': {
    client: {
      en: { title: 'The work has started', body: 'Your tasker is at work.' },
      ar: { title: 'بدأ العمل', body: 'مقدم الخدمة بدأ العمل.' },
    },
  },
  'booking.completed': {
    client: {
      en: { title: 'The work is done', body: 'Pay, and tell how it went.' },
      ar: { title: 'تم العمل', body: 'ادفع وأخبرنا كيف سارت الأمور.' },
    },
  },
  'booking.canceled': {
    client: {
      en: { title: 'Your booking was canceled', body: 'See the booking for the reason.' },
      ar: { title: 'أُلغي حجزك', body: 'تجد السبب في صفحة الحجز.' },
    },
    tasker: {
      en: { title: 'A booking was canceled', body: 'See the booking for the reason.' },
      ar: { title: 'أُلغي حجز', body: 'تجد السبب في صفحة الحجز.' },
    },
  },
  'task.expired': {
    client: {
      en: { title: 'Nobody was free', body: 'Change the time or the place and post the task again.' },
      ar: { title: 'لا أحد متاح الآن', body: 'غيّر الموعد أو المكان وانشر المهمة من جديد.' },
    },
  },
  'payment_intent.captured': {
    client: {
      en: { title: 'Paid', body: 'The tasker has confirmed your payment. Thank you.' },
      ar: { title: 'تم الدفع', body: 'أكّد مقدم الخدمة استلام المبلغ. شكرًا لك.' },
    },
  },
  'dispute.created': {
    client: {
      en: { title: 'A dispute was opened', body: 'Our team looks into it and will be in touch.' },
      ar: { title: 'فُتح نزاع', body: 'فريقنا يراجعه وسيتواصل معك.' },
    },
    tasker: {
      en: { title: 'A dispute was opened', body: 'Our team looks into it and will be in touch.' },
      ar: { title: 'فُتح نزاع', body: 'فريقنا يراجعه وسيتواصل معك.' },
    },
  },
  'dispute.refunded': {
    client: {
      en: { title: 'You were refunded', body: 'The amount is in your wallet.' },
      ar: { title: 'استرددت مبلغًا', body: 'المبلغ في محفظتك الآن.' },
    },
    tasker: {
      en: { title: 'The client was refunded', body: 'See your earnings for the details.' },
      ar: { title: 'استرد العميل مبلغًا', body: 'التفاصيل في صفحة أرباحك.' },
    },
  },
  'dispute.resolved': {
    client: {
      en: { title: 'The dispute is resolved', body: 'See the booking for the decision.' },
      ar: { title: 'انتهى النزاع', body: 'تجد القرار في صفحة الحجز.' },
    },
    tasker: {
      en: { title: 'The dispute is resolved', body: 'See the booking for the decision.' },
      ar: { title: 'انتهى النزاع', body: 'تجد القرار في صفحة الحجز.' },
    },
  },
  'dispute.rejected': {
    client: {
      en: { title: 'The dispute is closed', body: 'See the booking for the decision.' },
      ar: { title: 'أُغلق النزاع', body: 'تجد القرار في صفحة الحجز.' },
    },
    tasker: {
      en: { title: 'The dispute is closed', body: 'See the booking for the decision.' },
      ar: { title: 'أُغلق النزاع', body: 'تجد القرار في صفحة الحجز.' },
    },
  },
  'review.created': {
    reviewee: {
      en: {
        title: 'You were reviewed',
        body: '{rating, plural, one {# star} other {# stars}} for your last booking.',
      },
      ar: {
        title: 'لديك تقييم جديد',
        body: '{rating, plural, one {نجمة واحدة} two {نجمتان} few {# نجوم} other {# نجمة}} عن حجزك الأخير.',
      },
    },
  },
  'report.resolved': {
    client: {
      en: { title: 'Your report was looked into', body: 'Thank you for telling us.' },
      ar: { title: 'راجعنا بلاغك', body: 'شكرًا لأنك أخبرتنا.' },
    },
  },
  'payout.paid': {
    tasker: {
      en: { title: 'You were paid', body: 'See your earnings for the details.' },
      ar: { title: 'وصلتك أرباحك', body: 'التفاصيل في صفحة أرباحك.' },
    },
  },
  'verification.verified': {
    user: {
      en: { title: 'You are verified', body: 'Your papers were checked and found in order.' },
      ar: { title: 'تم توثيق حسابك', body: 'راجعنا مستنداتك ووجدناها سليمة.' },
    },
  },
  'verification.rejected': {
    user: {
      en: { title: 'Your papers were refused', body: 'See why, and send better ones.' },
      ar: { title: 'رُفضت مستنداتك', body: 'اطّلع على السبب وأرسل مستندات أوضح.' },
    },
  },
  'company.approved': {
    user: {
      en: { title: 'Your company is approved', body: 'Everybody can find it now.' },
      ar: { title: 'تمت الموافقة على شركتك', body: 'أصبحت ظاهرة للجميع الآن.' },
    },
  },
  'company.rejected': {
    user: {
      en: { title: 'Your company was refused', body: 'See why, and correct your company profile.' },
      ar: { title: 'رُفضت شركتك', body: 'اطّلع على السبب وصحّح ملف الشركة.' },
    },
  },
  'tasker.verified': {
    tasker: {
      en: { title: 'You are verified', body: 'One more step and you can receive offers.' },
      ar: { title: 'تم التحقق منك', body: 'خطوة واحدة وتبدأ في استقبال العروض.' },
    },
  },
  'tasker.active': {
    tasker: {
      en: { title: 'You can receive offers', body: 'Keep the app open to be fast.' },
      ar: { title: 'يمكنك استقبال العروض', body: 'أبقِ التطبيق مفتوحًا لتكون الأسرع.' },
    },
  },
  'tasker.suspended': {
    tasker: {
      en: { title: 'Your profile is suspended', body: 'Contact us to talk about it.' },
      ar: { title: 'أُوقف ملفك مؤقتًا', body: 'تواصل معنا للحديث عن ذلك.' },
    },
  },
} satisfies Templates
