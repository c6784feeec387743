import { sql } from 'drizzle-orm'
import { kept, keptHidden, ownedBy, type PersonalTable, personalTable } from '../../../core/personal-data.ts'
import {
  ledgerAccounts,
  ledgerBalances,
  ledgerChecks,
  ledgerEntries,
  ledgerHolds,
  ledgerLines,
} from '../../../db/schema/money/ledger.ts'

export const personalData: PersonalTable[] = [
  personalTable(ledgerAccounts, {
    of: ownedBy(ledgerAccounts.ownerUserId),
    erasure: 'keep',
    why: 'books',
    columns: {
      kind: kept,
      ownerName: kept,
      currency: kept,
    },
  }),
  personalTable(ledgerBalances, {
    of: ({ user }) =>
      sql`t.account_id in (select a.id from ledger_accounts a where a.owner_user_id = ${user})`,
    erasure: 'keep',
    why: 'books',
    columns: {
      rolledUpXid: keptHidden,
    },
  }),
  personalTable(ledgerChecks, { erasure: 'keep', why: 'books', columns: { details: keptHidden } }),
  personalTable(ledgerEntries, {
    of: ({ user }) =>
      sql`t.id in (select l.entry_id from ledger_lines l join ledger_accounts a on a.id = l.account_id where a.owner_user_id = ${user})`,
    erasure: 'keep',
    why: 'books',
    columns: {
      posting: kept,
      documentType: kept,
      referenceId: kept,
      currency: kept,
      requestId: kept,
    },
  }),
  personalTable(ledgerHolds, {
    of: ({ user }) =>
      sql`t.account_id in (select a.id from ledger_accounts a where a.owner_user_id = ${user})`,
    erasure: 'keep',
    why: 'books',
    columns: {
      currency: kept,
      reason: kept,
      documentType: kept,
    },
  }),
  personalTable(ledgerLines, {
    of: ({ user }) =>
      sql`t.account_id in (select a.id from ledger_accounts a where a.owner_user_id = ${user})`,
    erasure: 'keep',
    why: 'books',
    columns: {
      currency: kept,
      xid: keptHidden,
    },
  }),
]
