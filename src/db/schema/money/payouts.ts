import { sql } from 'drizzle-orm'
import {
  boolean,
  check,
  date,
  index,
  integer,
  pgTable,
  primaryKey,
  text,
  uniqueIndex,
  uuid,
} from 'drizzle-orm/pg-core'
import { createdAt, id, inQuotes, money, stamps, time, updatedAt, version } from '../columns.ts'
import { payoutStatus, transactionStatus } from '../enums.ts'
import { users } from '../people/identity.ts'
import { mediaFiles } from '../platform/media.ts'
import { bookings } from '../work/bookings.ts'
import { paymentGatewayConfigs } from './gateways.ts'

export const payoutAccountKinds = ['bank', 'mobile_wallet', 'upi', 'paypal'] as const
export type PayoutAccountKind = (typeof payoutAccountKinds)[number]
export const nameMatches = ['exact', 'close', 'different'] as const
export type NameMatch = (typeof nameMatches)[number]
export const payoutKinds = ['earnings', 'withdrawal', 'cash'] as const
export type PayoutKind = (typeof payoutKinds)[number]
export const payoutReviews = ['unknown_outcome', 'late_success', 'account_unreadable'] as const
export type PayoutReview = (typeof payoutReviews)[number]

/** Where a user is paid out to. What it says never changes: another account is another row. */
export const payoutAccounts = pgTable(
  'payout_accounts',
  {
    id: id(),
    userId: uuid('user_id')
      .notNull()
      .references(() => users.id, { onDelete: 'restrict' }),
    kind: text('kind').$type<PayoutAccountKind>().notNull(),
    country: text('country').notNull(),
    currency: text('currency').notNull(),
    /** Sealed JSON of a `PayoutDestination`; gone with the removal. */
    details: text('details'),
    lastFour: text('last_four'),
    holderName: text('holder_name'),
    /** Name that the bank or network has for it, and how it compares; null until one tells. */
    resolvedName: text('resolved_name'),
    nameMatch: text('name_match').$type<NameMatch>(),
    /** When a gateway is asked for that name; null once that is settled. */
    nameCheckAt: time('name_check_at').defaultNow(),
    isDefault: boolean('is_default').notNull().default(false),
    status: text('status').$type<'active' | 'removed'>().notNull().default('active'),
    /** A bank refused it: nothing is scheduled to it any more. */
    refusedAt: time('refused_at'),
    removedAt: time('removed_at'),
    ...stamps(),
  },
  (t) => [
    index('idx_payout_accounts_user').on(t.userId, t.id),
    uniqueIndex('payout_accounts_default_key').on(t.userId, t.currency).where(sql`${t.isDefault}`),
    // `reencrypt`
    index('idx_payout_accounts_key')
      .on(sql`split_part(${t.details}, '.', 1)`, t.id)
      .where(sql`${t.details} is not null`),
    index('idx_payout_accounts_unnamed').on(t.nameCheckAt).where(sql`${t.nameCheckAt} is not null`),
    check('payout_accounts_kind', sql`${t.kind} in (${sql.raw(inQuotes(payoutAccountKinds))})`),
    check('payout_accounts_match', sql`${t.nameMatch} in (${sql.raw(inQuotes(nameMatches))})`),
    check('payout_accounts_status', sql`${t.status} in ('active', 'removed')`),
    check(
      'payout_accounts_details',
      sql`(${t.status} = 'active') = (${t.details} is not null) and (${t.status} = 'active' or not ${t.isDefault})`,
    ),
  ],
)

/** Payouts that finance transfers by hand: one file of a currency, and what the bank made of each row. */
export const payoutBatches = pgTable(
  'payout_batches',
  {
    id: id(),
    currency: text('currency').notNull(),
    status: text('status').$type<'open' | 'closed'>().notNull().default('open'),
    payouts: integer('payouts').notNull().default(0),
    amount: money('amount').notNull().default(0),
    /** The bank's own word that the file was carried out. */
    proofMediaId: uuid('proof_media_id').references(() => mediaFiles.id, { onDelete: 'set null' }),
    createdBy: uuid('created_by').references(() => users.id, { onDelete: 'restrict' }),
    closedAt: time('closed_at'),
    ...stamps(),
  },
  (t) => [
    index('idx_payout_batches_proof').on(t.proofMediaId).where(sql`${t.proofMediaId} is not null`),
    check('payout_batches_status', sql`${t.status} in ('open', 'closed')`),
    check('payout_batches_closed', sql`(${t.status} = 'closed') = (${t.closedAt} is not null)`),
  ],
)

