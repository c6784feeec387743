import { z } from '@hono/zod-openapi'
import { valueTexts } from '../../../core/value-texts.ts'
import { pageOf, pageQuery } from '../../../http/pages.ts'
import { Id, queryInteger, Timestamp } from '../../../http/schemas.ts'
import { personFields } from '../../people/profiles/schemas.ts'
import type { ConversationRow, MessageRow } from './conversations.ts'
import type { LiveState } from './live-room.ts'
import type { SentMessage } from './messages.ts'
import { hasItsContent, limits, messageKinds } from './protocol.ts'

const Seq = z
  .int()
  .min(0)
  .max(Number.MAX_SAFE_INTEGER)
  .openapi({ example: 42, description: 'Position in the log of the conversation.' })

const ClientMessageId = z
  .string()
  .regex(/^[\x21-\x7e]{1,64}$/, valueTexts.clientKey)
  .openapi({
    example: 'm-1',
    description:
      'Chosen by the client. A message sent again with the same value, over HTTP or the socket, returns the original one, with no time limit.',
  })

const Reaction = z
  .object({ userId: Id, emoji: z.string().openapi({ example: '👍', description: 'The emoji.' }) })
  .openapi('Reaction', { description: 'A reaction to a message.' })

export const Message = z
  .object({
    id: Id,
    seq: Seq,
    changedSeq: Seq.openapi({
      description: 'Last entry reflected in this state. Entries up to it need not be applied again.',
    }),
    senderId: Id.nullable().openapi({ description: 'User who sent the message; null for kind `system`.' }),
    clientMessageId: z
      .string()
      .nullable()
      .openapi({ example: 'm-1', description: 'Value chosen by the client that sent the message.' }),
    kind: z.enum([...messageKinds, 'system']).openapi({ example: 'text', description: 'Kind of message.' }),
    text: z.string().nullable().openapi({
      example: 'I am at the door.',
      description: 'Text; null if there is none or the message was deleted.',
    }),
    mediaId: Id.nullable().openapi({ example: null, description: 'Attached file.' }),
    replyTo: Id.nullable().openapi({ example: null, description: 'Message that this one replies to.' }),
    event: z.string().nullable().openapi({ example: null, description: 'For kind `system`: what happened.' }),
    data: z
      .record(z.string(), z.unknown())
      .nullable()
      .openapi({ example: null, description: 'For kind `system`: ids and states.' }),
    reactions: z.array(Reaction).openapi({ description: 'Reactions, at most one per user.' }),
    createdAt: Timestamp,
    editedAt: Timestamp.nullable().openapi({ example: null, description: 'Time of the last edit.' }),
    deletedAt: Timestamp.nullable().openapi({ example: null, description: 'Time of the deletion.' }),
  })
  .openapi('Message', { description: 'A message in its current state.' })

export const MessagePage = pageOf(Message, 'MessagePage')

export const MessageFilters = z.object({
  ...pageQuery,
  changedAfterSeq: queryInteger(0, Number.MAX_SAFE_INTEGER).optional().openapi({
    type: 'integer',
    minimum: 0,
    description:
      'Only messages written, edited, reacted to or deleted after this entry, oldest first. For clients that need to fill a gap.',
    example: 41,
  }),
})

const ConversationParticipant = z
  .object({
    userId: Id,
    name: z.string().nullable().openapi({ example: 'Nour Hassan', description: 'Name of the participant.' }),
    joinedAt: Timestamp,
    ...personFields,
  })
  .openapi('ConversationParticipant', { description: 'A participant of a conversation.' })

export const Conversation = z
  .object({
    id: Id,
    kind: z
      .enum(['booking', 'direct', 'group', 'support'])
      .openapi({ example: 'booking', description: 'Kind of conversation.' }),
    bookingId: Id.nullable().openapi({
      description: 'Booking that the conversation is about; null before a lead has become one.',
    }),
    leadRequestId: Id.nullable().openapi({
      example: null,
      description: 'Request for a lead that it began with. It is read-only where that has come to nothing.',
    }),
    participants: z.array(ConversationParticipant).openapi({ description: 'Current participants.' }),
    seq: Seq.openapi({ description: 'Position of the newest entry; in lists, of the newest archived one.' }),
    readSeq: Seq.nullable().openapi({
      example: 40,
      description: 'Position up to which you have read; null if you are not a participant.',
    }),
    unread: z
      .int()
      .min(0)
      .nullable()
      .openapi({ example: 2, description: 'Number of unread messages from others.' }),
    lastMessage: z.union([Message, z.null()]).openapi({ description: 'The newest message.' }),
    lastMessageAt: Timestamp.nullable().openapi({
      example: '2026-11-21T08:45:00.000Z',
      description: 'Time of the newest message.',
    }),
    createdAt: Timestamp,
  })
  .openapi('Conversation', { description: 'A conversation.' })

export const ConversationPage = pageOf(Conversation, 'ConversationPage')

export const SendMessage = z
  .strictObject({
    clientMessageId: ClientMessageId.optional(),
    kind: z.enum(messageKinds).openapi({ example: 'text', description: 'Kind of message.' }),
    text: z
      .string()
      .min(1)
      .max(limits.textCharacters)
      .regex(/\S/, valueTexts.readableText)
      .optional()
      .openapi({ example: 'I am at the door.', description: 'Text; required for kind `text`.' }),
    mediaId: Id.optional().openapi({
      description: 'A file that you have uploaded; required for kinds `image` and `voice`.',
    }),
    replyTo: Id.optional().openapi({ description: 'Message that this one replies to.' }),
  })
  .refine(hasItsContent, { error: valueTexts.messageContent })
  .openapi('SendMessage', { example: { kind: 'text', text: 'I am at the door.' } })

export const MarkRead = z
  .strictObject({
    upToSeq: Seq.openapi({ description: 'Position of the last entry read.' }),
    private: z
      .boolean()
      .optional()
      .openapi({ description: 'If true, other participants are not informed.', example: false }),
  })
  .openapi('MarkRead', { example: { upToSeq: 42 } })

export const ReadMarker = z
  .object({
    seq: Seq.openapi({ description: 'Position of the newest entry.' }),
    readSeq: Seq.openapi({ description: 'Position up to which you have read. It never decreases.' }),
    unread: z.int().min(0).openapi({ example: 0, description: 'Number of unread messages from others.' }),
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
  leadRequestId: row.leadRequestId,
  participants: row.participants,
  seq: row.archivedSeq,
  readSeq: row.readSeq,
  unread: row.unread,
  lastMessage: row.lastMessage && toMessage(row.lastMessage),
  lastMessageAt: row.lastMessageAt,
  createdAt: row.createdAt,
})
