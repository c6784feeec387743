import { defineArea } from '../../../core/area.ts'
import { adjustmentMachine } from './machine.ts'

export const adjustments = defineArea({
  name: 'adjustments',
  routes: () => import('./routes.ts'),
  personalData: () => import('./personal-data.ts'),
  machines: [adjustmentMachine],
  scopes: {
    'ledger:write': 'Propose and decide on adjustments of the books (staff)',
  },
  permissions: {
    'ledger.adjust': {
      description: 'Propose corrections, second payouts and write-offs, and decide on those of others',
      heldBy: ['finance'],
    },
  },
  problems: {
    lines_not_sound: {
      status: 422,
      fields: ['lines'],
      title: { en: 'The lines cannot be posted', ar: 'لا يمكن ترحيل هذه السطور' },
      detail: {
        en: 'They must add up to zero, and each account needs its owner: a user, a gateway, or nobody.',
        ar: 'يجب أن يكون مجموعها صفرًا، وأن يكون لكل حساب مالكه: مستخدم أو بوابة دفع أو لا أحد.',
      },
      cause: 'The lines do not add up to zero, or an account has the wrong kind of owner.',
      remedy:
        'Send `ownerUserId` for accounts of users, `gateway` for those of gateways, and neither for those of the platform.',
    },
    own_adjustment: {
      status: 403,
      title: { en: 'Somebody else must decide', ar: 'يجب أن يبتّ شخص آخر' },
      detail: {
        en: 'You have proposed this yourself. Four eyes look at every correction of the books.',
        ar: 'أنت من اقترح هذا التعديل. كل تصحيح للدفاتر يراه شخصان.',
      },
      cause: 'The caller has proposed the adjustment.',
      remedy: 'Ask another member of staff with `ledger.adjust`.',
    },
    not_own_adjustment: {
      status: 403,
      title: { en: 'Only its proposer can withdraw it', ar: 'لا يسحبه إلا من اقترحه' },
      detail: { en: 'Reject it instead.', ar: 'ارفضه بدلًا من ذلك.' },
      cause: 'The adjustment was proposed by somebody else.',
      remedy: 'Use `adjustments.reject`.',
    },
    no_second_payout: {
      status: 409,
      title: { en: 'The payout has not arrived twice', ar: 'لم يصل التحويل مرتين' },
      detail: {
        en: 'There is no success of this payout that the books lack.',
        ar: 'لا توجد عملية ناجحة لهذا التحويل غير مسجلة في الدفاتر.',
      },
      cause:
        'The payout is not in review as a late success, waits to be sent or is being sent, or its second success was decided or came back meanwhile.',
      remedy: 'Read the payout: wait for the end of what is under way, or cancel what is scheduled.',
    },
    more_than_owed: {
      status: 409,
      title: { en: 'The user owes less by now', ar: 'الدين أقل من ذلك الآن' },
      detail: {
        en: 'Owed in minor units: commission {commission}, refunds {refund}, fees {fee}.',
        ar: 'الدين بالوحدات الصغرى: عمولة {commission}، مبالغ مردودة {refund}، رسوم {fee}.',
      },
      cause: 'Part of the debt was paid, netted or written off since it was proposed.',
      remedy: 'Reject or withdraw it, and propose what is still owed.',
    },
  },
  constraints: {
    adjustments_user_id_users_id_fk: ['unknown_reference', 'userId'],
  },
  events: {
    'adjustment.proposed': {
      summary: 'An adjustment waits for a second person',
    },
    'adjustment.posted': {
      summary: 'An adjustment was approved and posted',
    },
    'adjustment.rejected': {
      summary: 'An adjustment was rejected',
    },
    'adjustment.withdrawn': {
      summary: 'An adjustment was withdrawn by its proposer',
    },
    'debt.written_off': {
      summary: 'Debts of a user need not be paid any more',
      notifies: {
        user: {
          en: { title: 'A debt was cancelled', body: 'You need not pay it any more. See your debts.' },
          ar: { title: 'أُلغي دين عليك', body: 'لم يعد عليك سداده. راجع ديونك.' },
        },
      },
    },
  },
})
