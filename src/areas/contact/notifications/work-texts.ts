import type { Templates } from './templates.ts'

/** Of tasks, bookings, money and those who do the work. */
export const workTexts = {
  'offer.created': {
    tasker: {
      en: { title: 'A task near you', body: 'Open the offer and answer before it expires.' },
      ar: { title: 'مهمة قريبة منك', body: 'افتح العرض وأجب قبل أن تنتهي صلاحيته.' },
    },
  },
  'booking.accepted': {
    client: {
      en: { title: 'A tasker accepted your task', body: 'Check their profile and confirm.' },
      ar: { title: 'قبل مقدم خدمة مهمتك', body: 'اطّلع على ملفه ثم أكّد الحجز.' },
    },
  },
  'booking.confirmed': {
    tasker: {
      en: { title: 'Your booking is confirmed', body: 'The client is expecting you.' },
      ar: { title: 'تم تأكيد حجزك', body: 'العميل في انتظارك.' },
    },
  },
  'booking.in_progress': {
    client: {
      en: { title: 'The work has started', body: 'Your tasker is now at work.' },
      ar: { title: 'بدأ العمل', body: 'بدأ مقدم الخدمة العمل الآن.' },
    },
  },
  'booking.completed': {
    client: {
      en: { title: 'The work is done', body: 'Pay, and tell us how it went.' },
      ar: { title: 'تم إنجاز العمل', body: 'ادفع وأخبرنا كيف كانت تجربتك.' },
    },
  },
  'booking.canceled': {
    client: {
      en: { title: 'Your booking was canceled', body: 'See the booking for the reason.' },
      ar: { title: 'أُلغي حجزك', body: 'تجد السبب في صفحة الحجز.' },
    },
    tasker: {
      en: { title: 'A booking was canceled', body: 'See the booking for the reason.' },
      ar: { title: 'أُلغي أحد حجوزاتك', body: 'تجد السبب في صفحة الحجز.' },
    },
  },
  'task.expired': {
    client: {
      en: {
        title: 'No tasker was available',
        body: 'Change the time or the place, and post the task again.',
      },
      ar: { title: 'لم نجد مقدم خدمة متاحًا', body: 'غيّر الموعد أو المكان وانشر المهمة من جديد.' },
    },
  },
  'payment_intent.captured': {
    client: {
      en: { title: 'Payment confirmed', body: 'Your tasker has confirmed your payment. Thank you!' },
      ar: { title: 'تم الدفع', body: 'أكّد مقدم الخدمة استلام المبلغ. شكرًا لك!' },
    },
  },
  'dispute.created': {
    client: {
      en: { title: 'A dispute was opened', body: 'Our team is looking into it and will be in touch.' },
      ar: { title: 'فُتح نزاع', body: 'فريقنا يراجعه وسيتواصل معك.' },
    },
    tasker: {
      en: { title: 'A dispute was opened', body: 'Our team is looking into it and will be in touch.' },
      ar: { title: 'فُتح نزاع', body: 'فريقنا يراجعه وسيتواصل معك.' },
    },
  },
  'dispute.refunded': {
    client: {
      en: { title: 'You received a refund', body: 'The amount is in your wallet.' },
      ar: { title: 'استرددت مبلغًا', body: 'المبلغ في محفظتك الآن.' },
    },
    tasker: {
      en: { title: 'The client received a refund', body: 'See your earnings for the details.' },
      ar: { title: 'استرد العميل مبلغًا', body: 'تجد التفاصيل في صفحة أرباحك.' },
    },
  },
  'dispute.resolved': {
    client: {
      en: { title: 'The dispute is resolved', body: 'See the booking for the decision.' },
      ar: { title: 'تم حل النزاع', body: 'تجد القرار في صفحة الحجز.' },
    },
    tasker: {
      en: { title: 'The dispute is resolved', body: 'See the booking for the decision.' },
      ar: { title: 'تم حل النزاع', body: 'تجد القرار في صفحة الحجز.' },
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
        title: 'You have a new review',
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
      en: { title: 'We have reviewed your report', body: 'Thank you for letting us know.' },
      ar: { title: 'راجعنا بلاغك', body: 'شكرًا لإبلاغنا.' },
    },
  },
  'payout.paid': {
    tasker: {
      en: { title: 'You have been paid', body: 'See your earnings for the details.' },
      ar: { title: 'وصلتك أرباحك', body: 'تجد التفاصيل في صفحة أرباحك.' },
    },
  },
  'verification.verified': {
    user: {
      en: { title: 'You are verified', body: 'Your documents were checked and approved.' },
      ar: { title: 'تم توثيق حسابك', body: 'راجعنا مستنداتك وتمت الموافقة عليها.' },
    },
  },
  'verification.rejected': {
    user: {
      en: { title: 'Your documents were not accepted', body: 'See the reason, and submit them again.' },
      ar: { title: 'لم تُقبل مستنداتك', body: 'اطّلع على السبب وأرسلها من جديد.' },
    },
  },
  'company.approved': {
    user: {
      en: { title: 'Your company is approved', body: 'It is now visible to everyone.' },
      ar: { title: 'تمت الموافقة على شركتك', body: 'أصبحت ظاهرة للجميع الآن.' },
    },
  },
  'company.rejected': {
    user: {
      en: {
        title: 'Your company was not approved',
        body: 'See the reason, and correct your company profile.',
      },
      ar: { title: 'لم تتم الموافقة على شركتك', body: 'اطّلع على السبب وصحّح ملف الشركة.' },
    },
  },
  'tasker.verified': {
    tasker: {
      en: { title: 'You are verified', body: 'One more step, and you can receive offers.' },
      ar: { title: 'تم التحقق من هويتك', body: 'خطوة واحدة أخرى وتبدأ في استقبال العروض.' },
    },
  },
  'tasker.active': {
    tasker: {
      en: { title: 'You can now receive offers', body: 'Keep the app open to respond quickly.' },
      ar: { title: 'يمكنك الآن استقبال العروض', body: 'أبقِ التطبيق مفتوحًا لترد بسرعة.' },
    },
  },
  'tasker.suspended': {
    tasker: {
      en: { title: 'Your profile is suspended', body: 'Contact us to learn more.' },
      ar: { title: 'أُوقف ملفك مؤقتًا', body: 'تواصل معنا لمعرفة المزيد.' },
    },
  },
} satisfies Templates
