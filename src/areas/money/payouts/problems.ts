import type { Area } from '../../../core/area.ts'

export const payoutsProblems = {
  payout_account_required: {
    status: 409,
    title: { en: 'No payout account', ar: 'لا يوجد حساب لصرف المستحقات' },
    detail: {
      en: 'Add a payout account in {currency} first.',
      ar: 'أضف أولًا حسابًا لصرف المستحقات بعملة {currency}.',
    },
    cause: 'The user has no default payout account in the currency, or not the one that was named.',
    remedy: 'Add one with `me.addPayoutAccount`, name another, or make it the default.',
  },
  payout_account_refused: {
    status: 409,
    title: { en: 'The bank refused this account', ar: 'رفض المصرف هذا الحساب' },
    detail: {
      en: 'A payout to this account failed. Add another account.',
      ar: 'تعذّر التحويل إلى هذا الحساب. أضف حسابًا آخر.',
    },
    cause:
      'A bank said that the account does not exist, or sent money back from it. Where no account was named: it was the default one, and none has taken its place.',
    remedy:
      'Add the account again with the right details, or another one; or make another the default with `me.setDefaultPayoutAccount`.',
  },
  payout_account_in_use: {
    status: 409,
    title: { en: 'A payout to this account is under way', ar: 'هناك تحويل جارٍ إلى هذا الحساب' },
    detail: {
      en: 'The account can be removed when the payout has ended.',
      ar: 'يمكن إزالة الحساب بعد انتهاء التحويل.',
    },
    cause: 'A payout to the account is scheduled or processing.',
    remedy: 'Wait for the payout, and remove the account then.',
  },
  withdrawal_pending: {
    status: 409,
    title: { en: 'A withdrawal is waiting already', ar: 'هناك طلب سحب قيد الانتظار' },
    detail: {
      en: 'Wait until your last withdrawal is on its way.',
      ar: 'انتظر حتى يبدأ تنفيذ طلب السحب السابق.',
    },
    cause: 'The last withdrawal in this currency is still `scheduled`.',
    remedy: 'Withdraw again once it is `processing`.',
  },
  payout_held: {
    status: 409,
    title: { en: 'The payout is held', ar: 'التحويل موقوف' },
    detail: { en: 'Staff have stopped this payout.', ar: 'أوقف فريقنا هذا التحويل.' },
    cause: 'The payout was held with `payouts.hold`.',
    remedy: 'Release it first with `payouts.release`.',
  },
  payout_not_stoppable: {
    status: 409,
    title: { en: 'The payout cannot be held or released', ar: 'لا يمكن إيقاف التحويل أو استئنافه' },
    detail: {
      en: 'Only a scheduled payout can be held, and only a held one released.',
      ar: 'لا يُوقف إلا تحويل مجدول، ولا يُستأنف إلا تحويل موقوف.',
    },
    cause: 'The payout is no longer `scheduled`, or it is not held.',
    remedy: 'Read the payout: its money may have been sent.',
  },
  payout_in_review: {
    status: 409,
    title: { en: 'The payout is in review', ar: 'التحويل قيد المراجعة' },
    detail: {
      en: 'The gateway says that the payout succeeded after all.',
      ar: 'تقول بوابة الدفع إن التحويل نجح في النهاية.',
    },
    cause: 'The payout failed, and its gateway reported a success later: a retry would pay twice.',
    remedy:
      'Compare with the gateway, and say with `payouts.decide` whether it has arrived; where it has arrived twice, propose a `second_payout` with `adjustments.propose`.',
  },
  payout_superseded: {
    status: 409,
    title: { en: 'A later payout has taken its place', ar: 'حلّ محله تحويل أحدث' },
    detail: {
      en: 'Its money was owed again, and went into a later payout.',
      ar: 'عاد مبلغه إلى صاحبه ودخل في تحويل أحدث.',
    },
    cause: 'The user has a later payout of the same kind and currency: a retry would pay from new money.',
    remedy: 'Retry the latest one, or wait for the next payday.',
  },
  payout_in_batch: {
    status: 409,
    title: { en: 'The payout is in a batch', ar: 'التحويل ضمن دفعة' },
    detail: { en: 'Settle it with its batch.', ar: 'سجّل نتيجته مع دفعته.' },
    cause: 'Payouts of a batch are decided with `payoutBatches.settle`, with the proof of the bank.',
    remedy: 'Call `payoutBatches.settle` for this payout.',
  },
  payout_in_progress: {
    status: 409,
    title: { en: 'The gateway is still being asked', ar: 'ما زلنا نسأل بوابة الدفع' },
    detail: {
      en: 'The outcome is not known yet. It can be decided by hand once it is in review.',
      ar: 'النتيجة غير معروفة بعد. يمكن البتّ فيها يدويًا بعد إحالتها إلى المراجعة.',
    },
    cause: 'The payout is `processing`, and its gateway is asked again at set times.',
    remedy: 'Wait until `review` is set.',
  },
  payout_proof_required: {
    status: 409,
    title: { en: 'The proof of the bank is missing', ar: 'إثبات المصرف مفقود' },
    detail: {
      en: 'Upload the bank’s confirmation before you mark payouts as paid.',
      ar: 'ارفع تأكيد المصرف قبل تسجيل التحويلات كمدفوعة.',
    },
    cause: 'The batch has no `proofMediaId`.',
    remedy: 'Upload the file with `media.create`, then send its id with the results.',
  },
  nothing_to_pay_out: {
    status: 409,
    title: { en: 'Nothing to pay out', ar: 'لا توجد تحويلات مستحقة' },
    detail: { en: 'No payout in this currency is due.', ar: 'لا يوجد تحويل مستحق بهذه العملة.' },
    cause: 'No scheduled payout of the currency is due, or all of them are held.',
    remedy: 'Wait for the next payday (`payouts.schedule`), or release held payouts.',
  },
} as const satisfies Area['problems']
