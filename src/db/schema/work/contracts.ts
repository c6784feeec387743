import { sql } from 'drizzle-orm'
import { check, index, integer, jsonb, pgTable, text, uniqueIndex, uuid } from 'drizzle-orm/pg-core'
import { createdAt, id, inQuotes, money, stamps, time } from '../columns.ts'
import { contractAmendmentStatus, contractStatus, escrowStatus, milestoneStatus } from '../enums.ts'
import { paymentIntents } from '../money/payments.ts'
import { users } from '../people/identity.ts'
import { mediaFiles } from '../platform/media.ts'
import { bookings } from './bookings.ts'

/** Terms that both sides agree on beside milestones and money. */
export interface ContractTerms {
  title: string
  scope: string
  /** When work counts as delivered. */
  acceptance?: string | undefined
  /** Work that is not part of it. */
  exclusions?: string | undefined
}

/** A milestone as it is agreed on; `id` names one that exists already. */
export interface MilestoneTerms {
  id?: string | undefined
  title: string
  description: string | null
  /** Minor units of the contract's currency. */
  amount: number
  /** RFC 3339 in UTC. */
  dueAt: string | null
}

/** How a milestone ended: approved, released by silence, by a decision on a dispute, taken out by an amendment, or with its contract. */
export const milestoneOutcomes = ['approved', 'silence', 'decided', 'removed', 'canceled'] as const
export const submissionAnswers = ['approved', 'returned', 'silence', 'closed'] as const

export const contracts = pgTable(
  'contracts',
  {
    id: id(),
    bookingId: uuid('booking_id')
      .notNull()
      .references(() => bookings.id, { onDelete: 'restrict' }),
    /** The booking's, repeated so that "who may see this" needs no join. */
    clientId: uuid('client_id')
      .notNull()
      .references(() => users.id, { onDelete: 'restrict' }),
    taskerId: uuid('tasker_id')
      .notNull()
      .references(() => users.id, { onDelete: 'restrict' }),
    proposedBy: uuid('proposed_by')
      .notNull()
      .references(() => users.id, { onDelete: 'restrict' }),
    status: contractStatus('status').notNull().default('draft'),
    currency: text('currency').notNull(),
    /** The sum of its milestones (`contracts_total`). */
    totalAmount: money('total_amount').notNull(),
    terms: jsonb('terms').notNull().$type<ContractTerms>(),
    /** Hash of the text that both have signed, hex: an active contract says exactly that (`contracts_signed_text`). */
    signedSha256: text('signed_sha256'),
    /** Rules of the day on which it was drafted; a later policy changes no contract. */
    releaseDays: integer('release_days').notNull(),
    maxRounds: integer('max_rounds').notNull(),
    maxPausedDays: integer('max_paused_days').notNull(),
    /** The most that arbitration costs, of the amount in dispute. */
    arbitrationBasisPoints: integer('arbitration_basis_points').notNull(),
    /** Draft: until when both must have signed. */
    expiresAt: time('expires_at'),
    activatedAt: time('activated_at'),
    /** When it was completed or canceled. */
    endedAt: time('ended_at'),
    endReason: text('end_reason'),
    /** Last economic act: signing, funding, starting, submitting, answering, amending. Chatting is none. */
    lastActivityAt: time('last_activity_at').notNull().defaultNow(),
    /** Notices that it will be closed, and when the next step is due: the first notice, the second, the end. */
    dormantNotices: integer('dormant_notices').notNull().default(0),
    dormantDueAt: time('dormant_due_at'),
    ...stamps(),
  },
  (t) => [
    uniqueIndex('contracts_one_a_booking').on(t.bookingId).where(sql`${t.status} <> 'canceled'`),
    index('idx_contracts_booking').on(t.bookingId),
    index('idx_contracts_client').on(t.clientId, t.id),
    index('idx_contracts_tasker').on(t.taskerId, t.id),
    // contracts.list with updatedSince, for staff (`updatedKey` in src/db/listing.ts)
    index('idx_contracts_updated').on(
      sql`date_trunc('milliseconds', ${t.updatedAt} at time zone 'UTC')`,
      t.id,
    ),
    // The sweeps.
    index('idx_contracts_expiry').on(t.expiresAt).where(sql`${t.status} = 'draft'`),
    index('idx_contracts_dormant').on(t.dormantDueAt).where(sql`${t.status} = 'active'`),
    check('contracts_two_people', sql`${t.clientId} <> ${t.taskerId}`),
    check('contracts_amount', sql`${t.totalAmount} > 0`),
    check('contracts_arbitration', sql`${t.arbitrationBasisPoints} between 0 and 2000`),
    check(
      'contracts_limits',
      sql`${t.releaseDays} between 1 and 90 and ${t.maxRounds} between 0 and 10 and ${t.maxPausedDays} between 0 and 180`,
    ),
    check('contracts_dormant', sql`${t.dormantNotices} between 0 and 2`),
    check(
      'contracts_signed',
      sql`(${t.status} not in ('active', 'completed', 'disputed') or (${t.signedSha256} is not null and ${t.activatedAt} is not null))`,
    ),
    check('contracts_ended', sql`(${t.status} in ('completed', 'canceled')) = (${t.endedAt} is not null)`),
  ],
)