/** Money that leaves the books for its owner: what a tasker has earned, a client's wallet, or notes that changed hands. */
export const payouts = pgTable(
  'payouts',
  {
    id: id(),
    userId: uuid('user_id')
      .notNull()
      .references(() => users.id, { onDelete: 'restrict' }),
    kind: text('kind').$type<PayoutKind>().notNull().default('earnings'),
    /** Cash alone has one. */
    bookingId: uuid('booking_id').references(() => bookings.id, { onDelete: 'restrict' }),
    accountId: uuid('account_id').references(() => payoutAccounts.id, { onDelete: 'restrict' }),
    batchId: uuid('batch_id').references(() => payoutBatches.id, { onDelete: 'restrict' }),
    amount: money('amount').notNull(),
    /** Balance of its account in the books when it was made: the closing balance of its statement. */
    balance: money('balance'),
    currency: text('currency').notNull().default('EGP'),
    status: payoutStatus('status').notNull().default('scheduled'),
    /** How often it was sent. */
    attempt: integer('attempt').notNull().default(0),
    /** Gateway that sends it; `manual` is finance, `cash` the client. */
    provider: text('provider'),
    providerReference: text('provider_reference'),
    failureCode: text('failure_code'),
    /** Staff stopped it. */
    heldAt: time('held_at'),
    heldReason: text('held_reason'),
    heldBy: uuid('held_by').references(() => users.id, { onDelete: 'restrict' }),
    /** Why staff must look at it. */
    review: text('review').$type<PayoutReview>(),
    scheduledFor: time('scheduled_for'),
    sentAt: time('sent_at'),
    paidAt: time('paid_at'),
    returnedAt: time('returned_at'),
    createdAt: createdAt(),
    updatedAt: updatedAt(),
    version: version(),
  },
  (t) => [
    index('idx_payouts_user').on(t.userId, t.id),
    index('idx_payouts_account').on(t.accountId).where(sql`${t.accountId} is not null`),
    index('idx_payouts_batch').on(t.batchId).where(sql`${t.batchId} is not null`),
    index('idx_payouts_due').on(t.currency, t.scheduledFor, t.id).where(sql`${t.status} = 'scheduled'`),
    index('idx_payouts_reference').on(t.providerReference).where(sql`${t.providerReference} is not null`),
    index('idx_payouts_review').on(t.review).where(sql`${t.review} is not null`),
    // payouts.list with updatedSince, for staff (`updatedKey` in src/db/listing.ts)
    index('idx_payouts_updated').on(sql`date_trunc('milliseconds', ${t.updatedAt} at time zone 'UTC')`, t.id),
    // One withdrawal of a currency waits at a time.
    uniqueIndex('payouts_withdrawal_key')
      .on(t.userId, t.currency)
      .where(sql`${t.kind} = 'withdrawal' and ${t.status} = 'scheduled'`),
    check('payouts_amount', sql`${t.amount} > 0`),
    check('payouts_kind', sql`${t.kind} in (${sql.raw(inQuotes(payoutKinds))})`),
    check('payouts_review', sql`${t.review} in (${sql.raw(inQuotes(payoutReviews))})`),
    check('payouts_account', sql`${t.kind} <> 'cash' or (${t.accountId} is null and ${t.attempt} = 0)`),
    check('payouts_held', sql`(${t.heldAt} is null) = (${t.heldReason} is null)`),
  ],
)

/** One sending of a payout: written before the call of the gateway, so that a crash leaves a reference to ask by. */
export const payoutAttempts = pgTable(
  'payout_attempts',
  {
    id: id(),
    payoutId: uuid('payout_id')
      .notNull()
      .references(() => payouts.id, { onDelete: 'restrict' }),
    number: integer('number').notNull(),
    /** Account that it went to, whatever its payout is scheduled to later. */
    accountId: uuid('account_id')
      .notNull()
      .references(() => payoutAccounts.id, { onDelete: 'restrict' }),
    provider: text('provider').notNull(),
    /** Account at the gateway that sends it, and is asked about it; null: finance does, by hand. */
    configId: uuid('config_id').references(() => paymentGatewayConfigs.id, { onDelete: 'restrict' }),
    /** Ours: the key of idempotency, and what the gateway is asked by. */
    reference: text('reference').notNull(),
    gatewayReference: text('gateway_reference'),
    status: transactionStatus('status').notNull().default('initiated'),
    rawStatus: text('raw_status'),
    failureCode: text('failure_code'),
    /** How often the gateway was asked what became of it, and when it is asked again. */
    checks: integer('checks').notNull().default(0),
    nextCheckAt: time('next_check_at'),
    /** It succeeded beside the books, and is a debt of its owner by an adjustment. */
    isSettled: boolean('is_settled').notNull().default(false),
    completedAt: time('completed_at'),
    ...stamps(),
  },
  (t) => [
    uniqueIndex('payout_attempts_number_key').on(t.payoutId, t.number),
    uniqueIndex('payout_attempts_reference_key').on(t.reference),
    index('idx_payout_attempts_gateway').on(t.gatewayReference).where(sql`${t.gatewayReference} is not null`),
    index('idx_payout_attempts_checks').on(t.nextCheckAt).where(sql`${t.nextCheckAt} is not null`),
    index('idx_payout_attempts_account').on(t.accountId),
    index('idx_payout_attempts_config').on(t.configId).where(sql`${t.configId} is not null`),
    check('payout_attempts_config', sql`(${t.configId} is null) = (${t.provider} = 'manual')`),
  ],
)

/** A payday of a currency: the taskers up to `reached` (an account in the books) have had theirs. */
export const payoutRuns = pgTable(
  'payout_runs',
  {
    currency: text('currency').notNull(),
    day: date('day').notNull(),
    reached: uuid('reached'),
    taskers: integer('taskers').notNull().default(0),
    payouts: integer('payouts').notNull().default(0),
    netted: integer('netted').notNull().default(0),
    finishedAt: time('finished_at'),
    createdAt: createdAt(),
    updatedAt: updatedAt(),
  },
  (t) => [
    primaryKey({ name: 'payout_runs_pkey', columns: [t.currency, t.day] }),
    index('idx_payout_runs_open').on(t.day).where(sql`${t.finishedAt} is null`),
  ],
)

/** Debts of a tasker that were paid from what they are owed: the document of such an entry. */
export const debtNettings = pgTable(
  'debt_nettings',
  {
    id: id(),
    userId: uuid('user_id')
      .notNull()
      .references(() => users.id, { onDelete: 'restrict' }),
    currency: text('currency').notNull(),
    amount: money('amount').notNull(),
    createdAt: createdAt(),
  },
  (t) => [
    // payouts.get: the statement
    index('idx_debt_nettings_user').on(t.userId, t.id),
    check('debt_nettings_amount', sql`${t.amount} > 0`),
  ],
)
