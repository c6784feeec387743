import { sql } from 'drizzle-orm'
import { describe, expect, it } from 'vitest'
import { api, type Caller, database } from '../../../support/api.ts'
import { eventually } from '../../../support/eventually.ts'
import {
  accept,
  decline,
  matcherOf,
  offersOf,
  offerTo,
  openChannel,
  skipWave,
  stepOf,
  waveIsOpen,
} from '../../../support/matching.ts'
import { north } from '../../../support/places.ts'
import { aBooking, aClient, anAdmin, aPostedTask, ok, taskStateOf } from '../../../support/story.ts'
import { aReadyTasker, aTrade, codeOf, inHours, post, type Trade } from '../../../support/work.ts'

async function aCrowd(count: number): Promise<{ trade: Trade; taskers: Caller[] }> {
  const trade = await aTrade()
  const taskers = await Promise.all(
    Array.from({ length: count }, (_, index) => aReadyTasker(trade, { at: north(1 + index) })),
  )
  return { trade, taskers }
}

const again = (action: 'repost' | 'rematch', taskId: string, as: Caller, body: object = {}) =>
  api(`/v1/tasks/${taskId}/${action}`, { as, body })

const asked = (taskId: string, round: number) =>
  database().read<{ tasker: string; status: string }>(
    sql`select tasker_id as tasker, status from offers where task_id = ${taskId} and round = ${round} order by id`,
  )

const expired = (taskId: string) =>
  eventually('the end of the search', async () => (await taskStateOf(taskId)) === 'expired')

const roundOf = (taskId: string, round: number) =>
  eventually(`offers of round ${round}`, async () => (await asked(taskId, round)).length > 0)

describe('an expired task', () => {
  it('is posted again with its history, and asks all but those who declined', async () => {
    const { trade, taskers } = await aCrowd(3)
    const client = await aClient()
    const taskId = await post(client, trade)
    const [first, second, third] = taskers as [Caller, Caller, Caller]
    await ok(decline(first, (await offerTo(first, taskId)).id))
    await offerTo(second, taskId)
    await skipWave(taskId)
    for (let wave = 2; wave <= 3; wave += 1)
      if ((await taskStateOf(taskId)) === 'matching') await skipWave(taskId)
    await expired(taskId)

    const { body } = await ok(again('repost', taskId, client))
    expect(body).toMatchObject({ state: 'posted', round: 2 })
    await roundOf(taskId, 2)
    expect((await asked(taskId, 2)).map(({ tasker }) => tasker).sort()).toEqual(
      [second.userId, third.userId].sort(),
    )
    await waveIsOpen(taskId)
    expect(await stepOf(taskId)).toEqual([{ step: 'wait', wave: 1 }])
    const events = (await ok(api(`/v1/tasks/${taskId}/events?limit=100`, { as: client }))).body.data
    expect(events.map(({ to }: { to: string }) => to)).toEqual([
      'draft',
      'posted',
      'matching',
      'expired',
      'posted',
      'matching',
    ])
    const offer = (await offersOf(third)).find(({ status }) => status === 'pending')
    expect(offer).toMatchObject({ round: 2, wave: 1, isFirstInLine: false })
    const booked = (await ok(accept(third, offer.id))).body
    expect((await ok(api(`/v1/tasks/${taskId}`, { as: client }))).body).toMatchObject({
      state: 'accepted',
      bookingId: booked.id,
    })
  })

  it('needs another start where its own has passed, and is its client’s to post', async () => {
    const { taskId, client } = await aPostedTask()
    const { slug } = await aTrade()
    await database().write([sql`update tasks set category = ${slug} where id = ${taskId}`])
    expect(await codeOf(again('repost', taskId, client))).toBe('409 invalid_transition')
    await database().write([sql`update tasks set state = 'expired' where id = ${taskId}`])
    expect(await codeOf(again('repost', taskId, await aClient()))).toBe('404 not_found')
    expect(await codeOf(again('rematch', taskId, client))).toBe('409 invalid_transition')
    await database().write([sql`update tasks set starts_at = now() - interval '1 hour' where id = ${taskId}`])
    expect(await codeOf(again('repost', taskId, client))).toBe('422 starts_at_refused')
    expect(await codeOf(again('repost', taskId, client, { startsAt: inHours(-2) }))).toBe(
      '422 starts_at_refused',
    )
    const startsAt = inHours(50)
    expect((await ok(again('repost', taskId, client, { startsAt }))).body).toMatchObject({
      startsAt,
      round: 2,
    })
  })

  it('is not ended by what is heard late of an earlier search', async () => {
    const { trade, taskers } = await aCrowd(1)
    const client = await aClient()
    const taskId = await post(client, trade)
    await offerTo(taskers[0] as Caller, taskId)
    for (let wave = 1; wave <= 3; wave += 1)
      if ((await taskStateOf(taskId)) === 'matching') await skipWave(taskId)
    await expired(taskId)
    await ok(again('repost', taskId, client))
    await roundOf(taskId, 2)
    await waveIsOpen(taskId)
    await matcherOf(taskId).taskClosed(taskId, 1)
    await matcherOf(taskId).start(taskId, 1)
    expect(await stepOf(taskId)).toEqual([{ step: 'wait', wave: 1 }])
    const pending = await database().read<{ round: number }>(
      sql`select round from offers where task_id = ${taskId} and status = 'pending'`,
    )
    expect(pending).toEqual([{ round: 2 }])
  })
})

