import type { z } from '@hono/zod-openapi'
import type { DispatchBoard } from '../../../src/areas/work/assignment/board-schemas.ts'
import type { AssignmentPage, DispatchedTask } from '../../../src/areas/work/assignment/schemas.ts'
import { check, checkEqual, found } from '../failure.ts'
import type { Person } from '../people.ts'
import type { BookingBody, Cast, Stage, TaskBody } from '../stage.ts'
import { getTask, moveBooking, postTask, toldOf } from '../steps.ts'

type Dispatched = z.infer<typeof DispatchedTask>

/** An assigned job with a hold and a failure: declined by one, the other's by contract, stopped, and given up. */
export async function assignByStaff(stage: Stage, cast: Cast): Promise<void> {
  stage.narrator.chapter('13. Staff assign a job')
  const [one, two] = cast.taskers as [Person, Person]
  const task = await postTask(stage, cast, {
    description: 'The pump of the well has stopped.',
    inDays: 11,
    sourcing: 'assign',
  })
  await triage(stage, cast, task)
  await declined(stage, cast, task, one)
  const booking = await assignedOutright(stage, cast, task, two)
  await holdAndFail(stage, cast, task, booking, two)
}

async function triage({ api, narrator }: Stage, { ops, client }: Cast, { id }: TaskBody): Promise<void> {
  const json = { priority: 'urgent', internalNotes: 'The owner is a friend of the mayor.' }
  const seen = await api.call<Dispatched>(`/v1/tasks/${id}/triage`, { as: ops, method: 'PATCH', json })
  checkEqual(
    'the clock that runs',
    seen.clocks.map(({ kind }) => kind),
    ['assign'],
  )
  const queue = await api.call<{ data: Dispatched[] }>(
    '/v1/dispatch/queue?priority=urgent&isUnassigned=true',
    {
      as: ops,
    },
  )
  check(
    'the task in the queue',
    queue.data.some((each) => each.id === id),
    queue.data.length,
  )
  const own = JSON.stringify(await api.call(`/v1/tasks/${id}`, { as: client }))
  check('no word of staff in what Mona reads', !own.includes('mayor'), own)
  narrator.tell(
    'Mona asks the house to find somebody: her task waits in the queue of staff, urgent, its clock running',
  )
}

async function declined(stage: Stage, cast: Cast, { id }: TaskBody, tasker: Person): Promise<void> {
  const { api, narrator } = stage
  const { ops } = cast
  const given = await api.act<Dispatched>(`/v1/tasks/${id}/assign`, ops, { taskerId: tasker.id })
  const booking = found('the offered booking', given.booking)
  checkEqual('its status', booking.status, 'offered')
  await toldOf(cast, tasker, 'booking.offered', id)
  await api.act(`/v1/bookings/${booking.id}/decline`, tasker, { reason: 'I do not climb into wells.' })
  const back = await api.call<Dispatched>(`/v1/tasks/${id}/triage`, { as: ops })
  checkEqual('who has it', [back.state, back.assignedTo], ['posted', null])
  narrator.tell(`Ops assign it to ${tasker.name}, who declines: it is in the queue again, and nothing is due`)
}

async function assignedOutright(
  { api, narrator, cleanUp }: Stage,
  cast: Cast,
  { id, startsAt }: TaskBody,
  tasker: Person,
): Promise<string> {
  const { ops } = cast
  const mode = (assignmentMode: string) =>
    api.call(`/v1/taskers/${tasker.id}/assignment-mode`, { as: ops, method: 'PUT', json: { assignmentMode } })
  await mode('direct')
  cleanUp.push(() => mode('offer'))
  const given = await api.act<Dispatched>(`/v1/tasks/${id}/assign`, ops, { taskerId: tasker.id })
  checkEqual('task and booking', [given.state, given.booking?.status], ['confirmed', 'confirmed'])
  await toldOf(cast, cast.client, 'booking.confirmed', id)
  await api.refused(409, 'already_assigned', `/v1/tasks/${id}/assign`, {
    as: cast.admin,
    method: 'POST',
    json: { taskerId: tasker.id },
  })
  const search = new URLSearchParams({ city: 'Giza', day: dayOf(startsAt), timezone: 'Africa/Cairo' })
  const board = await api.call<z.infer<typeof DispatchBoard>>(`/v1/dispatch/board?${search}`, { as: ops })
  const row = board.taskers.find(({ taskerId }) => taskerId === tasker.id)
  check('the visit on the board', row?.visits.some(({ taskId }) => taskId === id) === true, row)
  narrator.tell(
    `${tasker.name}’s contract needs no answer: the booking is confirmed at once, the board shows it, and a colleague who assigns it too is refused (409)`,
  )
  return found('the booking', given.booking).id
}

const dayOf = (time: string): string =>
  new Intl.DateTimeFormat('en-CA', { timeZone: 'Africa/Cairo' }).format(new Date(time))

async function holdAndFail(
  stage: Stage,
  cast: Cast,
  { id }: TaskBody,
  bookingId: string,
  tasker: Person,
): Promise<void> {
  const { api, narrator } = stage
  const { ops, client } = cast
  const move = (action: string, reason: string) =>
    api.act<Dispatched>(`/v1/tasks/${id}/${action}`, ops, { reason })
  await moveBooking(stage, bookingId, tasker, 'start')
  await move('hold', 'The part comes from Cairo.')
  await toldOf(cast, client, 'task.on_hold', id)
  await api.refused(409, 'invalid_transition', `/v1/bookings/${bookingId}/complete`, {
    as: tasker,
    method: 'POST',
  })
  await move('resume', 'The part is there.')
  await toldOf(cast, tasker, 'task.resumed', id)
  await move('fail', 'The well is dry.')
  await toldOf(cast, client, 'task.failed', id)
  const [task, booking] = [
    await getTask(stage, client, id),
    await api.call<BookingBody>(`/v1/bookings/${bookingId}`, { as: client }),
  ]
  checkEqual(
    'task and booking',
    [task.state, booking.status, booking.cancellationFee],
    ['failed', 'canceled', null],
  )
  const { data } = await api.call<z.infer<typeof AssignmentPage>>(`/v1/tasks/${id}/assignments`, { as: ops })
  checkEqual(
    'the history',
    data.map(({ status }) => status),
    ['accepted', 'declined'],
  )
  narrator.tell('The work is put on hold, goes on, and fails: Mona and the tasker read why, and nobody pays')
}
