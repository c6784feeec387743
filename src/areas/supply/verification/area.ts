import { defineArea } from '../../../core/area.ts'
import { verificationEvents } from './events.ts'
import { verificationMachine } from './machine.ts'

export const verification = defineArea({
  name: 'verification',
  routes: () => import('./routes.ts'),
  config: () => import('./config.ts'),
  personalData: () => import('./personal-data.ts'),
  jobs: () => import('./jobs.ts'),
  machines: [verificationMachine],
  permissions: {
    'verifications.review': {
      description: 'View, approve and reject papers of users and companies',
      heldBy: ['ops'],
    },
  },
  problems: {
    document_in_use: {
      status: 409,
      fields: ['number'],
      title: {
        en: 'The document verifies another account',
        ar: 'المستند موثّق لحساب آخر',
      },
      detail: {
        en: 'A document number can verify only one account.',
        ar: 'رقم المستند الواحد يوثّق حسابًا واحدًا فقط.',
      },
      cause: 'The number of the identity document has verified another account.',
      remedy: 'Sign in with that account, or submit another document.',
    },
    verification_waits: {
      status: 409,
      fields: ['documentType'],
      title: { en: 'These papers wait already', ar: 'هذه المستندات قيد المراجعة بالفعل' },
      detail: {
        en: 'A request with papers of this kind has not been decided yet.',
        ar: 'يوجد طلب بمستندات من هذا النوع لم يُبتّ فيه بعد.',
      },
      cause: 'A request of the same type, subject and kind of papers is `pending` or `needs_document`.',
      remedy: 'Wait for the decision, or send the document that it asks for (`me.resubmitVerification`).',
    },
    document_rejected: {
      status: 409,
      title: { en: 'A document was rejected', ar: 'أحد المستندات مرفوض' },
      detail: {
        en: 'Ask for another one, or approve it first.',
        ar: 'اطلب مستندًا آخر أو وافق عليه أولًا.',
      },
      cause: 'A document of the request is rejected, and no later one of its type takes its place.',
      remedy: 'Call `verifications.requestDocument`, or decide on the document again.',
    },
    check_signature_invalid: {
      status: 401,
      title: { en: 'The signature does not fit', ar: 'التوقيع غير صحيح' },
      detail: {
        en: 'The webhook was not signed by the check provider, or is too old.',
        ar: 'لم يوقّع مزوّد الفحص هذه الرسالة، أو أنها قديمة.',
      },
      cause:
        'No signature in `webhook-signature` is of the configured secret over id, time and raw body, or the time is five minutes off.',
      remedy:
        'Compare the secret (`CHECKS_WEBHOOK_SECRET`) with that of the provider, and send the raw body that was signed.',
    },
    not_your_case: {
      status: 403,
      title: { en: 'The case is not yours', ar: 'هذه الحالة ليست لديك' },
      detail: {
        en: 'Only the reviewer who has taken the case opens its documents.',
        ar: 'لا يفتح المستندات إلا المراجع الذي تولّى الحالة.',
      },
      cause:
        'No open case about the request, or second look at it, is assigned to the reviewer, or the papers are their own.',
      remedy: 'Take the case (`cases.take`), and open the document then.',
    },
    document_gone: {
      status: 409,
      title: { en: 'The file is gone', ar: 'لم يعد الملف موجودًا' },
      detail: {
        en: 'Files are destroyed some time after the decision.',
        ar: 'تُحذف الملفات نهائيًا بعد مدة من القرار.',
      },
      cause: 'The key of the file was destroyed, as its request has ended, or the file was never there.',
      remedy: 'None: what was decided on the document is kept, its content is not.',
    },
    document_damaged: {
      status: 409,
      title: { en: 'The file cannot be opened', ar: 'تعذّر فتح الملف' },
      detail: {
        en: 'Its stored bytes are not those that were sealed.',
        ar: 'محتوى الملف المخزّن لا يطابق ما تم ختمه.',
      },
      cause: 'The stored bytes, or the key, were changed, moved or cut off.',
      remedy: 'Ask the owner for another document, and tell the security team.',
    },
    document_link_over: {
      status: 410,
      title: { en: 'The link is over', ar: 'انتهى الرابط' },
      detail: {
        en: 'It was used, it has expired, or the session that asked for it has ended.',
        ar: 'استُخدم الرابط أو انتهت مدته أو انتهت الجلسة التي طلبته.',
      },
      cause: 'A link opens a document once, within `verification.link_seconds`, while its session lasts.',
      remedy: 'Ask for another one with `verifications.openDocument`.',
    },
    papers_expired: {
      status: 409,
      fields: ['expiresAt'],
      title: { en: 'The papers have expired', ar: 'انتهت صلاحية المستندات' },
      detail: { en: 'Papers that have ended verify nobody.', ar: 'المستندات المنتهية لا توثّق أحدًا.' },
      cause: 'The end of the papers has passed.',
      remedy: 'Reject them, or send the `expiresAt` that they show.',
    },
  },
  constraints: {
    user_verifications_national_id_key: 'document_in_use',
    verification_requests_one_open: 'verification_waits',
    verification_documents_media: 'media_refused',
    verification_requests_not_own: 'forbidden',
    document_openings_link: 'document_link_over',
  },
  events: verificationEvents,
})
