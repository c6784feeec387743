import { enqueueEvents } from '../core/enqueue.ts'
import type { EventOf, EventTypeName } from '../core/events.ts'
import { lazy } from '../core/lazy.ts'
import { logFailure } from '../core/log.ts'
import type { Env } from '../env.ts'

const gatewayWork = lazy(() => import('./gateway-work.ts'))

export type Live = Pick<Env, 'TASK_MATCHERS' | 'USER_CHANNELS' | 'CONVERSATIONS'>

/** Facts about an event that the queue consumer reads from the database. */
export interface Known {
  /** `version` of the object that the event made. */
  objectSeq: number
  /** The people it concerns. */
  recipients: { userId: string }[]
  /** The conversation of its booking. */
  conversationId: string | null
}

/** Reactions to an event in live objects. Each may happen twice, late, and in any order. */
interface Follows<T extends EventTypeName> {
  /** Right after the commit, and the caller's answer waits for it; and again from the queue. */
  beforeAnswer?: (live: Live, event: EventOf<T>) => Promise<unknown> | undefined
  /** Right after the commit, from the event alone; and again from the queue, for the Worker that died between commit and call. */
  atOnce?: (live: Live, event: EventOf<T>) => Promise<unknown> | undefined
  /** From the queue only. */
  fromQueue?: (live: Live, event: EventOf<T>, known: Known) => Promise<unknown>
}

/** Beside their course: invitations to bid, deletion, and what staff note about tasks. */
type TaskNote = 'task.invited' | 'task.sla_breached' | 'task.priced' | 'task.deleted' | 'task.restored'
type TaskEvent = Extract<EventTypeName, `task.${string}`>
type TaskMove = Exclude<TaskEvent, TaskNote>
type BookingEvent = Extract<EventTypeName, `booking.${string}`>
/** Its course; the others tell what both sides agree about it, and what goes on between two states. */
type BookingMove = Extract<
  EventTypeName,
  `booking.${'offered' | 'offer_ended' | 'released' | 'accepted' | 'confirmed' | 'in_progress' | 'completed' | 'canceled' | 'disputed'}`
>
type BookingNews = Exclude<BookingEvent, BookingMove>

type LeadRequestMove = Extract<
  EventTypeName,
  `lead_request.${'replied' | 'accepted' | 'rejected' | 'withdrawn' | 'expired'}`
>

const matcherOf = ({ TASK_MATCHERS }: Live, taskId: string) => TASK_MATCHERS.getByName(taskId)

/** Starting a search that already runs has no effect. A task whose tasker is found otherwise has none. */
export const startMatching = (
  live: Live,
  { taskId, sourcing, round }: EventOf<'task.posted'>['data'],
): Promise<void> | undefined =>
  sourcing === 'match' ? matcherOf(live, taskId).start(taskId, round) : undefined

/**
 * A task in matching has a search, even where staff take it over and it is sourced otherwise from then on; a posted one, where it is to be
 * matched. The tasker whose offer was accepted is not notified that it is closed.
 */
function endMatching(live: Live, { data }: EventOf<TaskMove>): Promise<void> | undefined {
  if (data.from !== 'matching' && !(data.from === 'posted' && data.sourcing === 'match')) return undefined
  const offerId = 'offerId' in data ? data.offerId : undefined
  return matcherOf(live, data.taskId).taskClosed(data.taskId, data.round, offerId)
}

/** Closes the sockets of a session or API key that has ended. */
const closeSockets = (live: Live, userId: string, sessionId: string, mayReturn = false): Promise<void> =>
  live.USER_CHANNELS.getByName(userId).closeSession(sessionId, mayReturn)

/** Every socket of an account, as of the event: it may have been let in again since. */
const closeAllSockets = (
  live: Live,
  { createdAt, data }: EventOf<'user.suspended' | 'user.closed' | 'user.restricted'>,
): Promise<void> => live.USER_CHANNELS.getByName(data.userId).closeAll('tokenExpired', Date.parse(createdAt))

/** Conversations of two people with a block between them ask what may still be written. */
const shutConversations = (
  { CONVERSATIONS }: Live,
  { data }: EventOf<'user_block.created'>,
): Promise<unknown> => Promise.all(data.conversationIds.map((id) => CONVERSATIONS.getByName(id).heedBlock()))

