import { randomUUID } from 'node:crypto'
import type { z } from '@hono/zod-openapi'
import type { Payment } from '../../src/areas/money/payments/schemas.ts'
import * as scenes from '../../test/support/scenes.ts'
import { check, found } from './failure.ts'
import type { Person } from './people.ts'
import type { Frame, Socket } from './socket.ts'
import type { BookingBody, Cast, Place, Stage, TaskBody } from './stage.ts'

/** Steps that several chapters take. Each checks what it got before it returns. */

type PaymentBody = z.infer<typeof Payment>

const phoneTimeoutMs = 10_000

export const phoneOf = (cast: Cast, person: Person): Socket =>
  found(`the phone of ${person.name}`, cast.phones.get(person.id))

export interface TaskWish {
  description: string
  /** Tasks on different days keep the same taskers free for each. */
  inDays: number
  place?: Place
  city?: string
  /** By matching unless it says otherwise. */
  sourcing?: 'assign'
}

/** Calls of the demo for `scenes.ts`. */
export const actOf =
  ({ api }: Stage): scenes.Act<Person> =>
  (as, path, { method = 'POST', body } = {}) =>
    api.call(path, { as, method, json: body, idempotencyKey: newKey() })

export async function draftTask(stage: Stage, cast: Cast, wish: TaskWish): Promise<TaskBody> {
  const fields = {
    description: wish.description,
    address: 'Guest house by the hot spring, ground floor',
    city: wish.city ?? 'Giza',
    district: 'Bahariya Oasis',
    startsAt: scenes.inHours(24 * wish.inDays),
    structuredInputs: { floor: 0, hasElevator: false },
    ...(wish.sourcing && { sourcing: wish.sourcing }),
  }
  const body = scenes.newTask(wish.place ?? cast.place, fields)
  const task: TaskBody = await scenes.createTask(actOf(stage), cast.client, body)
  check('a draft', task.state === 'draft', task.state)
  return task
}

export async function postTask(stage: Stage, cast: Cast, wish: TaskWish): Promise<TaskBody> {
  const { id } = await draftTask(stage, cast, wish)
  return scenes.postTask(actOf(stage), cast.client, id)
}

/** The offer as it lights up on the tasker's phone, which says that it is shown. */
export async function offerOn(cast: Cast, tasker: Person, taskId: string): Promise<Frame> {
  const phone = phoneOf(cast, tasker)
  const what = `an offer on ${tasker.name}'s phone`
  const isIt = ({ type, data }: Frame) => type === 'offer' && data.taskId === taskId
  const frame = await phone.next(what, isIt, phoneTimeoutMs)
  await phone.request({ type: 'offer.ack', offerId: frame.data.offerId })
  return frame
}

export const offerClosedOn = (cast: Cast, tasker: Person, offerId: string): Promise<Frame> =>
  phoneOf(cast, tasker).next(
    `${tasker.name}'s phone to say that the offer is closed`,
    ({ type, data }) => type === 'offer.closed' && data.offerId === offerId,
    phoneTimeoutMs,
  )

/** Waits until a person's phone tells of something that happened to a task or its booking. */
export const toldOf = (cast: Cast, person: Person, event: string, taskId: string): Promise<Frame> =>
  phoneOf(cast, person).next(
    `${person.name}'s phone to tell of ${event}`,
    ({ data }: Partial<Frame>) => data?.event === event && data.taskId === taskId,
  )

/** One tasker takes it: from a wish to a booking. */
export async function bookTask(
  stage: Stage,
  cast: Cast,
  wish: TaskWish,
  tasker: Person,
): Promise<BookingBody> {
  const task = await postTask(stage, cast, wish)
  const offer = await offerOn(cast, tasker, task.id)
  const booking = await stage.api.act<BookingBody>(`/v1/offers/${offer.data.offerId}/accept`, tasker)
  check('an accepted booking', booking.status === 'accepted' && booking.task.id === task.id, booking)
  return booking
}

/** A transition of the booking, with the expected states of booking and task after it. */
export async function moveBooking(
  stage: Stage,
  bookingId: string,
  who: Person,
  action: scenes.Move,
): Promise<BookingBody> {
  const state = { confirm: 'confirmed', start: 'in_progress', complete: 'completed' }[action]
  const booking: BookingBody = await scenes.moveBooking(actOf(stage), who, bookingId, action)
  check(`booking and task ${state}`, booking.status === state && booking.task.state === state, [
    booking.status,
    booking.task.state,
  ])
  return booking
}

/** The client pays cash for completed work, and the tasker says that it is in hand. */
export async function payCash(
  stage: Stage,
  cast: Cast,
  booking: BookingBody,
  tasker: Person,
): Promise<PaymentBody> {
  const act = actOf(stage)
  const due: PaymentBody = await scenes.chooseCash(act, cast.client, booking.id)
  check('the fare is due', due.status === 'requires_action' && due.amountDue === fareOf(booking), due)
  const paid: PaymentBody = await scenes.confirmCash(act, tasker, booking.id)
  check('the fare is paid', paid.status === 'captured' && paid.amountCaptured === fareOf(booking), paid)
  return paid
}

/** The work took a moment only, so what counts is the agreed minimum. */
export function fareOf({ agreedRateAmount, agreedMinimumMinutes }: BookingBody): number {
  const rate = found('an agreed rate', agreedRateAmount)
  return Math.floor((rate * agreedMinimumMinutes) / 60 + 0.5)
}

/** The smallest picture there is. */
const pixel = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
)

/** Announces a picture and sends it to the address that it is given. Returns its id. */
export async function uploadPicture({ api }: Stage, as: Person): Promise<string> {
  const { id, uploadUrl } = await api.act<{ id: string; uploadUrl: string }>('/v1/media', as, {
    kind: 'image',
    mimeType: 'image/png',
    fileSize: pixel.byteLength,
  })
  const { pathname, search } = new URL(uploadUrl)
  const response = await fetch(`${api.origin}${pathname}${search}`, {
    method: 'PUT',
    headers: { 'content-type': 'image/png' },
    body: pixel,
  })
  check('an upload', response.ok, response.status)
  return id
}

export const getTask = ({ api }: Stage, as: Person, taskId: string): Promise<TaskBody> =>
  api.call<TaskBody>(`/v1/tasks/${taskId}`, { as })

export const newKey = (): string => randomUUID()

/** In development the clock of one search can be turned forward: a wave lasts 45 seconds, a rung of a ladder up to hours. */
export const endWave = ({ api }: Stage, taskId: string) =>
  api.call(`/__dev/matching/${taskId}/end-wave`, { method: 'POST' })
