import { sql } from 'drizzle-orm'
import {
  type AnyPgColumn,
  check,
  index,
  integer,
  pgTable,
  text,
  uniqueIndex,
  uuid,
} from 'drizzle-orm/pg-core'
import { createdAt, id, money, time } from '../columns.ts'
import { ledgerHolds } from '../money/ledger.ts'
import { users } from '../people/identity.ts'

export const creditKinds = ['paid', 'bonus', 'plan'] as const
export const creditPurposes = ['leads', 'job_postings'] as const
export const creditOrigins = ['granted', 'moved', 'returned'] as const
export const creditSpendStatuses = ['held', 'captured', 'released', 'moved', 'expired', 'revoked'] as const

const oneOf = (values: readonly string[]) => sql.raw(values.map((value) => `'${value}'`).join(', '))

/** Credits that somebody was given at once. How many of them are left is `amount` less `taken`, which follows from its spends. */
export const creditGrants = pgTable(
  'credit_grants',
  {
    id: id(),
    userId: uuid('user_id')
      .notNull()
      .references(() => users.id),
    kind: text('kind', { enum: creditKinds }).notNull(),
    /** Lower is spent first. */
    priority: integer('priority').notNull(),
    /** Null: for anything. */
    purpose: text('purpose', { enum: creditPurposes }),
    /** The document that grants: an order, a plan's period, or the grant itself where staff gave it. */
    documentType: text('document_type').notNull(),
    documentId: uuid('document_id').notNull(),
    /** `moved`: released by a hold after their grant had expired. `returned`: given back after they were spent. */
    origin: text('origin', { enum: creditOrigins }).notNull().default('granted'),
    /** The spend whose credits they were. */
    fromSpendId: uuid('from_spend_id').references((): AnyPgColumn => creditGrantSpends.id),
    amount: money('amount').notNull(),
    /** Sum of all spends that were not released; kept by their trigger. */
    taken: money('taken').notNull().default(0),
    effectiveAt: time('effective_at').notNull().defaultNow(),
    expiresAt: time('expires_at'),
    revokedAt: time('revoked_at'),
    reason: text('reason'),
    grantedBy: uuid('granted_by').references(() => users.id),
    createdAt: createdAt(),
  },
  (t) => [
    uniqueIndex('credit_grants_document_key')
      .on(t.documentType, t.documentId, t.kind, sql`coalesce(${t.purpose}, '')`)
      .where(sql`${t.origin} = 'granted'`),
    index('idx_credit_grants_document').on(t.documentId),
    index('idx_credit_grants_user').on(t.userId, t.id),
    index('idx_credit_grants_due').on(t.expiresAt).where(sql`${t.taken} < ${t.amount}`),
    uniqueIndex('credit_grants_once_a_spend').on(t.fromSpendId).where(sql`${t.fromSpendId} is not null`),
    index('idx_credit_grants_granted_by').on(t.grantedBy).where(sql`${t.grantedBy} is not null`),
    check('credit_grants_kind', sql`${t.kind} in (${oneOf(creditKinds)})`),
    check('credit_grants_purpose', sql`${t.purpose} in (${oneOf(creditPurposes)})`),
    check('credit_grants_priority', sql`${t.priority} between 0 and 100`),
    check('credit_grants_origin', sql`${t.origin} in (${oneOf(creditOrigins)})`),
    check('credit_grants_from', sql`(${t.origin} = 'granted') = (${t.fromSpendId} is null)`),
    check('credit_grants_amount', sql`${t.amount} > 0`),
    check('credit_grants_guard', sql`${t.taken} between 0 and ${t.amount}`),
    check('credit_grants_expiry', sql`${t.expiresAt} > ${t.effectiveAt}`),
  ],
)

/** Credits that were taken of a grant: by a hold, by its expiry, or by the end of what had granted it. */
export const creditGrantSpends = pgTable(
  'credit_grant_spends',
  {
    id: id(),
    grantId: uuid('grant_id')
      .notNull()
      .references(() => creditGrants.id),
    holdId: uuid('hold_id').references(() => ledgerHolds.id),
    amount: money('amount').notNull(),
    status: text('status', { enum: creditSpendStatuses }).notNull(),
    /** From then on a job releases the hold. Null: its document ends it. */
    expiresAt: time('expires_at'),
    createdAt: createdAt(),
    endedAt: time('ended_at'),
  },
  (t) => [
    uniqueIndex('credit_grant_spends_hold_grant_key').on(t.holdId, t.grantId),
    index('idx_credit_grant_spends_grant').on(t.grantId, t.id),
    index('idx_credit_grant_spends_due').on(t.expiresAt).where(sql`${t.status} = 'held'`),
    check('credit_grant_spends_status', sql`${t.status} in (${oneOf(creditSpendStatuses)})`),
    check('credit_grant_spends_amount', sql`${t.amount} > 0`),
    check('credit_grant_spends_hold', sql`${t.holdId} is not null or ${t.status} in ('expired', 'revoked')`),
    check('credit_grant_spends_ended', sql`(${t.status} = 'held') = (${t.endedAt} is null)`),
  ],
)
