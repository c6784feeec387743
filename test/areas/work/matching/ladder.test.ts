import { runInDurableObject } from 'cloudflare:test'
import { sql } from 'drizzle-orm'
import { describe, expect, it } from 'vitest'
import { restartStalledMatching } from '../../../../src/areas/work/matching/matching.ts'
import { newId } from '../../../../src/core/ids.ts'
import { systemContext } from '../../../../src/system-context.ts'
import { api, type Caller, database, env } from '../../../support/api.ts'
import { award, makeBid, onBid } from '../../../support/bids.ts'
import { dispatch } from '../../../support/dispatch.ts'
import { pullEvents } from '../../../support/events.ts'
import { eventually } from '../../../support/eventually.ts'
import {
  decline,
  matcherOf,
  offersOf,
  offerTo,
  ring,
  skipWave,
  stepOf,
  waveIsOpen,
} from '../../../support/matching.ts'
import { north } from '../../../support/places.ts'
import { aClient, anAdmin, anOps, ok } from '../../../support/story.ts'
import { aDraft, aReadyTasker, aTrade, codeOf, inHours, post, type Trade } from '../../../support/work.ts'

const wholeLadder = [
  { way: 'match', seconds: 90 },
  { way: 'pick', seconds: 600, taskers: 2 },
  { way: 'bid', seconds: 7_200 },
  { way: 'assign' },
]

async function configure(value: unknown, { id: categoryId }: Trade) {
  const body = { key: 'tasks.ladder', value, scope: { categoryId }, reason: 'Test' }
  return api('/v1/config/entries', { as: await anAdmin(), body })
}

/** A task on the ladder of its trade, with so many taskers, the nearest first, of whom three are asked first. */
async function aClimber(ladder: object[] = wholeLadder, count = 4) {
  const trade = await aTrade()
  const places = Array.from({ length: count }, (_, index) => north(1 + index))
  const taskers = await Promise.all(places.map((at) => aReadyTasker(trade, { at })))
  await ok(configure(ladder, trade))
  const client = await aClient()
  const taskId = await post(client, trade, { startsAt: inHours(72), estMinutes: 90 })
  return { trade, taskers: taskers as [Caller, Caller, Caller, ...Caller[]], client, taskId }
}

const taskOf = async (client: Caller, taskId: string) =>
  (await ok(api(`/v1/tasks/${taskId}`, { as: client }))).body

const sayYes = (tasker: Caller, taskId: string) =>
  api(`/v1/open-tasks/${taskId}/own-rate-bid`, { as: tasker, method: 'POST' })

const letClimb = (taskId: string) =>
  database().write([
    sql`update tasks set climbs_at = now() - interval '1 minute' where id = ${taskId} and climbs_at is not null`,
  ])

/** The time of the rung is over, and the matcher finds out. */
async function climb(taskId: string): Promise<void> {
  await letClimb(taskId)
  if ((await stepOf(taskId))[0]?.step === 'wait') return skipWave(taskId)
  await runInDurableObject(matcherOf(taskId), (_matcher, { storage }) =>
    storage.sql.exec('update search set ends_at = 0'),
  )
  await ring(taskId)
}

/** Onto the second rung, after the first wave. */
async function aPicked(ladder?: object[]) {
  const climber = await aClimber(ladder)
  await waveIsOpen(climber.taskId)
  await climb(climber.taskId)
  return climber
}

const sweep = () => restartStalledMatching(systemContext(env, 'cron.recover'), 100)

