import { sql } from 'drizzle-orm'
import {
  type AnyPgColumn,
  bigint,
  boolean,
  check,
  date,
  index,
  integer,
  jsonb,
  pgTable,
  primaryKey,
  smallint,
  text,
  unique,
  uniqueIndex,
  uuid,
} from 'drizzle-orm/pg-core'
import { bytes, createdAt, emptyObject, emptyTextArray, id, time, updatedAt, version } from './columns.ts'
import { accountType, userRole, userStatus, verificationStatus } from './enums.ts'

export const users = pgTable(
  'users',
  {
    id: id(),
    role: userRole('role').notNull().default('client'),
    /** E.164. */
    phone: text('phone').unique('users_phone_key'),
    email: text('email').unique('users_email_key'),
    /** When its owner has shown that it is theirs; only then it signs in. */
    emailVerifiedAt: time('email_verified_at'),
    /** Lower case. */
    username: text('username').unique('users_username_key'),
    fullName: text('full_name'),
    /** BCP 47. */
    locale: text('locale').notNull().default('ar-EG'),
    accountType: accountType('account_type').notNull().default('individual'),
    status: userStatus('status').notNull().default('active'),
    /** IANA, `Area/Location`. */
    timezone: text('timezone').notNull().default('Africa/Cairo'),
    /** ISO 4217, one that we keep books in. */
    currency: text('currency').notNull().default('EGP'),
    /** ISO 3166-1 alpha-2: where they are at home. Null: older than the column, or nothing told it. */
    country: text('country'),
    /** From here on nobody acts as them, and their personal data is going or gone. */
    erasedAt: time('erased_at'),
    /** Follows `legal_holds`. */
    legalHold: boolean('legal_hold').notNull().default(false),
    /** Follow `status`, and are null of who is not suspended. */
    suspendedAt: time('suspended_at'),
    suspendedBy: uuid('suspended_by').references((): AnyPgColumn => users.id, { onDelete: 'set null' }),
    suspensionReason: text('suspension_reason'),
    createdAt: createdAt(),
    updatedAt: updatedAt(),
    version: version(),
  },
  (t) => [
    index('idx_users_legal_hold').on(t.id).where(sql`${t.legalHold}`),
    check('users_phone_e164', sql`${t.phone} ~ '^\\+[1-9][0-9]{6,14}$'`),
    check('users_country', sql`${t.country} ~ '^[A-Z]{2}$'`),
    check('users_locale', sql`${t.locale} ~ '^[a-z]{2,3}(-[A-Z][a-z]{3})?(-([A-Z]{2}|[0-9]{3}))?$'`),
    check('users_username_form', sql`${t.username} ~ '^[a-z0-9][a-z0-9._-]{1,48}[a-z0-9]$'`),
    check(
      'users_reachable',
      sql`${t.phone} is not null or ${t.email} is not null or ${t.erasedAt} is not null`,
    ),
  ],
)

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
    verificationStatus: verificationStatus('verification_status').notNull().default('unverified'),
    verifiedAt: time('verified_at'),
    documentType: text('document_type'),
    /** ISO 3166-1 alpha-2: who issued it. */
    documentCountry: text('document_country'),
    // Of `media_files`; null once the file is gone.
    frontMediaId: uuid('front_media_id'),
    backMediaId: uuid('back_media_id'),
    selfieMediaId: uuid('selfie_media_id'),
    submittedAt: time('submitted_at'),
    reviewedAt: time('reviewed_at'),
    reviewedBy: uuid('reviewed_by').references(() => users.id, { onDelete: 'set null' }),
    rejectionReason: text('rejection_reason'),
    createdAt: createdAt(),
    updatedAt: updatedAt(),
    version: version(),
  },
  (t) => [
    uniqueIndex('user_verifications_national_id_key')
      .on(t.nationalIdHash)
      .where(sql`${t.verificationStatus} = 'verified'`),
    index('idx_user_verifications_hash').on(t.nationalIdHash).where(sql`${t.nationalIdHash} is not null`),
    index('idx_user_verifications_queue')
      .on(t.verificationStatus, t.submittedAt, t.userId)
      .where(sql`${t.submittedAt} is not null`),
  ],
)

export const userDevices = pgTable(
  'user_devices',
  {
    id: id(),
    userId: uuid('user_id')
      .notNull()
      .references(() => users.id, { onDelete: 'cascade' }),
    deviceId: text('device_id').notNull(),
    platform: text('platform').notNull(),
    pushToken: text('push_token'),
    lastSeenAt: time('last_seen_at'),
    createdAt: createdAt(),
  },
  (t) => [
    unique('user_devices_user_device_key').on(t.userId, t.deviceId),
    index('idx_user_devices_last_seen').on(t.lastSeenAt),
    uniqueIndex('user_devices_push_token_key').on(t.pushToken).where(sql`${t.pushToken} is not null`),
    check('user_devices_platform', sql`${t.platform} in ('ios', 'android', 'web')`),
  ],
)

