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
  },
  events: verificationEvents,
})
