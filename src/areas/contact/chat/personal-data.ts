import { sql } from 'drizzle-orm'
import { cleared, kept, ownedBy, type PersonalTable, personalTable } from '../../../core/personal-data.ts'
import {
  conversationEntries,
  conversationParticipants,
  conversations,
  messages,
} from '../../../db/schema/contact/chat.ts'

export const personalData: PersonalTable[] = [
  personalTable(messages, {
    of: ({ user }) =>
      sql`t.sender_id = ${user} and t.conversation_id in (select p.conversation_id from conversation_participants p where p.user_id = ${user})`,
    maskedIn: ({ user }) =>
      sql`t.conversation_id in (select p.conversation_id from conversation_participants p where p.user_id = ${user})`,
    erasure: 'keep',
    why: 'the other side keeps its own words, and the order of the conversation',
    columns: {
      clientMessageId: kept,
      text: { erased: 'null', masked: true },
      mediaUrl: cleared,
      mediaId: cleared,
      meta: { erased: "jsonb_strip_nulls(jsonb_build_object('changedSeq', t.meta -> 'changedSeq'))" },
      deletedAt: { erased: 'coalesce(t.deleted_at, now())' },
    },
  }),
  personalTable(conversationEntries, {
    of: ({ user }) =>
      sql`t.body ->> 'userId' = ${user}::text and t.conversation_id in (select p.conversation_id from conversation_participants p where p.user_id = ${user})`,
    maskedIn: ({ user }) =>
      sql`t.conversation_id in (select p.conversation_id from conversation_participants p where p.user_id = ${user})`,
    erasure: 'keep',
    why: 'the order of the conversation',
    columns: {
      type: kept,
      body: {
        erased: "case when t.body ? 'text' then t.body || '{\"text\": null}' else t.body end",
        masked: true,
      },
    },
  }),
  personalTable(conversationParticipants, {
    of: ownedBy(conversationParticipants.userId),
    erasure: 'keep',
    why: 'ids and times',
  }),
  personalTable(conversations, {
    erasure: 'keep',
    why: 'ids and times',
  }),
]
