import type { Area } from '../../../core/area.ts'

export const payoutsEvents = {
  'payout.created': {
    summary: 'A payout was scheduled',
    notifies: {
      user: {
        en: { title: 'A payout is scheduled', body: 'We will send it to your payout account soon.' },
        ar: { title: 'تمت جدولة تحويل لك', body: 'سنرسله إلى حسابك قريبًا.' },
      },
    },
  },
  'payout.paid_in_cash': { summary: 'A tasker was paid by the client in cash' },
  'payout.processing': {
    summary: 'A payout is on its way',
    notifies: {
      user: {
        en: { title: 'Your payout is on its way', body: 'Your bank may take a few days.' },
        ar: { title: 'تحويلك في الطريق', body: 'قد يستغرق مصرفك بضعة أيام.' },
      },
    },
  },
  'payout.paid': {
    summary: 'A payout was made',
    notifies: {
      user: {
        en: { title: 'You have been paid', body: 'See the payout for the details.' },
        ar: { title: 'وصلك تحويل', body: 'تجد التفاصيل في صفحة التحويل.' },
      },
    },
  },
  'payout.failed': {
    summary: 'A payout failed; its amount is owed to its owner again',
    notifies: {
      user: {
        en: { title: 'Your payout failed', body: 'Your money is safe with us. Check your payout account.' },
        ar: { title: 'تعذّر تحويل مستحقاتك', body: 'أموالك محفوظة لدينا. راجع بيانات حسابك.' },
      },
    },
  },
  'payout.canceled': {
    summary: 'A payout was canceled before it was sent',
    notifies: {
      user: {
        en: {
          title: 'Your payout was canceled',
          body: 'It was not sent. Your money is safe with us.',
        },
        ar: { title: 'أُلغي تحويلك', body: 'لم يُرسل التحويل. أموالك محفوظة لدينا.' },
      },
    },
  },
  'payout.returned': {
    summary: 'A payout came back; its amount is owed to its owner again',
    notifies: {
      user: {
        en: {
          title: 'Your bank sent your payout back',
          body: 'Your money is safe with us. Add another payout account.',
        },
        ar: { title: 'أعاد مصرفك التحويل', body: 'أموالك محفوظة لدينا. أضف حسابًا آخر.' },
      },
    },
  },
  'payout.retried': { summary: 'A failed payout was scheduled again' },
  'payout.held': {
    summary: 'Staff stopped a payout',
    notifies: {
      user: {
        en: {
          title: 'Your payout is on hold',
          body: 'We are checking it. Contact us if you have questions.',
        },
        ar: { title: 'تحويلك موقوف مؤقتًا', body: 'نتحقق منه الآن. تواصل معنا إن كانت لديك أسئلة.' },
      },
    },
  },
  'payout.released': { summary: 'A stopped payout goes on' },
  'payout_account.added': {
    summary: 'A user added a payout account',
    notifies: {
      user: {
        en: {
          title: 'A payout account was added',
          body: 'Was it not you? Change your password and contact us.',
        },
        ar: { title: 'أُضيف حساب لصرف مستحقاتك', body: 'لم تفعل ذلك؟ غيّر كلمة المرور وتواصل معنا.' },
      },
    },
  },
  'payout_account.refused': {
    summary: 'A bank refused a payout account',
    notifies: {
      user: {
        en: {
          title: 'Your payout account was refused',
          body: 'Add another account, so that we can pay you.',
        },
        ar: { title: 'رُفض حسابك', body: 'أضف حسابًا آخر لنتمكن من تحويل مستحقاتك.' },
      },
    },
  },
} as const satisfies Area['events']
