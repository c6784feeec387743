import { evictDurableObject, runDurableObjectAlarm, runInDurableObject } from 'cloudflare:test'
import { sql } from 'drizzle-orm'
import { describe, expect, it } from 'vitest'
import { api, type Caller, database } from '../../../support/api.ts'
import { eventually } from '../../../support/eventually.ts'
import { loseReplies, whileDatabaseIsDown } from '../../../support/faults.ts'
import {
  accept,
  decline,
  matcherOf,
  offersOf,
  offerTo,
  openChannel,
  ring,
  skipWave,
  stepOf,
  waveIsOpen,
} from '../../../support/matching.ts'
import { north } from '../../../support/places.ts'
import { aClient, anOps, aPostedTask, ok, taskStateOf } from '../../../support/story.ts'
import { aReadyTasker, aTrade, post, readAll, type Trade } from '../../../support/work.ts'

/** So many taskers, the nearest first: matching asks them in this order. */
async function aCrowd(count: number): Promise<{ trade: Trade; taskers: Caller[] }> {
  const trade = await aTrade()
  const taskers = await Promise.all(
    Array.from({ length: count }, (_, index) => aReadyTasker(trade, { at: north(1 + index) })),
  )
  return { trade, taskers }
}

interface Made {
  taskerId: string
  wave: number
  status: string
  delivered: boolean
}

const offersMade = (taskId: string): Promise<Made[]> =>
  database().read<Made>(sql`select tasker_id as "taskerId", wave, status, delivered_at is not null as delivered
    from offers where task_id = ${taskId} order by wave, delivered desc`)

/** Lists whom each wave asked: `[which tasker, wave]`. */
const wavesOf = async (taskId: string, taskers: Caller[]) => {
  const made = await offersMade(taskId)
  return made
    .map(({ taskerId, wave }): [number, number] => [
      taskers.findIndex(({ userId }) => userId === taskerId),
      wave,
    ])
    .sort(([a, waveA], [b, waveB]) => waveA - waveB || a - b)
}

const isOver = (taskId: string) =>
  eventually('the end of the search', async () => (await stepOf(taskId))[0]?.step === 'done')

/** The matcher has heard of so many answers, which travel after the answer to the tasker. */
const hasHeardOf = (taskId: string, answers: number) =>
  eventually(`${answers} answers at the matcher`, () =>
    runInDurableObject(matcherOf(taskId), (_matcher, { storage }) => {
      const { heard } = storage.sql
        .exec<{ heard: number }>("select count(*) as heard from wave_offers where status = 'answered'")
        .one()
      return heard === answers
    }),
  )

const statesOf = async (taskId: string) => {
  const events = await readAll(`/v1/tasks/${taskId}/events?limit=100`, await anOps())
  return events.map(({ to }) => to)
}

