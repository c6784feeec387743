import { sql } from 'drizzle-orm'
import { describe, expect, it } from 'vitest'
import { recordAttempt, takeDelivery } from '../../src/areas/platform/webhooks/deliveries.ts'
import { newId } from '../../src/core/ids.ts'
import { beginDelivery } from '../../src/queues/webhooks.ts'
import { systemContext } from '../../src/system-context.ts'
import type { Behaviour } from '../../tools/simulators/webhook-receiver.ts'
import { api, type Caller, database, env, signedIn } from '../support/api.ts'
import { eventually } from '../support/eventually.ts'
import { aDelivery, attemptNow, consumeBatch, consumeNow, hookAt, receivedAt } from '../support/queues.ts'
import { ok } from '../support/story.ts'

interface Subscribed {
  owner: Caller
  /** Name of the endpoint. */
  name: string
  webhookId: string
}

async function aWebhook(behaviour: Behaviour = {}): Promise<Subscribed> {
  const owner = await signedIn()
  const name = newId()
  const body = { url: await hookAt(name, behaviour), events: ['*'] }
  return { owner, name, webhookId: (await ok(api('/v1/webhooks', { as: owner, body }))).body.id }
}

const deliveriesOf = async ({ owner, webhookId }: Subscribed) =>
  (await ok(api(`/v1/webhooks/${webhookId}/deliveries`, { as: owner }))).body.data

const webhookOf = async ({ owner, webhookId }: Subscribed) =>
  (await ok(api(`/v1/webhooks/${webhookId}`, { as: owner }))).body

/** The waits of production, not those of the tests. */
const { WEBHOOK_RETRY_SECONDS: _short, ...production } = env as typeof env & {
  WEBHOOK_RETRY_SECONDS?: string
}

const set = (webhookId: string, change: ReturnType<typeof sql>) =>
  database().write([sql`update webhook_subscriptions set ${change} where id = ${webhookId}`])

/** From the last attempt to the next, in seconds. */
const waitOf = async (id: string): Promise<number | undefined> => {
  const [row] = await database().read<{ seconds: number }>(
    sql`select extract(epoch from next_attempt_at - (attempt_log -> -1 ->> 'at')::timestamptz)::float8 as seconds
          from webhook_deliveries where id = ${id}`,
  )
  return row?.seconds
}

