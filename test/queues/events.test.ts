import { sql } from 'drizzle-orm'
import { describe, expect, it } from 'vitest'
import { newId } from '../../src/core/ids.ts'
import { consumeEvent } from '../../src/queues/events.ts'
import { api, type Caller, database, env, signedIn } from '../support/api.ts'
import { channelOf, enter, enterChannel } from '../support/chat.ts'
import { eventually } from '../support/eventually.ts'
import { offersOf } from '../support/matching.ts'
import { consumeNow, eventsOf, hookAt } from '../support/queues.ts'
import { aBooking, actorOf, ok } from '../support/story.ts'
import { aDraft, aReadyTasker, aTrade } from '../support/work.ts'

/** Writes like a Worker that died before it enqueued: rows and events, and no message. */
const silently = (who: Caller, ...effects: ReturnType<typeof sql>[]) => database(actorOf(who)).write(effects)

/** Their messages come, `times` each, all at once. */
async function consumeEventsOf(objectId: string, types: string[], times = 1): Promise<void> {
  const events = (await eventsOf(objectId)).filter(({ type }) => types.includes(type))
  expect(events.map(({ type }) => type).sort()).toEqual([...types].sort())
  const messages = events.flatMap(({ id }) => Array(times).fill({ kind: 'event', eventId: id }))
  const { acknowledged } = await consumeNow('khidma-events', ...messages)
  expect(acknowledged).toHaveLength(messages.length)
}

const subscribe = async (as: Caller, events: string[]): Promise<string> =>
  (await ok(api('/v1/webhooks', { as, body: { url: await hookAt(newId()), events } }))).body.id

const deliveredTo = async (subscriptionId: string): Promise<string[]> => {
  const rows = await database().read<{ type: string }>(
    sql`select event_type as type from webhook_deliveries where subscription_id = ${subscriptionId} order by id`,
  )
  return rows.map(({ type }) => type)
}

describe('an event', () => {
  it('that is consumed several times at once has one effect', async () => {
    const { client, tasker, bookingId } = await aBooking()
    const subscription = await subscribe(tasker, ['booking.confirmed'])
    await silently(client, sql`update bookings set status = 'confirmed' where id = ${bookingId}`)
    await consumeEventsOf(bookingId, ['booking.confirmed'], 4)
    await consumeEventsOf(bookingId, ['booking.confirmed'])
    expect(await deliveredTo(subscription)).toEqual(['booking.confirmed'])
    const { body } = await ok(api('/v1/me/notifications', { as: tasker }))
    expect(body.data.filter(({ kind }: { kind: string }) => kind === 'booking.confirmed')).toHaveLength(1)
    const { welcome } = await enterChannel(tasker)
    const told = welcome.missed.filter((frame: { data: object }) => 'event' in frame.data)
    const confirmed = told.filter(
      ({ data }: { data: { event: string } }) => data.event === 'booking.confirmed',
    )
    expect(confirmed).toHaveLength(1)
    expect(confirmed[0]).toMatchObject({ type: 'booking', data: { bookingId, to: 'confirmed', version: 2 } })
  })

  it('reaches lists and webhooks while a live object fails, which is asked until it does not', async () => {
    const { client, tasker, bookingId } = await aBooking()
    const subscription = await subscribe(tasker, ['booking.confirmed'])
    await silently(client, sql`update bookings set status = 'confirmed' where id = ${bookingId}`)
    const [event] = (await eventsOf(bookingId)).filter(({ type }) => type === 'booking.confirmed')
    const id = event?.id ?? ''
    const failing = { getByName: () => ({ push: () => Promise.reject(new Error('unreachable')) }) }
    const broken = { ...env, USER_CHANNELS: failing } as unknown as typeof env
    const dispatched = async () => {
      const [row] = await database().read<{ at: string | null }>(
        sql`select dispatched_at as at from outbox where id = ${id}`,
      )
      return row?.at !== null
    }
    for (let time = 0; time < 2; time += 1) {
      await expect(consumeEvent(broken, id)).rejects.toThrow('unreachable')
      expect(await deliveredTo(subscription)).toEqual(['booking.confirmed'])
      expect(await dispatched()).toBe(false)
    }
    await consumeEvent(env, id)
    expect([await deliveredTo(subscription), await dispatched()]).toEqual([['booking.confirmed'], true])
    const { body } = await ok(api('/v1/me/notifications', { as: tasker }))
    expect(body.data.filter(({ kind }: { kind: string }) => kind === 'booking.confirmed')).toHaveLength(1)
  })

  it('is sent to the subscribed webhooks of those it concerns, and of staff', async () => {
    const { client, bookingId } = await aBooking()
    const ops = await signedIn('ops')
    const wanted = {
      exact: await subscribe(client, ['booking.confirmed']),
      pattern: await subscribe(client, ['task.*', 'booking.*']),
      all: await subscribe(client, ['*']),
      staff: await subscribe(ops, ['booking.confirmed']),
    }
    const unwanted = {
      other: await subscribe(client, ['booking.canceled', 'task.*']),
      off: await subscribe(client, ['*']),
      stranger: await subscribe(await signedIn(), ['*']),
    }
    await ok(api(`/v1/webhooks/${unwanted.off}`, { as: client, method: 'PATCH', body: { active: false } }))
    await silently(client, sql`update bookings set status = 'confirmed' where id = ${bookingId}`)
    const late = await subscribe(client, ['*'])
    await consumeEventsOf(bookingId, ['booking.confirmed'])
    for (const id of Object.values(wanted)) expect(await deliveredTo(id)).toContain('booking.confirmed')
    for (const id of [...Object.values(unwanted), late]) {
      expect(await deliveredTo(id)).not.toContain('booking.confirmed')
    }
  })
})