/**
 * The conversation of a request for a lead opens with the client's answer, and takes no more messages once the request has come to nothing. A
 * request that was not answered has none.
 */
const followLead = (
  { CONVERSATIONS }: Live,
  { id, type, objectId, data }: EventOf<LeadRequestMove>,
): Promise<unknown> | undefined => {
  if (data.conversationId === undefined) return undefined
  const note =
    data.to === 'replied' ? null : { event: type, data: { leadRequestId: objectId, status: data.to } }
  return CONVERSATIONS.getByName(data.conversationId).heedLead(note, `event:${id}`)
}

/** Changes of tasks and bookings reach the sockets of the people they concern. */
const tell =
  (objectType: 'task' | 'booking') =>
  async (
    { USER_CHANNELS }: Live,
    { id, type, objectId, data }: EventOf<TaskEvent | BookingEvent>,
    { objectSeq, recipients }: Known,
  ): Promise<void> => {
    const push = {
      type: objectType,
      key: `event:${id}`,
      data: { event: type, id: objectId, version: objectSeq, ...data },
    } as const
    await Promise.all(recipients.map(({ userId }) => USER_CHANNELS.getByName(userId).push(push)))
  }

/** Adds the course of a booking to its conversation, as notes between the messages. */
async function note(
  { CONVERSATIONS }: Live,
  { id, type, data }: EventOf<BookingMove>,
  { conversationId }: Known,
): Promise<void> {
  if (conversationId === null) return
  const { bookingId, to: status, party } = data
  await CONVERSATIONS.getByName(conversationId).system(
    { event: type, data: { bookingId, status, party } },
    `event:${id}`,
  )
}

const ofTask = { fromQueue: tell('task') }
const ofBooking: Follows<BookingMove> = {
  fromQueue: (live, event, known) =>
    Promise.all([tell('booking')(live, event, known), note(live, event, known)]),
}

const ofBookingNews: Follows<BookingNews> = { fromQueue: tell('booking') }

/** Event → what follows, outside of the database. */
export const reactions: { readonly [T in EventTypeName]?: Follows<T> } = {
  'task.created': ofTask,
  'task.posted': { ...ofTask, atOnce: (live, { data }) => startMatching(live, data) },
  'task.matching': ofTask,
  'task.accepted': { ...ofTask, atOnce: endMatching },
  'task.confirmed': ofTask,
  'task.in_progress': ofTask,
  'task.completed': ofTask,
  'task.settled': ofTask,
  'task.reviewed': ofTask,
  'task.expired': { ...ofTask, atOnce: endMatching },
  'task.canceled_by_client': { ...ofTask, atOnce: endMatching },
  'task.canceled_by_tasker': ofTask,
  'task.disputed': ofTask,
  'task.on_hold': ofTask,
  'task.failed': ofTask,
  // A search that ran is over: staff assign the task.
  // The matcher made it climb, or the sweep in its place.
  'task.climbed': ofTask,
  'task.queued': { ...ofTask, atOnce: endMatching },
  'task.resumed': ofTask,
  'task.deleted': ofTask,
  'task.restored': ofTask,
  'booking.offered': ofBooking,
  'booking.offer_ended': ofBooking,
  'booking.released': ofBooking,
  'booking.accepted': ofBooking,
  'booking.confirmed': ofBooking,
  'booking.in_progress': ofBooking,
  'booking.completed': ofBooking,
  'booking.canceled': ofBooking,
  'booking.disputed': ofBooking,
  'booking.fee_waived': ofBookingNews,
  'booking.change_proposed': ofBookingNews,
  'booking.change_accepted': ofBookingNews,
  'booking.change_rejected': ofBookingNews,
  'booking.change_withdrawn': ofBookingNews,
  'booking.change_expired': ofBookingNews,
  'booking.on_the_way': ofBookingNews,
  'booking.running_late': ofBookingNews,
  'booking.arrived': ofBookingNews,
  'booking.noted': ofBookingNews,
  'booking.work_accepted': ofBookingNews,
  'booking.unpaid': ofBookingNews,
  'booking.confirmation_reminder': ofBookingNews,
  'booking.visit_reminder': ofBookingNews,
  'booking.start_reminder': ofBookingNews,
  'booking.completion_reminder': ofBookingNews,
  'booking.acceptance_reminder': ofBookingNews,
  'booking.payment_reminder': ofBookingNews,
  // With the answer of an act of either, the other can write, or can do so no more.
  'lead_request.replied': { beforeAnswer: followLead },
  'lead_request.accepted': { beforeAnswer: followLead },
  'lead_request.rejected': { beforeAnswer: followLead },
  'lead_request.withdrawn': { beforeAnswer: followLead },
  'lead_request.expired': { beforeAnswer: followLead },
  'offer.declined': {
    atOnce: (live, { objectId, data }) => matcherOf(live, data.taskId).offerAnswered(objectId),
  },
  'session.revoked': {
    atOnce: (live, { objectId, data }) => closeSockets(live, data.userId, objectId),
  },
  // Once the blocker has their answer, the other writes nothing to them any more.
  'user_block.created': { beforeAnswer: shutConversations },
  // Once staff have their answer, nothing is said in the name of the account any more.
  'user.suspended': { beforeAnswer: closeAllSockets },
  'user.closed': { beforeAnswer: closeAllSockets },
  // The next token says what is restricted; an older one opens no socket.
  'user.restricted': { beforeAnswer: closeAllSockets },
  // A key that overlaps with its successor keeps its sockets.
  'api_key.rotated': {
    atOnce: (live, { objectId, data }) =>
      data.overlaps ? undefined : closeSockets(live, data.userId, objectId, true),
  },
  'api_key.revoked': { atOnce: (live, { objectId, data }) => closeSockets(live, data.userId, objectId) },
}