describe('a search', () => {
  it('offers to the best three, then to the next three, and so on, and expires after the third wave', async () => {
    const { trade, taskers } = await aCrowd(10)
    const taskId = await post(await aClient(), trade)
    await offerTo(taskers[2] as Caller, taskId)
    const first = [0, 1, 2].map((n) => [n, 1])
    expect(await wavesOf(taskId, taskers)).toEqual(first)

    await skipWave(taskId)
    const second = [...first, ...[3, 4, 5].map((n) => [n, 2])]
    expect(await wavesOf(taskId, taskers)).toEqual(second)
    expect((await offersMade(taskId)).map(({ status }) => status)).toEqual([
      ...Array(3).fill('expired'),
      ...Array(3).fill('pending'),
    ])

    await skipWave(taskId)
    const third = [...second, ...[6, 7, 8].map((n) => [n, 3])]
    expect(await wavesOf(taskId, taskers)).toEqual(third)
    expect(await taskStateOf(taskId)).toBe('matching')

    await skipWave(taskId)
    expect(await taskStateOf(taskId)).toBe('expired')
    expect(await wavesOf(taskId, taskers)).toEqual(third)
    expect(await statesOf(taskId)).toEqual(['draft', 'posted', 'matching', 'expired'])
    const events = await readAll(`/v1/tasks/${taskId}/events?limit=1`, await anOps())
    expect(events.at(-1)).toMatchObject({ reason: 'no_tasker_found', party: 'system', actorUserId: null })
    // An offer that no device has shown hurts nobody.
    const { body } = await ok(api('/v1/me/tasker-profile', { as: taskers[0] as Caller }))
    expect(body.acceptanceRate).toBe(0)
    expect(await stepOf(taskId)).toEqual([{ step: 'done', wave: 3 }])
  })

  it('records the candidates and their ranking', async () => {
    const { trade, taskers } = await aCrowd(4)
    const client = await aClient()
    const taskId = await post(client, trade)
    await offerTo(taskers[0] as Caller, taskId)
    const candidates = await readAll(`/v1/tasks/${taskId}/candidates?limit=3`, await anOps())
    expect(candidates.map(({ taskerId, rank }) => [taskerId, rank])).toEqual(
      taskers.map(({ userId }, index) => [userId, index + 1]),
    )
    expect(candidates[0]).toMatchObject({
      offer: { wave: 1, status: 'pending' },
      explanation: { nearness: 0.95, acceptance: 0.7, completion: 0.9, newcomer: 1 },
    })
    expect(candidates[0].explanation.distanceM).toBeGreaterThan(950)
    expect(candidates[3].offer).toBeNull()
    const forbidden = await api(`/v1/tasks/${taskId}/candidates`, { as: client })
    expect(forbidden.status).toBe(403)
  })

  it('pushes offers and their end to the taskers’ channels', async () => {
    const { trade, taskers } = await aCrowd(3)
    const channels = await Promise.all(taskers.map(openChannel))
    const client = await aClient()
    const taskId = await post(client, trade)
    const pushed = await Promise.all(channels.map((channel) => channel.next('offer')))
    for (const [index, { data }] of pushed.entries()) {
      const [offer] = await offersOf(taskers[index] as Caller)
      expect(data).toEqual({
        offerId: offer.id,
        taskId,
        round: 1,
        wave: 1,
        isFirstInLine: false,
        distanceKm: offer.distanceKm,
        expiresAt: offer.expiresAt,
        task: offer.task,
      })
    }
    await ok(accept(taskers[1] as Caller, pushed[1]?.data.offerId))
    const [first, , third] = channels
    expect((await first?.next('offer.closed'))?.data).toEqual({
      offerId: pushed[0]?.data.offerId,
      taskId,
      reason: 'withdrawn',
    })
    await third?.next('offer.closed')
    for (const channel of channels) {
      expect(channel.frames.filter(({ type }) => type === 'offer')).toHaveLength(1)
      channel.close()
    }
  })

  it('starts the clock of a tasker when the device acknowledges, up to a hard deadline', async () => {
    const { trade, taskers } = await aCrowd(2)
    const [prompt, never] = taskers as [Caller, Caller]
    const taskId = await post(await aClient(), trade)
    const before = await offerTo(prompt, taskId)
    await waveIsOpen(taskId)
    // The device was out of reach for 20 s: the tasker has a whole wave from now on, but no more than 60 s in all.
    await database().write([
      sql`update offers set created_at = created_at - interval '20 seconds', expires_at = expires_at - interval '20 seconds' where id = ${before.id}`,
    ])
    const channel = await openChannel(prompt)
    channel.send({ type: 'offer.ack', id: 'r1', offerId: before.id })
    const after = await eventually('the acknowledgement', async () => {
      const [offer] = await offersOf(prompt)
      return offer.deliveredAt && offer
    })
    const createdAt = Date.parse(after.createdAt)
    expect(Date.parse(after.expiresAt)).toBe(createdAt + 60_000)
    channel.send({ type: 'offer.ack', id: 'r2', offerId: before.id })
    await eventually('the second answer', async () =>
      channel.frames.some((frame) => 'id' in frame && frame.id === 'r2'),
    )
    expect((await offersOf(prompt))[0]).toEqual(after)
    channel.close()

    await skipWave(taskId)
    const made = await offersMade(taskId)
    expect(made.map(({ status, delivered }) => [status, delivered])).toEqual([
      ['expired', true],
      ['expired', false],
    ])
    const rateOf = async (tasker: Caller) => {
      const [row] = await database().read<{ answered: number }>(
        sql`select offers_answered as answered from tasker_profiles where user_id = ${tasker.userId}`,
      )
      return row?.answered
    }
    // Delivered and not answered counts; never delivered does not.
    expect([await rateOf(prompt), await rateOf(never)]).toEqual([1, 0])
  })

  it('asks the next three at once when all have declined', async () => {
    const { trade, taskers } = await aCrowd(5)
    const taskId = await post(await aClient(), trade)
    for (const tasker of taskers.slice(0, 3)) {
      const { id } = await offerTo(tasker, taskId)
      expect((await ok(decline(tasker, id))).body).toMatchObject({ status: 'declined', id })
    }
    await offerTo(taskers[4] as Caller, taskId)
    expect(await wavesOf(taskId, taskers)).toEqual([
      [0, 1],
      [1, 1],
      [2, 1],
      [3, 2],
      [4, 2],
    ])
  })

  it('continues unchanged after an eviction in the middle of a wave', async () => {
    const { trade, taskers } = await aCrowd(4)
    const client = await aClient()
    const taskId = await post(client, trade)
    const offers = await Promise.all(taskers.slice(0, 3).map((tasker) => offerTo(tasker, taskId)))
    await waveIsOpen(taskId)
    await ok(decline(taskers[0] as Caller, offers[0].id))
    await hasHeardOf(taskId, 1)
    await evictDurableObject(matcherOf(taskId))
    await ok(decline(taskers[1] as Caller, offers[1].id))
    await hasHeardOf(taskId, 2)
    await evictDurableObject(matcherOf(taskId))
    await runDurableObjectAlarm(matcherOf(taskId))
    // The third still has time.
    expect(await stepOf(taskId)).toEqual([{ step: 'wait', wave: 1 }])
    await ok(decline(taskers[2] as Caller, offers[2].id))
    const { id } = await offerTo(taskers[3] as Caller, taskId)
    await waveIsOpen(taskId)
    await evictDurableObject(matcherOf(taskId))
    await ok(accept(taskers[3] as Caller, id))
    await isOver(taskId)
    expect(await statesOf(taskId)).toEqual(['draft', 'posted', 'matching', 'accepted'])
  })

  it('neither repeats nor skips an offer after the loss of its storage', async () => {
    const { trade, taskers } = await aCrowd(5)
    const taskId = await post(await aClient(), trade)
    await offerTo(taskers[2] as Caller, taskId)
    // As after a crash between the commit and the note of it.
    await waveIsOpen(taskId)
    await runInDurableObject(matcherOf(taskId), (_matcher, { storage }) => {
      storage.sql.exec(`update search set step = 'open'`)
      storage.sql.exec('delete from wave_offers')
    })
    await evictDurableObject(matcherOf(taskId))
    await matcherOf(taskId).start(taskId, 1)
    await runInDurableObject(matcherOf(taskId), (_matcher, { storage }) =>
      storage.sql.exec(`update timers set at = 1 where name = 'search'`),
    )
    await evictDurableObject(matcherOf(taskId))
    await runDurableObjectAlarm(matcherOf(taskId))
    expect(await wavesOf(taskId, taskers)).toEqual([0, 1, 2].map((n) => [n, 1]))
    expect(await stepOf(taskId)).toEqual([{ step: 'wait', wave: 1 }])
    const channel = await openChannel(taskers[0] as Caller)
    // Pushed again, but stored once by its key.
    expect(channel.frames.filter(({ type }) => type === 'offer')).toHaveLength(0)
    await skipWave(taskId)
    expect(await wavesOf(taskId, taskers)).toEqual([
      [0, 1],
      [1, 1],
      [2, 1],
      [3, 2],
      [4, 2],
    ])
    channel.close()
  })

  it('accepts repeated, late and unordered messages', async () => {
    const { trade, taskers } = await aCrowd(4)
    const [client, matcherCalls] = [await aClient(), 3]
    const taskId = await post(client, trade)
    const matcher = matcherOf(taskId)
    await Promise.all(Array.from({ length: matcherCalls }, () => matcher.start(taskId, 1)))
    const { id } = await offerTo(taskers[0] as Caller, taskId)
    await Promise.all(Array.from({ length: matcherCalls }, () => matcher.offerDelivered(id)))
    await ok(accept(taskers[0] as Caller, id))
    for (let n = 0; n < matcherCalls; n += 1) {
      await matcher.taskClosed(taskId, 1)
      await matcher.offerAnswered(id)
      await matcher.offerDelivered(id)
      await matcher.start(taskId, 1)
    }
    // A call that finds another at work leaves it to that.
    await isOver(taskId)
    expect(await stepOf(taskId)).toEqual([{ step: 'done', wave: 1 }])
    expect(await wavesOf(taskId, taskers)).toEqual([0, 1, 2].map((n) => [n, 1]))
    expect(await statesOf(taskId)).toEqual(['draft', 'posted', 'matching', 'accepted'])
  })

  it('without candidates waits for new ones, and expires', async () => {
    const trade = await aTrade()
    const taskId = await post(await aClient(), trade)
    await waveIsOpen(taskId)
    const late = await aReadyTasker(trade)
    await skipWave(taskId)
    expect((await offerTo(late, taskId)).wave).toBe(2)
    await skipWave(taskId)
    expect(await stepOf(taskId)).toEqual([{ step: 'wait', wave: 3 }])
    await skipWave(taskId)
    expect(await taskStateOf(taskId)).toBe('expired')
  })

  it('skips taskers who became busy or cannot be booked any more', async () => {
    const { trade, taskers } = await aCrowd(6)
    const taskId = await post(await aClient(), trade)
    await offerTo(taskers[2] as Caller, taskId)
    const rival = await post(await aClient(), trade)
    // The fourth is booked for the same hour, the fifth has gone.
    await offerTo(taskers[0] as Caller, rival)
    await skipWave(rival)
    await ok(accept(taskers[3] as Caller, (await offerTo(taskers[3] as Caller, rival)).id))
    const reason = { reason: 'Gone.' }
    await ok(api(`/v1/taskers/${taskers[4]?.userId}/offboard`, { as: await anOps(), body: reason }))
    await skipWave(taskId)
    expect((await wavesOf(taskId, taskers)).slice(3)).toEqual([[5, 2]])
    // Nobody who was found is left to ask: then who has come since.
    const late = await aReadyTasker(trade)
    await skipWave(taskId)
    expect((await offerTo(late, taskId)).wave).toBe(3)
    const candidates = await readAll(`/v1/tasks/${taskId}/candidates?limit=100`, await anOps())
    expect(candidates.map(({ taskerId, rank }) => [taskerId, rank])).toEqual(
      [...taskers, late].map(({ userId }, index) => [userId, index + 1]),
    )
  })

  it('goes past a client who is a tasker of the same trade', async () => {
    const { trade, taskers } = await aCrowd(2)
    const taskId = await post(taskers[0] as Caller, trade)
    await offerTo(taskers[1] as Caller, taskId)
    expect(await wavesOf(taskId, taskers)).toEqual([[1, 1]])
  })

  it('respects working hours and absences', async () => {
    const { trade, taskers } = await aCrowd(3)
    const startsAt = new Date(Date.now() + 48 * 3_600_000)
    const around = (from: number, until: number) => ({
      startsAt: new Date(startsAt.getTime() + from * 3_600_000).toISOString(),
      endsAt: new Date(startsAt.getTime() + until * 3_600_000).toISOString(),
    })
    const block = (tasker: Caller | undefined, body: object) =>
      ok(api('/v1/me/availability', { as: tasker as Caller, body }))
    await block(taskers[0], { kind: 'unavailable', ...around(1, 2) })
    await block(taskers[1], { kind: 'available', ...around(-4, 1) })
    await block(taskers[2], { kind: 'available', ...around(-1, 4) })
    const taskId = await post(await aClient(), trade, { startsAt: startsAt.toISOString() })
    await offerTo(taskers[2] as Caller, taskId)
    expect(await wavesOf(taskId, taskers)).toEqual([[2, 1]])
  })

  it('deletes its state an hour after its end', async () => {
    const { trade, taskers } = await aCrowd(1)
    const client = await aClient()
    const taskId = await post(client, trade)
    await offerTo(taskers[0] as Caller, taskId)
    await ok(api(`/v1/tasks/${taskId}/cancel`, { as: client, body: { reason: 'No.' } }))
    await isOver(taskId)
    await runInDurableObject(matcherOf(taskId), (_matcher, { storage }) =>
      storage.sql.exec('update timers set at = 1'),
    )
    await evictDurableObject(matcherOf(taskId))
    await runDurableObjectAlarm(matcherOf(taskId))
    const left = await runInDurableObject(matcherOf(taskId), async (_matcher, { storage }) => ({
      tables: storage.sql.exec("select name from sqlite_master where name in ('search', 'timers')").toArray(),
      alarm: await storage.getAlarm(),
    }))
    expect(left).toEqual({ tables: [], alarm: null })
    // A repeated call finds that all is over, and leaves it so.
    await matcherOf(taskId).start(taskId, 1)
    expect(await taskStateOf(taskId)).toBe('canceled_by_client')
    expect(await stepOf(taskId)).toEqual([{ step: 'done', wave: 1 }])
  })
})

