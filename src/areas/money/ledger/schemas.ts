import { z } from '@hono/zod-openapi'
import { pageOf, pageQuery } from '../../../http/pages.ts'
import { AmountMinor, Currency, Id, Timestamp } from '../../../http/schemas.ts'
import type { EntryRow } from './entries.ts'
import type { TrialBalanceRow } from './trial-balance.ts'

const AccountKind = z
  .enum([
    'client_cash',
    'client_wallet',
    'platform_fee',
    'tasker_payable',
    'escrow',
    'commission_receivable',
    'refund_receivable',
    'platform_clearing',
  ])
  .openapi('LedgerAccountKind', { example: 'tasker_payable' })

const EntryType = z
  .enum(['authorization', 'capture', 'refund', 'payout', 'fee', 'adjustment'])
  .openapi('LedgerEntryType', { example: 'capture' })

const LedgerLine = z
  .object({
    id: Id,
    account: AccountKind,
    ownerUserId: Id.nullable().openapi({ description: 'Null: an account of the platform.' }),
    amount: AmountMinor.openapi({ description: 'Positive for credit, negative for debit; minor units.' }),
    balanceAfter: AmountMinor.nullable().openapi({
      description: 'The balance after this line, of accounts that may not go below zero.',
    }),
    createdAt: Timestamp,
  })
  .openapi('LedgerLine')

export const LedgerEntry = z
  .object({
    id: Id,
    type: EntryType,
    bookingId: Id.nullable(),
    reference: z.string().nullable().openapi({
      example: 'payment:019a2f4e-7c1b-7d3a-9f00-3b5c8e2d1a40',
      description: 'The business fact; it posts once.',
    }),
    currency: Currency,
    actorUserId: Id.nullable(),
    lines: z.array(LedgerLine).openapi({ description: 'At least two; they sum to zero.' }),
    createdAt: Timestamp,
  })
  .openapi('LedgerEntry')

export const LedgerEntryPage = pageOf(LedgerEntry, 'LedgerEntryPage')

export const LedgerEntryFilters = z.object({
  ...pageQuery,
  bookingId: Id.optional().openapi({ description: 'Only the postings of this booking.' }),
  type: EntryType.optional(),
})

export const TrialBalance = z
  .object({
    accounts: z.array(
      z
        .object({
          account: AccountKind,
          currency: Currency,
          accounts: z
            .int()
            .openapi({ example: 42, description: 'How many accounts of this kind there are.' }),
          balance: AmountMinor,
        })
        .openapi('TrialBalanceLine'),
    ),
    totals: z.array(
      z
        .object({
          currency: Currency,
          balance: AmountMinor.openapi({ example: 0, description: 'Always zero.' }),
        })
        .openapi('TrialBalanceTotal'),
    ),
  })
  .openapi('TrialBalance')

export const toLedgerEntry = (row: EntryRow): z.infer<typeof LedgerEntry> => ({
  id: row.id,
  type: row.entryType,
  bookingId: row.bookingId,
  reference: row.referenceId,
  currency: row.currency,
  actorUserId: row.actorUserId,
  lines: row.lines,
  createdAt: row.createdAt,
})

export const toTrialBalance = (row: TrialBalanceRow): z.infer<typeof TrialBalance> => row
