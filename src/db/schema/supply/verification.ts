import { sql } from 'drizzle-orm'
import {
  boolean,
  check,
  index,
  integer,
  jsonb,
  pgTable,
  text,
  unique,
  uniqueIndex,
  uuid,
} from 'drizzle-orm/pg-core'
import { createdAt, id, inQuotes, stamps, time } from '../columns.ts'
import { verificationStatus } from '../enums.ts'
import { users } from '../people/identity.ts'
import { mediaFiles } from '../platform/media.ts'

export const identityStandings = ['unverified', 'pending', 'verified', 'rejected', 'lapsed'] as const
export const subjectTypes = ['user', 'role_profile', 'company'] as const
export const verificationTypes = ['identity', 'business', 'document'] as const
export const documentParts = ['front', 'back', 'selfie', 'page', 'other'] as const
export const documentStatuses = ['pending', 'approved', 'rejected'] as const
export const logActions = [
  'submitted',
  'approved',
  'approved_first',
  'rejected',
  'document_requested',
  'lapsed',
  'withdrawn',
] as const

const staffId = (name: string) => uuid(name).references(() => users.id, { onDelete: 'set null' })
const oneOfThem = (words: readonly string[]) => sql.raw(inQuotes(words))

/** Verification of a user by their identity requests, kept by trigger: others read it without their history. */
export const userVerifications = pgTable(
  'user_verifications',
  {
    userId: uuid('user_id')
      .primaryKey()
      .references(() => users.id, { onDelete: 'cascade' }),
    phoneVerified: boolean('phone_verified').notNull().default(false),
    /** HMAC with the pepper over country and number, hex: never the number itself. */
    nationalIdHash: text('national_id_hash'),
    nationalIdLast4: text('national_id_last4'),
    verificationStatus: text('verification_status', { enum: identityStandings })
      .notNull()
      .default('unverified'),
    verifiedAt: time('verified_at'),
    /** From then on `verified` counts no more, whether it was noted or not. */
    expiresAt: time('expires_at'),
    ...stamps(),
  },
  (t) => [
    uniqueIndex('user_verifications_national_id_key')
      .on(t.nationalIdHash)
      .where(sql`${t.verificationStatus} = 'verified'`),
    // The number itself is nowhere: the columns take a keyed hash and four characters, and nothing else fits.
    check('user_verifications_hash', sql`${t.nationalIdHash} ~ '^[0-9a-f]{64}$'`),
    check('user_verifications_last4', sql`${t.nationalIdLast4} ~ '^[0-9A-Z]{4}$'`),
    check('user_verifications_status', sql`${t.verificationStatus} in (${oneOfThem(identityStandings)})`),
    index('idx_user_verifications_hash').on(t.nationalIdHash).where(sql`${t.nationalIdHash} is not null`),
  ],
)

export const verificationRequests = pgTable(
  'verification_requests',
  {
    id: id(),
    userId: uuid('user_id')
      .notNull()
      .references(() => users.id, { onDelete: 'cascade' }),
    subjectType: text('subject_type', { enum: subjectTypes }).notNull().default('user'),
    /** The user, their company (the same id), or a role profile of theirs. */
    subjectId: uuid('subject_id').notNull(),
    verificationType: text('verification_type', { enum: verificationTypes }).notNull(),
    documentType: text('document_type').notNull(),
    /** ISO 3166-1 alpha-2: who issued it. */
    documentCountry: text('document_country'),
    numberHash: text('number_hash'),
    numberLast4: text('number_last4'),
    status: verificationStatus('status').notNull().default('pending'),
    submittedAt: time('submitted_at').notNull().defaultNow(),
    /** The first of two approvals, where policy asks for two. */
    firstApprovedBy: staffId('first_approved_by'),
    firstApprovedAt: time('first_approved_at'),
    reviewedAt: time('reviewed_at'),
    reviewedBy: staffId('reviewed_by'),
    /** Shown to the person. */
    remarks: text('remarks'),
    /** For staff only. */
    internalNotes: text('internal_notes'),
    /** End of validity of the papers; what was approved lapses then. */
    expiresAt: time('expires_at'),
    /** While a document is asked for: until when it can be sent. */
    answerUntil: time('answer_until'),
    /** Days before the end that the last reminder was about. */
    remindedDays: integer('reminded_days'),
    ...stamps(),
  },
  (t) => [
    uniqueIndex('verification_requests_one_open')
      .on(t.subjectType, t.subjectId, t.verificationType, t.documentType)
      .where(sql`${t.status} in ('pending', 'needs_document')`),
    index('idx_verification_requests_user').on(t.userId, t.id),
    index('idx_verification_requests_subject').on(
      t.subjectType,
      t.subjectId,
      t.verificationType,
      t.documentType,
      t.submittedAt,
    ),
    index('idx_verification_requests_queue').on(t.status, t.submittedAt, t.id),
    index('idx_verification_requests_expiry')
      .on(t.expiresAt)
      .where(sql`${t.status} = 'approved' and ${t.expiresAt} is not null`),
    index('idx_verification_requests_answer').on(t.answerUntil).where(sql`${t.answerUntil} is not null`),
    index('idx_verification_requests_hash').on(t.numberHash).where(sql`${t.numberHash} is not null`),
    // verifications.list with updatedSince (`updatedKey` in src/db/listing.ts)
    index('idx_verification_requests_updated').on(
      sql`date_trunc('milliseconds', ${t.updatedAt} at time zone 'UTC')`,
      t.id,
    ),
    check('verification_requests_subject', sql`${t.subjectType} in (${oneOfThem(subjectTypes)})`),
    check('verification_requests_type', sql`${t.verificationType} in (${oneOfThem(verificationTypes)})`),
    check('verification_requests_country', sql`${t.documentCountry} ~ '^[A-Z]{2}$'`),
    check('verification_requests_hash', sql`${t.numberHash} ~ '^[0-9a-f]{64}$'`),
    check('verification_requests_last4', sql`${t.numberLast4} ~ '^[0-9A-Z]{4}$'`),
    check('verification_requests_number', sql`(${t.numberHash} is null) = (${t.numberLast4} is null)`),
    check(
      'verification_requests_first_approval',
      sql`${t.firstApprovedAt} is not null or ${t.firstApprovedBy} is null`,
    ),
    check(
      'verification_requests_not_own',
      sql`${t.reviewedBy} <> ${t.userId} and coalesce(${t.firstApprovedBy} <> ${t.userId}, true)`,
    ),
  ],
)

