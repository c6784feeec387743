import { sql } from 'drizzle-orm'
import { beforeAll, describe, expect, it } from 'vitest'
import { lapseSilentOffers } from '../../../../src/areas/work/bookings/jobs.ts'
import { newId } from '../../../../src/core/ids.ts'
import { systemContext } from '../../../../src/system-context.ts'
import { api, type Caller, database, env } from '../../../support/api.ts'
import { eventsSettled } from '../../../support/events.ts'
import { aClient, ok } from '../../../support/story.ts'
import { aDraft, aReadyTasker, aTrade, codeOf, type Trade } from '../../../support/work.ts'

const db = database()
const startsAt = `${new Date(Date.now() + 3 * 86_400_000).toISOString().slice(0, 10)}T10:00:00.000Z`

let trade: Trade
beforeAll(async () => {
  trade = await aTrade()
})

interface Held {
  client: Caller
  tasker: Caller
  holdId: string
}

/** A client who holds an hour of a tasker. */
async function aHold(minutes = 60): Promise<Held> {
  const [client, tasker] = [await aClient(), await aReadyTasker(trade)]
  const body = { taskerId: tasker.userId, startsAt, minutes }
  const { id: holdId } = (await ok(api('/v1/slot-holds', { as: client, body }))).body
  return { client, tasker, holdId }
}

const book = (as: Caller, holdId: string, taskId: string, headers: Record<string, string> = {}) =>
  api(`/v1/slot-holds/${holdId}/book`, { as, body: { taskId }, headers })

const draft = async (client: Caller, fields: object = {}): Promise<string> =>
  (await aDraft(client, trade, { estMinutes: 60, ...fields })).id

/** A draft that is booked. */
async function asked() {
  const held = await aHold()
  const taskId = await draft(held.client)
  const booking = (await ok(book(held.client, held.holdId, taskId))).body
  return { ...held, taskId, booking }
}

const taskOf = async (as: Caller, taskId: string) => (await ok(api(`/v1/tasks/${taskId}`, { as }))).body

const itemsOf = (tasker: Caller) =>
  db.read<object>(sql`select i.id, i.kind, i.held_by as "heldBy" from calendar_items i
    where i.tasker_id = ${tasker.userId} and i.state = 'live'`)

