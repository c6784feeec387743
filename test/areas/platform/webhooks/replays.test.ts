import { sql } from 'drizzle-orm'
import { describe, expect, it } from 'vitest'
import { recordAttempt, takeDelivery } from '../../../../src/areas/platform/webhooks/deliveries.ts'
import { replayEvents } from '../../../../src/areas/platform/webhooks/replays.ts'
import type { Context, UserActor } from '../../../../src/core/context.ts'
import { newId } from '../../../../src/core/ids.ts'
import { createUnit } from '../../../../src/db/unit.ts'
import { systemContext } from '../../../../src/system-context.ts'
import { api, type Caller, database, env, signedIn } from '../../../support/api.ts'
import { eventually } from '../../../support/eventually.ts'
import { aDelivery, attemptNow, hookAt, receivedAt } from '../../../support/queues.ts'
import { ok } from '../../../support/story.ts'
import { dismiss } from '../../people/access/support.ts'
import { deliveriesOf, requestsAt, type Subscribed, subscribed } from './subscriptions.ts'

function contextOf({ userId, role, sessionId }: Caller): Context<UserActor> {
  const actor = { kind: 'user', userId, role, sessionId } as const
  const system = systemContext(env, 'test')
  return { ...system, actor, db: createUnit({ env, actor, requestId: system.requestId }) }
}

/** An event of the past that is fanned out, minutes ago. */
async function pastEvent(
  owner: Caller,
  minutesAgo: number,
  to: 'posted' | 'expired' = 'posted',
): Promise<string> {
  const taskId = newId()
  const data = {
    to,
    action: 'post',
    party: 'client',
    sourcing: 'match',
    round: 1,
    taskId,
    clientId: owner.userId,
  }
  await database().write([
    sql`select khidma.emit(${`task.${to}`}, 'task', ${taskId}::uuid, 2, ${JSON.stringify(data)}::jsonb, array[${owner.userId}]::uuid[])`,
    sql`update outbox set dispatched_at = now(), created_at = now() - ${`${minutesAgo} minutes`}::interval where object_id = ${taskId}`,
  ])
  const [event] = await database().read<{ id: string }>(
    sql`select id from outbox where object_id = ${taskId}`,
  )
  return event?.id as string
}

const replay = ({ path, owner }: Subscribed, body: Record<string, unknown>, headers = {}) =>
  api(`${path}/replay`, { as: owner, body, headers })

const minutesAgo = (minutes: number) => new Date(Date.now() - minutes * 60_000).toISOString()

const idsAt = async (webhook: Subscribed, count: number): Promise<string[]> =>
  (await requestsAt(webhook, count)).map(({ headers }) => headers['webhook-id'] as string)

/** Ids of the events that wait for the endpoint, oldest first. */
const queuedFor = async (webhook: Subscribed): Promise<string[]> =>
  (await deliveriesOf(webhook)).map(({ eventId }: { eventId: string }) => eventId).reverse()

/** An endpoint that answers nothing for now: what is queued for it stays there. */
const holding = (owner: Caller, fields = {}) => subscribed(fields, { owner, behaviour: { holds: true } })

