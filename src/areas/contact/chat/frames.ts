import { z } from 'zod'
import { valueTexts } from '../../../core/value-texts.ts'
import { At, ClientKey, Epoch, ErrorFrame, Id, Limits, Ping, Pong, RequestId, Seq } from './frame-parts.ts'
import { hasItsContent, isStorable, limits, messageKinds } from './protocol.ts'

/** The frames of a conversation's socket. */

const ids = {
  message: '019a2f4e-7c1b-7d3a-9f00-3b5c8e2d1a40',
  client: '019a2f4e-0000-7d3a-9f00-000000000001',
  tasker: '019a2f4e-0000-7d3a-9f00-000000000002',
  media: '019a2f4e-7c1b-7d3a-9f00-3b5c8e2d1a99',
}
const at = '2026-11-21T08:30:00.000Z'

const Text = z
  .string()
  .min(1)
  .max(limits.textCharacters)
  .refine((text) => /\S/.test(text) && isStorable(text), {
    error: 'must have something to read, in well-formed Unicode without null characters',
  })

const oneEmoji =
  /^(?:\p{RI}{2}|[0-9#*]\ufe0f?\u20e3|\p{ExtPict}(?:\ufe0f|\p{EMod})?(?:\u200d\p{ExtPict}(?:\ufe0f|\p{EMod})?)*(?:[\u{e0020}-\u{e007e}]+\u{e007f})?)$/u

// Nothing but an emoji: a reaction is no way around moderation. Not a pattern: many readers of the spec know none with `u`.
const Emoji = z
  .string()
  .max(32)
  .refine((text) => oneEmoji.test(text), { error: 'must be one emoji' })
  .meta({ description: 'One emoji.' })

const shared = { id: RequestId, clientActionId: ClientKey, messageId: Id }

// Frames that the client sends

export const Hello = z
  .strictObject({
    type: z.literal('hello'),
    id: RequestId.optional(),
    epoch: Epoch.optional(),
    afterSeq: Seq.optional(),
  })
  .meta({
    id: 'Hello',
    description:
      'First of all. With the epoch and the last seq you hold, what you missed comes with the welcome. Nothing is pushed before it. The first of a socket does not count against the limit of frames.',
    examples: [{ type: 'hello' }, { type: 'hello', epoch: 'e_5yq1', afterSeq: 41 }],
  })

const messageFields = {
  kind: z.enum(messageKinds),
  text: Text.optional(),
  mediaId: Id.optional().meta({ description: 'Of media that you have uploaded; for image and voice.' }),
  replyTo: Id.optional().meta({ description: 'The message it answers.' }),
}

export const Send = z
  .strictObject({ type: z.literal('send'), id: RequestId, clientMessageId: ClientKey, ...messageFields })
  .refine(hasItsContent, { error: valueTexts.messageContent })
  .meta({
    id: 'Send',
    description: 'A new message. The ack means: it is stored, and has its place in the order of all.',
    examples: [
      { type: 'send', id: 'r1', clientMessageId: 'm-1', kind: 'text', text: 'I am at the door.' },
      {
        type: 'send',
        id: 'r2',
        clientMessageId: 'm-2',
        kind: 'text',
        text: 'أنا أمام الباب',
        replyTo: ids.message,
      },
      { type: 'send', id: 'r3', clientMessageId: 'm-3', kind: 'image', mediaId: ids.media, text: 'The leak' },
    ],
  })

export const Edit = z.strictObject({ type: z.literal('edit'), ...shared, text: Text }).meta({
  id: 'Edit',
  description: 'Changes the text of a message of yours.',
  examples: [
    { type: 'edit', id: 'r4', clientActionId: 'a-1', messageId: ids.message, text: 'I am at the gate.' },
  ],
})

export const Delete = z.strictObject({ type: z.literal('delete'), ...shared }).meta({
  id: 'Delete',
  description: 'Takes back a message of yours: a tombstone stays, its content is gone for everyone.',
  examples: [{ type: 'delete', id: 'r5', clientActionId: 'a-2', messageId: ids.message }],
})

export const React = z.strictObject({ type: z.literal('react'), ...shared, emoji: Emoji.nullable() }).meta({
  id: 'React',
  description: 'Your one reaction to a message; null takes it back.',
  examples: [{ type: 'react', id: 'r6', clientActionId: 'a-3', messageId: ids.message, emoji: '👍' }],
})

export const Read = z
  .strictObject({
    type: z.literal('read'),
    id: RequestId.optional(),
    upToSeq: Seq,
    private: z
      .boolean()
      .optional()
      .meta({ description: 'Only your own devices learn of it; the others do not.' }),
  })
  .meta({
    id: 'Read',
    description: 'You have read up to here. Never goes back.',
    examples: [
      { type: 'read', upToSeq: 42 },
      { type: 'read', upToSeq: 43, private: true },
    ],
  })

export const Delivered = z
  .strictObject({ type: z.literal('delivered'), id: RequestId.optional(), upToSeq: Seq })
  .meta({
    id: 'Delivered',
    description:
      'This device holds everything up to here; send it now and then. `hello` and `read` imply it.',
    examples: [{ type: 'delivered', upToSeq: 42 }],
  })

export const Typing = z
  .strictObject({ type: z.literal('typing'), id: RequestId.optional(), on: z.boolean() })
  .meta({
    id: 'Typing',
    description: 'Repeat it while it lasts. Nothing is stored.',
    examples: [{ type: 'typing', on: true }],
  })

export const clientFrames = [Hello, Send, Edit, Delete, React, Read, Delivered, Typing, Ping] as const
export const ClientFrame = z.discriminatedUnion('type', clientFrames)

// Frames that the server sends: first the entries of the log

export const Message = z
  .strictObject({
    type: z.literal('message'),
    seq: Seq,
    messageId: Id,
    clientMessageId: z.string(),
    senderId: Id,
    kind: z.enum(messageKinds),
    text: z.string().nullable(),
    mediaId: Id.nullable(),
    replyTo: Id.nullable(),
    createdAt: At,
    deletedAt: At.optional().meta({ description: 'It was taken back since: its content is gone.' }),
  })
  .meta({
    id: 'Message',
    description: 'A message, to every socket except the one that sent it: that one has the ack.',
    examples: [
      {
        type: 'message',
        seq: 42,
        messageId: ids.message,
        clientMessageId: 'm-1',
        senderId: ids.client,
        kind: 'text',
        text: 'I am at the door.',
        mediaId: null,
        replyTo: null,
        createdAt: at,
      },
    ],
  })

export const Edited = z
  .strictObject({
    type: z.literal('edited'),
    seq: Seq,
    messageId: Id,
    userId: Id,
    text: z.string().nullable().meta({ description: 'Null when the message was taken back since.' }),
    createdAt: At,
  })
  .meta({
    id: 'Edited',
    description: 'A message has another text from here on.',
    examples: [
      {
        type: 'edited',
        seq: 43,
        messageId: ids.message,
        userId: ids.client,
        text: 'At the gate.',
        createdAt: at,
      },
    ],
  })

export const Deleted = z
  .strictObject({ type: z.literal('deleted'), seq: Seq, messageId: Id, userId: Id, createdAt: At })
  .meta({
    id: 'Deleted',
    description: 'A message was taken back: forget its content and its reactions.',
    examples: [{ type: 'deleted', seq: 44, messageId: ids.message, userId: ids.client, createdAt: at }],
  })

export const Reacted = z
  .strictObject({
    type: z.literal('reacted'),
    seq: Seq,
    messageId: Id,
    userId: Id,
    emoji: z.string().nullable().meta({ description: 'Replaces their earlier one; null: none any more.' }),
    createdAt: At,
  })
  .meta({
    id: 'Reacted',
    description: 'Somebody’s one reaction to a message.',
    examples: [
      { type: 'reacted', seq: 45, messageId: ids.message, userId: ids.tasker, emoji: '👍', createdAt: at },
    ],
  })

export const System = z
  .strictObject({
    type: z.literal('system'),
    seq: Seq,
    messageId: Id,
    event: z.string().meta({ description: 'What happened, as an event type: `booking.confirmed`.' }),
    data: z.record(z.string(), z.unknown()).meta({ description: 'Ids and states.' }),
    createdAt: At,
  })
  .meta({
    id: 'System',
    description: 'What happened to the booking, told in its conversation.',
    examples: [
      {
        type: 'system',
        seq: 46,
        messageId: ids.message,
        event: 'booking.confirmed',
        data: { bookingId: ids.media },
        createdAt: at,
      },
    ],
  })

export const Participant = z
  .strictObject({
    type: z.literal('participant'),
    seq: Seq,
    userId: Id,
    change: z.enum(['joined', 'left']),
    createdAt: At,
  })
  .meta({
    id: 'Participant',
    description: 'Somebody has joined or left.',
    examples: [{ type: 'participant', seq: 47, userId: ids.tasker, change: 'left', createdAt: at }],
  })

export const entryFrames = [Message, Edited, Deleted, Reacted, System, Participant] as const
export const EntryFrame = z.discriminatedUnion('type', entryFrames).meta({
  id: 'Entry',
  description: 'An entry of the log. Their `seq` has no gaps; a socket learns each once, in order.',
})

// … then replies, and frames that are sent but not stored

const Presence = z.strictObject({ userId: Id, joinedAt: At, online: z.boolean() })

const Marker = z.strictObject({ userId: Id, readSeq: Seq, deliveredSeq: Seq })

export const Welcome = z
  .strictObject({
    type: z.literal('welcome'),
    id: RequestId.optional(),
    epoch: Epoch,
    seq: Seq.meta({ description: 'The newest entry. What is pushed after this frame comes after it.' }),
    recovered: z
      .boolean()
      .meta({ description: 'True: `missed` is all you missed. False: it is empty; fetch `cursor`.' }),
    missed: z.array(EntryFrame),
    cursor: z.string().nullable().meta({
      description:
        'Where recovered is false: the path to GET. It lists every message that was written or changed since, as it now stands; follow `nextCursor` to its end. With another epoch, drop what you hold first.',
    }),
    unread: z.int().min(0),
    participants: z.array(Presence),
    readMarkers: z.array(Marker),
    limits: Limits,
  })
  .meta({
    id: 'Welcome',
    description: 'The answer to hello.',
    examples: [
      {
        type: 'welcome',
        epoch: 'e_5yq1',
        seq: 41,
        recovered: true,
        missed: [],
        cursor: null,
        unread: 0,
        participants: [
          { userId: ids.client, joinedAt: at, online: true },
          { userId: ids.tasker, joinedAt: at, online: false },
        ],
        readMarkers: [
          { userId: ids.client, readSeq: 41, deliveredSeq: 41 },
          { userId: ids.tasker, readSeq: 40, deliveredSeq: 41 },
        ],
        limits,
      },
    ],
  })

export const Ack = z
  .strictObject({
    type: z.literal('ack'),
    id: RequestId,
    seq: Seq.optional(),
    messageId: Id.optional(),
    createdAt: At.optional(),
  })
  .meta({
    id: 'Ack',
    description:
      'It is done, and stored if it is something to store. To send, edit, delete and react: the place of the entry. A request without id gets no ack.',
    examples: [{ type: 'ack', id: 'r1', seq: 42, messageId: ids.message, createdAt: at }],
  })

export const ReadPush = z.strictObject({ type: z.literal('read'), userId: Id, upToSeq: Seq }).meta({
  id: 'ReadMarker',
  description: 'Somebody has read up to here.',
  examples: [{ type: 'read', userId: ids.tasker, upToSeq: 42 }],
})

export const DeliveredPush = z.strictObject({ type: z.literal('delivered'), userId: Id, upToSeq: Seq }).meta({
  id: 'DeliveredMarker',
  description: 'A device of theirs holds everything up to here.',
  examples: [{ type: 'delivered', userId: ids.tasker, upToSeq: 42 }],
})

export const TypingPush = z
  .strictObject({
    type: z.literal('typing'),
    userId: Id,
    expiresAt: At.meta({
      description: 'They type until then, unless told again; in the past: they stopped.',
    }),
  })
  .meta({
    id: 'TypingPush',
    description: 'Somebody else is typing.',
    examples: [{ type: 'typing', userId: ids.tasker, expiresAt: at }],
  })

export const PresencePush = z
  .strictObject({ type: z.literal('presence'), userId: Id, online: z.boolean(), at: At })
  .meta({
    id: 'Presence',
    description: 'The first device of somebody has come, or the last one has gone.',
    examples: [{ type: 'presence', userId: ids.tasker, online: true, at }],
  })

export const serverFrames = [
  Welcome,
  Ack,
  ...entryFrames,
  ReadPush,
  DeliveredPush,
  TypingPush,
  PresencePush,
  Pong,
  ErrorFrame,
] as const
export const ServerFrame = z.discriminatedUnion('type', serverFrames)

export type ClientFrame = z.infer<typeof ClientFrame>
export type ServerFrame = z.infer<typeof ServerFrame>
export type EntryFrame = z.infer<typeof EntryFrame>
export type MessageFrame = z.infer<typeof Message>
export type SendFrame = z.infer<typeof Send>
