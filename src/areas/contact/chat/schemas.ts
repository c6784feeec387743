import { z } from '@hono/zod-openapi'
import { valueTexts } from '../../../core/value-texts.ts'
import { pageOf, pageQuery } from '../../../http/pages.ts'
import { Id, queryInteger, Timestamp } from '../../../http/schemas.ts'
import type { ConversationRow, MessageRow } from './conversations.ts'
import type { LiveState } from './live-room.ts'
import { hasItsContent, limits, messageKinds } from './protocol.ts'
import type { SentMessage } from './talking.ts'

const Seq = z.int().min(0).openapi({ example: 42, description: 'A position in the log of the conversation.' })

const ClientMessageId = z
  .string()
  .regex(/^[\x21-\x7e]{1,64}$/, valueTexts.clientKey)
  .openapi({
    example: 'm-1',
    description:
      'Chosen by the client: a repeat gets the first answer, for ever, whether it comes here or over the socket.',
  })

const Reaction = z.object({ userId: Id, emoji: z.string().openapi({ example: '👍' }) }).openapi('Reaction')

export const Message = z
  .object({
    id: Id,
    seq: Seq,
    changedSeq: Seq.openapi({
      description: 'The last entry that is part of this state: entries up to here need not be applied again.',
    }),
    senderId: Id.nullable().openapi({ description: 'Null for kind `system`.' }),
    clientMessageId: z.string().nullable().openapi({ example: 'm-1' }),
    kind: z.enum([...messageKinds, 'system']).openapi({ example: 'text' }),
    text: z
      .string()
      .nullable()
      .openapi({ example: 'I am at the door.', description: 'Null when it has none, or was taken back.' }),
    mediaId: Id.nullable().openapi({ example: null }),
    replyTo: Id.nullable().openapi({ example: null, description: 'The message it answers.' }),
    event: z.string().nullable().openapi({ example: null, description: 'For kind `system`: what happened.' }),
    data: z
      .record(z.string(), z.unknown())
      .nullable()
      .openapi({ example: null, description: 'For kind `system`: ids and states.' }),
    reactions: z.array(Reaction),
    createdAt: Timestamp,
    editedAt: Timestamp.nullable().openapi({ example: null }),
    deletedAt: Timestamp.nullable().openapi({ example: null }),
  })
  .openapi('Message')

export const MessagePage = pageOf(Message, 'MessagePage')

export const MessageFilters = z.object({
  ...pageQuery,
  changedAfterSeq: queryInteger(0, Number.MAX_SAFE_INTEGER).optional().openapi({
    type: 'integer',
    minimum: 0,
    description:
      'Only messages that were written, edited, reacted to or deleted after this entry, oldest first: what a client with a gap needs.',
    example: 41,
  }),
})

const ConversationParticipant = z
  .object({
    userId: Id,
    name: z.string().nullable().openapi({ example: 'Nour Hassan', description: 'Null until they gave one.' }),
    joinedAt: Timestamp,
  })
  .openapi('ConversationParticipant')

export const Conversation = z
  .object({
    id: Id,
    kind: z.enum(['booking', 'direct', 'group', 'support']).openapi({ example: 'booking' }),
    bookingId: Id.nullable(),
    participants: z.array(ConversationParticipant),
    seq: Seq.openapi({ description: 'The newest entry; in lists, the newest that is archived.' }),
    readSeq: Seq.nullable().openapi({
      example: 40,
      description: 'How far you have read. Null where you take no part.',
    }),
    unread: z.int().min(0).nullable().openapi({ example: 2, description: 'Messages of others after that.' }),
    lastMessage: Message.nullable(),
    lastMessageAt: Timestamp.nullable().openapi({
      example: '2026-11-21T08:45:00.000Z',
      description: 'Null while there is none.',
    }),
    createdAt: Timestamp,
  })
  .openapi('Conversation')

export const ConversationPage = pageOf(Conversation, 'ConversationPage')

export const SendMessage = z
  .strictObject({
    clientMessageId: ClientMessageId.optional(),
    kind: z.enum(messageKinds).openapi({ example: 'text' }),
    text: z
      .string()
      .min(1)
      .max(limits.textCharacters)
      .regex(/\S/, valueTexts.readableText)
      .optional()
      .openapi({ example: 'I am at the door.' }),
    mediaId: Id.optional().openapi({ description: 'Of media you have uploaded; for image and voice.' }),
    replyTo: Id.optional().openapi({ description: 'The message it answers.' }),
  })
  .refine(hasItsContent, { error: valueTexts.messageContent })
  .openapi('SendMessage', { example: { kind: 'text', text: 'I am at the door.' } })

export const MarkRead = z
  .strictObject({
    upToSeq: Seq,
    private: z
      .boolean()
      .optional()
      .openapi({ description: 'The others do not learn of it.', example: false }),
  })
  .openapi('MarkRead', { example: { upToSeq: 42 } })

export const ReadMarker = z
  .object({
    seq: Seq.openapi({ description: 'The newest entry.' }),
    readSeq: Seq.openapi({ description: 'How far you have read: never goes back.' }),
    unread: z.int().min(0).openapi({ example: 0 }),
  })
  .openapi('ReadMarker')

interface MessageMeta {
  changedSeq?: number
  event?: string
  data?: Record<string, unknown>
  reactions?: Record<string, string>
}

export function toMessage(row: MessageRow): z.infer<typeof Message> {
  const { changedSeq = row.seq, event = null, data = null, reactions = {} } = row.meta as MessageMeta
  return {
    id: row.id,
    seq: row.seq,
    changedSeq,
    senderId: row.senderId,
    clientMessageId: row.clientMessageId,
    kind: row.kind,
    text: row.text,
    mediaId: row.mediaId,
    replyTo: row.replyTo,
    event,
    data,
    reactions: Object.entries(reactions).map(([userId, emoji]) => ({ userId, emoji })),
    createdAt: row.createdAt,
    editedAt: row.editedAt,
    deletedAt: row.deletedAt,
  }
}

export const toSentMessage = ({ id, seq, ...sent }: SentMessage): z.infer<typeof Message> => ({
  id,
  seq,
  changedSeq: seq,
  senderId: sent.senderId,
  clientMessageId: sent.clientMessageId,
  kind: sent.kind,
  text: sent.text ?? null,
  mediaId: sent.mediaId ?? null,
  replyTo: sent.replyTo ?? null,
  event: null,
  data: null,
  reactions: [],
  createdAt: sent.createdAt,
  editedAt: null,
  deletedAt: null,
})

export const toReadMarker = ({ seq, readSeq, unread }: LiveState): z.infer<typeof ReadMarker> => ({
  seq,
  readSeq,
  unread,
})

export const toConversation = (row: ConversationRow): z.infer<typeof Conversation> => ({
  id: row.id,
  kind: row.kind,
  bookingId: row.bookingId,
  participants: row.participants,
  seq: row.archivedSeq,
  readSeq: row.readSeq,
  unread: row.unread,
  lastMessage: row.lastMessage && toMessage(row.lastMessage),
  lastMessageAt: row.lastMessageAt,
  createdAt: row.createdAt,
})