describe.concurrent('a replay', () => {
  it('sends the events since a time once more, with their ids, as they can be pulled', async () => {
    const owner = await signedIn()
    await pastEvent(owner, 30)
    const [first, second] = [await pastEvent(owner, 20), await pastEvent(owner, 10)]
    await pastEvent(await signedIn(), 10)
    const webhook = await subscribed({}, { owner })
    const replayed = await replay(webhook, { since: minutesAgo(25) })
    expect(replayed).toMatchObject({ status: 202, body: { queued: 2, lastEventId: second, hasMore: false } })
    expect((await idsAt(webhook, 2)).sort()).toEqual([first, second].sort())
    for (const { text, headers } of await receivedAt(webhook.name)) {
      const pulled = await ok(api(`/v1/events/${headers['webhook-id']}`, { as: owner }))
      expect(JSON.parse(text)).toEqual({ ...pulled.body, webhookId: webhook.webhookId })
    }
    expect(await deliveriesOf(webhook)).toMatchObject([
      { cause: 'replay', round: 1, eventId: second },
      { cause: 'replay', round: 1, eventId: first },
    ])
  })

  it('starts after an event, ends before a time, and keeps to types and subscription', async () => {
    const owner = await signedIn()
    const events: string[] = []
    for (const ago of [50, 40, 30]) events.push(await pastEvent(owner, ago))
    const expired = await pastEvent(owner, 20, 'expired')
    const [first, second, third] = events as [string, string, string]
    const queued = async (body: Record<string, unknown>, patterns = ['*']) => {
      const webhook = await holding(owner, { events: patterns })
      const { queued: count } = (await ok(replay(webhook, body))).body
      const ids = await queuedFor(webhook)
      expect(ids).toHaveLength(count)
      return ids
    }
    expect(await queued({ sinceEventId: first })).toEqual([second, third, expired])
    expect(await queued({ sinceEventId: first, until: minutesAgo(35) })).toEqual([second])
    expect(await queued({ sinceEventId: first, types: ['task.expired'] })).toEqual([expired])
    expect(await queued({ since: minutesAgo(60) }, ['task.expired'])).toEqual([expired])
    expect(await queued({ since: minutesAgo(60), types: ['task.posted'] }, ['task.expired'])).toEqual([])
    expect(await queued({ since: minutesAgo(60) }, ['booking.*'])).toEqual([])
    expect(await queued({ sinceEventId: expired })).toEqual([])
  })

  it('repeated while its deliveries are pending queues nothing; after them, another round', async () => {
    const owner = await signedIn()
    const event = await pastEvent(owner, 10)
    const webhook = await holding(owner)
    const body = { since: minutesAgo(15) }
    expect((await ok(replay(webhook, body))).body.queued).toBe(1)
    expect((await ok(replay(webhook, body))).body).toEqual({ queued: 0, lastEventId: null, hasMore: false })
    await hookAt(webhook.name, {})
    await eventually('the delivery', async () => (await deliveriesOf(webhook))[0].status === 'delivered')
    expect((await ok(replay(webhook, body))).body.queued).toBe(1)
    expect(await idsAt(webhook, 2)).toEqual([event, event])
    expect((await deliveriesOf(webhook))[0]).toMatchObject({ round: 2, cause: 'replay' })
  })

  it('with the same idempotency key answers the same, and sends nothing twice', async () => {
    const owner = await signedIn()
    await pastEvent(owner, 10)
    const webhook = await subscribed({}, { owner })
    const [key, body] = [newId(), { since: minutesAgo(15) }]
    const first = await ok(replay(webhook, body, { 'idempotency-key': key }))
    await eventually('the delivery', async () => (await deliveriesOf(webhook))[0].status === 'delivered')
    const second = await ok(replay(webhook, body, { 'idempotency-key': key }))
    expect(second.body).toEqual(first.body)
    expect(await deliveriesOf(webhook)).toHaveLength(1)
  })

  it('of the undelivered alone leaves out what the endpoint has taken', async () => {
    const owner = await signedIn()
    const [taken, failed, never] = [
      await pastEvent(owner, 30),
      await pastEvent(owner, 20),
      await pastEvent(owner, 10),
    ]
    const webhook = await holding(owner)
    for (const [eventId, status] of [
      [taken, 'failed'],
      [taken, 'delivered'],
      [failed, 'failed'],
    ] as const) {
      await database().write([
        sql`insert into webhook_deliveries (id, subscription_id, event_id, round, event_type, payload, status)
            select ${newId()}, ${webhook.webhookId}, ${eventId}, 1 + count(*), 'task.posted', '{"type":"task.posted"}', ${status}
              from webhook_deliveries where event_id = ${eventId}`,
      ])
    }
    const body = { since: minutesAgo(40), onlyUndelivered: true }
    expect((await ok(replay(webhook, body))).body.queued).toBe(2)
    const pending = (await deliveriesOf(webhook)).filter(
      ({ status }: { status: string }) => status === 'pending',
    )
    expect(pending).toMatchObject([
      { eventId: never, round: 1 },
      { eventId: failed, round: 2 },
    ])
  })

  it('is bounded, and goes on after the last event of the one before', async () => {
    const owner = await signedIn()
    const events: string[] = []
    for (const ago of [50, 40, 30, 20, 10]) events.push(await pastEvent(owner, ago))
    const webhook = await holding(owner)
    const atMostTwo = async (range: Parameters<typeof replayEvents>[2]) => {
      const { first: _first, ...result } = await replayEvents(contextOf(owner), webhook.webhookId, range, 2)
      return result
    }
    expect(await atMostTwo({ since: minutesAgo(60) })).toEqual({
      queued: 2,
      lastEventId: events[1],
      hasMore: true,
    })
    expect(await atMostTwo({ sinceEventId: events[1] })).toEqual({
      queued: 2,
      lastEventId: events[3],
      hasMore: true,
    })
    expect(await atMostTwo({ sinceEventId: events[3] })).toEqual({
      queued: 1,
      lastEventId: events[4],
      hasMore: false,
    })
    expect(await queuedFor(webhook)).toEqual(events)
  })

  it('takes the places of the endpoint and no more: each attempt that ends wakes the next', async () => {
    const owner = await signedIn()
    for (let n = 0; n < 7; n++) await pastEvent(owner, 20 - n)
    const webhook = await holding(owner)
    expect((await ok(replay(webhook, { since: minutesAgo(30) }))).body.queued).toBe(7)
    await requestsAt(webhook, 4)
    const attempts = async () =>
      (await deliveriesOf(webhook)).map((delivery: { attempts: number }) => delivery.attempts).sort()
    expect(await attempts()).toEqual([0, 0, 0, 1, 1, 1, 1])
    await hookAt(webhook.name, {})
    await eventually('all deliveries', async () =>
      (await deliveriesOf(webhook)).every(({ status }: { status: string }) => status === 'delivered'),
    )
    expect(await attempts()).toEqual([1, 1, 1, 1, 1, 1, 1])
  })

  it('lets what happens meanwhile go first', async () => {
    const owner = await signedIn()
    for (let n = 0; n < 6; n++) await pastEvent(owner, 20 - n)
    const webhook = await holding(owner)
    const { first } = await replayEvents(contextOf(owner), webhook.webhookId, { since: minutesAgo(30) })
    const ctx = systemContext(env, 'test')
    for (const id of first) expect(await takeDelivery(ctx, id, 'fast')).toMatchObject({ kind: 'taken' })
    const attemptAt = (index: number) => ({ id: first[index] as string, attempts: 1 })
    const live = await aDelivery(webhook)
    expect(await takeDelivery(ctx, live, 'fast')).toEqual({ kind: 'over' })
    const delivered = {
      outcome: 'delivered',
      responseStatus: 200,
      responseBody: null,
      attempt: { at: new Date().toISOString(), status: 200, durationMs: 1 },
      retrySeconds: null,
      timedOut: false,
      pauseSeconds: null,
      throttled: false,
    } as const
    expect(await recordAttempt(ctx, attemptAt(0), delivered)).toBe(live)
    expect(await takeDelivery(ctx, live, 'fast')).toMatchObject({ kind: 'taken' })
    const [replayed] = (await deliveriesOf(webhook))
      .filter(
        ({ cause, attempts }: { cause: string; attempts: number }) => cause === 'replay' && attempts === 0,
      )
      .reverse()
    expect(await recordAttempt(ctx, attemptAt(1), delivered)).toBe(replayed.id)
  })

  it('ends where its webhook is deactivated, unlike a redelivery', async () => {
    const owner = await signedIn()
    await pastEvent(owner, 10)
    const webhook = await holding(owner)
    const { first } = await replayEvents(contextOf(owner), webhook.webhookId, { since: minutesAgo(15) })
    await ok(api(webhook.path, { as: owner, method: 'PATCH', body: { active: false } }))
    expect(await attemptNow(first[0] as string)).toBe('done')
    expect(await receivedAt(webhook.name)).toEqual([])
    expect(await deliveriesOf(webhook)).toMatchObject([
      { status: 'failed', attempts: 0, attemptLog: [{ error: 'the webhook is switched off' }] },
    ])
  })

  it('is refused for a webhook that is deactivated, and returns 404 to everyone but its owner', async () => {
    const owner = await signedIn()
    const webhook = await subscribed({}, { owner })
    const body = { since: minutesAgo(15) }
    for (const stranger of [await signedIn(), await signedIn('ops')])
      expect((await replay({ ...webhook, owner: stranger }, body)).status).toBe(404)
    await ok(api(webhook.path, { as: owner, method: 'PATCH', body: { active: false } }))
    expect(await replay(webhook, body)).toMatchObject({ status: 409, body: { code: 'webhook_inactive' } })
  })

  it('needs a time or an event that the owner may see', async () => {
    const [owner, stranger] = [await signedIn(), await signedIn()]
    const webhook = await subscribed({}, { owner })
    const [mine, theirs] = [await pastEvent(owner, 10), await pastEvent(stranger, 10)]
    for (const body of [
      {},
      { since: minutesAgo(5), sinceEventId: mine },
      { since: 'today' },
      { types: ['task.posted'] },
    ])
      expect((await replay(webhook, body)).status).toBe(400)
    for (const sinceEventId of [theirs, newId()])
      expect(await replay(webhook, { sinceEventId })).toMatchObject({
        status: 422,
        body: { code: 'event_unavailable', errors: [{ pointer: '/sinceEventId' }] },
      })
  })

  it('finds what retention has left: an event that is deleted is no place to start, a time before it is', async () => {
    const owner = await signedIn()
    const [gone, left] = [await pastEvent(owner, 20), await pastEvent(owner, 10)]
    const webhook = await subscribed({}, { owner })
    await database().write([sql`delete from outbox where id = ${gone}`])
    expect(await replay(webhook, { sinceEventId: gone })).toMatchObject({
      status: 422,
      body: { code: 'event_unavailable' },
    })
    const replayed = await ok(replay(webhook, { since: '2020-01-01T00:00:00Z' }))
    expect(replayed.body).toEqual({ queued: 1, lastEventId: left, hasMore: false })
  })

  it('of staff takes every event, while they may read every event', async () => {
    const [ops, user] = [await signedIn('ops'), await signedIn()]
    const [start, event] = [await pastEvent(user, 10, 'expired'), await pastEvent(user, 5, 'expired')]
    const webhook = await holding(ops, { events: ['task.expired'] })
    const again = () => replayEvents(contextOf(ops), webhook.webhookId, { sinceEventId: start }, 50)
    await again()
    expect(await queuedFor(webhook)).toContain(event)
    await dismiss(ops.userId)
    await expect(again()).rejects.toMatchObject({ code: 'event_unavailable' })
  })
})