export const otpRequests = pgTable(
  'otp_requests',
  {
    id: id(),
    phone: text('phone').notNull(),
    /** HMAC-SHA256 with the pepper over phone and code. */
    otpHash: text('otp_hash').notNull(),
    /** The number without its last four digits: pumping walks through a block of numbers. */
    numberBlock: text('number_block').notNull(),
    ipAddress: text('ip_address'),
    userAgent: text('user_agent'),
    attempts: smallint('attempts').notNull().default(0),
    verified: boolean('verified').notNull().default(false),
    createdAt: createdAt(),
    expiresAt: time('expires_at').notNull(),
    /** When the message left: a repeated message of the queue sends no second one. */
    sentAt: time('sent_at'),
    /** sms · whatsapp · voice: the one it was meant for, and the one that took it. */
    channel: text('channel').notNull().default('sms'),
    sentBy: text('sent_by'),
    /** Under which it counts for the breaker. */
    prefixes: text('prefixes').array().notNull().default(emptyTextArray),
    /** sign_in · change: whose number it is to become. */
    purpose: text('purpose').notNull().default('sign_in'),
    /** Of a change, for whom; of other codes, who had the number until a change. */
    userId: uuid('user_id').references(() => users.id, { onDelete: 'cascade' }),
  },
  (t) => [
    index('idx_otp_requests_user').on(t.userId, t.createdAt.desc()),
    index('idx_otp_requests_phone').on(t.phone, t.createdAt.desc()),
    index('idx_otp_requests_block').on(t.numberBlock, t.createdAt.desc()),
    index('idx_otp_requests_ip').on(t.ipAddress, t.createdAt.desc()),
    index('idx_otp_requests_time').on(t.createdAt),
    check('otp_requests_attempts', sql`${t.attempts} between 0 and 5`),
    check('otp_requests_purpose', sql`${t.purpose} in ('sign_in', 'change')`),
    check('otp_requests_change', sql`${t.purpose} <> 'change' or ${t.userId} is not null`),
    check('otp_requests_channel', sql`${t.channel} in ('sms', 'whatsapp', 'voice')`),
  ],
)

/**
 * One row a code sent and key it counts under (keyed hashes). It outlives the request, which is gone after ten minutes,
 * so that a day can be counted without keeping anybody's number.
 */
export const otpSends = pgTable(
  'otp_sends',
  {
    key: text('key').notNull(),
    sentAt: time('sent_at').notNull().defaultNow(),
    otpRequestId: uuid('otp_request_id').notNull(),
  },
  (t) => [
    primaryKey({ name: 'otp_sends_pkey', columns: [t.key, t.sentAt, t.otpRequestId] }),
    index('idx_otp_sends_time').on(t.sentAt),
  ],
)

/** One sign-in on one device; the family of its refresh tokens. */
export const sessions = pgTable(
  'sessions',
  {
    id: id(),
    userId: uuid('user_id')
      .notNull()
      .references(() => users.id, { onDelete: 'cascade' }),
    deviceId: text('device_id'),
    ipAddress: text('ip_address'),
    userAgent: text('user_agent'),
    /** Where it was opened, as the edge saw it: ISO 3166-1 alpha-2 (or Cloudflare's `T1`, `XX`), and the city's name. */
    country: text('country'),
    city: text('city'),
    /** The same of its last refresh; null until then. */
    lastIpAddress: text('last_ip_address'),
    lastCountry: text('last_country'),
    lastCity: text('last_city'),
    createdAt: createdAt(),
    lastUsedAt: time('last_used_at').notNull().defaultNow(),
    revokedAt: time('revoked_at'),
    revokedReason: text('revoked_reason'),
    /** otp · password · registration. */
    firstFactor: text('first_factor').notNull().default('otp'),
    /** When it last showed a second factor. */
    mfaAt: time('mfa_at'),
  },
  (t) => [
    index('idx_sessions_user').on(t.userId, t.id),
    check('sessions_first_factor', sql`${t.firstFactor} in ('otp', 'password', 'registration')`),
    index('idx_sessions_last_used').on(t.lastUsedAt),
    check('sessions_country', sql`${t.country} ~ '^[A-Z0-9]{2}$'`),
  ],
)

export const refreshTokens = pgTable(
  'refresh_tokens',
  {
    id: id(),
    sessionId: uuid('session_id')
      .notNull()
      .references(() => sessions.id, { onDelete: 'cascade' }),
    /** SHA-256, hex. */
    tokenHash: text('token_hash').notNull().unique('refresh_tokens_hash_key'),
    createdAt: createdAt(),
    expiresAt: time('expires_at').notNull(),
    /** Set when it was exchanged: seeing it again is theft or a lost answer. */
    usedAt: time('used_at'),
    replacedBy: uuid('replaced_by'),
  },
  // At most one unspent token a session, whatever races.
  (t) => [
    uniqueIndex('refresh_tokens_one_live').on(t.sessionId).where(sql`${t.usedAt} is null`),
    index('idx_refresh_tokens_expiry').on(t.expiresAt),
    index('idx_refresh_tokens_session').on(t.sessionId),
  ],
)

