import { z } from '@hono/zod-openapi'
import { accountKinds } from '../../../core/account-kinds.ts'
import { createdQuery, ListTime, relatedId } from '../../../http/list-query.ts'
import { pageOf, pageQuery } from '../../../http/pages.ts'
import { AmountMinor, Currency, Id, queryBoolean, Timestamp } from '../../../http/schemas.ts'
import { type CheckRow, differenceKinds } from './checks.ts'
import type { EntryRow } from './entries.ts'
import type { TrialBalanceRow } from './trial-balance.ts'

export const AccountKind = z.enum(accountKinds).openapi('LedgerAccountKind', {
  description: 'Kind of ledger account.',
  example: 'tasker_payable',
})

const EntryType = z
  .enum(['authorization', 'capture', 'refund', 'payout', 'fee', 'adjustment'])
  .openapi('LedgerEntryType', {
    description: 'Type of ledger entry.',
    example: 'capture',
  })

const someId = '019a2f4e-7c1b-7d3a-9f00-3b5c8e2d1a40'

const line = (
  account: z.infer<typeof AccountKind>,
  parts: Partial<z.infer<typeof LedgerLine>> & { amount: number },
): z.infer<typeof LedgerLine> => ({
  id: someId,
  account,
  ownerUserId: null,
  ownerName: null,
  balanceAfter: null,
  createdAt: '2026-11-21T08:30:00.000Z',
  ...parts,
})

const LedgerLine = z
  .object({
    id: Id,
    account: AccountKind,
    ownerUserId: Id.nullable().openapi({
      description: 'Owner of the account; null for accounts of the platform.',
    }),
    ownerName: z.string().nullable().openapi({
      example: 'stripe',
      description: 'Gateway or tax authority that the account of the platform is at.',
    }),
    amount: AmountMinor.openapi({
      example: 31_167,
      description: 'Amount in minor units: positive for a credit, negative for a debit.',
    }),
    balanceAfter: AmountMinor.nullable().openapi({
      example: 58_167,
      description: 'Balance after this line, for accounts that cannot go below zero.',
    }),
    createdAt: Timestamp,
  })
  .openapi('LedgerLine', { description: 'A line of a ledger entry.' })

export const LedgerEntry = z
  .object({
    id: Id,
    type: EntryType,
    posting: z.string().openapi({
      example: 'gateway_capture',
      description: 'Kind of entry, as in the table of postings.',
    }),
    documentType: z.string().nullable().openapi({
      example: 'payment_intent',
      description: 'Kind of document that explains the entry.',
    }),
    documentId: Id.nullable().openapi({ description: 'Document that explains the entry.' }),
    bookingId: Id.nullable().openapi({ description: 'Booking that the entry is about.' }),
    reference: z.string().nullable().openapi({
      example: 'payment:019a2f4e-7c1b-7d3a-9f00-3b5c8e2d1a40',
      description: 'Business event behind the entry; it is posted only once.',
    }),
    currency: Currency,
    actorUserId: Id.nullable().openapi({ description: 'User who caused the entry.' }),
    lines: z.array(LedgerLine).openapi({
      description: 'At least two lines, which add up to zero.',
      example: [
        line('platform_clearing', { ownerName: 'paystack', amount: -36_667 }),
        line('tasker_payable', { ownerUserId: someId, amount: 31_167, balanceAfter: 58_167 }),
        line('platform_fee', { amount: 5_500 }),
      ],
    }),
    createdAt: Timestamp,
  })
  .openapi('LedgerEntry', { description: 'A posting with its lines.' })

export const LedgerEntryPage = pageOf(LedgerEntry, 'LedgerEntryPage')

export const LedgerEntryFilters = z.object({
  ...pageQuery,
  ...createdQuery,
  bookingId: relatedId('Only entries of this booking.'),
  userId: relatedId('Only entries with a line on an account of this user.'),
  type: EntryType.optional().openapi({ description: 'Only entries of this type.' }),
})

export const TrialBalanceQuery = z.object({
  at: ListTime.optional().openapi({ description: 'A past moment; now without it.' }),
})

export const TrialBalance = z
  .object({
    at: Timestamp.nullable().openapi({
      example: null,
      description: 'The past moment that it is of; null: now.',
    }),
    accounts: z
      .array(
        z
          .object({
            account: AccountKind,
            currency: Currency,
            accounts: z.int().openapi({ example: 42, description: 'Number of accounts of this kind.' }),
            balance: AmountMinor.openapi({ example: 58_167 }),
          })
          .openapi('TrialBalanceLine'),
      )
      .openapi({
        description: 'Balances by kind of account and currency.',
        example: [
          { account: 'platform_clearing', currency: 'EGP', accounts: 2, balance: -86_167 },
          { account: 'client_wallet', currency: 'EGP', accounts: 12, balance: 20_000 },
          { account: 'tasker_payable', currency: 'EGP', accounts: 5, balance: 58_167 },
          { account: 'platform_fee', currency: 'EGP', accounts: 1, balance: 8_000 },
        ],
      }),
    totals: z
      .array(
        z
          .object({
            currency: Currency,
            balance: AmountMinor.openapi({ example: 0, description: 'Always zero.' }),
          })
          .openapi('TrialBalanceTotal'),
      )
      .openapi({ description: 'Total by currency.' }),
  })
  .openapi('TrialBalance', { description: 'The balances of all accounts at one moment.' })

export const toLedgerEntry = (row: EntryRow): z.infer<typeof LedgerEntry> => ({
  id: row.id,
  type: row.entryType,
  posting: row.posting,
  documentType: row.documentType,
  documentId: row.documentId,
  bookingId: row.bookingId,
  reference: row.referenceId,
  currency: row.currency,
  actorUserId: row.actorUserId,
  lines: row.lines,
  createdAt: row.createdAt,
})

export const toTrialBalance = (row: TrialBalanceRow): z.infer<typeof TrialBalance> => row

export const DifferenceKind = z.enum(differenceKinds).openapi('LedgerDifferenceKind', {
  example: 'captured',
  description:
    'What is compared: `captured` and `refunded` of a payment, `returned` of a refund, `charged_back` of a chargeback, `paid` of a payout, `posted` of an adjustment. `no_document`: entries whose document does not exist.',
})

const LedgerDifference = z
  .object({
    documentType: z.string().nullable().openapi({
      example: 'payment_intent',
      description: 'Kind of document; null for entries that name none.',
    }),
    documentId: Id.openapi({ description: 'Document; the entry where it names none.' }),
    what: DifferenceKind,
    expected: AmountMinor.openapi({
      example: 36_667,
      description: 'What the document says, in minor units.',
    }),
    posted: AmountMinor.openapi({
      example: 31_667,
      description: 'What the books say and corrections have explained, in minor units.',
    }),
  })
  .openapi('LedgerDifference')

const LedgerCheck = z
  .object({
    id: Id,
    differences: z.int().openapi({ example: 0, description: 'Number of differences.' }),
    details: z.array(LedgerDifference).openapi({ example: [], description: 'The differences.' }),
    createdAt: Timestamp,
  })
  .openapi('LedgerCheck')

export const LedgerCheckPage = pageOf(LedgerCheck, 'LedgerCheckPage')

export const LedgerCheckFilters = z.object({
  ...pageQuery,
  ...createdQuery,
  differing: queryBoolean()
    .optional()
    .openapi({ description: 'Only checks that found a difference, or only the others.' }),
})

export const toLedgerCheck = (row: CheckRow): z.infer<typeof LedgerCheck> => row
