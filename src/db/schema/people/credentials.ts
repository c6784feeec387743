import { sql } from 'drizzle-orm'
import {
  bigint,
  check,
  index,
  integer,
  jsonb,
  pgTable,
  primaryKey,
  smallint,
  text,
  uuid,
} from 'drizzle-orm/pg-core'
import { createdAt, emptyObject, id, time, updatedAt, version } from '../columns.ts'
import { sessions, users } from './identity.ts'

const ofUser = () =>
  uuid('user_id')
    .notNull()
    .references(() => users.id, { onDelete: 'cascade' })

/** The password, which signs in with every name of the account, and facts about signing in. */
export const userCredentials = pgTable(
  'user_credentials',
  {
    userId: uuid('user_id')
      .primaryKey()
      .references(() => users.id, { onDelete: 'cascade' }),
    /** Null like the next three: there is no password. */
    passwordChangedAt: time('password_changed_at'),
    /** Random, base64url. */
    passwordSalt: text('password_salt'),
    /** Function and parameters: `scrypt ln=14 r=8 p=5`. */
    passwordAlgorithm: text('password_algorithm'),
    /** HMAC with the pepper over the derived key, hex. */
    passwordHash: text('password_hash'),
    /** Wrong passwords between the last two sign-ins, from the network of the last one. */
    failedAttempts: integer('failed_attempts').notNull().default(0),
    lastSignInAt: time('last_sign_in_at'),
    toldBlockedAt: time('told_blocked_at'),
    createdAt: createdAt(),
    updatedAt: updatedAt(),
  },
  (t) => [
    check(
      'user_credentials_password',
      sql`num_nonnulls(${t.passwordChangedAt}, ${t.passwordSalt}, ${t.passwordAlgorithm}, ${t.passwordHash}) in (0, 4)`,
    ),
  ],
)

/** Failures under a key (keyed hashes of a name, a network, both; a person's second factor), known names or not. */
export const signInAttempts = pgTable(
  'sign_in_attempts',
  {
    key: text('key').primaryKey(),
    failed: integer('failed').notNull().default(0),
    lastFailedAt: time('last_failed_at'),
    blockedUntil: time('blocked_until'),
    /** For a name with a network: a person who has signed in from here is not stopped by the failures of strangers. */
    succeededAt: time('succeeded_at'),
    seenAt: time('seen_at').notNull().defaultNow(),
  },
  (t) => [index('idx_sign_in_attempts_seen').on(t.seenAt)],
)

/** A code sent to an address: registration, reset, change of address. */
export const emailCodes = pgTable(
  'email_codes',
  {
    id: id(),
    purpose: text('purpose').notNull(),
    email: text('email').notNull(),
    /** The account that has proven the address; for a change the one that asks; for a registration the one that it made. */
    userId: uuid('user_id').references(() => users.id, { onDelete: 'cascade' }),
    /** HMAC with the pepper over id and code, hex. */
    codeHash: text('code_hash').notNull(),
    /** The input that waits for the code; emptied by it. */
    fields: jsonb('fields').notNull().default(emptyObject),
    attempts: smallint('attempts').notNull().default(0),
    ipAddress: text('ip_address'),
    createdAt: createdAt(),
    expiresAt: time('expires_at').notNull(),
    sentAt: time('sent_at'),
    usedAt: time('used_at'),
    completedAt: time('completed_at'),
  },
  (t) => [
    index('idx_email_codes_time').on(t.createdAt),
    index('idx_email_codes_user').on(t.userId),
    check('email_codes_purpose', sql`${t.purpose} in ('register', 'reset', 'change')`),
    check('email_codes_attempts', sql`${t.attempts} between 0 and 5`),
  ],
)

export const mfaFactors = pgTable(
  'mfa_factors',
  {
    id: id(),
    userId: ofUser(),
    kind: text('kind').notNull().default('totp'),
    label: text('label').notNull(),
    /** Encrypted under a versioned key, for this row. */
    secret: text('secret').notNull(),
    /** The time step of the last code: it and all before it are spent. */
    lastCounter: bigint('last_counter', { mode: 'number' }).notNull(),
    createdAt: createdAt(),
    lastUsedAt: time('last_used_at'),
  },
  (t) => [
    index('idx_mfa_factors_user').on(t.userId, t.id),
    index('idx_mfa_factors_key').on(sql`split_part(${t.secret}, '.', 1)`, t.id),
    check('mfa_factors_kind', sql`${t.kind} = 'totp'`),
  ],
)

