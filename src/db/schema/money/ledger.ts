import { sql } from 'drizzle-orm'
import { bigint, boolean, check, index, pgTable, text, unique, uuid } from 'drizzle-orm/pg-core'
import { createdAt, id, money, transactionId, updatedAt } from '../columns.ts'
import { ledgerEntryType } from '../enums.ts'
import { users } from '../people/identity.ts'
import { bookings } from '../work/bookings.ts'

/** `owner_user_id` null: the platform's own. Credit is positive, debit negative. */
export const ledgerAccounts = pgTable(
  'ledger_accounts',
  {
    id: id(),
    kind: text('kind').notNull(),
    ownerUserId: uuid('owner_user_id').references(() => users.id),
    currency: text('currency').notNull().default('EGP'),
    /** A guarded account keeps its balance in `ledger_balances` on every line and never goes below zero. */
    guarded: boolean('guarded').notNull(),
    createdAt: createdAt(),
  },
  (t) => [
    unique('ledger_accounts_kind_owner_currency_key')
      .on(t.kind, t.ownerUserId, t.currency)
      .nullsNotDistinct(),
    index('idx_ledger_accounts_owner').on(t.ownerUserId),
    check('ledger_accounts_guarded', sql`${t.guarded} = khidma.is_guarded(${t.kind})`),
    check(
      'ledger_accounts_kind',
      sql`${t.kind} in ('client_cash', 'client_wallet', 'platform_fee', 'tasker_payable', 'escrow', 'commission_receivable', 'refund_receivable', 'platform_clearing')`,
    ),
  ],
)

export const ledgerEntries = pgTable(
  'ledger_entries',
  {
    id: id(),
    entryType: ledgerEntryType('entry_type').notNull(),
    bookingId: uuid('booking_id').references(() => bookings.id),
    referenceId: text('reference_id'),
    currency: text('currency').notNull().default('EGP'),
    actorUserId: uuid('actor_user_id'),
    requestId: text('request_id'),
    createdAt: createdAt(),
  },
  (t) => [
    index('idx_ledger_entries_booking').on(t.bookingId, t.createdAt.desc().nullsFirst()),
    // The same business fact is posted once, however often it is reported.
    unique('ledger_entries_type_reference_key').on(t.entryType, t.referenceId),
  ],
)

export const ledgerLines = pgTable(
  'ledger_lines',
  {
    id: id(),
    entryId: uuid('entry_id')
      .notNull()
      .references(() => ledgerEntries.id, { onDelete: 'restrict' }),
    accountId: uuid('account_id')
      .notNull()
      .references(() => ledgerAccounts.id, { onDelete: 'restrict' }),
    /** Positive for credit, negative for debit. */
    amount: money('amount').notNull(),
    currency: text('currency').notNull(),
    /** Guarded accounts only: the balance after this line. */
    balanceAfter: money('balance_after'),
    xid: transactionId('xid').notNull().default(sql`pg_current_xact_id()`),
    createdAt: createdAt(),
  },
  (t) => [
    index('idx_ledger_lines_account').on(t.accountId, t.createdAt.desc().nullsFirst()),
    index('idx_ledger_lines_entry').on(t.entryId),
    index('idx_ledger_lines_rollup').on(t.accountId, t.xid),
    check('ledger_lines_nonzero', sql`${t.amount} <> 0`),
  ],
)

/** Guarded accounts: the balance now. Others: the balance of all lines whose transaction is below `rolled_up_xid`. */
export const ledgerBalances = pgTable(
  'ledger_balances',
  {
    accountId: uuid('account_id')
      .primaryKey()
      .references(() => ledgerAccounts.id, { onDelete: 'restrict' }),
    guarded: boolean('guarded').notNull(),
    balance: money('balance').notNull().default(0),
    lines: bigint('lines', { mode: 'number' }).notNull().default(0),
    rolledUpXid: transactionId('rolled_up_xid').notNull().default(sql`'0'::xid8`),
    updatedAt: updatedAt(),
  },
  (t) => [check('ledger_balances_guard', sql`not ${t.guarded} or ${t.balance} >= 0`)],
)