export const contractAmendments = pgTable(
  'contract_amendments',
  {
    id: id(),
    contractId: uuid('contract_id')
      .notNull()
      .references(() => contracts.id, { onDelete: 'restrict' }),
    proposedBy: uuid('proposed_by')
      .notNull()
      .references(() => users.id, { onDelete: 'restrict' }),
    /** The other side, who alone may accept it. */
    proposedTo: uuid('proposed_to')
      .notNull()
      .references(() => users.id, { onDelete: 'restrict' }),
    status: contractAmendmentStatus('status').notNull().default('pending'),
    reason: text('reason').notNull(),
    /** The whole contract as it would be, and as it was. */
    terms: jsonb('terms').notNull().$type<ContractTerms>(),
    milestones: jsonb('milestones').notNull().$type<MilestoneTerms[]>(),
    totalAmount: money('total_amount').notNull(),
    wasTerms: jsonb('was_terms').notNull().$type<ContractTerms>(),
    wasMilestones: jsonb('was_milestones').notNull().$type<MilestoneTerms[]>(),
    wasTotalAmount: money('was_total_amount').notNull(),
    /** Hash of the text that both sign, hex. */
    textSha256: text('text_sha256').notNull(),
    expiresAt: time('expires_at').notNull(),
    endedAt: time('ended_at'),
    ...stamps(),
  },
  (t) => [
    uniqueIndex('contract_amendments_one_pending').on(t.contractId).where(sql`${t.status} = 'pending'`),
    index('idx_contract_amendments_contract').on(t.contractId, t.id),
    index('idx_contract_amendments_due').on(t.expiresAt).where(sql`${t.status} = 'pending'`),
    check('contract_amendments_two_people', sql`${t.proposedBy} <> ${t.proposedTo}`),
    check('contract_amendments_amount', sql`${t.totalAmount} > 0`),
    check('contract_amendments_ended', sql`(${t.status} = 'pending') = (${t.endedAt} is null)`),
  ],
)

/** Signature of a text by one side, with its time and device. A change after a signature clears it. */
export const contractSignatures = pgTable(
  'contract_signatures',
  {
    id: id(),
    contractId: uuid('contract_id')
      .notNull()
      .references(() => contracts.id, { onDelete: 'restrict' }),
    /** Null: the contract itself. */
    amendmentId: uuid('amendment_id').references(() => contractAmendments.id, { onDelete: 'restrict' }),
    userId: uuid('user_id')
      .notNull()
      .references(() => users.id, { onDelete: 'restrict' }),
    party: text('party', { enum: ['client', 'tasker'] }).notNull(),
    /** SHA-256 of the text, hex. */
    textSha256: text('text_sha256').notNull(),
    /** The session, or the API key, that signed. */
    sessionId: uuid('session_id'),
    userAgent: text('user_agent'),
    ipAddress: text('ip_address'),
    signedAt: time('signed_at').notNull().defaultNow(),
    clearedAt: time('cleared_at'),
  },
  (t) => [
    uniqueIndex('contract_signatures_one_a_side')
      .on(t.contractId, t.party)
      .where(sql`${t.clearedAt} is null and ${t.amendmentId} is null`),
    uniqueIndex('contract_signatures_one_an_amendment')
      .on(t.amendmentId, t.party)
      .where(sql`${t.amendmentId} is not null`),
    index('idx_contract_signatures_contract').on(t.contractId, t.id),
    check('contract_signatures_party', sql`${t.party} in ('client', 'tasker')`),
    check('contract_signatures_sha256', sql`${t.textSha256} ~ '^[0-9a-f]{64}$'`),
  ],
)

