import { z } from '@hono/zod-openapi'
import { valueTexts } from '../../../core/value-texts.ts'
import { createdQuery, relatedId } from '../../../http/list-query.ts'
import { pageOf, pageQuery } from '../../../http/pages.ts'
import {
  AmountMinor,
  Currency,
  Id,
  largestAmount,
  queryBoolean,
  queryInteger,
  Timestamp,
} from '../../../http/schemas.ts'
import type { DebtorRow, DebtsRow } from './debts.ts'
import { type WalletEntryRow, type WalletRow, walletAccountNames } from './wallet.ts'

const AccountName = z.enum(walletAccountNames).openapi('WalletAccountName', {
  example: 'wallet',
  description:
    '`wallet`: what you can spend. `earnings`: what you have earned and was not paid out. `prepaid`: what you have paid for work that is not done yet.',
})

const WalletAccount = z
  .object({
    account: AccountName,
    currency: Currency,
    balance: AmountMinor.openapi({ example: 20_000, description: 'In minor units, with what is held.' }),
    held: AmountMinor.openapi({
      example: 6_000,
      description: 'Held for payments and payouts under way, in minor units.',
    }),
    available: AmountMinor.openapi({
      example: 14_000,
      description: 'Balance less what is held, in minor units.',
    }),
    createdAt: Timestamp,
    lastTransactionAt: Timestamp.nullable().openapi({ description: 'Time of the last entry.' }),
  })
  .openapi('WalletAccount')

export const Wallet = z
  .object({
    accounts: z
      .array(WalletAccount)
      .openapi({ description: 'By currency and account; those that were never used are absent.' }),
  })
  .openapi('Wallet')

const WalletEntry = z
  .object({
    id: Id,
    account: AccountName,
    currency: Currency,
    amount: AmountMinor.openapi({
      example: 5_000,
      description: 'In minor units: positive in, negative out.',
    }),
    balanceAfter: AmountMinor.openapi({
      example: 20_000,
      description: 'Balance of the account after this entry, in minor units.',
    }),
    kind: z.string().openapi({ example: 'refund_to_wallet', description: 'Kind of entry.' }),
    documentType: z
      .string()
      .nullable()
      .openapi({ example: 'refund', description: 'Kind of document that explains the entry.' }),
    documentId: Id.nullable().openapi({ description: 'Document that explains the entry.' }),
    bookingId: Id.nullable().openapi({ description: 'Booking that the entry is about.' }),
    createdAt: Timestamp,
  })
  .openapi('WalletEntry')

export const WalletEntryPage = pageOf(WalletEntry, 'WalletEntryPage')

export const WalletEntryFilters = z.object({
  ...pageQuery,
  ...createdQuery,
  account: AccountName.optional().openapi({ description: 'Only entries of this account.' }),
  currency: Currency.optional().openapi({ description: 'Only entries in this currency.' }),
})

const debtFields = {
  currency: Currency,
  commissionAmount: AmountMinor.openapi({
    example: 2_250,
    description: 'Commission on fares that were received in cash, in minor units.',
  }),
  refundAmount: AmountMinor.openapi({
    example: 0,
    description: 'Refunds that the platform has fronted, and payouts that arrived twice, in minor units.',
  }),
  feeAmount: AmountMinor.openapi({ example: 6_000, description: 'Fees, in minor units.' }),
  owedAmount: AmountMinor.openapi({ example: 8_250, description: 'All of it, in minor units.' }),
  since: Timestamp.openapi({ description: 'Since when the oldest part of it is unpaid.' }),
  cap: AmountMinor.nullable().openapi({
    example: 100_000,
    description: 'Above this, in minor units, a tasker gets no offers; null where there is no cap.',
  }),
}

const Debt = z
  .object({
    ...debtFields,
    aboveCapAmount: AmountMinor.openapi({
      example: 0,
      description: 'What a tasker must pay to get offers again, in minor units; 0 below the cap.',
    }),
  })
  .openapi('Debt')

export const Debts = z
  .object({ debts: z.array(Debt).openapi({ description: 'By currency; empty where nothing is owed.' }) })
  .openapi('Debts')

const Debtor = z
  .object({
    userId: Id.openapi({ description: 'User who owes.' }),
    ...debtFields,
    isOverCap: z
      .boolean()
      .openapi({ example: false, description: 'Whether it is above the cap: offers have stopped.' }),
  })
  .openapi('Debtor')

export const DebtorPage = pageOf(Debtor, 'DebtorPage')

export const DebtFilters = z.object({
  ...pageQuery,
  currency: Currency.optional().openapi({ description: 'Only debts in this currency.' }),
  userId: relatedId('Only debts of this user.'),
  minAmountMinor: queryInteger(0, largestAmount)
    .optional()
    .openapi({ description: 'Only debts of at least so much, in minor units.', example: 1_000 }),
  overCap: queryBoolean()
    .optional()
    .openapi({ description: 'Only debts above the cap, or only the others.' }),
})

export const StatementQuery = z.object({
  month: z
    .string()
    .regex(/^20\d\d-(0[1-9]|1[0-2])$/, valueTexts.month)
    .openapi({ example: '2026-11', description: 'Calendar month, in your time zone.' }),
})

export const toWallet = (row: WalletRow): z.infer<typeof Wallet> => row

export const toWalletEntry = ({ posting, ...row }: WalletEntryRow): z.infer<typeof WalletEntry> => ({
  ...row,
  kind: posting,
})

export const toDebts = ({ debts }: DebtsRow): z.infer<typeof Debts> => ({
  debts: debts.map((debt) => ({
    ...debt,
    aboveCapAmount: debt.cap === null ? 0 : Math.max(0, debt.owedAmount - debt.cap),
  })),
})

export const toDebtor = ({ id, ...row }: DebtorRow): z.infer<typeof Debtor> => ({ userId: id, ...row })
