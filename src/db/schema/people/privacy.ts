import { sql } from 'drizzle-orm'
import {
  bigint,
  boolean,
  check,
  index,
  integer,
  jsonb,
  pgTable,
  smallint,
  text,
  unique,
  uniqueIndex,
  uuid,
} from 'drizzle-orm/pg-core'
import type { ErasureStatus, ExportStatus } from '../../../areas/people/privacy/machine.ts'
import { createdAt, emptyObject, emptyTextArray, id, time, updatedAt, version } from '../columns.ts'
import { users } from './identity.ts'

/** Somebody asked for everything we know of them: a file in object storage, for a week. */
export const exportRequests = pgTable(
  'export_requests',
  {
    id: id(),
    userId: uuid('user_id')
      .notNull()
      .references(() => users.id, { onDelete: 'cascade' }),
    /** pending · ready · expired · failed */
    status: text('status').notNull().default('pending').$type<ExportStatus>(),
    attempts: integer('attempts').notNull().default(0),
    /** When the next attempt may begin: one at a time. */
    nextAt: time('next_at').notNull().defaultNow(),
    storageKey: text('storage_key'),
    fileSize: bigint('file_size', { mode: 'number' }),
    rowCount: integer('row_count'),
    createdAt: createdAt(),
    updatedAt: updatedAt(),
    completedAt: time('completed_at'),
    expiresAt: time('expires_at'),
    version: version(),
  },
  (t) => [
    index('idx_export_requests_user').on(t.userId, t.id),
    uniqueIndex('export_requests_one_pending').on(t.userId).where(sql`${t.status} = 'pending'`),
    index('idx_export_requests_ended').on(t.createdAt).where(sql`${t.status} in ('expired', 'failed')`),
    index('idx_export_requests_due').on(t.nextAt).where(sql`${t.status} = 'pending'`),
    index('idx_export_requests_expiry').on(t.expiresAt).where(sql`${t.status} = 'ready'`),
    check('export_requests_status', sql`${t.status} in ('pending', 'ready', 'expired', 'failed')`),
    check(
      'export_requests_file',
      sql`${t.status} <> 'ready' or (${t.storageKey} is not null and ${t.expiresAt} is not null)`,
    ),
  ],
)

/** Somebody asked to be forgotten. The request stays, under the id that is all that is left of them. */
export const erasureRequests = pgTable(
  'erasure_requests',
  {
    id: id(),
    userId: uuid('user_id')
      .notNull()
      .references(() => users.id, { onDelete: 'restrict' }),
    status: text('status').notNull().default('scheduled').$type<ErasureStatus>(),
    scheduledFor: time('scheduled_for').notNull(),
    reason: text('reason'),
    /** Whether what is in their wallets is given to good causes or to the platform; null: neither, they withdraw it. */
    balance: text('balance').$type<'donate' | 'forfeit'>(),
    /** Obstacles found when the erasure was due. */
    obstacles: text('obstacles').array().notNull().default(emptyTextArray),
    attempts: integer('attempts').notNull().default(0),
    /** When the next attempt, or pass, may begin: one at a time. */
    nextAt: time('next_at').notNull(),
    /** The second pass erases what was being written during the first. */
    pass: smallint('pass').notNull().default(1),
    /** Progress: the next step, and the cursor within it. */
    step: text('step'),
    stepCursor: text('step_cursor'),
    /** Encrypted: how others may have named the person; gone when the last pass is done. */
    identifiers: text('identifiers'),
    createdAt: createdAt(),
    updatedAt: updatedAt(),
    canceledAt: time('canceled_at'),
    startedAt: time('started_at'),
    wipedAt: time('wiped_at'),
    completedAt: time('completed_at'),
    version: version(),
  },
  (t) => [
    uniqueIndex('erasure_requests_one_open')
      .on(t.userId)
      .where(sql`${t.status} in ('scheduled', 'deferred', 'running', 'wiped')`),
    index('idx_erasure_requests_user').on(t.userId, t.id),
    index('idx_erasure_requests_status').on(t.status, t.id),
    index('idx_erasure_requests_key')
      .on(sql`split_part(${t.identifiers}, '.', 1)`, t.id)
      .where(sql`${t.identifiers} is not null`),
    index('idx_erasure_requests_due')
      .on(t.nextAt)
      .where(sql`${t.status} in ('scheduled', 'deferred', 'running', 'wiped')`),
    check('erasure_requests_balance', sql`${t.balance} in ('donate', 'forfeit')`),
    check(
      'erasure_requests_status',
      sql`${t.status} in ('scheduled', 'deferred', 'running', 'wiped', 'completed', 'canceled')`,
    ),
  ],
)