describe('a task on a ladder', () => {
  it('is matched first; nothing climbs before the time of the rung, nor where there are waves left', async () => {
    const { client, taskId, taskers } = await aClimber()
    await skipWave(taskId)
    await waveIsOpen(taskId)
    const task = await taskOf(client, taskId)
    expect(task).toMatchObject({ state: 'matching', sourcing: 'match', invitedOnly: false })
    expect(Date.parse(task.climbsAt) - Date.now()).toBeGreaterThan(60_000)
    await sweep()
    expect(await taskOf(client, taskId)).toMatchObject({ sourcing: 'match' })
    await offerTo(taskers[3] as Caller, taskId)
  })

  it('then invites the best to say yes at their own rate; the client picks one, who has it at once', async () => {
    const { client, taskId, taskers } = await aPicked()
    const [first, second, third] = taskers
    expect(await taskOf(client, taskId)).toMatchObject({
      state: 'posted',
      sourcing: 'bid',
      invitedOnly: true,
    })
    expect(await stepOf(taskId)).toEqual([{ step: 'climb', wave: 1 }])
    const invitations = await api(`/v1/tasks/${taskId}/invitations`, { as: client })
    expect(
      invitations.body.data.map(({ tasker }: { tasker: { id: string } }) => tasker.id).toSorted(),
    ).toEqual([first.userId, second.userId].toSorted())
    for (const as of taskers)
      expect((await offersOf(as, '&status=pending')).filter(({ task }) => task.id === taskId)).toEqual([])
    // Nobody else learns that it is there.
    expect(await codeOf(sayYes(third, taskId))).toBe('404 not_found')
    expect(await codeOf(makeBid(third, taskId))).toBe('404 not_found')
    expect(await codeOf(api(`/v1/open-tasks/${taskId}`, { as: third }))).toBe('404 not_found')
    const feed = async (as: Caller) =>
      (await ok(api('/v1/open-tasks?limit=100', { as }))).body.data.some(
        ({ id }: { id: string }) => id === taskId,
      )
    expect([await feed(first), await feed(third)]).toEqual([true, false])
    const { body: yes } = await ok(sayYes(second, taskId))
    expect(yes).toMatchObject({ status: 'pending', amountMinor: 20_000, minutes: 90, message: null })
    expect(await codeOf(sayYes(second, taskId))).toBe('409 bid_exists')
    await ok(makeBid(first, taskId, { amountMinor: 30_000 }))
    expect((await ok(award(client, yes.id))).body).toMatchObject({ status: 'accepted' })
    const task = await taskOf(client, taskId)
    expect(task).toMatchObject({ state: 'accepted', climbsAt: null })
    const booking = (await ok(api(`/v1/bookings/${task.bookingId}`, { as: second }))).body
    expect(booking.fare).toMatchObject({ rateAmountMinor: 20_000, agreedMinutes: 90 })
    await climb(taskId)
    expect(await stepOf(taskId)).toEqual([{ step: 'done', wave: 1 }])
  })

  it('does not invite anybody who has declined, and climbs at once when everybody has', async () => {
    const { client, taskId, taskers } = await aClimber(wholeLadder, 3)
    for (const tasker of taskers) await ok(decline(tasker, (await offerTo(tasker, taskId)).id))
    for (const _wave of [2, 3]) await skipWave(taskId)
    await eventually('the second rung', async () => (await taskOf(client, taskId)).sourcing === 'bid')
    expect((await ok(api(`/v1/tasks/${taskId}/invitations`, { as: client }))).body.data).toEqual([])
  })

  it('then takes bids of everybody beside those that it has, and ends with staff, who find it in their queue', async () => {
    const { client, taskId, taskers } = await aPicked()
    const [first, , third] = taskers
    const { body: early } = await ok(sayYes(first, taskId))
    await climb(taskId)
    expect(await taskOf(client, taskId)).toMatchObject({
      state: 'posted',
      sourcing: 'bid',
      invitedOnly: false,
    })
    await ok(makeBid(third, taskId))
    const { data } = (await ok(api(`/v1/tasks/${taskId}/bids`, { as: client }))).body
    expect(data.map(({ status }: { status: string }) => status)).toEqual(['pending', 'pending'])
    await climb(taskId)
    const task = await taskOf(client, taskId)
    expect(task).toMatchObject({ state: 'posted', sourcing: 'assign', climbsAt: null })
    expect((await ok(api(`/v1/bids/${early.id}`, { as: first }))).body.status).toBe('expired')
    expect(await stepOf(taskId)).toEqual([{ step: 'done', wave: 1 }])
    const ops = await anOps()
    await ok(dispatch(ops, taskId, 'assign', { taskerId: third.userId }))
    expect(await taskOf(client, taskId)).toMatchObject({ sourcing: 'assign' })
    const climbed = (await pullEvents(client, '?limit=100')).data.filter(
      ({ type }: { type: string }) => type === 'task.climbed',
    )
    expect(
      climbed.map(({ data }: { data: Record<string, string> }) => [data.from, data.to, data.sourcing]),
    ).toEqual([
      ['matching', 'posted', 'bid'],
      ['posted', 'posted', 'bid'],
      ['posted', 'posted', 'assign'],
    ])
  })

  it('waits for an award that its tasker has not answered', async () => {
    const { client, taskId, taskers } = await aPicked()
    const { body: bid } = await ok(makeBid(taskers[0], taskId))
    await database().write([
      sql`update bids set affirmed_at = now() - interval '2 hours' where id = ${bid.id}`,
    ])
    await ok(award(client, bid.id))
    await climb(taskId)
    const task = await taskOf(client, taskId)
    expect(task).toMatchObject({ sourcing: 'bid', invitedOnly: true })
    expect(Date.parse(task.climbsAt)).toBeGreaterThan(Date.now() + 3_600_000)
    await ok(onBid(taskers[0], bid.id, 'accept'))
    expect(await taskOf(client, taskId)).toMatchObject({ state: 'accepted', climbsAt: null })
  })

  it('expires on a last rung that is over, and begins below when it is posted again', async () => {
    const { client, taskId } = await aPicked(wholeLadder.slice(0, 2))
    await climb(taskId)
    expect(await taskOf(client, taskId)).toMatchObject({ state: 'expired', climbsAt: null })
    await ok(api(`/v1/tasks/${taskId}/repost`, { as: client, body: {} }))
    const again = await taskOf(client, taskId)
    expect(again).toMatchObject({ sourcing: 'match', invitedOnly: false, round: 2 })
    expect(Date.parse(again.climbsAt)).toBeGreaterThan(Date.now())
    await waveIsOpen(taskId)
  })

  it('is moved by the sweep where its matcher is gone', async () => {
    const { client, taskId } = await aPicked()
    await runInDurableObject(matcherOf(taskId), (_matcher, { storage }) => storage.deleteAll())
    await letClimb(taskId)
    await sweep()
    expect(await taskOf(client, taskId)).toMatchObject({ sourcing: 'bid', invitedOnly: false })
    await sweep()
    expect(await taskOf(client, taskId)).toMatchObject({ sourcing: 'bid', invitedOnly: false })
  })

  it('is not kept from its turn by tasks whose tasker is asked directly, and those are matched first once they answer no', async () => {
    const trade = await aTrade()
    const [client, tasker] = [await aClient(), await aReadyTasker(trade)]
    await ok(configure(wholeLadder, trade))
    const { id: taskId } = await aDraft(client, trade, { startsAt: inHours(72), estMinutes: 90 })
    const bookingId = newId()
    // As the job of series does it.
    await database().write([
      sql`update tasks set state = 'posted' where id = ${taskId}`,
      sql`select khidma.open_booking(${bookingId}::uuid, ${taskId}::uuid, ${tasker.userId}::uuid, null, null, 'offered', null, null)`,
    ])
    await letClimb(taskId)
    await sweep()
    expect(await taskOf(client, taskId)).toMatchObject({ state: 'posted', sourcing: 'match' })
    await ok(api(`/v1/bookings/${bookingId}/decline`, { as: tasker, body: { reason: 'I am away.' } }))
    const task = await taskOf(client, taskId)
    expect(task).toMatchObject({ state: 'posted', sourcing: 'match' })
    expect(Date.parse(task.climbsAt) - Date.now()).toBeGreaterThan(60_000)
    await sweep()
    expect(await taskOf(client, taskId)).toMatchObject({ sourcing: 'match' })
  })

  it('begins below when its tasker cancels, where its client has asked for another', async () => {
    const { client, taskId, taskers } = await aPicked()
    await database().write([sql`update tasks set auto_rematch = true where id = ${taskId}`])
    const { body: yes } = await ok(sayYes(taskers[0], taskId))
    await ok(award(client, yes.id))
    const { bookingId } = await taskOf(client, taskId)
    await ok(api(`/v1/bookings/${bookingId}/cancel`, { as: taskers[0], body: { reason: 'I am ill.' } }))
    expect(await taskOf(client, taskId)).toMatchObject({ sourcing: 'match', round: 2, deadline: null })
  })

  it('climbs no more once staff have taken it over', async () => {
    const { client, taskId, taskers } = await aPicked()
    await ok(dispatch(await anOps(), taskId, 'assign', { taskerId: taskers[2].userId }))
    expect(await taskOf(client, taskId)).toMatchObject({ sourcing: 'assign', climbsAt: null })
  })
})

