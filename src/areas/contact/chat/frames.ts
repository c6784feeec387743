import { z } from 'zod'
import { hasCardNumber } from '../../../core/card-numbers.ts'
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
  .refine((text) => !hasCardNumber(text), valueTexts.noCardNumber)
  .meta({ description: 'Text of the message; of an image or a voice note, its caption.' })

const Kind = z.enum(messageKinds).meta({ description: 'What the message is.' })

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
      'Must be the first frame; nothing is pushed before it. Send `epoch` and the last `seq` that you have to receive all missed entries in the welcome. The first `hello` of a socket does not count towards the frame limit.',
    examples: [{ type: 'hello' }, { type: 'hello', epoch: 'e_5yq1', afterSeq: 41 }],
  })

const messageFields = {
  kind: Kind,
  text: Text.optional(),
  mediaId: Id.optional().meta({ description: 'File that you have uploaded; for `image` and `voice`.' }),
  replyTo: Id.optional().meta({ description: 'Message that this one replies to.' }),
}

export const Send = z
  .strictObject({ type: z.literal('send'), id: RequestId, clientMessageId: ClientKey, ...messageFields })
  .refine(hasItsContent, { error: valueTexts.messageContent })
  .meta({
    id: 'Send',
    description:
      'Sends a message. The ack confirms that the message is stored, with its position in the log.',
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
  description: 'Changes the text of one of your messages.',
  examples: [
    { type: 'edit', id: 'r4', clientActionId: 'a-1', messageId: ids.message, text: 'I am at the gate.' },
  ],
})

export const Delete = z.strictObject({ type: z.literal('delete'), ...shared }).meta({
  id: 'Delete',
  description: 'Deletes one of your messages: a tombstone remains, without the content.',
  examples: [{ type: 'delete', id: 'r5', clientActionId: 'a-2', messageId: ids.message }],
})

export const React = z
  .strictObject({
    type: z.literal('react'),
    ...shared,
    emoji: Emoji.nullable().meta({ description: 'Null: none.' }),
  })
  .meta({
    id: 'React',
    description: 'Sets your reaction to a message (one per user); null removes it.',
    examples: [{ type: 'react', id: 'r6', clientActionId: 'a-3', messageId: ids.message, emoji: '👍' }],
  })

export const Read = z
  .strictObject({
    type: z.literal('read'),
    id: RequestId.optional(),
    upToSeq: Seq,
    private: z.boolean().optional().meta({ description: 'If true, only your own devices are informed.' }),
  })
  .meta({
    id: 'Read',
    description: 'Sets your read position. It never moves back.',
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
      'Confirms that this device has all entries up to this position. Send it from time to time; `hello` and `read` imply it.',
    examples: [{ type: 'delivered', upToSeq: 42 }],
  })

export const Typing = z
  .strictObject({
    type: z.literal('typing'),
    id: RequestId.optional(),
    on: z.boolean().meta({ description: 'False: you have stopped.' }),
  })
  .meta({
    id: 'Typing',
    description: 'Shows the others that you are typing. Repeat it while you type. Not stored.',
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
    clientMessageId: z.string().meta({ description: 'The one that its sender chose.' }),
    senderId: Id.meta({ description: 'User who sent it.' }),
    kind: Kind,
    text: z.string().nullable().meta({ description: 'Null without one, or once it is deleted.' }),
    mediaId: Id.nullable().meta({ description: 'File of an image or a voice note, until it is deleted.' }),
    replyTo: Id.nullable().meta({ description: 'Message that it replies to.' }),
    createdAt: At,
    deletedAt: At.optional().meta({
      description: 'Present if the message was deleted since; its content is removed.',
    }),
  })
  .meta({
    id: 'Message',
    description: 'A new message. Pushed to every socket except the one that sent it, which gets the ack.',
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
    text: z.string().nullable().meta({ description: 'Null if the message was deleted since.' }),
    createdAt: At,
  })
  .meta({
    id: 'Edited',
    description: 'The text of a message was changed.',
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
    description: 'A message was deleted: remove its content and reactions.',
    examples: [{ type: 'deleted', seq: 44, messageId: ids.message, userId: ids.client, createdAt: at }],
  })

