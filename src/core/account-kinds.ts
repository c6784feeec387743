/** Kinds of account in the ledger. Apart from the postings, so that the tables know them. */
export const accountKinds = [
  'client_cash',
  'client_wallet',
  'tasker_payable',
  'escrow',
  'commission_receivable',
  'refund_receivable',
  'fee_receivable',
  'platform_clearing',
  'payout_clearing',
  'platform_fee',
  'gateway_fees',
  'chargebacks',
  'write_offs',
  'donations_payable',
  'promotions',
  'partner_receivable',
  'tax_payable',
  'tcs_payable',
  'credit_wallet',
  'credits_sold',
  'credits_bonus',
  'credits_spent',
] as const
export type AccountKind = (typeof accountKinds)[number]

/** Accounts whose balance, less what is held, is never below zero. */
export const guardedKinds = [
  'client_wallet',
  'tasker_payable',
  'escrow',
  'credit_wallet',
] as const satisfies AccountKind[]

/** Accounts of a gateway, by its name; `manual` is the bank that finance works by hand. */
export const gatewayKinds = ['platform_clearing', 'payout_clearing'] as const satisfies AccountKind[]

/** Accounts of the platform, which have no owner. All others are of users. */
export const platformKinds = [
  'platform_fee',
  'gateway_fees',
  'chargebacks',
  'write_offs',
  'donations_payable',
  'promotions',
  'partner_receivable',
  'tax_payable',
  'tcs_payable',
  'credits_sold',
  'credits_bonus',
  'credits_spent',
] as const satisfies AccountKind[]