describe('a ladder', () => {
  it('is off where nobody has configured one', async () => {
    const trade = await aTrade()
    const client = await aClient()
    const taskId = await post(client, trade)
    expect(await taskOf(client, taskId)).toMatchObject({
      sourcing: 'match',
      climbsAt: null,
      invitedOnly: false,
    })
  })

  it.each([
    ['without matching first', [{ way: 'bid', seconds: 60 }]],
    ['with a way twice', [wholeLadder[0], wholeLadder[1], wholeLadder[1]]],
    ['in another order', [wholeLadder[0], wholeLadder[2], wholeLadder[1]]],
    ['with leads before bids', [wholeLadder[0], { way: 'lead', seconds: 60 }, wholeLadder[2]]],
    ['without a time', [{ way: 'match' }]],
    ['of an unknown way', [wholeLadder[0], { way: 'tender', seconds: 60 }]],
  ])('is refused %s', async (_what, value) => {
    expect((await configure(value, await aTrade())).status).toBe(400)
  })

  it('changes no search that goes on', async () => {
    const { trade, client, taskId } = await aPicked()
    await ok(configure([], trade))
    await climb(taskId)
    expect(await taskOf(client, taskId)).toMatchObject({ sourcing: 'bid', invitedOnly: false })
  })
})

describe('a yes at one’s own rate', () => {
  it('is for any task that takes bids, and needs a rate or an estimate', async () => {
    const { taskId, taskers } = await aPicked()
    await database().write([
      sql`update tasks set est_min_amount = null, est_max_amount = null where id = ${taskId}`,
      sql`update tasker_profiles set hourly_rate_amount = null where user_id = ${taskers[0].userId}`,
    ])
    expect(await codeOf(sayYes(taskers[0], taskId))).toBe('409 rate_missing')
  })
})