export const apiKeys = pgTable(
  'api_keys',
  {
    id: id(),
    userId: uuid('user_id')
      .notNull()
      .references(() => users.id, { onDelete: 'cascade' }),
    name: text('name').notNull(),
    prefix: text('prefix').notNull().unique('api_keys_prefix_key'),
    /** SHA-256 of the key's secret, hex. */
    keyHash: text('key_hash').notNull(),
    /** What the secret is derived from, with the pepper; a new one with every rotation. */
    secretId: uuid('secret_id').notNull(),
    scopes: text('scopes').array().notNull().default(emptyTextArray),
    /** Of the owner when the key was made; it is worth nothing in another. */
    ownerRole: userRole('owner_role').notNull().default('client'),
    requestsPerMinute: integer('requests_per_minute'),
    createdAt: createdAt(),
    updatedAt: updatedAt(),
    expiresAt: time('expires_at'),
    lastUsedAt: time('last_used_at'),
    revokedAt: time('revoked_at'),
    /** The key before the last rotation, and until when it goes on working. */
    previousHash: text('previous_hash'),
    previousUntil: time('previous_until'),
    version: version(),
  },
  (t) => [
    index('idx_api_keys_user').on(t.userId),
    index('idx_api_keys_ended').on(sql`least(${t.revokedAt}, ${t.expiresAt})`),
    check('api_keys_requests_per_minute', sql`${t.requestsPerMinute} > 0`),
    check('api_keys_previous', sql`(${t.previousHash} is null) = (${t.previousUntil} is null)`),
  ],
)

/** One row a (caller, key): what the first request answered, for 24 hours. */
export const idempotencyKeys = pgTable(
  'idempotency_keys',
  {
    scope: text('scope').notNull(),
    key: text('key').notNull(),
    requestHash: text('request_hash').notNull(),
    rows: jsonb('rows').notNull(),
    createdAt: createdAt(),
  },
  (t) => [
    unique('idempotency_keys_scope_key').on(t.scope, t.key),
    index('idx_idempotency_time').on(t.createdAt),
    index('idx_idempotency_scope').on(t.scope),
  ],
)

/**
 * Append-only, and chained by day (`drizzle/0017_audit_chain.sql`): a row is sealed within a minute or two of its commit.
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
    /** Whom the row is about, where it is about somebody: erasure finds it by this. */
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
    // Of the chain: null until the row is sealed.
    day: date('day'),
    chainPosition: bigint('chain_position', { mode: 'number' }),
    previousHash: bytes('previous_hash'),
    hash: bytes('hash'),
    sealedAt: time('sealed_at'),
  },
  (t) => [
    index('idx_audit_log_time').on(t.createdAt.desc()),
    index('idx_audit_log_target').on(t.targetType, t.targetId, t.createdAt.desc()),
    index('idx_audit_log_actor').on(t.actorUserId, t.createdAt.desc()),
    index('idx_audit_log_actor_id').on(t.actorId, t.id.desc()),
    index('idx_audit_log_subject').on(t.subjectUserId, t.id.desc()),
    index('idx_audit_log_module').on(t.module, t.id.desc()),
    index('idx_audit_log_action').on(t.action, t.id.desc()),
    index('idx_audit_log_request').on(t.requestId),
    index('idx_audit_log_correlation').on(t.correlationId),
    index('idx_audit_log_not_succeeded').on(t.id.desc()).where(sql`${t.status} <> 'succeeded'`),
    index('idx_audit_log_unsealed').on(t.id).where(sql`${t.hash} is null`),
    index('idx_audit_log_redacted').on(t.day).where(sql`${t.redactedBy} is not null`),
    uniqueIndex('audit_log_chain_key').on(t.day, t.chainPosition),
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

/** A queue message that could not be handled, kept for ops. */
export const deadLetters = pgTable(
  'dead_letters',
  {
    id: id(),
    queue: text('queue').notNull(),
    messageId: text('message_id').notNull().unique('dead_letters_message_key'),
    body: jsonb('body').notNull(),
    attempts: integer('attempts').notNull(),
    createdAt: createdAt(),
    resolvedAt: time('resolved_at'),
  },
  (t) => [
    index('idx_dead_letters_time').on(t.createdAt),
    index('idx_dead_letters_codes').on(t.createdAt).where(sql`${t.body} ->> 'kind' in ('otp', 'email_code')`),
  ],
)