describe('a Worker that dies right after its commit', () => {
  it('has its search started all the same', async () => {
    const trade = await aTrade()
    const [client, tasker] = [await signedIn('client'), await aReadyTasker(trade)]
    const { id: taskId } = await aDraft(client, trade)
    await silently(client, sql`update tasks set state = 'posted' where id = ${taskId}`)
    await consumeEventsOf(taskId, ['task.posted'], 2)
    expect(await offersOf(tasker)).toMatchObject([{ status: 'pending', task: { id: taskId } }])

    const { device } = await enterChannel(tasker)
    await silently(client, sql`update tasks set state = 'canceled_by_client' where id = ${taskId}`)
    await consumeEventsOf(taskId, ['task.canceled_by_client'])
    expect((await device.take('offer.closed')).data).toMatchObject({ taskId })
  })

  it('has its declines passed to the search', async () => {
    const trade = await aTrade()
    const client = await signedIn('client')
    const taskers = await Promise.all(Array.from({ length: 4 }, () => aReadyTasker(trade)))
    const { id: taskId } = await aDraft(client, trade)
    await silently(client, sql`update tasks set state = 'posted' where id = ${taskId}`)
    await consumeEventsOf(taskId, ['task.posted'])
    const pendingOf = (tasker: Caller) => offersOf(tasker, '&status=pending')
    const asked = []
    for (const tasker of taskers) {
      const [offer] = await pendingOf(tasker)
      if (offer) asked.push({ tasker, offerId: offer.id })
    }
    expect(asked).toHaveLength(3)
    for (const { tasker, offerId } of asked) {
      await silently(
        tasker,
        sql`update offers set status = 'declined', answered_at = now() where id = ${offerId}`,
      )
      await consumeEventsOf(offerId, ['offer.declined'])
    }
    const second = await eventually('the second wave', async () => {
      const offers = (await Promise.all(taskers.map(pendingOf))).flat()
      return offers.length > 0 && offers
    })
    expect(second).toMatchObject([{ wave: 2 }])
  })

  it('does not notify the tasker of the accepted offer that it is closed', async () => {
    const trade = await aTrade()
    const client = await signedIn('client')
    const [winner, loser] = [await aReadyTasker(trade), await aReadyTasker(trade)]
    const { id: taskId } = await aDraft(client, trade)
    await silently(client, sql`update tasks set state = 'posted' where id = ${taskId}`)
    await consumeEventsOf(taskId, ['task.posted'])
    const [offer] = await offersOf(winner)
    await silently(
      winner,
      sql`update offers set status = 'accepted', answered_at = now() where id = ${offer.id}`,
      sql`insert into bookings (id, task_id, client_id, tasker_id, status, scheduled_during)
          values (${newId()}, ${taskId}, ${client.userId}, ${winner.userId}, 'accepted',
                  tstzrange(now() + interval '1 day', now() + interval '2 days'))`,
    )
    await consumeEventsOf(taskId, ['task.accepted'])
    const typesOf = async (tasker: Caller) =>
      (await enterChannel(tasker)).welcome.missed.map(({ type }: { type: string }) => type)
    await eventually('the note to who lost', async () => (await typesOf(loser)).includes('offer.closed'))
    expect(await typesOf(winner)).not.toContain('offer.closed')
  })

  it('has its note in the conversation, once', async () => {
    const { client, tasker, bookingId } = await aBooking()
    await silently(client, sql`update bookings set status = 'confirmed' where id = ${bookingId}`)
    await consumeEventsOf(bookingId, ['booking.accepted', 'booking.confirmed'], 2)
    const [row] = await database().read<{ id: string }>(
      sql`select id from conversations where booking_id = ${bookingId}`,
    )
    const { welcome } = await enter({ conversationId: row?.id ?? '' }, tasker)
    const notes = welcome.missed.filter(({ type }: { type: string }) => type === 'system')
    expect(notes.map(({ event }: { event: string }) => event).sort()).toEqual([
      'booking.accepted',
      'booking.confirmed',
    ])
  })

  it('has the sockets of a stolen session closed', async () => {
    const [me, other] = [await signedIn(), await signedIn()]
    const { device } = await enterChannel(me)
    const { device: elsewhere } = await enterChannel(other)
    const data = JSON.stringify({
      sessionId: me.sessionId,
      userId: me.userId,
      reason: 'refresh_token_reused',
    })
    await database().write([
      sql`select khidma.emit('session.revoked', 'session', ${me.sessionId}, 1, ${data}::jsonb, array[${me.userId}]::uuid[])`,
    ])
    await consumeEventsOf(me.sessionId, ['session.revoked'])
    expect((await device.closing()).code).toBe(4501)
    await elsewhere.settled()
    expect(elsewhere.closed).toBeUndefined()
    expect((await ok(api('/v1/me/notifications', { as: me }))).body.data).toMatchObject([
      { kind: 'session.revoked', title: 'سُجّل الخروج من أحد أجهزتك' },
    ])
  })

  it('reaches all sockets although one object fails first', async () => {
    const { client, bookingId } = await aBooking()
    await silently(client, sql`update bookings set status = 'confirmed' where id = ${bookingId}`)
    const [event] = (await eventsOf(bookingId)).filter(({ type }) => type === 'booking.confirmed')
    const { consumeEvent } = await import('../../src/queues/events.ts')
    const { env } = await import('../support/api.ts')
    const broken = {
      ...env,
      USER_CHANNELS: { getByName: () => ({ push: () => Promise.reject(new Error('the object was reset')) }) },
    }
    await expect(consumeEvent(broken as unknown as typeof env, event?.id ?? '')).rejects.toThrow('reset')
    expect((await eventsOf(bookingId)).find(({ id }) => id === event?.id)?.dispatched).toBe(false)
    await consumeEvent(env, event?.id ?? '')
    const repeat = { type: 'booking', data: { bookingId }, key: `event:${event?.id}` } as const
    const { welcome } = await enterChannel(client)
    await channelOf(client).push(repeat)
    expect((await enterChannel(client)).welcome.seq).toBe(welcome.seq)
  })
})
