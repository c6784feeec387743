import type { Area } from '../../../core/area.ts'

export const privacyEvents = {
  'export.ready': {
    summary: 'A data export is ready for download',
    notifies: {
      user: {
        en: {
          title: 'Your data is ready',
          body: 'Download it in the app within a week. If you did not request it, sign out your other devices.',
        },
        ar: {
          title: 'بياناتك جاهزة',
          body: 'نزّلها من التطبيق خلال أسبوع. إن لم تكن أنت من طلبها فسجّل الخروج من أجهزتك الأخرى.',
        },
      },
    },
  },
  'export.failed': {
    summary: 'A data export failed',
    notifies: {
      user: {
        en: {
          title: 'Your data export failed',
          body: 'Request it again. If it fails again, contact us.',
        },
        ar: {
          title: 'تعذّر تجهيز بياناتك',
          body: 'اطلبها من جديد، وإن تكرر ذلك فتواصل معنا.',
        },
      },
    },
  },
  'erasure.scheduled': {
    summary: 'The erasure of an account was scheduled',
    notifies: {
      user: {
        en: {
          title: 'Your account will be deleted',
          body: 'You can cancel this in the app until then. If this was not you, cancel it now.',
        },
        ar: {
          title: 'سيُحذف حسابك',
          body: 'يمكنك إلغاء ذلك من التطبيق قبل الموعد. إن لم تكن أنت من طلبه فألغِه الآن.',
        },
      },
    },
  },
  'erasure.canceled': {
    summary: 'The erasure of an account was canceled',
    notifies: {
      user: {
        en: {
          title: 'Your account stays',
          body: 'The deletion was canceled. Nothing will be deleted.',
        },
        ar: {
          title: 'حسابك باقٍ',
          body: 'أُلغي حذف الحساب، ولن يُحذف شيء.',
        },
      },
    },
  },
  'erasure.deferred': {
    summary: 'The erasure of an account was deferred',
    notifies: {
      user: {
        en: {
          title: 'Your account is not deleted yet',
          body: 'Something is still open. We try again every day.',
        },
        ar: {
          title: 'لم يُحذف حسابك بعد',
          body: 'ما زالت هناك معاملات لم تكتمل. نعيد المحاولة كل يوم.',
        },
      },
    },
  },
  'erasure.completed': {
    summary: 'An account was erased',
  },
} as const satisfies Area['events']
