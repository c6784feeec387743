import type { AccountKind } from '../../../core/account-kinds.ts'

/**
 * Every kind of entry there is, as data: nothing else writes lines, but an adjustment that two people of finance have agreed on.
 * `npm run machines` writes these rows for the database (`khidma.post` reads them) and the table in `docs/money.md`.
 *
 * Credit is `+`, debit `-`. An amount of zero leaves its line out.
 */
/** Owners: the payer and the payee of a document, its only person, its gateway, or nobody (the platform). */
type Owner = 'payer' | 'payee' | 'user' | 'gateway' | 'platform'
type Amount =
  | 'fare'
  | 'commission'
  | 'net'
  | 'amount'
  | 'fee'
  | 'fromPayable'
  | 'fromDebt'
  | 'commissionDebt'
  | 'refundDebt'
  | 'feeDebt'
  | 'surplus'
  | 'owed'
  | 'paid'
  | 'writtenOff'
  | 'tax'
  | 'promotion'
  | 'partner'
  | 'discount'
  | 'sold'
  | 'given'

export interface PostingKind {
  type: 'authorization' | 'capture' | 'refund' | 'payout' | 'fee' | 'adjustment'
  says: string
  lines: readonly (readonly [account: AccountKind, owner: Owner, amount: `${'+' | '-'}${Amount}`])[]
}

