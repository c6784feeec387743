import { type SQL, sql } from 'drizzle-orm'
import type { Actor } from '../../src/core/context.ts'
import { newId } from '../../src/core/ids.ts'
import { insertion } from '../../src/db/patch.ts'
import { taskerProfiles, taskerServiceAreas } from '../../src/db/schema/supply/taskers.ts'
import { bookings } from '../../src/db/schema/work/bookings.ts'
import { tasks } from '../../src/db/schema/work/tasks.ts'
import { api, type Caller, database, shared, signedIn } from './api.ts'
import { tahrir } from './places.ts'
import * as scenes from './scenes.ts'

/**
 * People and things in the middle of their story. From an accepted booking on all comes about by the API; tasks and offers
 * by SQL, as those who may: a task posted over HTTP is matched, and a story chooses its own tasker.
 */

export const actorOf = ({ userId, role, sessionId }: Caller): Actor => ({
  kind: 'user',
  userId,
  role,
  sessionId,
})

const as = (caller: Caller) => database(actorOf(caller))
const hours = (count: number) => count * 3_600_000

export const aClient = (): Promise<Caller> => signedIn('client')
export const anOps = (): Promise<Caller> => signedIn('ops')
export const anAdmin = (): Promise<Caller> => signedIn('admin')

/** Whoever of staff prepares what a story needs: tests share them. A story about staff takes one of its own. */
export const theOps = shared(anOps)
export const theAdmin = shared(anAdmin)

/** Waives all that is required of a tasker: stories are about something else. */
export const waived = (userId: string): SQL[] => [
  sql`insert into requirement_waivers (id, requirement_id, subject_kind, subject_id, reason)
      select khidma.uuid_v7(), r.id, 'tasker', ${userId}, 'A test' from requirements r where r.subject_kind = 'tasker'
      on conflict do nothing`,
]

/** Verified and active, at Tahrir Square unless a place is given. */
export async function aTasker({
  category = 'plumbing',
  rate = 20_000,
  place = tahrir,
} = {}): Promise<Caller> {
  const tasker = await signedIn('tasker')
  const { userId } = tasker
  await as(tasker).write([
    sql`insert into tasker_profiles ${insertion(taskerProfiles, { userId, hourlyRateAmount: rate })}`,
    sql`insert into tasker_service_areas ${insertion(taskerServiceAreas, { taskerId: userId, centerLat: place.lat, centerLng: place.lng })}`,
    sql`insert into tasker_categories (tasker_id, category) values (${userId}, ${category})`,
  ])
  const byOps = as(await theOps())
  await byOps.write([
    ...waived(userId),
    sql`update tasker_profiles set status = 'verified' where user_id = ${userId}`,
    sql`update tasker_profiles set status = 'active' where user_id = ${userId}`,
  ])
  return tasker
}

export interface PostedTask {
  taskId: string
  client: Caller
}

export interface TaskOptions {
  sourcing?: 'match' | 'bid' | 'assign'
  client?: Caller
  startsAt?: Date
  pricingModel?: 'hourly' | 'fixed'
  estMinutes?: number
  estMaxAmount?: number | null
  currency?: string
  category?: string
  place?: scenes.Point
}

const usualMaximum = 100_000

/** Posted, and not in matching. */
export async function aPostedTask({
  client,
  place = tahrir,
  ...fields
}: TaskOptions = {}): Promise<PostedTask> {
  const owner = client ?? (await aClient())
  const taskId = newId()
  const draft = {
    id: taskId,
    clientId: owner.userId,
    category: 'plumbing',
    description: 'The kitchen tap drips.',
    address: '12 Talaat Harb St',
    city: 'Cairo',
    ...place,
    startsAt: new Date(Date.now() + hours(24)),
    estMinutes: 90,
    estMinAmount: 100,
    estMaxAmount: usualMaximum,
    ...fields,
  }
  const startsAt = draft.startsAt.toISOString()
  await as(owner).write([
    sql`insert into tasks ${insertion(tasks, { ...draft, startsAt: sql`${startsAt}::timestamptz` })}`,
    sql`update tasks set state = 'posted' where id = ${taskId}`,
  ])
  return { taskId, client: owner }
}

export const bookingStates = [
  'accepted',
  'confirmed',
  'in_progress',
  'completed',
  'settled',
  'reviewed',
  'canceled',
  'disputed',
] as const
/** The status of a booking; beyond `completed`, the state of its task. */
export type BookingState = (typeof bookingStates)[number]

export interface BookingOptions extends TaskOptions {
  state?: BookingState
  tasker?: Caller
  /** For an hour, minor units. */
  rate?: number | null
  minimumMinutes?: number
  /** How long the work took. */
  workedMinutes?: number
}

export interface BookedStory extends PostedTask {
  bookingId: string
  tasker: Caller
}

