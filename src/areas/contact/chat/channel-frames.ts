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
  client: '019a2f4e-7c1b-7d3a-9f00-3b5c8e2d1a46',
  tasker: '019a2f4e-7c1b-7d3a-9f00-3b5c8e2d1a47',
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

const change = {
  event: z.string().optional().meta({ description: 'Type of the event, such as `task.posted`.' }),
  id: Id.optional().meta({ description: 'Id of the object that changed.' }),
  version: z.int().optional().meta({ description: 'Version of the object after the change.' }),
  from: z.string().optional().meta({ description: 'State before.' }),
  to: z.string().optional().meta({ description: 'State after.' }),
  action: z.string().optional().meta({ description: 'Action that changed the state.' }),
  party: z.string().optional().meta({ description: 'Party that acted.' }),
  sourcing: z
    .string()
    .optional()
    .meta({ description: 'How the tasker of the task is found; of tasks only.' }),
  clientId: Id.optional().meta({ description: 'Client of the task.' }),
  taskerId: Id.optional().meta({ description: 'Tasker of the task, if there is one.' }),
}

const OfferedTask = z.looseObject({
  id: Id,
  category: z.string().meta({ description: 'Slug of the category.' }),
  subcategory: z.string().nullable().meta({ description: 'Slug of the category below it.' }),
  description: z.string().meta({ description: 'What is to be done.' }),
  city: z.string().meta({ description: 'Name of the city.' }),
  district: z.string().nullable().meta({ description: 'District of the city.' }),
  lat: z.number().meta({ description: 'Latitude, coarse until the offer is accepted.' }),
  lng: z.number().meta({ description: 'Longitude, coarse until the offer is accepted.' }),
  startsAt: At.meta({ description: 'Planned start.' }),
  flexibilityMinutes: z.int().meta({ description: 'How much later the work may start.' }),
  pricingModel: z.string().meta({ description: '`hourly` or `fixed`.' }),
  estMinutes: z.int().nullable().meta({ description: 'Expected duration.' }),
  estMinAmount: z.int().nullable().meta({ description: 'Lowest estimate, in minor units.' }),
  estMaxAmount: z.int().nullable().meta({ description: 'Highest estimate, in minor units.' }),
  currency: z.string().meta({ description: 'Currency (ISO 4217).' }),
})

/** The ids that a client needs are required; whoever pushes may tell more beside them. */
const dataOf = {
  offer: z.looseObject({
    offerId: Id,
    taskId: Id,
    wave: z.int().min(1).optional().meta({ description: 'Wave of invitations that it belongs to.' }),
    distanceKm: z.number().nullable().optional().meta({ description: 'Distance, to half a kilometre.' }),
    expiresAt: At.optional().meta({ description: 'Time until which it can be accepted.' }),
    task: OfferedTask.optional().meta({ description: 'The task, as `offers.listMine` shows it.' }),
  }),
  'offer.closed': z.looseObject({
    offerId: Id,
    taskId: Id.optional().meta({ description: 'Task of the offer.' }),
    reason: z.string().optional().meta({ description: 'Why, such as `withdrawn` or `expired`.' }),
  }),
  booking: z.looseObject({ bookingId: Id, taskId: Id.optional(), ...change }),
  task: z.looseObject({ taskId: Id, ...change }),
  notification: z.looseObject({
    notificationId: Id,
    kind: z.string().optional().meta({ description: 'Kind of the notification.' }),
    title: z.string().optional().meta({ description: 'Title, in the language of the user.' }),
    body: z.string().nullable().optional().meta({ description: 'Text, in the language of the user.' }),
    data: z.record(z.string(), z.unknown()).optional().meta({ description: 'Data of its event.' }),
  }),
  unread: z.looseObject({
    conversationId: Id,
    unread: z.int().min(0).meta({ description: 'Entries that you have not read.' }),
    seq: Seq.optional(),
  }),
}

export type PushType = keyof typeof dataOf

const push = <Type extends PushType>(type: Type, id: string, description: string, data: object) =>
  z
    .strictObject({
      type: z.literal(type),
      seq: Seq,
      data: dataOf[type].meta({ description: 'What it is about.' }),
      createdAt: At,
    })
    .meta({ id, description, examples: [{ type, seq: 7, data, createdAt: at }] })

export const pushFrames = [
  push(
    'offer',
    'Offer',
    'You have an offer for a task. Confirm it with `offer.ack`, then accept or decline over HTTP.',
    {
      offerId: ids.offer,
      taskId: ids.task,
      round: 1,
      wave: 1,
      isFirstInLine: false,
      distanceKm: 2.5,
      expiresAt: at,
      task: {
        id: ids.task,
        category: 'cleaning',
        subcategory: null,
        description: 'Two rooms and a kitchen',
        city: 'Cairo',
        district: 'Zamalek',
        lat: 30.06,
        lng: 31.22,
        startsAt: '2026-11-22T08:30:00.000Z',
        flexibilityMinutes: 60,
        pricingModel: 'hourly',
        estMinutes: 120,
        estMinAmount: 20_000,
        estMaxAmount: 30_000,
        currency: 'EGP',
      },
    },
  ),
  push('offer.closed', 'OfferClosed', 'An offer can no longer be accepted.', {
    offerId: ids.offer,
    taskId: ids.task,
    reason: 'withdrawn',
  }),
  push('booking', 'BookingChanged', 'One of your bookings has changed: fetch it.', {
    event: 'booking.confirmed',
    id: ids.booking,
    version: 3,
    from: 'accepted',
    to: 'confirmed',
    action: 'confirm',
    party: 'client',
    bookingId: ids.booking,
    taskId: ids.task,
    clientId: ids.client,
    taskerId: ids.tasker,
  }),
  push('task', 'TaskChanged', 'One of your tasks has changed: fetch it.', {
    event: 'task.matching',
    id: ids.task,
    version: 3,
    from: 'posted',
    to: 'matching',
    action: 'match',
    party: 'system',
    sourcing: 'match',
    round: 1,
    taskId: ids.task,
    clientId: ids.client,
  }),
  push('notification', 'NotificationPushed', 'You have a new notification.', {
    notificationId: ids.notification,
    kind: 'booking.confirmed',
    title: 'Booking confirmed',
    body: 'The client has confirmed the booking.',
    data: {
      from: 'accepted',
      to: 'confirmed',
      action: 'confirm',
      party: 'client',
      bookingId: ids.booking,
      taskId: ids.task,
      clientId: ids.client,
      taskerId: ids.tasker,
    },
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
    missed: z.array(PushFrame).meta({ description: 'Pushes that you missed, in order.' }),
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
