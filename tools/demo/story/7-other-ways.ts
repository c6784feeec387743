import type { z } from '@hono/zod-openapi'
import type { Payment } from '../../../src/areas/money/payments/schemas.ts'
import type { Dispute } from '../../../src/areas/trust/disputes/schemas.ts'
import { cancelBooking, openDispute } from '../../../test/support/scenes.ts'
import { check, checkEqual, eventually } from '../failure.ts'
import { money } from '../narrator.ts'
import type { Person } from '../people.ts'
import type { Frame } from '../socket.ts'
import type { BookingBody, Cast, Stage } from '../stage.ts'
import {
  actOf,
  bookTask,
  endWave,
  getTask,
  moveBooking,
  offerClosedOn,
  offerOn,
  payCash,
  phoneOf,
  postTask,
} from '../steps.ts'
import { entriesOf, totals } from './5-money.ts'

export async function otherWays(stage: Stage, cast: Cast): Promise<void> {
  stage.narrator.chapter('7. Stories that end otherwise')
  const [one, two] = cast.taskers as [Person, Person]
  await clientCancels(stage, cast)
  await clientCancelsBooking(stage, cast, one)
  await taskerCancels(stage, cast, two)
  await nobodyComes(stage, cast)
  await dispute(stage, cast, one)
}

async function clientCancels(stage: Stage, cast: Cast): Promise<void> {
  const { api, narrator } = stage
  const task = await postTask(stage, cast, { description: 'The shower is cold.', inDays: 2 })
  const asked = cast.taskers.slice(0, 3)
  const offers = await Promise.all(asked.map((tasker) => offerOn(cast, tasker, task.id)))
  const canceled = await api.act<{ state: string }>(`/v1/tasks/${task.id}/cancel`, cast.client, {
    reason: 'It is warm again.',
  })
  checkEqual('the state of the task', canceled.state, 'canceled_by_client')
  const closed = await Promise.all(
    asked.map((tasker, index) => offerClosedOn(cast, tasker, offers[index]?.data.offerId)),
  )
  check(
    'withdrawn offers',
    closed.every(({ data }) => data.reason === 'withdrawn'),
    closed,
  )
  narrator.tell('Mona cancels while matching is on its way: the three offers leave the phones')
}

async function clientCancelsBooking(stage: Stage, cast: Cast, tasker: Person): Promise<void> {
  const { api, narrator } = stage
  const booking = await bookTask(stage, cast, { description: 'The boiler hums.', inDays: 3 }, tasker)
  await moveBooking(stage, booking.id, cast.client, 'confirm')
  const reason = 'My brother has repaired it.'
  const canceled: BookingBody = await cancelBooking(actOf(stage), cast.client, booking.id, reason)
  checkEqual('booking and task', [canceled.status, canceled.task.state], ['canceled', 'canceled_by_client'])
  await phoneOf(cast, tasker).next(
    `${tasker.name}'s phone to say that the booking is canceled`,
    ({ type, data }: Frame) =>
      type === 'booking' && data.bookingId === booking.id && data.event === 'booking.canceled',
  )
  const { cancelReason } = await api.call<BookingBody>(`/v1/bookings/${booking.id}`, { as: tasker })
  checkEqual('the reason that he reads', cancelReason, reason)
  narrator.tell(`She cancels a confirmed booking: ${tasker.name}’s phone says so, and the booking says why`)
}

async function taskerCancels(stage: Stage, cast: Cast, tasker: Person): Promise<void> {
  const { narrator } = stage
  const booking = await bookTask(stage, cast, { description: 'The sink is blocked.', inDays: 4 }, tasker)
  const reason = 'My car does not start.'
  const canceled: BookingBody = await cancelBooking(actOf(stage), tasker, booking.id, reason)
  checkEqual('booking and task', [canceled.status, canceled.task.state], ['canceled', 'canceled_by_tasker'])
  const task = await getTask(stage, cast.client, booking.task.id)
  checkEqual(
    'what she can do about it',
    task.allowedActions.filter(({ allowed }) => allowed).map(({ action }) => action),
    ['rematch'],
  )
  narrator.tell(
    `${tasker.name} cancels one himself: that task is canceled_by_tasker, and all that Mona can do is to search again`,
  )
}

