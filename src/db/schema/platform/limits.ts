import { sql } from 'drizzle-orm'
import { check, index, integer, pgTable, text, uniqueIndex, uuid } from 'drizzle-orm/pg-core'
import { createdAt, id, time } from '../columns.ts'
import { claimStatus } from '../enums.ts'

/**
 * Numbered seats under a limit. Whoever needs one takes it in the transaction that writes the document: two cannot have the same
 * seat, so that a limit holds without comparing counters. `khidma.claim` and `khidma.settle_claims` are the only writers.
 */
export const claims = pgTable(
  'claims',
  {
    id: id(),
    /** Name of the limit, `area.what`. */
    limitId: text('limit_id').notNull(),
    /** Whoever, or whatever, the limit holds for: a user, a task. */
    subject: uuid('subject').notNull(),
    /** The row that needs the seat. */
    documentId: uuid('document_id').notNull(),
    seat: integer('seat').notNull(),
    status: claimStatus('status').notNull().default('reserved'),
    /** From then on the seat is free again. Null: never by itself. */
    until: time('until'),
    settledAt: time('settled_at'),
    createdAt: createdAt(),
  },
  (t) => [
    uniqueIndex('claims_one_a_seat').on(t.limitId, t.subject, t.seat).where(sql`${t.status} <> 'returned'`),
    index('idx_claims_document').on(t.documentId),
    index('idx_claims_until').on(t.until).where(sql`${t.until} is not null`),
    check('claims_seat', sql`${t.seat} > 0`),
    check('claims_settled', sql`(${t.status} = 'reserved') = (${t.settledAt} is null)`),
  ],
)