describe('a delivery', () => {
  it('that two consumers take at once is sent once', async () => {
    const webhook = await aWebhook({ delayMs: 200 })
    const id = await aDelivery(webhook)
    await Promise.all([1, 2, 3].map(() => attemptNow(id)))
    expect(await receivedAt(webhook.name)).toHaveLength(1)
    expect(await attemptNow(id)).toBe('done')
    expect(await receivedAt(webhook.name)).toHaveLength(1)
    expect(await deliveriesOf(webhook)).toMatchObject([{ id, status: 'delivered', attempts: 1 }])
  })

  it('that another consumer has taken is left to it', async () => {
    const webhook = await aWebhook()
    const id = await aDelivery(webhook)
    expect(await takeDelivery(systemContext(env, 'test'), id, 'fast')).toMatchObject({ kind: 'taken' })
    const consumed = await Promise.all([1, 2].map(() => attemptNow(id)))
    expect(consumed).toEqual(['done', 'done'])
    expect(await receivedAt(webhook.name)).toEqual([])
  })

  it('waits longer after every failure, fails permanently after three days', async () => {
    const webhook = await aWebhook({ status: 503 })
    const id = await aDelivery(webhook)
    const waits: number[] = []
    for (;;) {
      const outcome = await attemptNow(id, { as: production })
      if (outcome === 'done') break
      waits.push(outcome.retryInSeconds)
      expect(await waitOf(id)).toBeGreaterThanOrEqual(outcome.retryInSeconds)
      // Not before its time, however long this machine has stood still.
      await database().write([
        sql`update webhook_deliveries set next_attempt_at = now() + interval '10 minutes' where id = ${id}`,
      ])
      expect(await attemptNow(id, { as: production })).toMatchObject({ retryInSeconds: expect.any(Number) })
      await database().write([sql`update webhook_deliveries set next_attempt_at = now() where id = ${id}`])
    }
    const expected = [5, 30, 120, 600, 3_600, 10_800, 28_800, ...Array<number>(5).fill(43_200)]
    expect(expected.reduce((sum, seconds) => sum + seconds)).toBeGreaterThan(3 * 86_400)
    expect(waits).toHaveLength(expected.length)
    for (const [index, seconds] of expected.entries()) {
      expect(waits[index]).toBeGreaterThanOrEqual(seconds)
      expect(waits[index]).toBeLessThanOrEqual(Math.ceil(seconds * 1.2))
    }
    expect(await receivedAt(webhook.name)).toHaveLength(13)
    const [delivery] = await deliveriesOf(webhook)
    expect(delivery).toMatchObject({ status: 'failed', attempts: 13, nextAttemptAt: null })
    expect(delivery.attemptLog).toHaveLength(13)
    expect(await webhookOf(webhook)).toMatchObject({ active: true, failingSince: expect.any(String) })
  })

  it('whose connection breaks is sent again', async () => {
    const webhook = await aWebhook({ dropTimes: 1 })
    const id = await aDelivery(webhook)
    expect(await attemptNow(id)).not.toBe('done')
    await database().write([sql`update webhook_deliveries set next_attempt_at = now() where id = ${id}`])
    expect(await attemptNow(id)).toBe('done')
    const [delivery] = await deliveriesOf(webhook)
    expect(delivery.attemptLog).toMatchObject([{ status: null, error: 'no connection' }, { status: 200 }])
  })

  it('stores the beginning of a long response', async () => {
    const webhook = await aWebhook({ status: 500, body: 'x'.repeat(900_000) })
    await attemptNow(await aDelivery(webhook))
    const [delivery] = await deliveriesOf(webhook)
    expect(delivery.responseBody).toBe('x'.repeat(1_000))
  })

  it('is not sent to an address that is no longer allowed', async () => {
    const webhook = await aWebhook()
    for (const url of ['https://10.0.0.1/hook', 'https://partner.com:8443/', 'http://partner.com/']) {
      await set(webhook.webhookId, sql`url = ${url}`)
      await attemptNow(await aDelivery(webhook))
      const [delivery] = await deliveriesOf(webhook)
      expect(delivery.attemptLog).toMatchObject([
        { status: null, error: expect.stringMatching(/^refused: /) },
      ])
    }
    // Production may not do what a development machine may.
    const here = await aWebhook()
    await attemptNow(await aDelivery(here), { as: { ...env, ENVIRONMENT: 'production' } })
    expect(await receivedAt(here.name)).toEqual([])
    expect((await deliveriesOf(here))[0].attemptLog).toMatchObject([{ error: 'refused: not https' }])
  })
})

