import { sql } from 'drizzle-orm'
import {
  type AnyPgColumn,
  bigint,
  check,
  index,
  jsonb,
  pgTable,
  text,
  uniqueIndex,
  uuid,
} from 'drizzle-orm/pg-core'
import { createdAt, emptyObject, id, inQuotes, money, stamps, time, updatedAt, version } from '../columns.ts'
import { disputeOfferStatus, disputeStatus } from '../enums.ts'
import { users } from '../people/identity.ts'
import { mediaFiles } from '../platform/media.ts'
import { bookings } from '../work/bookings.ts'

export const disputeTypes = [
  'quality',
  'not_finished',
  'no_show',
  'late',
  'damage',
  'price',
  'payment',
  'conduct',
  'other',
] as const

export const disputes = pgTable(
  'disputes',
  {
    id: id(),
    bookingId: uuid('booking_id')
      .notNull()
      .references(() => bookings.id, { onDelete: 'restrict' }),
    status: disputeStatus('status').notNull().default('open'),
    openedBy: uuid('opened_by')
      .notNull()
      .references(() => users.id, { onDelete: 'restrict' }),
    reason: text('reason').notNull(),
    amountInQuestion: money('amount_in_question'),
    currency: text('currency').notNull().default('EGP'),
    resolution: jsonb('resolution').notNull().default(emptyObject).$type<Record<string, unknown>>(),
    createdAt: createdAt(),
    updatedAt: updatedAt(),
    version: version(),
    type: text('type').$type<(typeof disputeTypes)[number]>().notNull().default('other'),
    description: text('description'),
    /** The side that is to answer; null where staff opened it. */
    respondentId: uuid('respondent_id').references(() => users.id, { onDelete: 'restrict' }),
    respondBy: time('respond_by'),
    respondedAt: time('responded_at'),
    responseRemindedAt: time('response_reminded_at'),
    /** End of the present step: then it escalates by itself, or is overdue. Null once it is decided. */
    dueAt: time('due_at'),
    overdueAt: time('overdue_at'),
    /** Member of staff who decided; null where both sides agreed, or it was withdrawn. */
    resolvedBy: uuid('resolved_by').references(() => users.id, { onDelete: 'restrict' }),
    resolvedAt: time('resolved_at'),
    /** The decided dispute that this one is the appeal of. */
    appealOf: uuid('appeal_of').references((): AnyPgColumn => disputes.id, { onDelete: 'restrict' }),
    appealUntil: time('appeal_until'),
  },
  (t) => [
    uniqueIndex('disputes_one_open')
      .on(t.bookingId)
      .where(sql`${t.status} in ('open', 'investigating', 'escalated')`),
    uniqueIndex('disputes_one_appeal').on(t.appealOf),
    index('idx_disputes_status').on(t.status),
    index('idx_disputes_booking').on(t.bookingId, t.id),
    // The sweep.
    index('idx_disputes_due').on(t.dueAt).where(sql`${t.dueAt} is not null`),
    index('idx_disputes_respond_by')
      .on(t.respondBy)
      .where(sql`${t.respondedAt} is null and ${t.responseRemindedAt} is null`),
    check('disputes_amount', sql`${t.amountInQuestion} is null or ${t.amountInQuestion} > 0`),
    check('disputes_type', sql`${t.type} in (${sql.raw(inQuotes(disputeTypes))})`),
    check('disputes_description', sql`length(${t.description}) between 1 and 4000`),
    check(
      'disputes_response',
      sql`${t.respondentId} is not null or ${t.respondBy} is null and ${t.respondedAt} is null`,
    ),
    check('disputes_resolved_by', sql`${t.resolvedBy} is null or ${t.resolvedAt} is not null`),
    check(
      'disputes_appeal_until',
      sql`${t.appealUntil} is null or ${t.resolvedAt} is not null and ${t.appealOf} is null`,
    ),
    check('disputes_not_its_own_appeal', sql`${t.appealOf} <> ${t.id}`),
  ],
)

export const disputeSides = ['client', 'tasker', 'ops'] as const
export const disputeEvidenceKinds = ['statement', 'file', 'chat'] as const

/** A message of the booking's conversation as it was when it was cited. */
export interface CitedMessage {
  seq: number
  messageId: string
  senderId: string | null
  kind: string
  replyTo: string | null
  text: string | null
  mediaId: string | null
  createdAt: string
  editedAt: string | null
  deletedAt: string | null
}

