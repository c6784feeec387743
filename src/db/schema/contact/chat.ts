import { sql } from 'drizzle-orm'
import {
  bigint,
  boolean,
  check,
  index,
  jsonb,
  pgTable,
  primaryKey,
  text,
  unique,
  uuid,
} from 'drizzle-orm/pg-core'
import { createdAt, emptyObject, id, time } from '../columns.ts'
import { conversationKind, messageKind } from '../enums.ts'
import { users } from '../people/identity.ts'
import { bookings } from '../work/bookings.ts'
import { leadRequests } from '../work/leads.ts'

export const conversations = pgTable(
  'conversations',
  {
    id: id(),
    kind: conversationKind('kind').notNull().default('booking'),
    bookingId: uuid('booking_id')
      .unique('conversations_booking_key')
      .references(() => bookings.id, { onDelete: 'cascade' }),
    /** The request for a lead with whose answer it began: there is no booking yet, or it has become one. */
    leadRequestId: uuid('lead_request_id')
      .unique('conversations_lead_request_key')
      .references(() => leadRequests.id, { onDelete: 'cascade' }),
    /** The last log entry that is archived here. */
    archivedSeq: bigint('archived_seq', { mode: 'number' }).notNull().default(0),
    lastMessageAt: time('last_message_at'),
    createdAt: createdAt(),
    /** All that was said goes, or is gone. */
    endedAt: time('ended_at'),
  },
  (t) => [check('conversations_lead_request', sql`${t.leadRequestId} is null or ${t.kind} = 'booking'`)],
)

export const conversationParticipants = pgTable(
  'conversation_participants',
  {
    conversationId: uuid('conversation_id')
      .notNull()
      .references(() => conversations.id, { onDelete: 'cascade' }),
    userId: uuid('user_id')
      .notNull()
      .references(() => users.id, { onDelete: 'restrict' }),
    readSeq: bigint('read_seq', { mode: 'number' }).notNull().default(0),
    joinedAt: time('joined_at').notNull().defaultNow(),
    removedAt: time('removed_at'),
  },
  (t) => [
    primaryKey({ columns: [t.conversationId, t.userId] }),
    index('idx_conversation_participants_user').on(t.userId, t.conversationId),
  ],
)

/** The archive of a conversation's log. The live log is the Conversation object's; this one is never ahead of it. */
export const messages = pgTable(
  'messages',
  {
    id: id(),
    conversationId: uuid('conversation_id')
      .notNull()
      .references(() => conversations.id, { onDelete: 'cascade' }),
    /** Null for kind `system`. */
    senderId: uuid('sender_id').references(() => users.id, { onDelete: 'restrict' }),
    kind: messageKind('kind').notNull(),
    /** Position in the conversation's log, gapless over all its entries. */
    seq: bigint('seq', { mode: 'number' }).notNull(),
    clientMessageId: text('client_message_id'),
    text: text('text'),
    mediaUrl: text('media_url'),
    mediaId: uuid('media_id'),
    replyTo: uuid('reply_to'),
    meta: jsonb('meta').notNull().default(emptyObject).$type<Record<string, unknown>>(),
    flagged: boolean('flagged').notNull().default(false),
    createdAt: createdAt(),
    editedAt: time('edited_at'),
    deletedAt: time('deleted_at'),
  },
  (t) => [
    unique('messages_conversation_seq_key').on(t.conversationId, t.seq),
    index('idx_messages_conversation_time').on(t.conversationId, t.createdAt.desc().nullsFirst()),
    index('idx_messages_media').on(t.mediaId).where(sql`${t.mediaId} is not null`),
    check('messages_sender', sql`${t.senderId} is not null or ${t.kind} = 'system'`),
    check('messages_text', sql`length(${t.text}) <= 4000`),
  ],
)

/** Log entries that are not messages (edits, deletions, reactions, system notes), archived verbatim. */
export const conversationEntries = pgTable(
  'conversation_entries',
  {
    conversationId: uuid('conversation_id')
      .notNull()
      .references(() => conversations.id, { onDelete: 'cascade' }),
    seq: bigint('seq', { mode: 'number' }).notNull(),
    type: text('type').notNull(),
    body: jsonb('body').notNull().$type<Record<string, unknown>>(),
    createdAt: createdAt(),
  },
  (t) => [primaryKey({ columns: [t.conversationId, t.seq] })],
)