export const verificationDocuments = pgTable(
  'verification_documents',
  {
    id: id(),
    requestId: uuid('request_id')
      .notNull()
      .references(() => verificationRequests.id, { onDelete: 'cascade' }),
    documentType: text('document_type', { enum: documentParts }).notNull(),
    /** Null once the file is gone. */
    mediaId: uuid('media_id').references(() => mediaFiles.id, { onDelete: 'set null' }),
    status: text('status', { enum: documentStatuses }).notNull().default('pending'),
    reviewedAt: time('reviewed_at'),
    reviewedBy: staffId('reviewed_by'),
    /** Shown to the person. */
    remarks: text('remarks'),
    createdAt: createdAt(),
  },
  (t) => [
    uniqueIndex('verification_documents_media').on(t.mediaId),
    index('idx_verification_documents_request').on(t.requestId, t.id),
    index('idx_verification_documents_kept').on(t.requestId).where(sql`${t.mediaId} is not null`),
    check('verification_documents_type', sql`${t.documentType} in (${oneOfThem(documentParts)})`),
    check('verification_documents_status', sql`${t.status} in (${oneOfThem(documentStatuses)})`),
  ],
)

export const verificationLogs = pgTable(
  'verification_logs',
  {
    id: id(),
    requestId: uuid('request_id')
      .notNull()
      .references(() => verificationRequests.id, { onDelete: 'cascade' }),
    action: text('action', { enum: logActions }).notNull(),
    oldStatus: text('old_status'),
    newStatus: text('new_status').notNull(),
    /** Null for what follows by rule. */
    actedBy: uuid('acted_by').references(() => users.id, { onDelete: 'restrict' }),
    remarks: text('remarks'),
    createdAt: createdAt(),
  },
  (t) => [
    // verifications.listLogs
    index('idx_verification_logs_request').on(t.requestId, t.id),
    check('verification_logs_action', sql`${t.action} in (${oneOfThem(logActions)})`),
  ],
)

/** Keys of files that are sealed in storage (`storage_key` begins with `sealed/`). Without its row a file is noise. */
export const sealedFiles = pgTable(
  'sealed_files',
  {
    id: uuid('id')
      .primaryKey()
      .references(() => mediaFiles.id, { onDelete: 'cascade' }),
    /** The key of the bytes, sealed with the newest of `ENCRYPTION_KEYS`. */
    dataKey: text('data_key').notNull(),
    /** Key under which the plain bytes were uploaded. */
    plainKey: text('plain_key').notNull(),
    /** When they were deleted for the last time; null while an upload could still bring them back. */
    plainGoneAt: time('plain_gone_at'),
    createdAt: createdAt(),
  },
  (t) => [
    check('sealed_files_data_key', sql.raw(String.raw`data_key ~ '^[^.]+\.[^.]+\.[^.]+$'`)),
    index('idx_sealed_files_key').on(sql`split_part(${t.dataKey}, '.', 1)`, t.id),
    index('idx_sealed_files_plain').on(t.createdAt).where(sql`${t.plainGoneAt} is null`),
  ],
)

