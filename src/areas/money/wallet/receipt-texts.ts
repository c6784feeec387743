import type { Locale } from '../../../core/context.ts'
import type { PaymentPurpose } from '../../../db/schema/money/payments.ts'
import type { PostingName, postings } from '../ledger/postings.ts'
import type { WalletAccountName, walletAccounts } from './wallet.ts'

type AccountOf<Name extends PostingName> = (typeof postings)[Name]['lines'][number][0]
/** Postings with a line on an account that a statement shows: one without a text does not compile. */
export type StatementPosting = {
  [Name in PostingName]: AccountOf<Name> & (typeof walletAccounts)[WalletAccountName] extends never
    ? never
    : Name
}[PostingName]

/** Texts of receipts and statements. */
export interface Texts {
  receipt: string
  number: string
  what: string
  paidAt: string
  paidBy: string
  paidTo: string
  doneBy: string
  nameless: string
  method: string
  methods: Record<string, string>
  work: string
  city: string
  completedAt: string
  amounts: string
  fixedPrice: string
  rate: string
  worked: string
  minimum: string
  minutes: (count: number) => string
  ceiling: string
  addons: string
  fare: string
  paid: string
  refunded: string
  left: string
  commission: string
  earned: string
  contained: string
  withheld: string
  statement: string
  accounts: Record<WalletAccountName, string>
  date: string
  entry: string
  amount: string
  balance: string
  opening: string
  closing: string
  carried: string
  nothing: string
  more: (count: number) => string
  /** Kinds of entries that touch an account of this page. */
  postings: Record<StatementPosting | 'adjustment', string>
}

export const purposeTexts: Record<Locale, Record<PaymentPurpose, string>> = {
  en: {
    booking: 'Booking',
    tip: 'Tip',
    top_up: 'Top-up of the wallet',
    debt: 'Payment of debts',
    contract: 'Contract, into escrow',
    order: 'Order',
  },
  ar: {
    booking: 'حجز',
    tip: 'بقشيش',
    top_up: 'شحن المحفظة',
    debt: 'سداد ديون',
    contract: 'عقد، في حساب الضمان',
    order: 'طلب شراء',
  },
}

