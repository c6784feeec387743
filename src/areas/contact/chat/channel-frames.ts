import { z } from 'zod'
import { At, Epoch, ErrorFrame, Id, Limits, Ping, Pong, RequestId, Seq } from './frame-parts.ts'
import { Hello } from './frames.ts'
import { limits } from './protocol.ts'

/** The frames of a user's channel. */

const ids = {
  offer: '019a2f4e-7c1b-7d3a-9f00-3b5c8e2d1a41',
  task: '019a2f4e-7c1b-7d3a-9f00-3b5c8e2d1a42',
  booking: '019a2f4e-7c1b-7d3a-9f00-3b5c8e2d1a43',
  notification: '019a2f4e-7c1b-7d3a-9f00-3b5c8e2d1a44',
  conversation: '019a2f4e-7c1b-7d3a-9f00-3b5c8e2d1a45',
}
const at = '2026-11-21T08:30:00.000Z'

export const OfferAck = z
  .strictObject({ type: z.literal('offer.ack'), id: RequestId.optional(), offerId: Id })
  .meta({
    id: 'OfferAck',
    description: 'Confirms that this device shows the offer; the time to answer starts now.',
    examples: [{ type: 'offer.ack', id: 'r1', offerId: ids.offer }],
  })

export const channelClientFrames = [Hello, OfferAck, Ping] as const
export const ChannelClientFrame = z.discriminatedUnion('type', channelClientFrames)

/** The ids that a client needs are required; whoever pushes may tell more beside them. */
const dataOf = {
  offer: z.looseObject({ offerId: Id, taskId: Id }),
  'offer.closed': z.looseObject({ offerId: Id }),
  booking: z.looseObject({ bookingId: Id }),
  task: z.looseObject({ taskId: Id }),
  notification: z.looseObject({ notificationId: Id }),
  unread: z.looseObject({ conversationId: Id, unread: z.int().min(0) }),
}

export type PushType = keyof typeof dataOf

const push = <Type extends PushType>(type: Type, id: string, description: string, data: object) =>
  z
    .strictObject({ type: z.literal(type), seq: Seq, data: dataOf[type], createdAt: At })
    .meta({ id, description, examples: [{ type, seq: 7, data, createdAt: at }] })

export const pushFrames = [
  push(
    'offer',
    'Offer',
    'You have an offer for a task. Confirm it with `offer.ack`, then accept or decline over HTTP.',
    {
      offerId: ids.offer,
      taskId: ids.task,
      expiresAt: at,
    },
  ),
  push('offer.closed', 'OfferClosed', 'An offer can no longer be accepted.', {
    offerId: ids.offer,
    taskId: ids.task,
    reason: 'withdrawn',
  }),
  push('booking', 'BookingChanged', 'One of your bookings has changed: fetch it.', {
    bookingId: ids.booking,
    status: 'confirmed',
  }),
  push('task', 'TaskChanged', 'One of your tasks has changed: fetch it.', {
    taskId: ids.task,
    state: 'matching',
  }),
  push('notification', 'NotificationPushed', 'You have a new notification.', {
    notificationId: ids.notification,
  }),
  push(
    'unread',
    'Unread',
    'Number of unread messages in a conversation. A newer frame replaces an older one.',
    {
      conversationId: ids.conversation,
      unread: 2,
      seq: 42,
    },
  ),
] as const

export const PushFrame = z.discriminatedUnion('type', [...pushFrames]).meta({
  id: 'Push',
  description: 'A push. Their `seq` increases, possibly with gaps.',
})

export const ChannelWelcome = z
  .strictObject({
    type: z.literal('welcome'),
    id: RequestId.optional(),
    epoch: Epoch,
    seq: Seq,
    recovered: z.boolean().meta({
      description:
        'False: you missed more than is kept, and nothing is replayed. Fetch everything again over HTTP.',
    }),
    missed: z.array(PushFrame),
    limits: Limits,
  })
  .meta({
    id: 'ChannelWelcome',
    description: 'The reply to `hello`.',
    examples: [{ type: 'welcome', epoch: 'e_7kk2', seq: 6, recovered: true, missed: [], limits }],
  })

export const ChannelAck = z.strictObject({ type: z.literal('ack'), id: RequestId }).meta({
  id: 'ChannelAck',
  description: 'The request was processed.',
  examples: [{ type: 'ack', id: 'r1' }],
})

export const channelServerFrames = [ChannelWelcome, ChannelAck, ...pushFrames, Pong, ErrorFrame] as const
export const ChannelServerFrame = z.discriminatedUnion('type', [...channelServerFrames])

export type ChannelClientFrame = z.infer<typeof ChannelClientFrame>
export type ChannelServerFrame = z.infer<typeof ChannelServerFrame>

/** Push of an area to a user. */
export interface ChannelPush {
  type: PushType
  data: Record<string, unknown>
  /** A repeated push with the same key is delivered once. */
  key?: string | undefined
}

/** Throws for data that a client could not use. */
export const parsePush = ({ type, data, key }: ChannelPush): ChannelPush => ({
  type,
  data: dataOf[type].parse(data),
  key,
})
