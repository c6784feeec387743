import type { EventEntry } from '../../../core/area.ts'

export const verificationEvents = {
  'verification.pending': {
    summary: 'A user submitted papers, or what was missing of them',
  },
  'verification.document_requested': {
    summary: 'A verification request needs another document',
    notifies: {
      user: {
        en: { title: 'Another document, please', body: 'See which one is missing, and send it.' },
        ar: { title: 'نحتاج إلى مستند آخر', body: 'اطّلع على المستند الناقص وأرسله.' },
      },
    },
  },
  'verification.verified': {
    summary: 'The papers of a user were approved',
    notifies: {
      user: {
        en: { title: 'You are verified', body: 'Your documents were checked and approved.' },
        ar: { title: 'تم توثيق حسابك', body: 'راجعنا مستنداتك وتمت الموافقة عليها.' },
      },
    },
  },
  'verification.rejected': {
    summary: 'Papers were rejected, or their approval was taken back',
    notifies: {
      user: {
        en: { title: 'Your documents were not accepted', body: 'See the reason, and submit them again.' },
        ar: { title: 'لم تُقبل مستنداتك', body: 'اطّلع على السبب وأرسلها من جديد.' },
      },
    },
  },
  'verification.withdrawn': {
    summary: 'A user withdrew a verification request',
  },
  'verification.abandoned': {
    summary: 'A document that was asked for did not come in time',
    notifies: {
      user: {
        en: {
          title: 'Your verification has ended',
          body: 'The document that we asked for did not come. Submit your papers again when you have it.',
        },
        ar: {
          title: 'انتهى طلب التوثيق',
          body: 'لم يصلنا المستند المطلوب. أرسل مستنداتك من جديد عندما يتوفر لديك.',
        },
      },
    },
  },
  'verification.expiring': {
    summary: 'Approved papers end soon',
    notifies: {
      user: {
        en: { title: 'Your documents expire soon', body: 'Submit the new ones before that.' },
        ar: { title: 'تنتهي صلاحية مستنداتك قريبًا', body: 'أرسل المستندات الجديدة قبل ذلك.' },
      },
    },
  },
  'verification.lapsed': {
    summary: 'Approved papers have ended',
    notifies: {
      user: {
        en: { title: 'Your documents have expired', body: 'Submit the new ones to stay verified.' },
        ar: { title: 'انتهت صلاحية مستنداتك', body: 'أرسل المستندات الجديدة لتبقى موثّقًا.' },
      },
    },
  },
} as const satisfies Record<string, EventEntry>