export const documentTexts: Record<Locale, Texts> = {
  en: {
    receipt: 'Receipt',
    number: 'Number',
    what: 'For',
    paidAt: 'Paid on',
    paidBy: 'Paid by',
    paidTo: 'Paid to',
    doneBy: 'Work done by',
    nameless: 'No name given',
    method: 'Method',
    methods: {
      cash: 'Cash',
      wallet: 'Wallet',
      card: 'Card',
      bank_transfer: 'Bank transfer',
      mobile_money: 'Mobile money',
      reference_code: 'Payment code',
      qr: 'QR code',
      paypal: 'PayPal',
    },
    work: 'Work',
    city: 'City',
    completedAt: 'Completed on',
    amounts: 'Amounts',
    fixedPrice: 'Fixed price',
    rate: 'Rate per hour',
    worked: 'Time worked',
    minimum: 'Minimum that is charged',
    minutes: (count) => `${count} min`,
    ceiling: 'Limited to the agreed maximum',
    addons: 'Add-ons',
    fare: 'Fare',
    paid: 'Paid',
    refunded: 'Refunded',
    left: 'Paid less refunds',
    commission: 'Commission of the platform',
    earned: 'Earned',
    contained: 'Contained tax',
    withheld: 'Tax collected at source',
    statement: 'Statement',
    accounts: { wallet: 'Wallet', earnings: 'Earnings', prepaid: 'Prepaid' },
    date: 'Date',
    entry: 'Entry',
    amount: 'Amount',
    balance: 'Balance',
    opening: 'Opening balance',
    closing: 'Closing balance',
    carried: 'Carried forward',
    nothing: 'There were no accounts in this month.',
    more: (count) => `${count} more entries are in the statement of the app.`,
    postings: {
      cash_fare: 'Fare in cash',
      cash_kept: 'Cash kept',
      gateway_capture: 'Fare',
      prepayment: 'Prepayment',
      prepaid_capture: 'Prepaid fare',
      prepaid_return: 'Prepayment returned',
      escrow_funded: 'Contract, into escrow',
      escrow_funded_from_wallet: 'Contract, into escrow',
      escrow_release: 'Milestone',
      escrow_arbitration: 'Cost of a decision',
      escrow_refund_to_wallet: 'Refund of a contract',
      escrow_refund_to_gateway: 'Refund of a contract',
      escrow_charged_back: 'Taken back by the bank',
      chargeback_returned: 'Given back by the bank',
      wallet_capture: 'Fare from the wallet',
      top_up: 'Top-up',
      package_sold_from_wallet: 'Order',
      order_refund_to_wallet: 'Order refunded',
      refund_to_wallet: 'Refund',
      refund_to_gateway: 'Refund',
      refund_failed: 'Refund that the bank did not take',
      refund_reversed: 'Refund that came back',
      fee_waived: 'Waived fee',
      debt_netted: 'Debts paid from earnings',
      payout_sent: 'Payout',
      payout_failed: 'Payout that failed',
      payout_returned: 'Payout that the bank sent back',
      second_payout_returned: 'Second payout that came back',
      withdrawal_sent: 'Withdrawal',
      withdrawal_failed: 'Withdrawal that failed',
      withdrawal_returned: 'Withdrawal that the bank sent back',
      debt_paid: 'Debts paid',
      debt_paid_from_wallet: 'Debts paid',
      wallet_donated: 'Donated',
      wallet_forfeited: 'Given up',
      tax_withheld: 'Tax collected at source',
      tax_returned: 'Tax collected at source, returned',
      adjustment: 'Correction',
    },
  },
  ar: {
    receipt: 'إيصال',
    number: 'الرقم',
    what: 'مقابل',
    paidAt: 'تاريخ الدفع',
    paidBy: 'دفعه',
    paidTo: 'المستفيد',
    doneBy: 'نفّذ العمل',
    nameless: 'بلا اسم',
    method: 'طريقة الدفع',
    methods: {
      cash: 'نقدًا',
      wallet: 'المحفظة',
      card: 'بطاقة',
      bank_transfer: 'تحويل بنكي',
      mobile_money: 'محفظة الهاتف',
      reference_code: 'رمز الدفع',
      qr: 'رمز QR',
      paypal: 'PayPal',
    },
    work: 'العمل',
    city: 'المدينة',
    completedAt: 'تاريخ الإنجاز',
    amounts: 'المبالغ',
    fixedPrice: 'سعر ثابت',
    rate: 'سعر الساعة',
    worked: 'مدة العمل',
    minimum: 'أقل مدة محتسبة',
    minutes: (count) => `${count} دقيقة`,
    ceiling: 'بالحد الأقصى المتفق عليه',
    addons: 'إضافات',
    fare: 'الأجرة',
    paid: 'المدفوع',
    refunded: 'مبلغ مردود',
    left: 'المدفوع بعد المردود',
    commission: 'عمولة المنصة',
    earned: 'صافي الربح',
    contained: 'ضريبة متضمَّنة',
    withheld: 'ضريبة محصلة عند المنبع',
    statement: 'كشف حساب',
    accounts: { wallet: 'المحفظة', earnings: 'الأرباح', prepaid: 'مدفوع مقدمًا' },
    date: 'التاريخ',
    entry: 'القيد',
    amount: 'المبلغ',
    balance: 'الرصيد',
    opening: 'الرصيد الافتتاحي',
    closing: 'الرصيد الختامي',
    carried: 'رصيد مرحّل',
    nothing: 'لا توجد حسابات في هذا الشهر.',
    more: (count) => `هناك ${count} قيود أخرى في كشف التطبيق.`,
    postings: {
      cash_fare: 'أجرة نقدية',
      cash_kept: 'نقد احتفظت به',
      gateway_capture: 'أجرة',
      prepayment: 'دفع مقدم',
      prepaid_capture: 'أجرة مدفوعة مقدمًا',
      prepaid_return: 'إعادة الدفع المقدم',
      escrow_funded: 'عقد، في حساب الضمان',
      escrow_funded_from_wallet: 'عقد، في حساب الضمان',
      escrow_release: 'مرحلة من عقد',
      escrow_arbitration: 'تكلفة قرار',
      escrow_refund_to_wallet: 'مبلغ عقد مردود',
      escrow_refund_to_gateway: 'مبلغ عقد مردود',
      escrow_charged_back: 'استرده المصرف',
      chargeback_returned: 'أعاده المصرف',
      wallet_capture: 'أجرة من المحفظة',
      top_up: 'شحن',
      package_sold_from_wallet: 'طلب شراء',
      order_refund_to_wallet: 'استرداد طلب شراء',
      refund_to_wallet: 'مبلغ مردود',
      refund_to_gateway: 'مبلغ مردود',
      refund_failed: 'مبلغ مردود لم يقبله المصرف',
      refund_reversed: 'مبلغ مردود عاد إليك',
      fee_waived: 'رسوم أُعفيت منها',
      debt_netted: 'ديون سُدّدت من الأرباح',
      payout_sent: 'تحويل مستحقات',
      payout_failed: 'تحويل لم يتم',
      payout_returned: 'تحويل أعاده المصرف',
      second_payout_returned: 'تحويل ثانٍ عاد إلينا',
      withdrawal_sent: 'سحب',
      withdrawal_failed: 'سحب لم يتم',
      withdrawal_returned: 'سحب أعاده المصرف',
      debt_paid: 'سداد ديون',
      debt_paid_from_wallet: 'سداد ديون',
      wallet_donated: 'تبرع',
      wallet_forfeited: 'تنازل',
      tax_withheld: 'ضريبة محصلة عند المنبع',
      tax_returned: 'رد ضريبة محصلة عند المنبع',
      adjustment: 'تصحيح',
    },
  },
}