export const milestones = pgTable(
  'milestones',
  {
    id: id(),
    contractId: uuid('contract_id')
      .notNull()
      .references(() => contracts.id, { onDelete: 'restrict' }),
    position: integer('position').notNull(),
    title: text('title').notNull(),
    description: text('description'),
    amount: money('amount').notNull(),
    /** As agreed. */
    dueAt: time('due_at'),
    /** When it is overdue: the agreed time, and the time that it waited for the client's answer. */
    deadlineAt: time('deadline_at'),
    status: milestoneStatus('status').notNull().default('pending'),
    /** The payment that is to fund it, or has. */
    fundingIntentId: uuid('funding_intent_id').references(() => paymentIntents.id, { onDelete: 'restrict' }),
    /** Escrow holds its amount from then on, until it is completed or canceled. */
    fundedAt: time('funded_at'),
    startedAt: time('started_at'),
    submittedAt: time('submitted_at'),
    /** Submitted: when silence releases it. */
    releasesAt: time('releases_at'),
    releaseReminders: integer('release_reminders').notNull().default(0),
    releaseRequestedAt: time('release_requested_at'),
    dueRemindedAt: time('due_reminded_at'),
    /** How often the client has asked for changes, and how long that has stopped the clock of the release. */
    rounds: integer('rounds').notNull().default(0),
    pausedSeconds: integer('paused_seconds').notNull().default(0),
    pausedSince: time('paused_since'),
    /** When it was completed or canceled, how, and where its amount went, if it was funded. */
    endedAt: time('ended_at'),
    outcome: text('outcome', { enum: milestoneOutcomes }),
    releasedAmount: money('released_amount').notNull().default(0),
    refundedAmount: money('refunded_amount').notNull().default(0),
    arbitrationAmount: money('arbitration_amount').notNull().default(0),
    ...stamps(),
  },
  (t) => [
    index('idx_milestones_contract').on(t.contractId, t.position),
    index('idx_milestones_funding').on(t.fundingIntentId).where(sql`${t.fundingIntentId} is not null`),
    // The sweeps.
    index('idx_milestones_release').on(t.releasesAt).where(sql`${t.status} = 'submitted'`),
    index('idx_milestones_deadline')
      .on(t.deadlineAt)
      .where(sql`${t.status} in ('pending', 'in_progress') and ${t.fundedAt} is not null`),
    check('milestones_amount', sql`${t.amount} > 0`),
    check('milestones_position', sql`${t.position} between 1 and 1000`),
    check('milestones_outcome', sql`${t.outcome} in (${sql.raw(inQuotes(milestoneOutcomes))})`),
    check('milestones_release', sql`(${t.status} = 'submitted') = (${t.releasesAt} is not null)`),
    check(
      'milestones_ended',
      sql`(${t.status} in ('completed', 'canceled')) = (${t.endedAt} is not null) and (${t.endedAt} is null) = (${t.outcome} is null)`,
    ),
    check(
      'milestones_begun',
      sql`${t.status} not in ('in_progress', 'submitted', 'overdue', 'completed') or ${t.fundedAt} is not null`,
    ),
    // All of what was held for it has gone somewhere once it has ended, and nothing before.
    check(
      'milestones_split',
      sql`${t.releasedAmount} >= 0 and ${t.refundedAmount} >= 0 and ${t.arbitrationAmount} >= 0
          and ${t.releasedAmount} + ${t.refundedAmount} + ${t.arbitrationAmount}
              = case when ${t.endedAt} is not null and ${t.fundedAt} is not null then ${t.amount} else 0 end`,
    ),
  ],
)