describe('an endpoint', () => {
  it('is deactivated by a failure after three days without a success; a success starts anew', async () => {
    const failingFor = ({ webhookId }: { webhookId: string }, time: string) =>
      set(webhookId, sql`failing_since = now() - ${time}::interval`)
    const webhook = await aWebhook({ status: 500 })
    await failingFor(webhook, '71 hours')
    await attemptNow(await aDelivery(webhook))
    expect(await webhookOf(webhook)).toMatchObject({ active: true, failingSince: expect.any(String) })
    await hookAt(webhook.name, {})
    await attemptNow(await aDelivery(webhook))
    expect(await webhookOf(webhook)).toMatchObject({ active: true, failingSince: null })
    // An endpoint of its own: the failed delivery of the other one is tried again by itself, and would succeed meanwhile.
    const other = await aWebhook({ status: 500 })
    await failingFor(other, '72 hours')
    await attemptNow(await aDelivery(other))
    expect(await webhookOf(other)).toMatchObject({ active: false, failingSince: expect.any(String) })
  })

  it('that fails tells its owner after an hour, when it is deactivated, and when it has recovered', async () => {
    const webhook = await aWebhook({ status: 500 })
    const { webhookId, owner } = webhook
    await database().write([
      sql`update users set email = ${`${newId()}@mail.com`}, email_verified_at = now() where id = ${owner.userId}`,
    ])
    const attempt = async () => attemptNow(await aDelivery(webhook))
    // A recipient who was reached is forgotten: the delivery of the notification is what is left.
    const told = () =>
      database().read<{ type: string; data: unknown; channel: string }>(
        sql`select o.type, o.data, way.channel from outbox o
             cross join lateral (
               select s.channel from security_notifications s where s.event_id = o.id
               union select d.channel from notifications n join notification_deliveries d on d.notification_id = n.id
                where n.event_id = o.id and d.channel = 'email') way
             where o.object_id = ${webhookId} order by o.seq`,
      )
    const ids = { webhookId, userId: owner.userId }
    const row = (type: string, more = {}) => ({ type, data: { ...ids, ...more }, channel: 'email' })
    await attempt()
    await set(webhookId, sql`failing_since = now() - interval '59 minutes'`)
    await attempt()
    expect(await told()).toEqual([])
    await set(webhookId, sql`failing_since = now() - interval '1 hour'`)
    await attempt()
    await attempt()
    expect(await told()).toEqual([row('webhook.failing')])
    await hookAt(webhook.name, {})
    await attempt()
    await attempt()
    const recovered = [row('webhook.failing'), row('webhook.recovered')]
    expect(await told()).toEqual(recovered)
    // An outage of which nobody was notified ends silently.
    await hookAt(webhook.name, { failTimes: 1 })
    await attempt()
    await attempt()
    expect(await told()).toEqual(recovered)
    await hookAt(webhook.name, { status: 500 })
    await set(webhookId, sql`failing_since = now() - interval '3 days'`)
    await attempt()
    expect(await told()).toEqual([...recovered, row('webhook.disabled', { reason: 'failing' })])
    await set(webhookId, sql`active = true, failing_since = null, failing_notified = false`)
    await hookAt(webhook.name, { status: 410 })
    await attempt()
    expect((await told()).at(-1)).toEqual(row('webhook.disabled', { reason: 'gone' }))
  })

  it('that asks for a pause gets nothing until it is over', async () => {
    const asksFor = async (status: number, retryAfter?: string) => {
      const headers: Record<string, string> = retryAfter ? { 'retry-after': retryAfter } : {}
      const webhook = await aWebhook({ status, headers })
      const outcomes = [
        await attemptNow(await aDelivery(webhook)),
        await attemptNow(await aDelivery(webhook)),
      ]
      const waits = outcomes.map((outcome) => (outcome === 'done' ? null : outcome.retryInSeconds))
      return { requests: (await receivedAt(webhook.name)).length, waits }
    }
    const inSeconds = (from: number, to: number) => ({
      asymmetricMatch: (value: unknown) => typeof value === 'number' && value >= from && value <= to,
    })
    expect(await asksFor(429, '90')).toEqual({ requests: 1, waits: [90, inSeconds(60, 108)] })
    const at = new Date(Date.now() + 200_000).toUTCString()
    expect(await asksFor(503, at)).toEqual({ requests: 1, waits: [inSeconds(100, 200), inSeconds(100, 240)] })
    // No endpoint is waited for longer than the schedule waits.
    expect(await asksFor(429, '999999')).toEqual({ requests: 1, waits: [43_200, inSeconds(43_100, 43_260)] })
    // Without a time, 429 is a pause of our own: no longer than the longest wait, in tests a second.
    expect((await asksFor(429)).waits[0]).toEqual(inSeconds(1, 2))
    expect(await asksFor(500, 'soon')).toEqual({ requests: 2, waits: [inSeconds(1, 2), inSeconds(1, 2)] })
  })

  it('that asked for a pause keeps it, though another attempt in flight times out', async () => {
    const webhook = await aWebhook()
    const [asked, timedOut] = [await aDelivery(webhook), await aDelivery(webhook)]
    const ctx = () => systemContext(env, 'test')
    for (const id of [asked, timedOut]) await takeDelivery(ctx(), id, 'fast')
    const result = {
      outcome: 'retry',
      responseStatus: null,
      responseBody: null,
      attempt: { at: new Date().toISOString(), status: null, durationMs: 1 },
      retrySeconds: 1,
      timedOut: false,
      pauseSeconds: null,
      throttled: false,
    } as const
    await recordAttempt(ctx(), { id: asked, attempts: 1 }, { ...result, pauseSeconds: 90 })
    await recordAttempt(ctx(), { id: timedOut, attempts: 1 }, { ...result, timedOut: true })
    expect(await takeDelivery(ctx(), await aDelivery(webhook), 'slow')).toMatchObject({ kind: 'not_due' })
  })

  it('that is deactivated gets no pending delivery', async () => {
    const webhook = await aWebhook({ status: 410 })
    const [first, second] = [await aDelivery(webhook), await aDelivery(webhook)]
    expect(await attemptNow(first)).toBe('done')
    expect(await attemptNow(second)).toBe('done')
    expect(await receivedAt(webhook.name)).toHaveLength(1)
    const deliveries = await deliveriesOf(webhook)
    expect(deliveries.find(({ id }: { id: string }) => id === second)).toMatchObject({
      status: 'failed',
      attempts: 0,
      attemptLog: [{ status: null, durationMs: 0, error: 'the webhook is switched off' }],
    })
  })
})