describe('a search while the database is away', () => {
  it('continues from its state when the database is back', async () => {
    const { trade, taskers } = await aCrowd(4)
    const taskId = await post(await aClient(), trade)
    const { id } = await offerTo(taskers[0] as Caller, taskId)
    await waveIsOpen(taskId)
    await whileDatabaseIsDown(async () => {
      // Acknowledged while it cannot be written down; and the wave ends.
      await matcherOf(taskId).offerDelivered(id)
      const startedAt = Date.now()
      await skipWave(taskId)
      expect(await stepOf(taskId)).toEqual([{ step: 'wait', wave: 1 }])
      // It may be ringing at this moment.
      const alarmAt = await eventually('the next alarm', () =>
        runInDurableObject(matcherOf(taskId), (_matcher, { storage }) => storage.getAlarm()),
      )
      expect(alarmAt).toBeGreaterThan(startedAt)
    })
    await ring(taskId)
    expect(await wavesOf(taskId, taskers)).toEqual([...[0, 1, 2].map((n) => [n, 1]), [3, 2]])
    const [first] = await offersOf(taskers[0] as Caller)
    expect(first).toMatchObject({ id, status: 'expired', deliveredAt: expect.any(String) })
  })

  it('starts when the database is back', async () => {
    const { trade, taskers } = await aCrowd(1)
    // Posted, without a call to the matcher.
    const { taskId } = await aPostedTask()
    await database().write([sql`update tasks set category = ${trade.slug} where id = ${taskId}`])
    await whileDatabaseIsDown(() => matcherOf(taskId).start(taskId, 1))
    await ring(taskId)
    expect(await wavesOf(taskId, taskers)).toEqual([[0, 1]])
  })

  it('repeats no offer after lost answers', async () => {
    const { trade, taskers } = await aCrowd(5)
    const taskId = await post(await aClient(), trade)
    await offerTo(taskers[2] as Caller, taskId)
    await waveIsOpen(taskId)
    // Closing the wave, taking candidates, opening the next: each takes effect, and nobody learns of it the first time.
    try {
      await loseReplies(1)
      await skipWave(taskId)
      for (let crossing = 0; crossing < 2; crossing += 1) {
        await loseReplies(1)
        await ring(taskId)
      }
    } finally {
      await loseReplies(0)
    }
    await ring(taskId)
    expect(await stepOf(taskId)).toEqual([{ step: 'wait', wave: 2 }])
    expect(await wavesOf(taskId, taskers)).toEqual([...[0, 1, 2].map((n) => [n, 1]), [3, 2], [4, 2]])
  })
})
