import { sql } from 'drizzle-orm'
import { bigint, check, date, index, jsonb, pgTable, text, uniqueIndex, uuid } from 'drizzle-orm/pg-core'
import { bytes, createdAt, emptyObject, id, time } from '../columns.ts'

/**
 * Append-only, and chained by day (`drizzle/sql/trust/audit/chain.sql`): a row is sealed within a minute or two of its commit.
 * Actor type, module, correlation and digest are filled in by the database where an insert names none.
 */
export const auditLog = pgTable(
  'audit_log',
  {
    id: id(),
    /** user · employee · system · cron · key · provider · anonymous · database (outside of every request) */
    actorType: text('actor_type').notNull(),
    /** The user, the key, the job or the provider, as `actor_type` says. */
    actorId: text('actor_id'),
    actorUserId: uuid('actor_user_id'),
    /** client · tasker · support · ops · admin · system · provider · anonymous */
    actorRole: text('actor_role').notNull(),
    /** The session or key that the actor came with. */
    sourceId: text('source_id'),
    /** User that the row is about, where it is about one: erasure finds the row by this. */
    subjectUserId: uuid('subject_user_id'),
    /** The area. */
    module: text('module').notNull(),
    action: text('action').notNull(),
    targetType: text('target_type'),
    targetId: text('target_id'),
    requestId: text('request_id'),
    /** Ties requests, queue messages and jobs together that come of one another. */
    correlationId: text('correlation_id'),
    ipAddress: text('ip_address'),
    userAgent: text('user_agent'),
    /** succeeded · refused · failed */
    status: text('status').notNull().default('succeeded'),
    /** `{ changes: { column: [old, new] } }` */
    meta: jsonb('meta').notNull().default(emptyObject),
    createdAt: createdAt(),
    /** With the payload in `changes_digest`; gone when the payload was redacted. */
    salt: uuid('salt'),
    /** SHA-256 of salt, meta, address and user agent as they were written. */
    changesDigest: bytes('changes_digest').notNull(),
    redactedAt: time('redacted_at'),
    /** The entry that says who redacted it. */
    redactedBy: uuid('redacted_by'),
    // Columns of the chain: null until the row is sealed.
    day: date('day'),
    chainPosition: bigint('chain_position', { mode: 'number' }),
    previousHash: bytes('previous_hash'),
    hash: bytes('hash'),
    sealedAt: time('sealed_at'),
  },
  (t) => [
    // Every index here costs time in each change of each audited row: the comment names the read that needs it.
    // audit.list by targetType, targetId; redaction of what was done to an account
    index('idx_audit_log_target').on(t.targetType, t.targetId, t.createdAt.desc().nullsFirst()),
    // audit.list by actorUserId; exports and redaction of what a person did
    index('idx_audit_log_actor').on(t.actorUserId, t.createdAt.desc().nullsFirst()),
    // audit.list by actorId: keys, jobs, providers
    index('idx_audit_log_actor_id').on(t.actorId, t.id.desc().nullsFirst()),
    // audit.list by subjectUserId; exports and redaction of what is about a person
    index('idx_audit_log_subject').on(t.subjectUserId, t.id.desc().nullsFirst()),
    // audit.list by module: rare ones are found without a scan
    index('idx_audit_log_module').on(t.module, t.id.desc().nullsFirst()),
    // audit.list by action
    index('idx_audit_log_action').on(t.action, t.id.desc().nullsFirst()),
    // audit.list by requestId
    index('idx_audit_log_request').on(t.requestId),
    // audit.list by correlationId: most entries have one and the same as requestId
    index('idx_audit_log_correlation')
      .on(t.correlationId)
      .where(sql`${t.correlationId} is distinct from ${t.requestId}`),
    // log_attempts: refusals of the last minute
    index('idx_audit_log_not_succeeded').on(t.id.desc().nullsFirst()).where(sql`${t.status} <> 'succeeded'`),
    // seal_audit
    index('idx_audit_log_unsealed').on(t.id).where(sql`${t.hash} is null`),
    // purge_audit: days that prove a redaction
    index('idx_audit_log_redacted').on(t.day).where(sql`${t.redactedBy} is not null`),
    // verify_audit, purge_audit: the chain's order
    uniqueIndex('audit_log_chain_key').on(t.day, t.chainPosition).where(sql`${t.chainPosition} is not null`),
    check(
      'audit_log_actor_type',
      sql`${t.actorType} in ('user', 'employee', 'system', 'cron', 'key', 'provider', 'anonymous', 'database')`,
    ),
    check('audit_log_status', sql`${t.status} in ('succeeded', 'refused', 'failed')`),
  ],
)

/** A day of the chain: it outlives the rows of the day, so that what came after can still be proven. */
export const auditDays = pgTable('audit_days', {
  /** UTC. */
  day: date('day').primaryKey(),
  rowCount: bigint('row_count', { mode: 'number' }).notNull(),
  /** The head of the day before. */
  previousHash: bytes('previous_hash').notNull(),
  headHash: bytes('head_hash').notNull(),
  sealedAt: time('sealed_at').notNull(),
  purgedAt: time('purged_at'),
})
