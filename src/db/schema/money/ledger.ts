import { sql } from 'drizzle-orm'
import {
  bigint,
  boolean,
  check,
  foreignKey,
  index,
  integer,
  jsonb,
  pgTable,
  primaryKey,
  text,
  unique,
  uniqueIndex,
  uuid,
} from 'drizzle-orm/pg-core'
import { accountKinds } from '../../../core/account-kinds.ts'
import { createdAt, id, money, time, transactionId, updatedAt } from '../columns.ts'
import { holdStatus, ledgerEntryType } from '../enums.ts'
import { users } from '../people/identity.ts'
import { bookings } from '../work/bookings.ts'

/** `owner_user_id` null: the platform's own. Credit is positive, debit negative. */
export const ledgerAccounts = pgTable(
  'ledger_accounts',
  {
    id: id(),
    kind: text('kind').notNull(),
    ownerUserId: uuid('owner_user_id').references(() => users.id),
    /** The gateway, where the account is one at a gateway. */
    ownerName: text('owner_name'),
    currency: text('currency').notNull().default('EGP'),
    /** A guarded account keeps its balance in `ledger_balances` on every line and never goes below zero. */
    guarded: boolean('guarded').notNull(),
    createdAt: createdAt(),
  },
  (t) => [
    unique('ledger_accounts_kind_owner_currency_key')
      .on(t.kind, t.ownerUserId, t.ownerName, t.currency)
      .nullsNotDistinct(),
    // the foreign key of lines
    unique('ledger_accounts_id_currency_key').on(t.id, t.currency),
    index('idx_ledger_accounts_owner').on(t.ownerUserId),
    check('ledger_accounts_guarded', sql`${t.guarded} = khidma.is_guarded(${t.kind})`),
    check('ledger_accounts_owner', sql`num_nonnulls(${t.ownerUserId}, ${t.ownerName}) <= 1`),
    check(
      'ledger_accounts_kind',
      sql`${t.kind} in (${sql.raw(accountKinds.map((kind) => `'${kind}'`).join(', '))})`,
    ),
  ],
)

export const ledgerEntries = pgTable(
  'ledger_entries',
  {
    id: id(),
    entryType: ledgerEntryType('entry_type').notNull(),
    /** Kind of entry (`postings.ts`); `adjustment`: its lines were agreed on by two people of finance. */
    posting: text('posting').notNull().default('adjustment'),
    bookingId: uuid('booking_id').references(() => bookings.id),
    /** The document that the entry explains: `payment_intent`, `refund`, `payout`, …. */
    documentType: text('document_type'),
    documentId: uuid('document_id'),
    referenceId: text('reference_id'),
    currency: text('currency').notNull().default('EGP'),
    actorUserId: uuid('actor_user_id'),
    requestId: text('request_id'),
    createdAt: createdAt(),
  },
  (t) => [
    index('idx_ledger_entries_booking')
      .on(t.bookingId, t.createdAt.desc().nullsFirst())
      .where(sql`${t.bookingId} is not null`),
    // The same business fact is posted once, however often it is reported.
    unique('ledger_entries_posting_reference_key').on(t.posting, t.referenceId),
    // documents against entries, both ways
    index('idx_ledger_entries_document').on(t.documentId).where(sql`${t.documentId} is not null`),
    check('ledger_entries_document', sql`num_nonnulls(${t.documentType}, ${t.documentId}) <> 1`),
  ],
)

export const ledgerLines = pgTable(
  'ledger_lines',
  {
    id: id(),
    entryId: uuid('entry_id')
      .notNull()
      .references(() => ledgerEntries.id, { onDelete: 'restrict' }),
    accountId: uuid('account_id').notNull(),
    /** Positive for credit, negative for debit. */
    amount: money('amount').notNull(),
    currency: text('currency').notNull(),
    /** Guarded accounts only: the balance after this line. */
    balanceAfter: money('balance_after'),
    xid: transactionId('xid').notNull().default(sql`pg_current_xact_id()`),
    createdAt: createdAt(),
  },
  (t) => [
    // A line is in the currency of its account.
    foreignKey({
      columns: [t.accountId, t.currency],
      foreignColumns: [ledgerAccounts.id, ledgerAccounts.currency],
      name: 'ledger_lines_account_currency_fk',
    }).onDelete('restrict'),
    // me.listWalletEntries: the lines of an account, in their order
    index('idx_ledger_lines_account').on(t.accountId, t.id),
    index('idx_ledger_lines_entry').on(t.entryId),
    // Guarded accounts have no tail to roll up.
    index('idx_ledger_lines_rollup').on(t.accountId, t.xid).where(sql`${t.balanceAfter} is null`),
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
    /** Sum of the open holds; kept by their trigger. */
    held: money('held').notNull().default(0),
    lines: bigint('lines', { mode: 'number' }).notNull().default(0),
    rolledUpXid: transactionId('rolled_up_xid').notNull().default(sql`'0'::xid8`),
    updatedAt: updatedAt(),
  },
  (t) => [
    check('ledger_balances_guard', sql`not ${t.guarded} or ${t.balance} - ${t.held} >= 0`),
    check('ledger_balances_held', sql`${t.held} >= 0 and (${t.guarded} or ${t.held} = 0)`),
  ],
)

/** An amount that is nobody's to spend until a document has decided: `held`, then captured or released. */
export const ledgerHolds = pgTable(
  'ledger_holds',
  {
    id: id(),
    accountId: uuid('account_id')
      .notNull()
      .references(() => ledgerAccounts.id, { onDelete: 'restrict' }),
    amount: money('amount').notNull(),
    currency: text('currency').notNull(),
    reason: text('reason').notNull(),
    documentType: text('document_type').notNull(),
    documentId: uuid('document_id').notNull(),
    status: holdStatus('status').notNull().default('held'),
    createdAt: createdAt(),
    endedAt: time('ended_at'),
  },
  (t) => [
    uniqueIndex('ledger_holds_open_key').on(t.documentType, t.documentId).where(sql`${t.status} = 'held'`),
    index('idx_ledger_holds_account').on(t.accountId, t.id),
    check('ledger_holds_amount', sql`${t.amount} > 0`),
    check('ledger_holds_ended', sql`(${t.status} = 'held') = (${t.endedAt} is null)`),
  ],
)

/** `postings.ts` as rows: `npm run machines` writes them. */
export const ledgerPostingLines = pgTable(
  'ledger_posting_lines',
  {
    posting: text('posting').notNull(),
    position: integer('position').notNull(),
    entryType: ledgerEntryType('entry_type').notNull(),
    account: text('account').notNull(),
    owner: text('owner').notNull(),
    amount: text('amount').notNull(),
    sign: integer('sign').notNull(),
  },
  (t) => [primaryKey({ name: 'ledger_posting_lines_pkey', columns: [t.posting, t.position] })],
)

/** Results of the daily comparison of documents with entries. */
export const ledgerChecks = pgTable(
  'ledger_checks',
  {
    id: id(),
    differences: integer('differences').notNull(),
    /** Each with its document, what is compared, what was expected and what is posted. */
    details: jsonb('details').notNull(),
    createdAt: createdAt(),
  },
  (t) => [check('ledger_checks_differences', sql`${t.differences} >= 0`)],
)