export const consentKinds = ['terms', 'privacy', 'marketing'] as const
export type ConsentKind = (typeof consentKinds)[number]

/** Documents that people are asked to agree to: one row a version, never changed. */
export const consentDocuments = pgTable(
  'consent_documents',
  {
    id: id(),
    kind: text('kind').notNull().$type<ConsentKind>(),
    documentVersion: text('document_version').notNull(),
    url: text('url').notNull(),
    /** Nobody uses the service without it: it ends with the account. */
    isRequired: boolean('is_required').notNull(),
    publishedAt: time('published_at').notNull().defaultNow(),
  },
  (t) => [
    // consentDocuments.publish: no version twice
    unique('consent_documents_kind_version_key').on(t.kind, t.documentVersion),
    // consentDocuments.list, me.grantConsent: the latest of a kind
    index('idx_consent_documents_kind').on(t.kind, t.id),
    check('consent_documents_kind', sql`${t.kind} in ('terms', 'privacy', 'marketing')`),
  ],
)

/** Given, and perhaps withdrawn; given again it is another row. */
export const consents = pgTable(
  'consents',
  {
    id: id(),
    userId: uuid('user_id')
      .notNull()
      .references(() => users.id, { onDelete: 'restrict' }),
    documentId: uuid('document_id')
      .notNull()
      .references(() => consentDocuments.id, { onDelete: 'restrict' }),
    grantedAt: time('granted_at').notNull().defaultNow(),
    withdrawnAt: time('withdrawn_at'),
  },
  (t) => [
    // me.grantConsent, me.withdrawConsent: one active consent
    uniqueIndex('consents_active_key').on(t.userId, t.documentId).where(sql`${t.withdrawnAt} is null`),
    // me.listConsents
    index('idx_consents_user').on(t.userId, t.id),
  ],
)

/** While a hold is active, nothing of the person is erased, even at their request. */
export const legalHolds = pgTable(
  'legal_holds',
  {
    id: id(),
    userId: uuid('user_id')
      .notNull()
      .references(() => users.id, { onDelete: 'restrict' }),
    reason: text('reason').notNull(),
    placedBy: uuid('placed_by').references(() => users.id, { onDelete: 'set null' }),
    placedAt: time('placed_at').notNull().defaultNow(),
    releasedBy: uuid('released_by').references(() => users.id, { onDelete: 'set null' }),
    releasedAt: time('released_at'),
    releaseReason: text('release_reason'),
    updatedAt: updatedAt(),
    version: version(),
  },
  (t) => [
    // follow_holds
    index('idx_legal_holds_user').on(t.userId).where(sql`${t.releasedAt} is null`),
    // legalHolds.list by userId; redact_audit_naming
    index('idx_legal_holds_person').on(t.userId, t.id),
  ],
)

/** Runs of each job, with what they did. Runs that found nothing to do leave one row an hour. */
export const retentionRuns = pgTable(
  'retention_runs',
  {
    id: id(),
    job: text('job').notNull(),
    /** done · failed */
    outcome: text('outcome').notNull().$type<'done' | 'failed'>(),
    /** Counts by name. */
    report: jsonb('report').notNull().default(emptyObject).$type<Record<string, number>>(),
    error: text('error'),
    startedAt: time('started_at').notNull(),
    durationMs: integer('duration_ms').notNull(),
  },
  (t) => [
    index('idx_retention_runs_job').on(t.job, t.id),
    index('idx_retention_runs_time').on(t.startedAt),
    index('idx_retention_runs_failed').on(t.id).where(sql`${t.outcome} = 'failed'`),
    check('retention_runs_outcome', sql`${t.outcome} in ('done', 'failed')`),
  ],
)

export type RemovalKind = 'file' | 'conversation'

/** Decided removals from storage or from a live object; a row stays until its removal is done. */
export const removals = pgTable(
  'removals',
  {
    id: id(),
    kind: text('kind').notNull().$type<RemovalKind>(),
    /** Key of the file in storage, or id of the conversation (`conversation`). */
    key: text('key').notNull(),
    attempts: integer('attempts').notNull().default(0),
    nextAt: time('next_at').notNull().defaultNow(),
    decidedAt: time('decided_at').notNull().defaultNow(),
  },
  (t) => [
    unique('removals_kind_key').on(t.kind, t.key),
    index('idx_removals_due').on(t.kind, t.nextAt),
    check('removals_kind', sql`${t.kind} in ('file', 'conversation')`),
  ],
)
