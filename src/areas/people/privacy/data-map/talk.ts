import { sql } from 'drizzle-orm'
import { type Holding, owned } from './holding.ts'

/** What was said. */
export const talk: Record<string, Holding> = {
  messages: {
    of: ({ user }) =>
      sql`t.sender_id = ${user} and t.conversation_id in (select p.conversation_id from conversation_participants p where p.user_id = ${user})`,
    personal: 'text media_url media_id meta',
    other:
      'id conversation_id sender_id kind seq client_message_id reply_to flagged created_at edited_at deleted_at',
    erasure: 'keep',
    blanks: {
      text: 'null::text',
      media_url: 'null::text',
      media_id: 'null::uuid',
      meta: "jsonb_strip_nulls(jsonb_build_object('changedSeq', t.meta -> 'changedSeq'))",
      deleted_at: 'coalesce(t.deleted_at, now())',
    },
    masks: {
      of: ({ user }) =>
        sql`t.conversation_id in (select p.conversation_id from conversation_participants p where p.user_id = ${user})`,
      text: ['text'],
    },
    why: 'the other side keeps its own words, and the order of the talk',
  },
  conversation_entries: {
    of: ({ user }) =>
      sql`t.body ->> 'userId' = ${user}::text and t.conversation_id in (select p.conversation_id from conversation_participants p where p.user_id = ${user})`,
    personal: 'body',
    other: 'conversation_id seq type created_at',
    erasure: 'keep',
    blanks: { body: "case when t.body ? 'text' then t.body || '{\"text\": null}' else t.body end" },
    masks: {
      of: ({ user }) =>
        sql`t.conversation_id in (select p.conversation_id from conversation_participants p where p.user_id = ${user})`,
      json: ['body'],
    },
    why: 'the order of the talk',
  },
  conversation_participants: {
    of: owned('user_id'),
    other: 'conversation_id user_id read_seq joined_at removed_at',
    erasure: 'keep',
    why: 'ids and times',
  },
  conversations: {
    other: 'id kind booking_id archived_seq last_message_at created_at ended_at',
    erasure: 'keep',
    why: 'ids and times',
  },
  media_files: {
    of: owned('user_id'),
    personal: 'kind mime_type file_size storage_url storage_key content_hash metadata',
    other: 'id user_id uploaded_at expires_at created_at',
    hidden: 'storage_url storage_key',
    erasure: 'delete',
  },
  notification_deliveries: {
    of: ({ user }) => sql`t.notification_id in (select n.id from notifications n where n.user_id = ${user})`,
    personal: 'device note',
    other: 'notification_id channel status attempts attempted_at',
    erasure: 'delete',
  },
  notifications: {
    of: owned('user_id'),
    personal: 'title body data',
    other: 'id user_id event_id kind read_at delivered_at swept_at created_at',
    erasure: 'delete',
  },
  reviews: {
    of: owned('reviewer_id'),
    exportOf: ({ user }) => sql`${user} in (t.reviewer_id, t.reviewee_id)`,
    personal: 'comment tags',
    other: 'id booking_id reviewer_id reviewee_id rating created_at',
    erasure: 'keep',
    blanks: { comment: 'null::text', tags: "'{}'::text[]" },
    masks: { of: owned('reviewee_id'), text: ['comment'] },
    why: "the rating is the other side's",
  },
  reports: {
    of: owned('reporter_id'),
    personal: 'description',
    other: 'id reporter_id reported_user_id booking_id kind status created_at updated_at version',
    erasure: 'keep',
    masks: { of: ({ user }) => sql`${user} in (t.reporter_id, t.reported_user_id)`, text: ['description'] },
    why: 'a safety record',
  },
  disputes: {
    of: owned('opened_by'),
    exportOf: ({ user }) =>
      sql`t.booking_id in (select b.id from bookings b where ${user} in (b.client_id, b.tasker_id))`,
    personal: 'reason resolution',
    other: 'id booking_id status opened_by amount_in_question currency created_at updated_at version',
    erasure: 'keep',
    masks: {
      of: ({ user }) =>
        sql`t.booking_id in (select b.id from bookings b where ${user} in (b.client_id, b.tasker_id))`,
      text: ['reason'],
      json: ['resolution'],
    },
    why: 'a safety record',
  },
}