export const mfaBackupCodes = pgTable(
  'mfa_backup_codes',
  {
    userId: ofUser(),
    /** HMAC with the pepper over user and code, hex. */
    codeHash: text('code_hash').notNull(),
    batchId: uuid('batch_id').notNull(),
    createdAt: createdAt(),
    usedAt: time('used_at'),
  },
  (t) => [primaryKey({ name: 'mfa_backup_codes_pkey', columns: [t.userId, t.codeHash] })],
)

/** A second factor that is asked for: of somebody who signs in, or of a session that is to do something sensitive. */
export const mfaChallenges = pgTable(
  'mfa_challenges',
  {
    id: id(),
    userId: ofUser(),
    sessionId: uuid('session_id').references(() => sessions.id, { onDelete: 'cascade' }),
    firstFactor: text('first_factor').notNull(),
    device: jsonb('device'),
    attempts: smallint('attempts').notNull().default(0),
    createdAt: createdAt(),
    expiresAt: time('expires_at').notNull(),
    usedAt: time('used_at'),
  },
  (t) => [
    index('idx_mfa_challenges_user').on(t.userId),
    index('idx_mfa_challenges_session').on(t.sessionId),
    index('idx_mfa_challenges_time').on(t.createdAt),
    check('mfa_challenges_attempts', sql`${t.attempts} between 0 and 5`),
  ],
)

/** Codes sent and typed in, by the minute: what the breaker looks at. */
export const otpPrefixCounts = pgTable(
  'otp_prefix_counts',
  {
    /** A country's calling code, or a number without its last six digits. */
    prefix: text('prefix').notNull(),
    channel: text('channel').notNull(),
    minute: time('minute').notNull(),
    /** A country's codes are counted on sixteen rows, so that no row serialises it. */
    shard: smallint('shard').notNull().default(0),
    sent: integer('sent').notNull().default(0),
    verified: integer('verified').notNull().default(0),
  },
  (t) => [
    primaryKey({ name: 'otp_prefix_counts_pkey', columns: [t.prefix, t.channel, t.minute, t.shard] }),
    index('idx_otp_prefix_counts_minute').on(t.minute),
  ],
)

/** A prefix that was pumped: its channel is paused until then, with what was counted. */
export const otpBreakers = pgTable(
  'otp_breakers',
  {
    prefix: text('prefix').notNull(),
    channel: text('channel').notNull(),
    trippedAt: time('tripped_at').notNull(),
    pausedUntil: time('paused_until').notNull(),
    /** Consecutive pauses: each is twice as long as the one before. */
    trips: integer('trips').notNull().default(1),
    sent: integer('sent').notNull(),
    verified: integer('verified').notNull(),
    id: uuid('id').notNull().default(sql`khidma.uuid_v7()`).unique('otp_breakers_id_key'),
    /** When a pause was last ended by staff. */
    resetAt: time('reset_at'),
    updatedAt: updatedAt(),
    version: version(),
  },
  (t) => [primaryKey({ name: 'otp_breakers_pkey', columns: [t.prefix, t.channel] })],
)

/** A security notification that is still to be sent: gone once its recipient was reached, after two days at the latest. */
export const securityNotifications = pgTable(
  'security_notifications',
  {
    eventId: uuid('event_id').notNull(),
    channel: text('channel').notNull(),
    userId: ofUser(),
    /** Address or number that was theirs, and proven, before the change. */
    recipient: text('recipient').notNull(),
    /** Masked: the new address or number, where that is what has changed. */
    changedTo: text('changed_to'),
    /** By an attempt that is under way. */
    takenUntil: time('taken_until'),
    createdAt: createdAt(),
  },
  (t) => [
    primaryKey({ name: 'security_notifications_pkey', columns: [t.eventId, t.channel] }),
    index('idx_security_notifications_user').on(t.userId),
    index('idx_security_notifications_time').on(t.createdAt),
    check('security_notifications_channel', sql`${t.channel} in ('email', 'sms')`),
  ],
)
