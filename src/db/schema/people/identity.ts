import { sql } from 'drizzle-orm'
import {
  type AnyPgColumn,
  boolean,
  check,
  index,
  jsonb,
  pgTable,
  primaryKey,
  smallint,
  text,
  unique,
  uniqueIndex,
  uuid,
} from 'drizzle-orm/pg-core'
import type { Restrictions } from '../../../core/switches.ts'
import {
  createdAt,
  emptyArray,
  emptyObject,
  emptyTextArray,
  id,
  time,
  updatedAt,
  version,
} from '../columns.ts'
import { accountType, userRole, userStatus } from '../enums.ts'

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
    /** Country of residence, ISO 3166-1 alpha-2. Null: unknown, or the account is older than the column. */
    country: text('country'),
    /** From here on nobody acts as them, and their personal data is going or gone. */
    erasedAt: time('erased_at'),
    /** Follows `legal_holds`. */
    legalHold: boolean('legal_hold').notNull().default(false),
    /** Follow `status`, and are null of who is not suspended. */
    suspendedAt: time('suspended_at'),
    suspendedBy: uuid('suspended_by').references((): AnyPgColumn => users.id, { onDelete: 'set null' }),
    suspensionReason: text('suspension_reason'),
    /** Abilities that staff have restricted, each with its reason and end. */
    restrictions: jsonb('restrictions').notNull().default(emptyObject).$type<Restrictions>(),
    /** Follow `status`: when it was closed, and until when it can be restored; of who has come back, when that was. */
    deletedAt: time('deleted_at'),
    restorableUntil: time('restorable_until'),
    restoredAt: time('restored_at'),
    createdAt: createdAt(),
    updatedAt: updatedAt(),
    version: version(),
  },
  (t) => [
    index('idx_users_restorable').on(t.restorableUntil).where(sql`${t.restorableUntil} is not null`),
    index('idx_users_legal_hold').on(t.id).where(sql`${t.legalHold}`),
    // users.list with updatedSince (`updatedKey` in src/db/listing.ts)
    index('idx_users_updated').on(sql`date_trunc('milliseconds', ${t.updatedAt} at time zone 'UTC')`, t.id),
    check(
      'users_restrictions',
      sql`jsonb_typeof(${t.restrictions}) = 'object' and ${t.restrictions} - 'post' - 'transact' - 'read' = '{}'`,
    ),
    check('users_phone_e164', sql`${t.phone} ~ '^\\+[1-9][0-9]{6,14}$'`),
    check('users_timezone', sql`khidma.is_timezone(${t.timezone})`),
    check('users_currency', sql`${t.currency} in ('EGP', 'NGN', 'KGS', 'INR', 'GHS')`),
    check('users_country', sql`${t.country} ~ '^[A-Z]{2}$'`),
    check('users_locale', sql`${t.locale} ~ '^[a-z]{2,3}(-[A-Z][a-z]{3})?(-([A-Z]{2}|[0-9]{3}))?$'`),
    check('users_username_form', sql`${t.username} ~ '^[a-z0-9][a-z0-9._-]{1,48}[a-z0-9]$'`),
    check(
      'users_reachable',
      sql`${t.phone} is not null or ${t.email} is not null or ${t.erasedAt} is not null`,
    ),
  ],
)

/** How far the search for accounts that nobody uses has come; null: it begins anew. One row. */
export const unusedAccountProgress = pgTable(
  'unused_account_progress',
  { isOnly: boolean('is_only').primaryKey().default(true), reached: uuid('reached') },
  (t) => [check('unused_account_progress_one', sql`${t.isOnly}`)],
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
    /** HMAC-SHA256 with the pepper over id and code. */
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
    /** User whose change of number it is; for other codes, the user who had the number until a change. */
    userId: uuid('user_id').references(() => users.id, { onDelete: 'cascade' }),
    /** A keyed hash of whom it was sent for: under it the pauses between codes are counted. */
    requester: text('requester').notNull().default(''),
    /** The limits that a wrong guess at it counts under: [{ key, count, perSeconds }]. */
    guesses: jsonb('guesses').notNull().default(emptyArray),
  },
  (t) => [
    index('idx_otp_requests_user').on(t.userId, t.createdAt.desc().nullsFirst()),
    index('idx_otp_requests_phone').on(t.phone, t.createdAt.desc().nullsFirst()),
    index('idx_otp_requests_block').on(t.numberBlock, t.createdAt.desc().nullsFirst()),
    index('idx_otp_requests_ip').on(t.ipAddress, t.createdAt.desc().nullsFirst()),
    index('idx_otp_requests_time').on(t.createdAt),
    check('otp_requests_attempts', sql`${t.attempts} between 0 and 5`),
    check('otp_requests_purpose', sql`${t.purpose} in ('sign_in', 'change')`),
    check('otp_requests_change', sql`${t.purpose} <> 'change' or ${t.userId} is not null`),
    check('otp_requests_channel', sql`${t.channel} in ('sms', 'whatsapp', 'voice')`),
  ],
)

/**
 * One row a code sent, or guessed wrongly, and key it counts under (keyed hashes). It outlives the request, which is gone after ten minutes,
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