const message = (deliveryId: string) => ({ kind: 'webhook' as const, deliveryId })

describe('an endpoint that hangs', () => {
  it('holds up neither its batch nor, through the queues, the deliveries of another owner', async () => {
    const hanging = await aWebhook({ holds: true })
    const healthy = await aWebhook()
    const stuck = await Promise.all([1, 2, 3, 4].map(() => aDelivery(hanging)))
    const mine = await aDelivery(healthy)
    // A batch takes four: all of the first one hangs.
    await env.WEBHOOKS.sendBatch(stuck.map((id) => ({ body: message(id) })))
    await env.WEBHOOKS.send(message(mine))
    await eventually('the delivery of the healthy endpoint', async () => {
      const [delivery] = await deliveriesOf(healthy)
      return delivery.status === 'delivered'
    })
    // Nothing but their release, or their end after 15 seconds, ends the others: they are still in flight.
    expect(await deliveriesOf(hanging)).toMatchObject(
      stuck.map(() => ({ status: 'pending', attempts: 1, attemptLog: [] })),
    )
    await hookAt(hanging.name, {})
    await eventually('the released deliveries', async () =>
      (await deliveriesOf(hanging)).every(({ status }: { status: string }) => status === 'delivered'),
    )
  })

  it('has four attempts in flight; the others follow as these end, without a message of their own', async () => {
    const webhook = await aWebhook({ holds: true })
    const ids: string[] = []
    for (let n = 0; n < 7; n++) ids.push(await aDelivery(webhook))
    const first = await consumeBatch('khidma-webhooks', ...ids.slice(0, 4).map(message))
    const second = await consumeNow('khidma-webhooks', ...ids.slice(4).map(message))
    expect(second.acknowledged).toEqual(second.ids)
    const attempts = async () =>
      (await deliveriesOf(webhook)).map((delivery: { attempts: number }) => delivery.attempts)
    expect((await attempts()).sort()).toEqual([0, 0, 0, 1, 1, 1, 1])
    expect(await receivedAt(webhook.name)).toHaveLength(4)
    await hookAt(webhook.name, {})
    const { acknowledged, ids: sent } = await first.settled()
    expect(acknowledged).toEqual(sent)
    expect(await attempts()).toEqual([1, 1, 1, 1, 1, 1, 1])
    expect(await deliveriesOf(webhook)).toMatchObject(ids.map(() => ({ status: 'delivered' })))
  })

  it('leaves eight places to all endpoints of its owner', async () => {
    const { owner, ...first } = await aWebhook()
    const url = await hookAt(newId())
    const body = { url, events: ['*'] }
    const more = await Promise.all(
      [1, 2].map(async () => ({ webhookId: (await ok(api('/v1/webhooks', { as: owner, body }))).body.id })),
    )
    const take = async (webhook: { webhookId: string }) =>
      (await takeDelivery(systemContext(env, 'test'), await aDelivery(webhook), 'fast')).kind
    for (const webhook of [first, more[0] as Subscribed])
      for (let n = 0; n < 4; n++) expect(await take(webhook)).toBe('taken')
    expect(await take(more[1] as Subscribed)).toBe('over')
    expect(await take(await aWebhook())).toBe('taken')
  })

  it('that timed out is sent to from the slow queue only, until it answers', async () => {
    const webhook = await aWebhook()
    await set(webhook.webhookId, sql`slow = true`)
    const id = await aDelivery(webhook)
    expect(await beginDelivery(env, id, 'fast')).toEqual({
      attempt: null,
      goesOn: { speed: 'slow', inSeconds: 0 },
    })
    await consumeNow('khidma-webhooks-slow', message(id))
    expect(await deliveriesOf(webhook)).toMatchObject([{ status: 'delivered' }])
    expect(await takeDelivery(systemContext(env, 'test'), await aDelivery(webhook), 'fast')).toMatchObject({
      kind: 'taken',
    })
  })

  it('has its message carried into the slow queue by the queues', async () => {
    const webhook = await aWebhook()
    await set(webhook.webhookId, sql`slow = true`)
    await consumeNow('khidma-webhooks', message(await aDelivery(webhook)))
    await eventually('the delivery', async () => (await deliveriesOf(webhook))[0].status === 'delivered')
  })
})