describe('a task whose tasker canceled', () => {
  const bookedBy = async (tasker: Caller, client: Caller, trade: Trade, fields: object = {}) => {
    const taskId = await post(client, trade, fields)
    const { id } = (await ok(accept(tasker, (await offerTo(tasker, taskId)).id))).body
    return { taskId, bookingId: id as string }
  }
  const cancel = (tasker: Caller, bookingId: string) =>
    ok(api(`/v1/bookings/${bookingId}/cancel`, { as: tasker, body: { reason: 'Ill.' } }))

  it('is matched again, first in line, without them', async () => {
    const { trade, taskers } = await aCrowd(2)
    const [gone, next] = taskers as [Caller, Caller]
    const client = await aClient()
    const { taskId, bookingId } = await bookedBy(gone, client, trade)
    const channel = await openChannel(gone)
    await cancel(gone, bookingId)
    expect(await taskStateOf(taskId)).toBe('canceled_by_tasker')
    // Until it is posted again it is their task too.
    await ok(api(`/v1/tasks/${taskId}`, { as: gone }))
    expect((await ok(again('rematch', taskId, client))).body).toMatchObject({
      state: 'posted',
      round: 2,
      bookingId: null,
    })
    await roundOf(taskId, 2)
    expect((await asked(taskId, 2)).map(({ tasker }) => tasker)).toEqual([next.userId])
    const offer = (await offersOf(next)).find(({ status }) => status === 'pending')
    expect(offer).toMatchObject({ isFirstInLine: true, task: { id: taskId } })
    // Neither do they see it any longer, nor hear of it.
    expect(await codeOf(api(`/v1/tasks/${taskId}`, { as: gone }))).toBe('404 not_found')
    const [heard] = await database().read<{ count: number }>(
      sql`select count(*)::int as count from outbox o join outbox_recipients r on r.event_id = o.id
           where o.object_id = ${taskId} and r.user_id = ${gone.userId} and o.data ->> 'round' = '2'`,
    )
    expect(heard?.count).toBe(0)
    channel.close()

    // Whoever is asked about it is asked about no other meanwhile.
    const other = await post(await aClient(), trade, { startsAt: inHours(80) })
    await eventually('a wave of the other task', async () => (await stepOf(other))[0]?.step === 'wait')
    expect((await asked(other, 1)).map(({ tasker }) => tasker)).toEqual([gone.userId])
    await ok(accept(next, offer.id))
    expect(await taskStateOf(taskId)).toBe('accepted')
  })

  it('is matched again by itself where its client asked for that and the category allows it', async () => {
    const { trade, taskers } = await aCrowd(2)
    const [gone, next] = taskers as [Caller, Caller]
    const client = await aClient()
    const { taskId, bookingId } = await bookedBy(gone, client, trade, { autoRematch: true })
    await cancel(gone, bookingId)
    await roundOf(taskId, 2)
    expect((await ok(api(`/v1/tasks/${taskId}`, { as: client }))).body).toMatchObject({
      round: 2,
      bookingId: null,
    })
    await offerTo(next, taskId)
    const events = (await ok(api(`/v1/tasks/${taskId}/events?limit=100`, { as: client }))).body.data
    expect(events.map(({ action }: { action: string }) => action).slice(-3)).toEqual([
      'cancel_by_tasker',
      'rematch',
      'match',
    ])

    const entry = { key: 'tasks.auto_rematch', scope: { categoryId: trade.id }, value: false, reason: 'Test' }
    await ok(api('/v1/config/entries', { as: await anAdmin(), body: entry }))
    const third = await aReadyTasker(trade)
    const own = await aClient()
    const later = await bookedBy(third, own, trade, { autoRematch: true, startsAt: inHours(200) })
    await cancel(third, later.bookingId)
    expect(await taskStateOf(later.taskId)).toBe('canceled_by_tasker')
  })

  it('stays canceled without that', async () => {
    const story = await aBooking()
    await cancel(story.tasker, story.bookingId)
    expect(await taskStateOf(story.taskId)).toBe('canceled_by_tasker')
    expect(await codeOf(again('repost', story.taskId, story.client))).toBe('409 invalid_transition')
    expect(await codeOf(again('rematch', story.taskId, story.tasker))).toBe('403 forbidden')
  })
})

describe('a task that is sourced otherwise', () => {
  it('starts no matcher', async () => {
    const { trade } = await aCrowd(1)
    const taskId = await post(await aClient(), trade, { sourcing: 'assign' })
    expect(await stepOf(taskId)).toEqual([])
    expect(await taskStateOf(taskId)).toBe('posted')
  })
})
