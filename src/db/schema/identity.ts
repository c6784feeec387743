import { sql } from 'drizzle-orm'
import {
  boolean,
  check,
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
import { createdAt, emptyObject, emptyTextArray, id, time, updatedAt, version } from './columns.ts'
import { userRole } from './enums.ts'

export const users = pgTable(
  'users',
  {
    id: id(),
    role: userRole('role').notNull().default('client'),
    /** E.164. */
    phone: text('phone').notNull().unique('users_phone_key'),
    email: text('email').unique('users_email_key'),
    fullName: text('full_name'),
    /** BCP 47. */
    locale: text('locale').notNull().default('ar-EG'),
    createdAt: createdAt(),
    updatedAt: updatedAt(),
    version: version(),
  },
  (t) => [check('users_phone_e164', sql`${t.phone} ~ '^\\+[1-9][0-9]{6,14}$'`)],
)

export const userVerifications = pgTable('user_verifications', {
  userId: uuid('user_id')
    .primaryKey()
    .references(() => users.id, { onDelete: 'cascade' }),
  phoneVerified: boolean('phone_verified').notNull().default(false),
  /** HMAC with the pepper: never the number itself. */
  nationalIdHash: text('national_id_hash'),
  nationalIdLast4: text('national_id_last4'),
  verificationStatus: text('verification_status').notNull().default('unverified'),
  verifiedAt: time('verified_at'),
  createdAt: createdAt(),
  updatedAt: updatedAt(),
})

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
    /** When the SMS left: a repeated message of the queue sends no second one. */
    sentAt: time('sent_at'),
  },
  (t) => [
    index('idx_otp_requests_phone').on(t.phone, t.createdAt.desc()),
    index('idx_otp_requests_block').on(t.numberBlock, t.createdAt.desc()),
    index('idx_otp_requests_ip').on(t.ipAddress, t.createdAt.desc()),
    index('idx_otp_requests_time').on(t.createdAt),
    check('otp_requests_attempts', sql`${t.attempts} between 0 and 5`),
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
    createdAt: createdAt(),
    lastUsedAt: time('last_used_at').notNull().defaultNow(),
    revokedAt: time('revoked_at'),
    revokedReason: text('revoked_reason'),
  },
  (t) => [index('idx_sessions_user').on(t.userId, t.id)],
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
    keyHash: text('key_hash').notNull(),
    scopes: text('scopes').array().notNull().default(emptyTextArray),
    createdAt: createdAt(),
    expiresAt: time('expires_at'),
    lastUsedAt: time('last_used_at'),
    revokedAt: time('revoked_at'),
  },
  (t) => [index('idx_api_keys_user').on(t.userId)],
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
  ],
)

export const auditLog = pgTable(
  'audit_log',
  {
    id: id(),
    actorUserId: uuid('actor_user_id'),
    /** client · tasker · ops · admin · system · provider · anonymous */
    actorRole: text('actor_role').notNull(),
    action: text('action').notNull(),
    targetType: text('target_type'),
    targetId: text('target_id'),
    requestId: text('request_id'),
    ipAddress: text('ip_address'),
    userAgent: text('user_agent'),
    /** `{ changes: { column: [old, new] } }` */
    meta: jsonb('meta').notNull().default(emptyObject),
    createdAt: createdAt(),
  },
  (t) => [
    index('idx_audit_log_time').on(t.createdAt.desc()),
    index('idx_audit_log_target').on(t.targetType, t.targetId, t.createdAt.desc()),
    index('idx_audit_log_actor').on(t.actorUserId, t.createdAt.desc()),
  ],
)

/** A queue message that could not be handled, kept for ops. */
export const deadLetters = pgTable('dead_letters', {
  id: id(),
  queue: text('queue').notNull(),
  messageId: text('message_id').notNull().unique('dead_letters_message_key'),
  body: jsonb('body').notNull(),
  attempts: integer('attempts').notNull(),
  createdAt: createdAt(),
  resolvedAt: time('resolved_at'),
})