export const Reacted = z
  .strictObject({
    type: z.literal('reacted'),
    seq: Seq,
    messageId: Id,
    userId: Id,
    emoji: z
      .string()
      .nullable()
      .meta({ description: 'Replaces the earlier reaction of the user; null removes it.' }),
    createdAt: At,
  })
  .meta({
    id: 'Reacted',
    description: 'A user reacted to a message.',
    examples: [
      { type: 'reacted', seq: 45, messageId: ids.message, userId: ids.tasker, emoji: '👍', createdAt: at },
    ],
  })

export const System = z
  .strictObject({
    type: z.literal('system'),
    seq: Seq,
    messageId: Id,
    event: z.string().meta({ description: 'Type of the event, such as `booking.confirmed`.' }),
    data: z.record(z.string(), z.unknown()).meta({ description: 'Ids and states of the event.' }),
    createdAt: At,
  })
  .meta({
    id: 'System',
    description: 'A change of the booking, or of the request for a lead.',
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
    change: z.enum(['joined', 'left']).meta({ description: 'What the participant did.' }),
    createdAt: At,
  })
  .meta({
    id: 'Participant',
    description: 'A participant joined or left.',
    examples: [{ type: 'participant', seq: 47, userId: ids.tasker, change: 'left', createdAt: at }],
  })

export const entryFrames = [Message, Edited, Deleted, Reacted, System, Participant] as const
export const EntryFrame = z.discriminatedUnion('type', entryFrames).meta({
  id: 'Entry',
  description:
    'An entry of the log. Their `seq` has no gaps; each socket receives every entry once, in order.',
})

// … then replies, and frames that are sent but not stored

const isOnline = z.boolean().meta({ description: 'Whether one of their devices is connected.' })

const Presence = z
  .strictObject({ userId: Id, joinedAt: At, online: isOnline })
  .meta({ description: 'A participant, and whether they are there.' })

const Marker = z
  .strictObject({ userId: Id, readSeq: Seq, deliveredSeq: Seq })
  .meta({ description: 'How far a participant has read, and their devices have received.' })

export const Welcome = z
  .strictObject({
    type: z.literal('welcome'),
    id: RequestId.optional(),
    epoch: Epoch,
    seq: Seq.meta({
      description: 'Position of the newest entry. Entries pushed after this frame follow it.',
    }),
    recovered: z.boolean().meta({
      description:
        'True: `missed` contains everything you missed. False: it is empty; fetch `cursor` instead.',
    }),
    missed: z.array(EntryFrame).meta({ description: 'Entries that you missed, in order.' }),
    cursor: z.string().nullable().meta({
      description:
        'Path to GET if `recovered` is false. It lists every message written or changed since, in its current state; follow `nextCursor` to the end. If the epoch has changed, discard your copy first.',
    }),
    unread: z.int().min(0).meta({ description: 'Messages of others that you have not read.' }),
    participants: z.array(Presence).meta({ description: 'Everybody who takes part.' }),
    readMarkers: z.array(Marker).meta({ description: 'How far each of them has read.' }),
    limits: Limits,
  })
  .meta({
    id: 'Welcome',
    description: 'The reply to `hello`.',
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
      'The request was processed and, where applicable, stored. For `send`, `edit`, `delete` and `react`, it contains the position of the entry. A request without `id` gets no ack.',
    examples: [{ type: 'ack', id: 'r1', seq: 42, messageId: ids.message, createdAt: at }],
  })

export const ReadPush = z.strictObject({ type: z.literal('read'), userId: Id, upToSeq: Seq }).meta({
  id: 'ReadMarker',
  description: 'A participant has read up to this position.',
  examples: [{ type: 'read', userId: ids.tasker, upToSeq: 42 }],
})

export const DeliveredPush = z.strictObject({ type: z.literal('delivered'), userId: Id, upToSeq: Seq }).meta({
  id: 'DeliveredMarker',
  description: 'A device of the participant has all entries up to this position.',
  examples: [{ type: 'delivered', userId: ids.tasker, upToSeq: 42 }],
})

export const TypingPush = z
  .strictObject({
    type: z.literal('typing'),
    userId: Id,
    expiresAt: At.meta({
      description:
        'The user counts as typing until this time, unless extended. A time in the past means that they stopped.',
    }),
  })
  .meta({
    id: 'TypingPush',
    description: 'Another participant is typing.',
    examples: [{ type: 'typing', userId: ids.tasker, expiresAt: at }],
  })

export const PresencePush = z
  .strictObject({ type: z.literal('presence'), userId: Id, online: isOnline, at: At })
  .meta({
    id: 'Presence',
    description: 'A participant came online or went offline.',
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
