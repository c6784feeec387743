import { sql } from 'drizzle-orm'
import { type Holding, owned } from './holding.ts'

/** Ways in. */
export const waysIn: Record<string, Holding> = {
  user_devices: {
    of: owned('user_id'),
    personal: 'device_id platform push_token last_seen_at',
    other: 'id user_id created_at',
    hidden: 'push_token',
    erasure: 'delete',
  },
  refresh_tokens: {
    of: ({ user }) => sql`t.session_id in (select s.id from sessions s where s.user_id = ${user})`,
    other: 'id session_id token_hash created_at expires_at used_at replaced_by',
    hidden: 'token_hash',
    erasure: 'delete',
  },
  mfa_challenges: {
    of: owned('user_id'),
    personal: 'device',
    other: 'id user_id session_id first_factor attempts created_at expires_at used_at',
    erasure: 'delete',
  },
  mfa_factors: {
    of: owned('user_id'),
    personal: 'label secret',
    other: 'id user_id kind last_counter created_at last_used_at',
    hidden: 'secret last_counter',
    erasure: 'delete',
  },
  mfa_backup_codes: {
    of: owned('user_id'),
    other: 'user_id code_hash batch_id created_at used_at',
    hidden: 'code_hash',
    erasure: 'delete',
  },
  user_credentials: {
    of: owned('user_id'),
    personal: 'password_salt password_hash',
    other:
      'user_id password_changed_at password_algorithm failed_attempts last_sign_in_at told_blocked_at created_at updated_at',
    hidden: 'password_salt password_hash password_algorithm',
    erasure: 'delete',
  },
  sessions: {
    of: owned('user_id'),
    personal: 'device_id ip_address user_agent country city last_ip_address last_country last_city',
    other: 'id user_id created_at last_used_at revoked_at revoked_reason first_factor mfa_at',
    erasure: 'delete',
  },
  api_keys: {
    of: owned('user_id'),
    personal: 'name',
    other:
      'id user_id prefix key_hash secret_id scopes owner_role requests_per_minute created_at updated_at expires_at last_used_at revoked_at previous_hash previous_until version',
    hidden: 'key_hash secret_id previous_hash',
    erasure: 'delete',
  },
  otp_requests: {
    of: ({ user, phone }) => sql`(t.phone = ${phone} or t.user_id = ${user})`,
    personal: 'phone number_block ip_address user_agent',
    other:
      'id otp_hash attempts verified created_at expires_at sent_at channel sent_by prefixes purpose user_id requester guesses',
    hidden: 'otp_hash prefixes requester guesses',
    erasure: 'delete',
  },
  email_codes: {
    of: ({ user, email }) => sql`(t.user_id = ${user} or t.email = ${email})`,
    personal: 'email fields ip_address',
    other: 'id purpose user_id code_hash attempts created_at expires_at sent_at used_at completed_at',
    hidden: 'code_hash fields',
    erasure: 'delete',
  },
  security_notifications: {
    of: owned('user_id'),
    personal: 'recipient changed_to',
    other: 'event_id channel user_id taken_until created_at',
    hidden: 'recipient changed_to',
    erasure: 'delete',
  },
  otp_sends: {
    other: 'key sent_at otp_request_id',
    erasure: 'keep',
    why: 'keyed hashes, gone within a day',
  },
  sign_in_attempts: {
    other: 'key failed last_failed_at blocked_until succeeded_at seen_at',
    erasure: 'keep',
    why: 'keyed hashes, gone within a month',
  },
  otp_prefix_counts: {
    other: 'prefix channel minute shard sent verified',
    erasure: 'keep',
    why: 'counts of prefixes',
  },
  otp_breakers: {
    other: 'prefix channel tripped_at paused_until trips sent verified id reset_at updated_at version',
    erasure: 'keep',
    why: 'counts of prefixes',
  },
}