export const postings = {
  cash_fare: {
    type: 'capture',
    says: 'Notes changed hands: what the client owed, the tasker has earned.',
    lines: [
      ['client_cash', 'payer', '-fare'],
      ['tasker_payable', 'payee', '+fare'],
    ],
  },
  cash_kept: {
    type: 'payout',
    says: 'The tasker keeps the notes: earned and paid out in the same breath.',
    lines: [
      ['tasker_payable', 'payee', '-fare'],
      ['client_cash', 'payer', '+fare'],
    ],
  },
  cash_commission: {
    type: 'fee',
    says: 'The tasker owes the commission on notes that they kept.',
    lines: [
      ['commission_receivable', 'payee', '-commission'],
      ['platform_fee', 'platform', '+commission'],
    ],
  },
  gateway_capture: {
    type: 'capture',
    says: 'A gateway captured an authorised payment.',
    lines: [
      ['platform_clearing', 'gateway', '-fare'],
      ['tasker_payable', 'payee', '+net'],
      ['platform_fee', 'platform', '+commission'],
    ],
  },
  prepayment: {
    type: 'authorization',
    says: 'A gateway that cannot hold has charged: the money waits where neither side can touch it.',
    lines: [
      ['platform_clearing', 'gateway', '-amount'],
      ['escrow', 'payer', '+amount'],
    ],
  },
  prepaid_capture: {
    type: 'capture',
    says: 'A prepaid fare is earned.',
    lines: [
      ['escrow', 'payer', '-fare'],
      ['tasker_payable', 'payee', '+net'],
      ['platform_fee', 'platform', '+commission'],
    ],
  },
  prepaid_return: {
    type: 'refund',
    says: 'What was prepaid and not earned goes back through its gateway.',
    lines: [
      ['escrow', 'payer', '-amount'],
      ['platform_clearing', 'gateway', '+amount'],
    ],
  },
  escrow_funded: {
    type: 'capture',
    says: 'The client has paid for milestones of a contract through a gateway: neither side can touch it.',
    lines: [
      ['platform_clearing', 'gateway', '-amount'],
      ['escrow', 'payer', '+amount'],
    ],
  },
  escrow_funded_from_wallet: {
    type: 'capture',
    says: 'The client has paid for milestones of a contract from the wallet.',
    lines: [
      ['client_wallet', 'payer', '-amount'],
      ['escrow', 'payer', '+amount'],
    ],
  },
  escrow_release: {
    type: 'capture',
    says: 'A milestone is earned, or the tasker’s share of what a contract held.',
    lines: [
      ['escrow', 'payer', '-fare'],
      ['tasker_payable', 'payee', '+net'],
      ['platform_fee', 'platform', '+commission'],
    ],
  },
  escrow_arbitration: {
    type: 'fee',
    says: 'A decision on a contract costs a share of the amount in dispute.',
    lines: [
      ['escrow', 'payer', '-fee'],
      ['platform_fee', 'platform', '+fee'],
    ],
  },
  escrow_refund_to_wallet: {
    type: 'refund',
    says: 'What a contract held goes back into the wallet.',
    lines: [
      ['escrow', 'payer', '-amount'],
      ['client_wallet', 'payer', '+amount'],
    ],
  },
  escrow_refund_to_gateway: {
    type: 'refund',
    says: 'What a contract held goes back to the original method.',
    lines: [
      ['escrow', 'payer', '-amount'],
      ['platform_clearing', 'gateway', '+amount'],
    ],
  },
  escrow_refund_reversed: {
    type: 'refund',
    says: 'The gateway could not return what a contract held, and a bank has: it makes good the loss of the chargeback.',
    lines: [
      ['platform_clearing', 'gateway', '-amount'],
      ['chargebacks', 'platform', '+amount'],
    ],
  },
  escrow_charged_back: {
    type: 'adjustment',
    says: 'A bank has given back already what a contract held: it makes good the loss of the chargeback.',
    lines: [
      ['escrow', 'payer', '-amount'],
      ['chargebacks', 'platform', '+amount'],
    ],
  },
  chargeback_returned: {
    type: 'refund',
    says: 'A bank has given back what a contract had made good: it is the payer’s, in the wallet.',
    lines: [
      ['chargebacks', 'platform', '-amount'],
      ['client_wallet', 'payer', '+amount'],
    ],
  },
  wallet_capture: {
    type: 'capture',
    says: 'A held amount of the wallet is captured.',
    lines: [
      ['client_wallet', 'payer', '-fare'],
      ['tasker_payable', 'payee', '+net'],
      ['platform_fee', 'platform', '+commission'],
    ],
  },
  top_up: {
    type: 'capture',
    says: 'A wallet was topped up through a gateway.',
    lines: [
      ['platform_clearing', 'gateway', '-amount'],
      ['client_wallet', 'payer', '+amount'],
    ],
  },
  fee_due: {
    type: 'fee',
    says: 'A fee that no payment covers is a debt to the platform: nobody is paid from money that has not come.',
    lines: [
      ['fee_receivable', 'payer', '-fare'],
      ['platform_fee', 'platform', '+fare'],
    ],
  },
  fee_waived: {
    type: 'fee',
    says: 'Staff waived a fee that was owed: the debt is gone, and what was paid of it is in the wallet.',
    lines: [
      ['fee_receivable', 'payer', '+owed'],
      ['client_wallet', 'payer', '+paid'],
      ['write_offs', 'platform', '+writtenOff'],
      ['platform_fee', 'platform', '-fare'],
    ],
  },
  gateway_fee: {
    type: 'fee',
    says: 'What a gateway kept of a payment.',
    lines: [
      ['gateway_fees', 'platform', '-fee'],
      ['platform_clearing', 'gateway', '+fee'],
    ],
  },
  refund_to_wallet: {
    type: 'refund',
    says: 'A refund into the wallet, from what the tasker is owed, else as their debt.',
    lines: [
      ['tasker_payable', 'payee', '-fromPayable'],
      ['refund_receivable', 'payee', '-fromDebt'],
      ['client_wallet', 'payer', '+amount'],
    ],
  },
  refund_to_gateway: {
    type: 'refund',
    says: 'A refund to the original method, from what the tasker is owed, else as their debt.',
    lines: [
      ['tasker_payable', 'payee', '-fromPayable'],
      ['refund_receivable', 'payee', '-fromDebt'],
      ['platform_clearing', 'gateway', '+amount'],
    ],
  },
  refund_failed: {
    type: 'refund',
    says: 'The gateway could not return the money: it is in the wallet instead.',
    lines: [
      ['platform_clearing', 'gateway', '-amount'],
      ['client_wallet', 'payer', '+amount'],
    ],
  },
  refund_reversed: {
    type: 'refund',
    says: 'The gateway could not return the money, and a bank has: what it was taken from has it again; a debt that was paid since is earned.',
    lines: [
      ['platform_clearing', 'gateway', '-amount'],
      ['tasker_payable', 'payee', '+fromPayable'],
      ['refund_receivable', 'payee', '+fromDebt'],
      ['write_offs', 'platform', '+writtenOff'],
    ],
  },
  chargeback_opened: {
    type: 'refund',
    says: 'A bank takes a payment back: a loss of the platform until it is decided.',
    lines: [
      ['chargebacks', 'platform', '-amount'],
      ['platform_clearing', 'gateway', '+amount'],
    ],
  },
  chargeback_won: {
    type: 'refund',
    says: 'The bank gives it back.',
    lines: [
      ['platform_clearing', 'gateway', '-amount'],
      ['chargebacks', 'platform', '+amount'],
    ],
  },
  chargeback_lost: {
    type: 'refund',
    says: 'A lost chargeback that is the tasker’s by policy is their debt. Without that policy it stays the loss that it was.',
    lines: [
      ['refund_receivable', 'payee', '-amount'],
      ['chargebacks', 'platform', '+amount'],
    ],
  },
  debt_paid: {
    type: 'capture',
    says: 'Debts were paid through a gateway; what is above them goes into the wallet.',
    lines: [
      ['platform_clearing', 'gateway', '-amount'],
      ['commission_receivable', 'user', '+commissionDebt'],
      ['refund_receivable', 'user', '+refundDebt'],
      ['fee_receivable', 'user', '+feeDebt'],
      ['client_wallet', 'user', '+surplus'],
    ],
  },
  debt_paid_from_wallet: {
    type: 'capture',
    says: 'Debts were paid from the wallet.',
    lines: [
      ['client_wallet', 'user', '-amount'],
      ['commission_receivable', 'user', '+commissionDebt'],
      ['refund_receivable', 'user', '+refundDebt'],
      ['fee_receivable', 'user', '+feeDebt'],
      ['client_wallet', 'user', '+surplus'],
    ],
  },
  debt_netted: {
    type: 'payout',
    says: 'Debts of a tasker were paid from what they are owed.',
    lines: [
      ['tasker_payable', 'user', '-amount'],
      ['commission_receivable', 'user', '+commissionDebt'],
      ['refund_receivable', 'user', '+refundDebt'],
      ['fee_receivable', 'user', '+feeDebt'],
    ],
  },
  write_off: {
    type: 'adjustment',
    says: 'Debts that will not be paid; two people of finance have agreed on it.',
    lines: [
      ['write_offs', 'platform', '-amount'],
      ['commission_receivable', 'user', '+commissionDebt'],
      ['refund_receivable', 'user', '+refundDebt'],
      ['fee_receivable', 'user', '+feeDebt'],
    ],
  },
  second_payout_returned: {
    type: 'adjustment',
    says: 'A payout that had arrived beside the books, and was settled as a debt, came back: it is owed no more, and what was paid of it is in the wallet.',
    lines: [
      ['platform_clearing', 'gateway', '-amount'],
      ['refund_receivable', 'user', '+refundDebt'],
      ['client_wallet', 'user', '+paid'],
      ['write_offs', 'platform', '+writtenOff'],
    ],
  },
  payout_sent: {
    type: 'payout',
    says: 'Earnings are on their way to the tasker.',
    lines: [
      ['tasker_payable', 'user', '-amount'],
      ['payout_clearing', 'gateway', '+amount'],
    ],
  },
  withdrawal_sent: {
    type: 'payout',
    says: 'An amount of a wallet is on its way to its owner.',
    lines: [
      ['client_wallet', 'user', '-amount'],
      ['payout_clearing', 'gateway', '+amount'],
    ],
  },
  payout_paid: {
    type: 'payout',
    says: 'A payout has arrived: the money has left the gateway.',
    lines: [
      ['payout_clearing', 'gateway', '-amount'],
      ['platform_clearing', 'gateway', '+amount'],
    ],
  },
  payout_failed: {
    type: 'payout',
    says: 'Earnings could not be paid out: they are owed again.',
    lines: [
      ['payout_clearing', 'gateway', '-amount'],
      ['tasker_payable', 'user', '+amount'],
    ],
  },
  withdrawal_failed: {
    type: 'payout',
    says: 'A withdrawal could not be paid out: it is in the wallet again.',
    lines: [
      ['payout_clearing', 'gateway', '-amount'],
      ['client_wallet', 'user', '+amount'],
    ],
  },
  payout_returned: {
    type: 'payout',
    says: 'Earnings that had arrived came back: they are owed again.',
    lines: [
      ['platform_clearing', 'gateway', '-amount'],
      ['tasker_payable', 'user', '+amount'],
    ],
  },
  withdrawal_returned: {
    type: 'payout',
    says: 'A withdrawal that had arrived came back: it is in the wallet again.',
    lines: [
      ['platform_clearing', 'gateway', '-amount'],
      ['client_wallet', 'user', '+amount'],
    ],
  },
  package_sold: {
    type: 'capture',
    says: 'An order was paid through a gateway: income of the platform, less its taxes.',
    lines: [
      ['platform_clearing', 'gateway', '-amount'],
      ['platform_fee', 'platform', '+net'],
      ['tax_payable', 'platform', '+tax'],
    ],
  },
  package_sold_from_wallet: {
    type: 'capture',
    says: 'An order was paid from the wallet: income of the platform, less its taxes.',
    lines: [
      ['client_wallet', 'payer', '-amount'],
      ['platform_fee', 'platform', '+net'],
      ['tax_payable', 'platform', '+tax'],
    ],
  },
  tax_within: {
    type: 'adjustment',
    says: 'A commission or a fee was invoiced: the tax within it is not the platform’s.',
    lines: [
      ['platform_fee', 'platform', '-tax'],
      ['tax_payable', 'platform', '+tax'],
    ],
  },
  tax_credited: {
    type: 'adjustment',
    says: 'A credit note, or a void invoice, takes the tax back.',
    lines: [
      ['tax_payable', 'platform', '-tax'],
      ['platform_fee', 'platform', '+tax'],
    ],
  },
  tax_withheld: {
    type: 'adjustment',
    says: 'Tax collected at source of a fare: withheld from who has earned it, for the tax office.',
    lines: [
      ['tasker_payable', 'payee', '-fromPayable'],
      ['refund_receivable', 'payee', '-fromDebt'],
      ['tcs_payable', 'platform', '+tax'],
    ],
  },
  tax_returned: {
    type: 'adjustment',
    says: 'A fare was refunded, or its bank has taken it back: the tax that was withheld of it is theirs again.',
    lines: [
      ['tcs_payable', 'platform', '-tax'],
      ['tasker_payable', 'payee', '+tax'],
    ],
  },
  discount_funded: {
    type: 'adjustment',
    says: 'Discounts of an order that was paid: the platform has paid for its own, a partner owes for theirs.',
    lines: [
      ['promotions', 'platform', '-promotion'],
      ['partner_receivable', 'platform', '-partner'],
      ['platform_fee', 'platform', '+discount'],
    ],
  },
  discount_reversed: {
    type: 'adjustment',
    says: 'An order was refunded: nobody has paid for its discounts.',
    lines: [
      ['platform_fee', 'platform', '-discount'],
      ['promotions', 'platform', '+promotion'],
      ['partner_receivable', 'platform', '+partner'],
    ],
  },
  order_refund_to_wallet: {
    type: 'refund',
    says: 'An order goes back into the wallet, with its taxes.',
    lines: [
      ['platform_fee', 'platform', '-net'],
      ['tax_payable', 'platform', '-tax'],
      ['client_wallet', 'payer', '+amount'],
    ],
  },
  order_refund_to_gateway: {
    type: 'refund',
    says: 'An order goes back to the original method, with its taxes.',
    lines: [
      ['platform_fee', 'platform', '-net'],
      ['tax_payable', 'platform', '-tax'],
      ['platform_clearing', 'gateway', '+amount'],
    ],
  },
  wallet_donated: {
    type: 'adjustment',
    says: 'The wallet of an account that is erased goes to good causes, as its owner chose.',
    lines: [
      ['client_wallet', 'user', '-amount'],
      ['donations_payable', 'platform', '+amount'],
    ],
  },
  wallet_forfeited: {
    type: 'fee',
    says: 'The wallet of an account that is erased goes to the platform, as its owner chose.',
    lines: [
      ['client_wallet', 'user', '-amount'],
      ['platform_fee', 'platform', '+amount'],
    ],
  },
  credits_granted: {
    type: 'adjustment',
    says: 'Credits (XKC, no money) are a user’s: bought, or given by a plan or by staff.',
    lines: [
      ['credits_sold', 'platform', '-sold'],
      ['credits_bonus', 'platform', '-given'],
      ['credit_wallet', 'user', '+amount'],
    ],
  },
  credits_spent: {
    type: 'capture',
    says: 'Credits that were held for a document are spent.',
    lines: [
      ['credit_wallet', 'user', '-amount'],
      ['credits_spent', 'platform', '+amount'],
    ],
  },
  credits_returned: {
    type: 'refund',
    says: 'Credits that were spent are the user’s again.',
    lines: [
      ['credits_spent', 'platform', '-amount'],
      ['credit_wallet', 'user', '+amount'],
    ],
  },
  credits_expired: {
    type: 'adjustment',
    says: 'What was left of credits at their end goes back to where they came from.',
    lines: [
      ['credit_wallet', 'user', '-amount'],
      ['credits_sold', 'platform', '+sold'],
      ['credits_bonus', 'platform', '+given'],
    ],
  },
  credits_revoked: {
    type: 'refund',
    says: 'What was unspent of credits goes back with the document that had granted them.',
    lines: [
      ['credit_wallet', 'user', '-amount'],
      ['credits_sold', 'platform', '+sold'],
      ['credits_bonus', 'platform', '+given'],
    ],
  },
} as const satisfies Record<string, PostingKind>

export type PostingName = keyof typeof postings
