import { sql } from 'drizzle-orm'
import { type Holding, owned } from './holding.ts'

/** Machines, and what the platform notes. */
export const platform: Record<string, Holding> = {
  webhook_deliveries: {
    of: ({ user }) =>
      sql`t.subscription_id in (select s.id from webhook_subscriptions s where s.user_id = ${user})`,
    personal: 'response_body',
    other:
      'id subscription_id event_id round event_type payload status response_status attempts attempt_log next_attempt_at delivered_at created_at',
    erasure: 'delete',
  },
  webhook_subscriptions: {
    of: owned('user_id'),
    personal: 'url',
    other:
      'id user_id events secret previous_secret previous_secret_until active failures created_at updated_at version',
    hidden: 'secret previous_secret',
    erasure: 'delete',
  },
  outbox_recipients: {
    of: owned('user_id'),
    other: 'user_id xid seq event_id',
    hidden: 'xid',
    erasure: 'delete',
  },
  outbox: {
    other: 'id xid seq type object_type object_id object_seq data created_at dispatched_at swept_at',
    erasure: 'keep',
    why: 'ids and states, gone after 90 days',
  },
  idempotency_keys: {
    of: ({ user }) => sql`t.scope = ${user}::text`,
    personal: 'rows',
    other: 'scope key request_hash created_at',
    hidden: 'request_hash',
    erasure: 'delete',
    masks: { json: ['rows'] },
  },
  dead_letters: {
    other: 'id queue message_id body attempts created_at resolved_at',
    erasure: 'keep',
    why: 'ids, gone after 30 days; the codes in them are sealed, and gone after a day',
  },
  export_requests: {
    of: owned('user_id'),
    other:
      'id user_id status attempts next_at storage_key file_size row_count created_at updated_at completed_at expires_at version',
    hidden: 'storage_key',
    erasure: 'delete',
  },
  erasure_requests: {
    of: owned('user_id'),
    personal: 'reason',
    other:
      'id user_id status scheduled_for obstacles attempts next_at pass step step_cursor identifiers created_at updated_at canceled_at started_at wiped_at completed_at version',
    hidden: 'identifiers',
    erasure: 'keep',
    blanks: { reason: 'null::text' },
    why: 'that we did what was asked',
  },
  consents: {
    of: owned('user_id'),
    other: 'id user_id document_id granted_at withdrawn_at',
    erasure: 'keep',
    why: 'what was agreed to, by an id',
  },
  legal_holds: {
    of: owned('user_id'),
    isExported: false,
    personal: 'reason release_reason',
    other: 'id user_id placed_by placed_at released_by released_at updated_at version',
    erasure: 'keep',
    masks: { of: owned('user_id'), text: ['reason', 'release_reason'] },
    why: 'why data was held',
  },
  users: {
    of: owned('id'),
    personal: 'phone email username full_name suspension_reason',
    other:
      'id role email_verified_at locale account_type status timezone currency country erased_at legal_hold suspended_at suspended_by created_at updated_at version',
    hidden: 'legal_hold suspended_by suspension_reason',
    erasure: 'keep',
    blanks: {
      phone: 'null::text',
      email: 'null::text',
      email_verified_at: 'null::timestamptz',
      username: 'null::text',
      full_name: 'null::text',
      suspension_reason: 'null::text',
    },
    why: 'the id is the pseudonym that all the rest goes by',
  },
  audit_log: {
    of: ({ user }) => sql`(t.subject_user_id = ${user} or t.actor_user_id = ${user})`,
    exportOf: owned('actor_user_id'),
    personal: 'ip_address user_agent meta',
    other:
      'id actor_type actor_id actor_user_id actor_role source_id subject_user_id module action target_type target_id request_id correlation_id status created_at salt changes_digest redacted_at redacted_by day chain_position previous_hash hash sealed_at',
    hidden: 'salt changes_digest redacted_at redacted_by day chain_position previous_hash hash sealed_at',
    erasure: 'job',
    why: '`khidma.redact_audit`: the payload goes, its digest and the chain stay',
  },
}
