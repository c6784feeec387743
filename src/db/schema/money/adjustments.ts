import { sql } from 'drizzle-orm'
import { check, index, jsonb, pgTable, text, uuid } from 'drizzle-orm/pg-core'
import { id, inQuotes, money, stamps, time } from '../columns.ts'
import { adjustmentStatus } from '../enums.ts'
import { users } from '../people/identity.ts'
import { mediaFiles } from '../platform/media.ts'
import { payoutAttempts } from './payouts.ts'

export const adjustmentKinds = ['correction', 'second_payout', 'write_off'] as const
type AdjustmentKind = (typeof adjustmentKinds)[number]

/**
 * A posting that two people of finance agree on: the lines of a correction, a payout that arrived beside the books, or the debts of a
 * user that will not be paid.
 */
export const adjustments = pgTable(
  'adjustments',
  {
    id: id(),
    kind: text('kind').$type<AdjustmentKind>().notNull(),
    currency: text('currency').notNull(),
    /** Lines, of all but a write-off: `account`, `owner` (a user) or `name` (a gateway), and `amount`. */
    lines: jsonb('lines'),
    /** Debtor, and of a write-off how much of each debt. */
    userId: uuid('user_id').references(() => users.id, { onDelete: 'restrict' }),
    commissionAmount: money('commission_amount').notNull().default(0),
    refundAmount: money('refund_amount').notNull().default(0),
    feeAmount: money('fee_amount').notNull().default(0),
    /** Attempt of a payout that succeeded beside the books. */
    payoutAttemptId: uuid('payout_attempt_id').references(() => payoutAttempts.id, { onDelete: 'restrict' }),
    reason: text('reason').notNull(),
    /** A payment, refund, payout … whose entries differ from it, and why that is right. */
    explainsDocumentId: uuid('explains_document_id'),
    /** Differences of that document that its approval explains, by kind: the checks of the books report only what is beyond them. */
    explained: jsonb('explained').$type<Record<string, number>>(),
    documentMediaId: uuid('document_media_id').references(() => mediaFiles.id, { onDelete: 'set null' }),
    status: adjustmentStatus('status').notNull().default('proposed'),
    proposedBy: uuid('proposed_by')
      .notNull()
      .references(() => users.id, { onDelete: 'restrict' }),
    decidedBy: uuid('decided_by').references(() => users.id, { onDelete: 'restrict' }),
    decisionNote: text('decision_note'),
    decidedAt: time('decided_at'),
    ...stamps(),
  },
  (t) => [
    index('idx_adjustments_open').on(t.id).where(sql`${t.status} = 'proposed'`),
    index('idx_adjustments_user').on(t.userId, t.id).where(sql`${t.userId} is not null`),
    index('idx_adjustments_explains')
      .on(t.explainsDocumentId)
      .where(sql`${t.explainsDocumentId} is not null`),
    index('idx_adjustments_document').on(t.documentMediaId).where(sql`${t.documentMediaId} is not null`),
    index('idx_adjustments_attempt').on(t.payoutAttemptId).where(sql`${t.payoutAttemptId} is not null`),
    check('adjustments_kind', sql`${t.kind} in (${sql.raw(inQuotes(adjustmentKinds))})`),
    check(
      'adjustments_content',
      sql`case ${t.kind}
        when 'correction' then ${t.lines} is not null and ${t.userId} is null and ${t.commissionAmount} = 0 and ${t.refundAmount} = 0 and ${t.feeAmount} = 0
        when 'second_payout' then ${t.lines} is not null and ${t.userId} is not null and ${t.commissionAmount} = 0 and ${t.refundAmount} = 0 and ${t.feeAmount} = 0
        else ${t.lines} is null and ${t.userId} is not null and ${t.commissionAmount} >= 0 and ${t.refundAmount} >= 0 and ${t.feeAmount} >= 0
          and ${t.commissionAmount} + ${t.refundAmount} + ${t.feeAmount} > 0 end`,
    ),
    check('adjustments_attempt', sql`(${t.kind} = 'second_payout') = (${t.payoutAttemptId} is not null)`),
    check(
      'adjustments_explained',
      sql`${t.explained} is null or (${t.status} = 'posted' and ${t.explainsDocumentId} is not null and jsonb_typeof(${t.explained}) = 'object')`,
    ),
    check('adjustments_four_eyes', sql`${t.decidedBy} <> ${t.proposedBy}`),
    check(
      'adjustments_decided',
      sql`(${t.decidedBy} is not null) = (${t.status} in ('posted', 'rejected')) and (${t.decidedAt} is not null) = (${t.status} <> 'proposed')`,
    ),
  ],
)