/** Evidence of either side and of staff, as it was added: nothing of it changes. */
export const disputeEvidence = pgTable(
  'dispute_evidence',
  {
    id: id(),
    disputeId: uuid('dispute_id')
      .notNull()
      .references(() => disputes.id, { onDelete: 'cascade' }),
    addedBy: uuid('added_by')
      .notNull()
      .references(() => users.id, { onDelete: 'restrict' }),
    side: text('side').$type<(typeof disputeSides)[number]>().notNull(),
    kind: text('kind').$type<(typeof disputeEvidenceKinds)[number]>().notNull(),
    /** The statement, or a caption. */
    text: text('text'),
    /** Null also where an erasure has taken the file. */
    mediaId: uuid('media_id').references(() => mediaFiles.id, { onDelete: 'set null' }),
    extract: jsonb('extract').$type<CitedMessage[]>(),
    extractSha256: text('extract_sha256'),
    fromSeq: bigint('from_seq', { mode: 'number' }),
    toSeq: bigint('to_seq', { mode: 'number' }),
    /** The extract whose message shows the file. */
    citedIn: uuid('cited_in').references((): AnyPgColumn => disputeEvidence.id, { onDelete: 'cascade' }),
    createdAt: createdAt(),
  },
  (t) => [
    index('idx_dispute_evidence_dispute').on(t.disputeId, t.id),
    index('idx_dispute_evidence_added_by').on(t.addedBy),
    index('idx_dispute_evidence_media').on(t.mediaId).where(sql`${t.mediaId} is not null`),
    check('dispute_evidence_side', sql`${t.side} in (${sql.raw(inQuotes(disputeSides))})`),
    check('dispute_evidence_kind', sql`${t.kind} in (${sql.raw(inQuotes(disputeEvidenceKinds))})`),
    check('dispute_evidence_text', sql`length(${t.text}) between 1 and 4000`),
    check(
      'dispute_evidence_statement',
      sql`${t.kind} <> 'statement' or ${t.text} is not null and ${t.mediaId} is null`,
    ),
    check(
      'dispute_evidence_chat',
      sql`(${t.kind} = 'chat') = (${t.extract} is not null and ${t.extractSha256} is not null and ${t.fromSeq} > 0 and ${t.toSeq} >= ${t.fromSeq})`,
    ),
  ],
)

/** Notes that staff alone read. */
export const disputeNotes = pgTable(
  'dispute_notes',
  {
    id: id(),
    disputeId: uuid('dispute_id')
      .notNull()
      .references(() => disputes.id, { onDelete: 'cascade' }),
    authorId: uuid('author_id')
      .notNull()
      .references(() => users.id, { onDelete: 'restrict' }),
    text: text('text').notNull(),
    createdAt: createdAt(),
  },
  (t) => [
    index('idx_dispute_notes_dispute').on(t.disputeId, t.id),
    index('idx_dispute_notes_author').on(t.authorId),
    check('dispute_notes_text', sql`length(${t.text}) between 1 and 4000`),
  ],
)

/** Splits that staff or a side proposed; what both sides accept is done. */
export const disputeOffers = pgTable(
  'dispute_offers',
  {
    id: id(),
    disputeId: uuid('dispute_id')
      .notNull()
      .references(() => disputes.id, { onDelete: 'cascade' }),
    clientId: uuid('client_id')
      .notNull()
      .references(() => users.id, { onDelete: 'restrict' }),
    taskerId: uuid('tasker_id')
      .notNull()
      .references(() => users.id, { onDelete: 'restrict' }),
    proposedBy: uuid('proposed_by')
      .notNull()
      .references(() => users.id, { onDelete: 'restrict' }),
    side: text('side').$type<(typeof disputeSides)[number]>().notNull(),
    status: disputeOfferStatus('status').notNull().default('pending'),
    /** All that the dispute could split then: the parts of both sides together. */
    amount: money('amount').notNull(),
    clientAmount: money('client_amount').notNull(),
    taskerAmount: money('tasker_amount').notNull(),
    currency: text('currency').notNull(),
    note: text('note'),
    clientAcceptedAt: time('client_accepted_at'),
    taskerAcceptedAt: time('tasker_accepted_at'),
    expiresAt: time('expires_at').notNull(),
    endedAt: time('ended_at'),
    ...stamps(),
  },
  (t) => [
    uniqueIndex('dispute_offers_one_pending').on(t.disputeId).where(sql`${t.status} = 'pending'`),
    index('idx_dispute_offers_dispute').on(t.disputeId, t.id),
    index('idx_dispute_offers_due').on(t.expiresAt).where(sql`${t.status} = 'pending'`),
    check('dispute_offers_side', sql`${t.side} in (${sql.raw(inQuotes(disputeSides))})`),
    check(
      'dispute_offers_whole',
      sql`${t.amount} > 0 and ${t.clientAmount} >= 0 and ${t.taskerAmount} >= 0 and ${t.clientAmount} + ${t.taskerAmount} = ${t.amount}`,
    ),
    check('dispute_offers_note', sql`length(${t.note}) between 1 and 500`),
    check(
      'dispute_offers_both',
      sql`${t.status} <> 'accepted' or ${t.clientAcceptedAt} is not null and ${t.taskerAcceptedAt} is not null`,
    ),
    check('dispute_offers_ended', sql`(${t.status} = 'pending') = (${t.endedAt} is null)`),
  ],
)
