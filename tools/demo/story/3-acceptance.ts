import type { Answer, Problem } from '../client.ts'
import { check, checkEqual, found } from '../failure.ts'
import { money } from '../narrator.ts'
import type { Person } from '../people.ts'
import type { BookingBody, Cast, Offered, Stage } from '../stage.ts'
import { getTask, moveBooking, newKey, offerClosedOn } from '../steps.ts'

export interface Accepted {
  booking: BookingBody
  tasker: Person
}

export async function acceptAtOnce(stage: Stage, cast: Cast, { task, offers }: Offered): Promise<Accepted> {
  const { api, narrator } = stage
  narrator.chapter('3. Two taskers accept at the same instant')

  const [one, two, three] = offers as [Offer, Offer, Offer]
  const answers = await Promise.all(
    [one, two].map(({ tasker, offerId }) =>
      api.ask<BookingBody & Problem>(`/v1/offers/${offerId}/accept`, {
        as: tasker,
        method: 'POST',
        idempotencyKey: newKey(),
      }),
    ),
  )
  const statuses = answers.map(({ status }) => status).sort()
  checkEqual('the two answers', statuses, [200, 409])
  const winner = answers.findIndex(({ status }) => status === 200)
  const won = found('the answer of the winner', answers[winner]) as Answer<BookingBody>
  const lost = found('the answer of the other', answers[1 - winner])
  checkEqual('what the other is told', lost.body.code, 'offer_taken')
  const tasker = found('the winner', [one, two][winner]).tasker
  const other = found('the other', [one, two][1 - winner]).tasker
  const { body: booking } = won
  checkEqual('booking and task', [booking.status, booking.task.state], ['accepted', 'accepted'])
  narrator.tell(`${tasker.name} has the booking; ${other.name} gets 409 offer_taken: "${lost.body.detail}"`)

  const bookings = await api.list<BookingBody>('/v1/bookings', cast.client)
  checkEqual(
    'the bookings of this task',
    bookings.filter((each) => each.task.id === task.id).map(({ id }) => id),
    [booking.id],
  )
  const closed = await offerClosedOn(cast, three.tasker, three.offerId)
  checkEqual('why the third offer is closed', closed.data.reason, 'withdrawn')
  await api.refused(409, 'offer_taken', `/v1/offers/${three.offerId}/accept`, {
    as: three.tasker,
    method: 'POST',
  })
  narrator.tell(`There is exactly one booking. ${three.tasker.name}’s phone takes the offer off the screen`)

  await api.refused(404, 'not_found', `/v1/bookings/${booking.id}`, { as: other })
  await api.refused(403, 'forbidden', `/v1/bookings/${booking.id}/confirm`, { as: tasker, method: 'POST' })
  const confirmed = await moveBooking(stage, booking.id, cast.client, 'confirm')
  checkEqual('the state of the task', (await getTask(stage, cast.client, task.id)).state, 'confirmed')
  const rate = money(found('an agreed rate', confirmed.agreedRateAmount), confirmed.agreedRateCurrency)
  check('the address for its tasker', confirmed.task.address.length > 0, confirmed.task)
  narrator.tell(
    `Mona confirms (${tasker.name} himself may not: 403), at ${rate} an hour. ${other.name} sees no booking (404)`,
  )
  return { booking: confirmed, tasker }
}

type Offer = Offered['offers'][number]