/** A booking in `state`, with a client and a tasker of its own. Disputed: after the work, not paid. */
export async function aBooking(options: BookingOptions = {}): Promise<BookedStory> {
  const { state = 'accepted', tasker = await aTasker(), workedMinutes, ...rest } = options
  const { rate, minimumMinutes, ...taskOptions } = rest
  const posted = await aPostedTask(taskOptions)
  const story = { ...posted, tasker, bookingId: newId() }
  const { estMaxAmount: maximum = usualMaximum } = taskOptions
  await accept(story, {
    rate,
    maximum,
    currency: taskOptions.currency,
    minimumMinutes,
    startsAt: taskOptions.startsAt,
  })
  const { bookingId, client } = story
  if (state === 'accepted') return story
  if (state === 'canceled') {
    await scenes.cancelBooking(act, client, bookingId, 'No longer needed.')
    return story
  }
  await scenes.moveBooking(act, client, bookingId, 'confirm')
  if (state === 'confirmed') return story
  await scenes.moveBooking(act, tasker, bookingId, 'start')
  if (state === 'in_progress') return story
  await scenes.moveBooking(act, tasker, bookingId, 'complete')
  if (workedMinutes !== undefined) await pretendWorkTook(story, workedMinutes)
  if (state === 'settled' || state === 'reviewed') await pay(story)
  if (state === 'disputed') await dispute(story)
  if (state === 'reviewed') await Promise.all([review(story, client), review(story, tasker)])
  return story
}

async function accept(
  { bookingId, taskId, client, tasker }: BookedStory,
  terms: {
    rate: number | null | undefined
    maximum: number | null
    currency: string | undefined
    minimumMinutes: number | undefined
    startsAt: Date | undefined
  },
): Promise<void> {
  const from = terms.startsAt ?? new Date(Date.now() + hours(24))
  const until = new Date(from.getTime() + hours(1.5))
  const row = {
    id: bookingId,
    taskId,
    clientId: client.userId,
    taskerId: tasker.userId,
    status: 'accepted' as const,
    agreedRateAmount: terms.rate === undefined ? 20_000 : terms.rate,
    agreedRateCurrency: terms.currency,
    agreedMinimumMinutes: terms.minimumMinutes,
    agreedMaximumAmount: terms.maximum,
    scheduledDuring: sql`tstzrange(${from.toISOString()}::timestamptz, ${until.toISOString()}::timestamptz)`,
  }
  await as(tasker).write([sql`insert into bookings ${insertion(bookings, row)}`])
}

export async function pretendWorkTook(
  { bookingId }: Pick<BookedStory, 'bookingId'>,
  minutes: number,
): Promise<void> {
  await database().write([
    sql`update bookings set started_at = completed_at - make_interval(secs => ${minutes * 60}) where id = ${bookingId}`,
  ])
}

export const withKey = (key: string = newId()) => ({ 'idempotency-key': key })

/** Calls of tests for `scenes.ts`. */
export const act: scenes.Act<Caller> = async (as, path, { method = 'POST', body, needsKey } = {}) =>
  (await ok(api(path, { as, method, body, ...(needsKey && { headers: withKey() }) }))).body

/** Cash, chosen by the client and confirmed by the tasker. */
export async function pay({ bookingId, client, tasker }: BookedStory): Promise<void> {
  await scenes.chooseCash(act, client, bookingId)
  await scenes.confirmCash(act, tasker, bookingId)
}

export async function chooseCash({
  bookingId,
  client,
}: Pick<BookedStory, 'bookingId' | 'client'>): Promise<void> {
  await scenes.chooseCash(act, client, bookingId)
}

/** Returns the id of the dispute. */
export async function dispute(
  { bookingId, client }: Pick<BookedStory, 'bookingId' | 'client'>,
  by: Caller = client,
): Promise<string> {
  return (await scenes.openDispute(act, by, bookingId, { reason: 'It still drips.' })).id
}

export async function review(
  { bookingId }: Pick<BookedStory, 'bookingId'>,
  by: Caller,
  rating = 5,
): Promise<string> {
  return (await scenes.reviewBooking(act, by, bookingId, rating)).id
}

/** The answer, or an error that says which call went wrong and how: a story must not go on from a wrong step. */
// biome-ignore lint/suspicious/noExplicitAny: as in `api`
export async function ok(call: ReturnType<typeof api<any>>) {
  const answer = await call
  if (answer.status >= 300) throw new Error(`${answer.status} ${JSON.stringify(answer.body)}`)
  return answer
}

/** The current status of the task in the database. */
export async function taskStateOf(taskId: string): Promise<string> {
  const [row] = await database().read<{ state: string }>(sql`select state from tasks where id = ${taskId}`)
  if (!row) throw new Error(`No task ${taskId}`)
  return row.state
}