/** Two waves with people and a third with nobody left to ask. */
async function nobodyComes(stage: Stage, cast: Cast): Promise<void> {
  const { api, narrator } = stage
  const task = await postTask(stage, cast, { description: 'A pipe whistles at night.', inDays: 5 })
  const [first, second, third, fourth] = cast.taskers as [Person, Person, Person, Person]
  const offers = await Promise.all([first, second, third].map((tasker) => offerOn(cast, tasker, task.id)))
  await endWave(stage, task.id)
  const closed = await offerClosedOn(cast, first, offers[0]?.data.offerId)
  checkEqual('why the offer is closed', closed.data.reason, 'expired')
  const last = await offerOn(cast, fourth, task.id)
  narrator.tell(
    `Nobody answers an offer. We turn the clock forward by a wave: its alarm takes the offers back, and ${fourth.name} is asked`,
  )

  await api.act(`/v1/offers/${last.data.offerId}/decline`, fourth)
  await eventually('the third wave', phoneTimeoutMs, async () => {
    await endWave(stage, task.id)
    return (await getTask(stage, cast.client, task.id)).state === 'expired' ? true : undefined
  })
  await phoneOf(cast, cast.client).next(
    'Mona’s phone to say that the task has expired',
    ({ type, data }) => type === 'task' && data.taskId === task.id && data.event === 'task.expired',
  )
  const mine = await api.list<{ task: { id: string }; status: string }>('/v1/me/offers', first)
  checkEqual('what became of the offer', mine.find((each) => each.task.id === task.id)?.status, 'expired')
  narrator.tell(
    `${fourth.name} declines, and nobody is left for the third wave: the task has expired, and Mona’s phone says so`,
  )
}

const phoneTimeoutMs = 10_000

async function dispute(stage: Stage, cast: Cast, tasker: Person): Promise<void> {
  const { api, narrator } = stage
  const { client, ops } = cast
  const accepted = await bookTask(stage, cast, { description: 'Two taps drip.', inDays: 6 }, tasker)
  await moveBooking(stage, accepted.id, client, 'confirm')
  await moveBooking(stage, accepted.id, tasker, 'start')
  const done = await moveBooking(stage, accepted.id, tasker, 'complete')
  const { amountCaptured, currency } = await payCash(stage, cast, done, tasker)
  const refund = Math.round(amountCaptured / 2)

  const complaint = { reason: 'The second tap still drips.', amountInQuestion: refund }
  const opened: z.infer<typeof Dispute> = await openDispute(actOf(stage), client, done.id, complaint)
  checkEqual('the dispute', opened.status, 'open')
  checkEqual('the task meanwhile', (await getTask(stage, client, done.task.id)).state, 'disputed')
  await api.refused(403, 'forbidden', `/v1/disputes/${opened.id}/investigate`, { as: client, method: 'POST' })
  await api.refused(409, 'booking_in_dispute', `/v1/bookings/${done.id}/cancel`, {
    as: ops,
    json: { reason: 'It takes too long.' },
  })
  await api.act(`/v1/disputes/${opened.id}/investigate`, ops)
  const before = await entriesOf(stage, cast, done.id)
  const ended = await api.act<z.infer<typeof Dispute>>(`/v1/disputes/${opened.id}/refund`, ops, {
    amount: refund,
    note: 'The photos show one tap that drips.',
  })
  checkEqual('the dispute', [ended.status, ended.resolution?.refundAmount], ['refunded', refund])
  checkEqual('the task afterwards', (await getTask(stage, client, done.task.id)).state, 'settled')

  const after = await entriesOf(stage, cast, done.id)
  const known = new Set(before.map(({ id }) => id))
  const posted = after.filter(({ id }) => !known.has(id))
  checkEqual(
    'the posting',
    posted.map(({ type }) => type),
    ['refund'],
  )
  checkEqual('its lines', totals(posted), { client_wallet: refund, refund_receivable: -refund })
  const payment = await api.call<z.infer<typeof Payment>>(`/v1/bookings/${done.id}/payment`, { as: client })
  checkEqual('what the payment says', payment.amountRefunded, refund)
  narrator.tell(
    `Mona disputes a paid job. The booking can end only with its dispute (409): ops looks into it and refunds ${money(refund, currency)} to her wallet, on ${tasker.name}’s account`,
  )
}