const followsOf = <T extends EventTypeName>({ type }: EventOf<T>): Follows<T> | undefined => reactions[type]

/** The queue's turn. What fails comes again with its message. */
export async function react(live: Live, event: EventOf, known: Known): Promise<void> {
  const { beforeAnswer, atOnce, fromQueue } = followsOf(event) ?? {}
  await Promise.all([beforeAnswer?.(live, event), atOnce?.(live, event), fromQueue?.(live, event, known)])
}

/** Reactions that the answer waits for. A failure here is left to the queue. */
export async function reactBeforeAnswer(live: Live, events: EventOf[]): Promise<void> {
  await Promise.all(
    events.map((event) => attempt(event, () => followsOf(event)?.beforeAnswer?.(live, event))),
  )
}

/** Right after a commit. What fails here is left to the queue, where the same events are on their way. */
export async function followUp(
  env: Live & Pick<Env, 'EVENTS'>,
  events: EventOf[],
  enqueue: typeof enqueueEvents = enqueueEvents,
): Promise<void> {
  const reacted = events.map((event) => attempt(event, () => followsOf(event)?.atOnce?.(env, event)))
  const ids = events.map(({ id }) => id)
  await Promise.all([...reacted, workAtGateways(env, events), enqueue(env, ids)])
}

/** Changes after which a gateway may have something to do: capture, release, give back. A sweep finds what this one misses. */
const asksGateways = new Set<EventTypeName>([
  'booking.completed',
  'booking.canceled',
  'payment_intent.reopened',
  'payment_intent.canceled',
  'refund.created',
])

/** A subscription may have made it, for a payer who is away. */
const isOrderToCharge = (type: EventTypeName, data: EventOf['data']): boolean =>
  type === 'payment_intent.created' &&
  'purpose' in data &&
  data.purpose === 'order' &&
  data.method !== 'wallet'

async function workAtGateways(env: object, events: EventOf[]): Promise<void> {
  const asking = events.filter(({ type, data }) => asksGateways.has(type) || isOrderToCharge(type, data))
  if (asking.length === 0) return
  const { workAfter } = await gatewayWork()
  await Promise.all(asking.map((event) => attempt(event, () => workAfter(env as Env, event))))
}

async function attempt(event: EventOf, work: () => Promise<unknown> | undefined): Promise<void> {
  try {
    await work()
  } catch (error) {
    logFailure('reaction.failed', error, { eventId: event.id, event: event.type, objectId: event.objectId })
  }
}
