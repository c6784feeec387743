import type { z } from '@hono/zod-openapi'
import type { Bid } from '../../../src/areas/work/bids/schemas.ts'
import { check, checkEqual, eventually } from '../failure.ts'
import { money } from '../narrator.ts'
import type { Person } from '../people.ts'
import type { Frame } from '../socket.ts'
import type { BookingBody, Cast, Stage, TaskBody } from '../stage.ts'
import { endWave, getTask, offerOn, phoneOf, postTask } from '../steps.ts'

type BidBody = z.infer<typeof Bid>

const climbTimeoutMs = 15_000
const ladder = [
  { way: 'match', seconds: 90 },
  { way: 'pick', seconds: 600, taskers: 2 },
  { way: 'bid', seconds: 7_200 },
  { way: 'assign' },
]

/** A task that nobody takes climbs from matching to a pick of two, and to bids of everybody; the best bid wins, and the others hear of it. */
export async function climbTheLadder(stage: Stage, cast: Cast): Promise<void> {
  stage.narrator.chapter('16. A task climbs the ladder')
  await configure(stage, cast)
  const task = await notMatched(stage, cast)
  await nobodyPicked(stage, cast, task)
  await bidWon(stage, cast, task)
}

async function configure({ api, narrator, cleanUp }: Stage, { admin }: Cast): Promise<void> {
  const json = { key: 'tasks.ladder', value: ladder, scope: { city: 'Giza' }, reason: 'Few taskers at night' }
  const { id } = await api.call<{ id: string }>('/v1/config/entries', { as: admin, method: 'POST', json })
  cleanUp.push(() => api.act(`/v1/config/entries/${id}/revert`, admin, { reason: 'The demo is over' }))
  narrator.tell(
    'An admin chains the ways to a tasker for Giza: 90 seconds of matching, a pick of two, two hours of bids, then staff',
  )
}

const climbed = ({ api }: Stage, { client }: Cast, taskId: string, sourcing: string, invitedOnly: boolean) =>
  eventually(`the task to be sourced by ${sourcing}`, climbTimeoutMs, async () => {
    const task = await api.call<TaskBody>(`/v1/tasks/${taskId}`, { as: client })
    return task.sourcing === sourcing && task.invitedOnly === invitedOnly ? task : undefined
  })

async function notMatched(stage: Stage, cast: Cast): Promise<TaskBody> {
  const { api, narrator } = stage
  const [one, two, three] = cast.taskers as [Person, Person, Person]
  const task = await postTask(stage, cast, { description: 'The roof leaks over the bed.', inDays: 16 })
  await Promise.all([one, two, three].map((tasker) => offerOn(cast, tasker, task.id)))
  await endWave(stage, task.id)
  const picking = await climbed(stage, cast, task.id, 'bid', true)
  await phoneOf(cast, cast.client).next(
    'Mona’s phone to say that her task is sourced in another way',
    ({ data }: Partial<Frame>) => data?.event === 'task.climbed' && data.taskId === task.id,
  )
  checkEqual('the state of the task', picking.state, 'posted')
  check('the time of the next climb', picking.climbsAt !== null, picking)
  const invited = await api.list<{ tasker: { id: string } }>(`/v1/tasks/${task.id}/invitations`, cast.client)
  checkEqual('those who are invited', invited.map(({ tasker }) => tasker.id).sort(), [one.id, two.id].sort())
  await api.refused(404, 'not_found', `/v1/open-tasks/${task.id}/own-rate-bid`, { as: three, method: 'POST' })
  narrator.tell(
    `Nobody answers while it is matched: ${one.name} and ${two.name} are invited to say yes, and ${three.name} does not even see it (404)`,
  )
  return task
}

async function nobodyPicked(stage: Stage, cast: Cast, { id }: TaskBody): Promise<void> {
  const { api, narrator } = stage
  const [one] = cast.taskers as [Person]
  const yes = await api.act<BidBody>(`/v1/open-tasks/${id}/own-rate-bid`, one)
  checkEqual('a yes without words', [yes.status, yes.message], ['pending', null])
  await endWave(stage, id)
  await climbed(stage, cast, id, 'bid', false)
  narrator.tell(
    `${one.name} says yes with one tap, at their own rate of ${money(yes.amountMinor, yes.currency)}. Mona waits, and ten minutes later everybody may bid`,
  )
}

async function bidWon(stage: Stage, cast: Cast, { id }: TaskBody): Promise<void> {
  const { api, narrator } = stage
  const [one, , three] = cast.taskers as [Person, Person, Person]
  const json = { amountMinor: 15_000, minutes: 90, message: 'I live next door and have the tar in my van.' }
  const best = await api.call<BidBody>(`/v1/open-tasks/${id}/bids`, { as: three, method: 'POST', json })
  const bids = await api.list<BidBody>(`/v1/tasks/${id}/bids`, cast.client)
  checkEqual('the bids that Mona compares', bids.length, 2)
  const won = await api.call<BidBody>(`/v1/bids/${best.id}/award`, {
    as: cast.client,
    method: 'POST',
    ifMatch: best.version,
  })
  checkEqual('the bid', won.status, 'accepted')
  const task = await getTask(stage, cast.client, id)
  checkEqual('the task', [task.state, task.climbsAt], ['accepted', null])
  const booking = await api.call<BookingBody>(`/v1/bookings/${task.bookingId}`, { as: three })
  checkEqual('the agreed price', booking.fare?.rateAmountMinor, 15_000)
  const [lost] = (await api.list<BidBody>('/v1/bids', one)).filter(({ task: of }) => of.id === id)
  checkEqual('the other bid', lost?.status, 'rejected')
  await phoneOf(cast, one).next(
    `${one.name}'s phone to say that another bid has won`,
    ({ type, data }: Frame) => type === 'notification' && data.kind === 'bid.rejected',
  )
  narrator.tell(
    `${three.name} bids ${money(json.amountMinor, won.currency)}, and Mona awards it: the booking is there at once, and ${one.name} learns it in the same moment, but neither who nor for how much`,
  )
}