describe('a held slot that is booked', () => {
  it('is offered to its tasker alone, who accepts it', async () => {
    const { client, tasker, holdId, taskId, booking } = await asked()
    expect(booking).toMatchObject({
      status: 'offered',
      scheduledFrom: startsAt,
      task: { id: taskId },
      client: { id: client.userId },
      tasker: { id: tasker.userId },
    })
    expect(await taskOf(client, taskId)).toMatchObject({ state: 'posted', startsAt })
    expect(await itemsOf(tasker)).toEqual([{ id: holdId, kind: 'hold', heldBy: null }])
    expect(await codeOf(api(`/v1/slot-holds/${holdId}/renew`, { as: client, method: 'POST' }))).toBe(
      '404 not_found',
    )
    await eventsSettled()
    expect(await db.read(sql`select id from offers where task_id = ${taskId}`)).toEqual([])
    const accepted = await ok(api(`/v1/bookings/${booking.id}/accept`, { as: tasker, method: 'POST' }))
    expect(accepted.body.status).toBe('accepted')
    expect((await taskOf(client, taskId)).state).toBe('accepted')
    expect(await itemsOf(tasker)).toEqual([{ id: holdId, kind: 'visit', heldBy: null }])
  })

  it('goes to matching where its tasker declines', async () => {
    const { client, tasker, taskId, booking } = await asked()
    const before = await taskOf(client, taskId)
    await ok(api(`/v1/bookings/${booking.id}/decline`, { as: tasker, body: { reason: 'I am away.' } }))
    const after = await taskOf(client, taskId)
    expect(after).toMatchObject({ state: 'posted', sourcing: 'match' })
    expect(after.version).toBeGreaterThan(before.version)
    expect(await itemsOf(tasker)).toEqual([])
  })

  it('goes to matching where its tasker is silent, and cannot be accepted from then on', async () => {
    const { client, tasker, taskId, booking } = await asked()
    await db.write([
      sql`update bookings set created_at = now() - interval '25 hours' where id = ${booking.id}`,
    ])
    const accept = api(`/v1/bookings/${booking.id}/accept`, { as: tasker, method: 'POST' })
    expect(await codeOf(accept)).toBe('409 booking_lapsed')
    const { bookings } = await lapseSilentOffers(systemContext(env, 'cron.silentOffers'), 500)
    expect(bookings).toBeGreaterThanOrEqual(1)
    expect((await taskOf(client, taskId)).state).toBe('posted')
    expect(await itemsOf(tasker)).toEqual([])
  })

  it('leaves its tasker until the start where that is near', async () => {
    const { booking } = await asked()
    const dueIn = async (minutes: number) => {
      const during = sql`tstzrange(b.created_at + make_interval(mins => ${minutes}::int), b.created_at + make_interval(mins => ${minutes + 60}::int))`
      const rows = await db.read<{ minutes: number }>(sql`
        select (extract(epoch from khidma.direct_answer_by(k) - k.created_at) / 60)::int as minutes
          from bookings b cross join lateral jsonb_populate_record(b, jsonb_build_object('scheduled_during', ${during})) k
         where b.id = ${booking.id}`)
      return rows[0]?.minutes
    }
    expect(await Promise.all([60 * 48, 600, 75, 74, 20].map(dueIn))).toEqual([60 * 24, 540, 15, 74, 20])
  })

  it('is given back when its client cancels the task', async () => {
    const { client, tasker, taskId, booking } = await asked()
    await ok(api(`/v1/tasks/${taskId}/cancel`, { as: client, body: { reason: 'Not needed.' } }))
    const { status } = (await ok(api(`/v1/bookings/${booking.id}`, { as: tasker }))).body
    expect(status).toBe('canceled')
    expect(await itemsOf(tasker)).toEqual([])
  })

  it('is booked once, however often the call is repeated', async () => {
    const { client, holdId } = await aHold()
    const taskId = await draft(client)
    const headers = { 'idempotency-key': newId() }
    const [first, second] = [
      await ok(book(client, holdId, taskId, headers)),
      await ok(book(client, holdId, taskId, headers)),
    ]
    expect(second.body).toEqual(first.body)
    expect(await codeOf(book(client, holdId, taskId))).toBe('404 not_found')
  })
})

describe('a held slot is not booked', () => {
  it('by anybody else, nor for a task of somebody else', async () => {
    const [{ client, holdId }, stranger] = [await aHold(), await aClient()]
    expect(await codeOf(book(stranger, holdId, await draft(stranger)))).toBe('404 not_found')
    expect(await codeOf(book(client, holdId, await draft(stranger)))).toBe('422 unknown_task')
  })

  it('for a task that is no draft to be matched, or takes longer; the hold and the draft stay as they are', async () => {
    const { client, tasker, holdId } = await aHold()
    const posted = await draft(client)
    await ok(api(`/v1/tasks/${posted}/post`, { as: client, method: 'POST' }))
    expect(await codeOf(book(client, holdId, posted))).toBe('409 not_editable')
    const bid = await draft(client, { sourcing: 'bid', title: 'A tap', deadline: startsAt })
    expect(await codeOf(book(client, holdId, bid))).toBe('409 task_not_matched')
    const long = await draft(client, { estMinutes: 61 })
    const refused = await book(client, holdId, long)
    expect(refused.body).toMatchObject({ code: 'hold_too_short', errors: [{ pointer: '/taskId' }] })
    expect(refused.body.detail).toContain('61')
    expect((await taskOf(client, long)).state).toBe('draft')
    expect(await itemsOf(tasker)).toEqual([{ id: holdId, kind: 'hold', heldBy: client.userId }])
  })

  it('after it has ended', async () => {
    const { client, holdId } = await aHold()
    await db.write([sql`update calendar_items set expires_at = now() where id = ${holdId}`])
    expect(await codeOf(book(client, holdId, await draft(client)))).toBe('409 hold_ended')
  })

  it('when its tasker takes no work any more', async () => {
    const { client, tasker, holdId } = await aHold()
    await db.write([sql`update users set status = 'suspended' where id = ${tasker.userId}`])
    const { body } = await book(client, holdId, await draft(client))
    expect(body).toMatchObject({ code: 'slot_unavailable' })
  })
})