/** Links that open a document once, for the reviewer whose case it is. Their token is derived from the id, and kept nowhere. */
export const documentLinks = pgTable(
  'document_links',
  {
    id: id(),
    documentId: uuid('document_id')
      .notNull()
      .references(() => verificationDocuments.id, { onDelete: 'cascade' }),
    reviewerId: uuid('reviewer_id')
      .notNull()
      .references(() => users.id, { onDelete: 'restrict' }),
    /** The session that asked for it: the link ends with it. */
    sessionId: uuid('session_id').notNull(),
    expiresAt: time('expires_at').notNull(),
    createdAt: createdAt(),
  },
  (t) => [
    // me.requestExport and me.requestErasure: links to the papers of a person
    index('idx_document_links_document').on(t.documentId, t.id),
  ],
)

/** Each time that a document was opened. Never changed; a link has one at most. */
export const documentOpenings = pgTable(
  'document_openings',
  {
    id: id(),
    linkId: uuid('link_id')
      .notNull()
      .references(() => documentLinks.id, { onDelete: 'cascade' }),
    documentId: uuid('document_id')
      .notNull()
      .references(() => verificationDocuments.id, { onDelete: 'cascade' }),
    reviewerId: uuid('reviewer_id')
      .notNull()
      .references(() => users.id, { onDelete: 'restrict' }),
    /** HMAC of the address that it was opened from, hex. */
    addressHash: text('address_hash'),
    createdAt: createdAt(),
  },
  (t) => [
    // use_document_link: a link is used once
    unique('document_openings_link').on(t.linkId),
    // me.requestExport and me.requestErasure: openings of the papers of a person
    index('idx_document_openings_document').on(t.documentId, t.id),
    check('document_openings_address_hash', sql`${t.addressHash} ~ '^[0-9a-f]{64}$'`),
  ],
)

export const checkStatuses = ['waiting', 'passed', 'failed', 'unclear', 'expired', 'superseded'] as const
export const checkOutcomes = ['pass', 'fail', 'unclear'] as const

/** A document that an attempt is about, and the SHA-256 of its bytes as they were submitted. */
export interface CheckInput {
  documentId: string
  sha256: string | null
}

/** Attempts of a provider to check papers. One of a request is open at a time; another submission makes another attempt. */
export const verificationChecks = pgTable(
  'verification_checks',
  {
    id: id(),
    requestId: uuid('request_id')
      .notNull()
      .references(() => verificationRequests.id, { onDelete: 'cascade' }),
    /** `expired`: a person decides, as no answer came in time or the provider refuses the papers. */
    status: text('status', { enum: checkStatuses }).notNull().default('waiting'),
    /** Fixed once it is sent. */
    inputs: jsonb('inputs').notNull().default(sql`'[]'::jsonb`).$type<CheckInput[]>(),
    /** Id of the check at the provider, once it has it. */
    reference: text('reference'),
    sentAt: time('sent_at'),
    attempts: integer('attempts').notNull().default(0),
    nextAt: time('next_at').notNull().defaultNow(),
    deadlineAt: time('deadline_at').notNull(),
    answeredAt: time('answered_at'),
    /** The provider's code of it. */
    reason: text('reason'),
    createdAt: createdAt(),
  },
  (t) => [
    uniqueIndex('verification_checks_one_open').on(t.requestId).where(sql`${t.status} = 'waiting'`),
    index('idx_verification_checks_request').on(t.requestId, t.id),
    index('idx_verification_checks_due').on(t.nextAt).where(sql`${t.status} = 'waiting'`),
    index('idx_verification_checks_deadline').on(t.deadlineAt).where(sql`${t.status} = 'waiting'`),
    check('verification_checks_status', sql`${t.status} in (${oneOfThem(checkStatuses)})`),
    check('verification_checks_sent', sql`(${t.reference} is null) = (${t.sentAt} is null)`),
    check(
      'verification_checks_answered',
      sql`(${t.answeredAt} is not null) = (${t.status} in ('passed', 'failed', 'unclear'))`,
    ),
    check('verification_checks_reason', sql`${t.reason} ~ '^[a-z][a-z0-9_]{0,59}$'`),
  ],
)

/** Answers of the provider, each stored once. One that came late, or for an attempt that is over, changes nothing. */
export const verificationCheckAnswers = pgTable(
  'verification_check_answers',
  {
    id: id(),
    // answer_check: an answer that comes twice is stored once
    eventId: text('event_id').notNull().unique('verification_check_answers_event'),
    checkId: uuid('check_id')
      .notNull()
      .references(() => verificationChecks.id, { onDelete: 'cascade' }),
    outcome: text('outcome', { enum: checkOutcomes }).notNull(),
    reason: text('reason'),
    wasApplied: boolean('was_applied').notNull(),
    createdAt: createdAt(),
  },
  (t) => [
    // me.requestExport and me.requestErasure: what was answered about a person
    index('idx_verification_check_answers_check').on(t.checkId, t.id),
    check('verification_check_answers_outcome', sql`${t.outcome} in (${oneOfThem(checkOutcomes)})`),
    check('verification_check_answers_reason', sql`${t.reason} ~ '^[a-z][a-z0-9_]{0,59}$'`),
  ],
)
