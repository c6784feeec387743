import { defineArea } from '../../../core/area.ts'
import { verificationMachine } from './machine.ts'

export const verification = defineArea({
  name: 'verification',
  routes: () => import('./routes.ts'),
  personalData: () => import('./personal-data.ts'),
  machines: [verificationMachine],
  permissions: {
    'verifications.review': {
      description: 'Approve and reject identity documents',
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
  },
  constraints: {
    user_verifications_national_id_key: 'document_in_use',
    user_verifications_not_own: 'forbidden',
  },
  events: {
    'verification.pending': {
      summary: 'A user submitted an identity document',
    },
    'verification.verified': {
      summary: 'The identity of a user was verified',
      notifies: {
        user: {
          en: {
            title: 'You are verified',
            body: 'Your documents were checked and approved.',
          },
          ar: {
            title: 'تم توثيق حسابك',
            body: 'راجعنا مستنداتك وتمت الموافقة عليها.',
          },
        },
      },
    },
    'verification.rejected': {
      summary: 'An identity document was rejected',
      notifies: {
        user: {
          en: {
            title: 'Your documents were not accepted',
            body: 'See the reason, and submit them again.',
          },
          ar: {
            title: 'لم تُقبل مستنداتك',
            body: 'اطّلع على السبب وأرسلها من جديد.',
          },
        },
      },
    },
  },
})