/** Deliverables of a milestone, each time that the tasker hands them in. */
export const milestoneSubmissions = pgTable(
  'milestone_submissions',
  {
    id: id(),
    milestoneId: uuid('milestone_id')
      .notNull()
      .references(() => milestones.id, { onDelete: 'restrict' }),
    round: integer('round').notNull(),
    note: text('note').notNull(),
    submittedBy: uuid('submitted_by')
      .notNull()
      .references(() => users.id, { onDelete: 'restrict' }),
    submittedAt: time('submitted_at').notNull().defaultNow(),
    answer: text('answer', { enum: submissionAnswers }),
    answerNote: text('answer_note'),
    answeredAt: time('answered_at'),
  },
  (t) => [
    uniqueIndex('milestone_submissions_round').on(t.milestoneId, t.round),
    uniqueIndex('milestone_submissions_one_open').on(t.milestoneId).where(sql`${t.answeredAt} is null`),
    check('milestone_submissions_answer', sql`${t.answer} in (${sql.raw(inQuotes(submissionAnswers))})`),
    check('milestone_submissions_answered', sql`(${t.answer} is null) = (${t.answeredAt} is null)`),
  ],
)

export const milestoneDeliverables = pgTable(
  'milestone_deliverables',
  {
    id: id(),
    submissionId: uuid('submission_id')
      .notNull()
      .references(() => milestoneSubmissions.id, { onDelete: 'restrict' }),
    mediaId: uuid('media_id')
      .notNull()
      .references(() => mediaFiles.id, { onDelete: 'restrict' }),
    createdAt: createdAt(),
  },
  (t) => [
    uniqueIndex('milestone_deliverables_key').on(t.submissionId, t.mediaId),
    index('idx_milestone_deliverables_media').on(t.mediaId),
  ],
)

/** One a contract: born with its first payment. */
export const escrows = pgTable(
  'escrows',
  {
    id: id(),
    contractId: uuid('contract_id')
      .notNull()
      .unique('escrows_contract_id_key')
      .references(() => contracts.id, { onDelete: 'restrict' }),
    currency: text('currency').notNull(),
    status: escrowStatus('status').notNull().default('held'),
    /** Paid in by the client … */
    fundedAmount: money('funded_amount').notNull().default(0),
    /** … and out to the tasker, commission included, back to the client, and for arbitration. The rest is held. */
    releasedAmount: money('released_amount').notNull().default(0),
    commissionAmount: money('commission_amount').notNull().default(0),
    refundedAmount: money('refunded_amount').notNull().default(0),
    arbitrationAmount: money('arbitration_amount').notNull().default(0),
    /** Held when the dispute was opened, and the most that arbitration may cost of it. */
    disputedAmount: money('disputed_amount').notNull().default(0),
    arbitrationBasisPoints: integer('arbitration_basis_points').notNull(),
    heldAt: time('held_at').notNull().defaultNow(),
    releasedAt: time('released_at'),
    ...stamps(),
  },
  (t) => [
    check(
      'escrows_amounts',
      sql`least(${t.releasedAmount}, ${t.commissionAmount}, ${t.refundedAmount}, ${t.arbitrationAmount}, ${t.disputedAmount}) >= 0
          and ${t.releasedAmount} + ${t.refundedAmount} + ${t.arbitrationAmount} <= ${t.fundedAmount}
          and ${t.commissionAmount} <= ${t.releasedAmount}`,
    ),
    // Small claims are not eaten up by their price.
    check(
      'escrows_arbitration_share',
      sql`${t.arbitrationAmount}::numeric * 10000 <= ${t.disputedAmount}::numeric * ${t.arbitrationBasisPoints}`,
    ),
    check('escrows_arbitration_limit', sql`${t.arbitrationBasisPoints} between 0 and 2000`),
    check(
      'escrows_closed',
      sql`(${t.status} = 'full_release') = (${t.releasedAt} is not null)
          and (${t.status} <> 'full_release' or ${t.releasedAmount} + ${t.refundedAmount} + ${t.arbitrationAmount} = ${t.fundedAmount})`,
    ),
  ],
)
