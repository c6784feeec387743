import { createScheduledController } from 'cloudflare:test'
import { sql } from 'drizzle-orm'
import { describe, expect, it } from 'vitest'
import {
  type AttemptResult,
  recordAttempt,
  type Speed,
  type Taking,
  takeDelivery,
} from '../../src/areas/platform/webhooks/deliveries.ts'
import { newId } from '../../src/core/ids.ts'
import { runScheduled } from '../../src/scheduled.ts'
import { systemContext } from '../../src/system-context.ts'
import { deliveriesOf, type Subscribed, subscribed } from '../areas/platform/webhooks/subscriptions.ts'
import { api, database, env } from '../support/api.ts'
import { eventually } from '../support/eventually.ts'
import { aDelivery, attemptNow, consumeBatch, hookAt, receivedAt } from '../support/queues.ts'
import { ok } from '../support/story.ts'

/** The waits of production, not those of the tests. */
const { WEBHOOK_RETRY_SECONDS: _short, ...production } = env as typeof env & {
  WEBHOOK_RETRY_SECONDS?: string
}

const take = (id: string, speed: Speed = 'fast'): Promise<Taking> =>
  takeDelivery(systemContext(env, 'test'), id, speed)

const record = (id: string, result: Partial<AttemptResult> = {}, attempts = 1) =>
  recordAttempt(
    systemContext(env, 'test'),
    { id, attempts },
    {
      outcome: 'retry',
      responseStatus: 503,
      responseBody: null,
      attempt: { at: new Date().toISOString(), status: 503, durationMs: 1 },
      retrySeconds: 600,
      timedOut: false,
      pauseSeconds: null,
      throttled: false,
      ...result,
    },
  )

const set = ({ webhookId }: Subscribed, change: ReturnType<typeof sql>) =>
  database().write([sql`update webhook_subscriptions set ${change} where id = ${webhookId}`])

const several = (webhook: Subscribed, count: number): Promise<string[]> =>
  Promise.all(Array.from({ length: count }, () => aDelivery(webhook)))

async function taken(webhook: Subscribed, count: number): Promise<string[]> {
  const ids = await several(webhook, count)
  for (const id of ids) expect(await take(id)).toMatchObject({ kind: 'taken' })
  return ids
}

async function parked(webhook: Subscribed): Promise<string> {
  const id = await aDelivery(webhook)
  await database().write([
    sql`update webhook_deliveries set parked = true, next_attempt_at = now() + interval '1 minute' where id = ${id}`,
  ])
  return id
}

const within = (from: number, to: number) => ({
  asymmetricMatch: (value: unknown) => typeof value === 'number' && value >= from && value <= to,
})

/** How long the endpoint is still left alone, and how often in a row it has called for that. */
async function pauseOf({ webhookId }: Subscribed) {
  const [row] = await database().read<{ seconds: number | null; throttles: number }>(
    sql`select extract(epoch from paused_until - now())::float8 as seconds, throttles from webhook_subscriptions where id = ${webhookId}`,
  )
  return row
}

describe('429 without a time', () => {
  it('pauses the endpoint for a minute or so, however long the delivery itself waits', async () => {
    const webhook = await subscribed({}, { behaviour: { status: 429 } })
    const old = await aDelivery(webhook, 9)
    expect(await attemptNow(old, { as: production })).toEqual({ retryInSeconds: within(43_200, 51_840) })
    expect(await pauseOf(webhook)).toEqual({ seconds: within(50, 72), throttles: 1 })
    const another = await attemptNow(await aDelivery(webhook), { as: production })
    expect(another).toEqual({ retryInSeconds: within(50, 90) })
    expect(await receivedAt(webhook.name)).toHaveLength(1)
  })

  it('pauses it for longer each time in a row, a quarter of an hour at most, until it takes something', async () => {
    const webhook = await subscribed({}, { behaviour: { status: 429 } })
    for (const [index, seconds] of [60, 120, 240, 480, 900, 900].entries()) {
      await attemptNow(await aDelivery(webhook), { as: production })
      const pause = await pauseOf(webhook)
      expect([index, pause]).toEqual([
        index,
        { seconds: within(seconds - 10, seconds * 1.2), throttles: index + 1 },
      ])
      await set(webhook, sql`paused_until = now() - interval '1 second'`)
    }
    await hookAt(webhook.name, {})
    await attemptNow(await aDelivery(webhook), { as: production })
    expect(await pauseOf(webhook)).toEqual({ seconds: null, throttles: 0 })
  })

  it('of all that are in flight counts once, and is not lifted by one that began before', async () => {
    const webhook = await subscribed()
    const [first, second, third] = (await taken(webhook, 3)) as [string, string, string]
    const throttled = { responseStatus: 429, pauseSeconds: 60, throttled: true }
    await record(first, throttled)
    await record(second, throttled)
    await record(third, { outcome: 'delivered', retrySeconds: null })
    expect(await pauseOf(webhook)).toEqual({ seconds: within(50, 61), throttles: 1 })
  })
})

describe('`active: true`', () => {
  it('ends a pause: all that waits is due again, and follows one after the other', async () => {
    const webhook = await subscribed({}, { behaviour: { status: 429, headers: { 'retry-after': '40000' } } })
    const ids = await several(webhook, 6)
    for (const id of ids) expect(await attemptNow(id, { as: production })).not.toBe('done')
    expect(await receivedAt(webhook.name)).toHaveLength(1)
    await hookAt(webhook.name, {})
    await ok(api(webhook.path, { as: webhook.owner, method: 'PATCH', body: { active: true } }))
    for (const { nextAttemptAt } of await deliveriesOf(webhook))
      expect(Date.parse(nextAttemptAt)).toBeLessThanOrEqual(Date.now())
    const { settled } = await consumeBatch('khidma-webhooks', { kind: 'webhook', deliveryId: ids[0] })
    await settled()
    expect(await deliveriesOf(webhook)).toMatchObject(ids.map(() => ({ status: 'delivered' })))
  })

  it('leaves alone what is in flight', async () => {
    const webhook = await subscribed()
    const [id] = (await taken(webhook, 1)) as [string]
    await ok(api(webhook.path, { as: webhook.owner, method: 'PATCH', body: { active: true } }))
    expect(await take(id)).toEqual({ kind: 'over' })
    expect(await record(id, { outcome: 'delivered', retrySeconds: null })).toBeNull()
    expect(await deliveriesOf(webhook)).toMatchObject([{ status: 'delivered', attempts: 1 }])
  })
})

describe('a place that is free', () => {
  it('goes to the endpoint of its owner that was served the longest ago', async () => {
    const a = await subscribed()
    const [b, c] = [await subscribed({}, { owner: a.owner }), await subscribed({}, { owner: a.owner })]
    const inFlight = { a: await taken(a, 4), b: await taken(b, 4) }
    const waiting = { a: await parked(a), b: await parked(b), c: await parked(c) }
    const another = await parked(c)
    expect(await record(inFlight.a[0] as string)).toBe(waiting.c)
    expect(await take(waiting.c)).toMatchObject({ kind: 'taken' })
    expect(await record(waiting.c)).toBe(waiting.a)
    expect(await take(waiting.a)).toMatchObject({ kind: 'taken' })
    // Neither of the two that hang comes again before the others had their turn.
    expect(await record(inFlight.b[0] as string)).toBe(waiting.b)
    expect(await take(waiting.b)).toMatchObject({ kind: 'taken' })
    expect(await record(inFlight.b[1] as string)).toBe(another)
  })

  it.each([
    ['was switched off', sql`active = false`, 'over'],
    ['has asked for a pause', sql`paused_until = now() + interval '1 hour'`, 'not_due'],
    ['has timed out', sql`slow = true`, 'slow'],
  ] as const)('goes on to another one where the endpoint that was woken %s', async (_what, change, kind) => {
    const a = await subscribed()
    const [b, c] = [await subscribed({}, { owner: a.owner }), await subscribed({}, { owner: a.owner })]
    const [sent] = await taken(a, 1)
    const [woken, next] = [await parked(b), await parked(c)]
    expect(await record(sent as string)).toBe(woken)
    await set(b, change)
    const taking = await take(woken)
    expect(taking).toMatchObject({ kind, woken: next })
    expect(await take(next)).toMatchObject({ kind: 'taken' })
  })

  it('is not given to what may not be sent now', async () => {
    const a = await subscribed()
    const others: Subscribed[] = []
    for (const change of [
      sql`active = false`,
      sql`paused_until = now() + interval '1 hour'`,
      sql`max_per_second = 1, next_slot_at = now() + interval '1 minute'`,
    ]) {
      const other = await subscribed({}, { owner: a.owner })
      await parked(other)
      await set(other, change)
      others.push(other)
    }
    const [first, second] = (await taken(a, 2)) as [string, string]
    expect(await record(first)).toBeNull()
    // But to a test, though its webhook is switched off.
    const test = await parked(others[0] as Subscribed)
    await database().write([sql`update webhook_deliveries set cause = 'test' where id = ${test}`])
    expect(await record(second)).toBe(test)
  })

  it('is used by the others of its owner through the queues, though the first in turn cannot', async () => {
    const a = await subscribed({}, { behaviour: { holds: true } })
    const [off, healthy] = [
      await subscribed({}, { owner: a.owner }),
      await subscribed({}, { owner: a.owner, behaviour: { delayMs: 50 } }),
    ]
    const sent = await aDelivery(a)
    const batch = await consumeBatch('khidma-webhooks', { kind: 'webhook', deliveryId: sent })
    await parked(off)
    await set(off, sql`slow = true`)
    const waiting = [await parked(healthy), await parked(healthy), await parked(healthy)]
    await hookAt(a.name, {})
    await batch.settled()
    expect(await deliveriesOf(healthy)).toMatchObject(waiting.map(() => ({ status: 'delivered' })))
    await eventually(
      'the delivery through the slow queue',
      async () => (await deliveriesOf(off))[0].status === 'delivered',
    )
  })
})

describe('an outcome', () => {
  it('that comes after another attempt has begun changes nothing', async () => {
    const webhook = await subscribed()
    const [id] = (await taken(webhook, 1)) as [string]
    await database().write([
      sql`update webhook_deliveries set taken_until = now() - interval '1 second', next_attempt_at = now() where id = ${id}`,
    ])
    expect(await take(id)).toMatchObject({ kind: 'taken', delivery: { attempts: 2 } })
    expect(await record(id, { timedOut: true, pauseSeconds: 60 })).toBeNull()
    await record(id, { outcome: 'delivered', responseStatus: 200, retrySeconds: null }, 2)
    await record(id, {}, 1)
    await record(id, {}, 2)
    expect(await deliveriesOf(webhook)).toMatchObject([
      { status: 'delivered', responseStatus: 200, attempts: 2, attemptLog: [{}] },
    ])
    expect(await pauseOf(webhook)).toEqual({ seconds: null, throttles: 0 })
  })

  it('of a webhook that is switched off makes no `webhook.recovered`', async () => {
    const webhook = await subscribed()
    const recovered = async () => {
      const rows = await database().read(
        sql`select from outbox where object_id = ${webhook.webhookId} and type = 'webhook.recovered'`,
      )
      return rows.length
    }
    const outage = sql`failing_since = now() - interval '2 hours', failing_notified = true`
    await set(webhook, sql`active = false, ${outage}`)
    const id = await aDelivery(webhook)
    await database().write([sql`update webhook_deliveries set cause = 'test' where id = ${id}`])
    expect(await attemptNow(id)).toBe('done')
    expect(await deliveriesOf(webhook)).toMatchObject([{ status: 'delivered' }])
    expect(await recovered()).toBe(0)
    await set(webhook, sql`active = true, ${outage}`)
    await attemptNow(await aDelivery(webhook))
    expect(await recovered()).toBe(1)
  })
})

describe('the sweep', () => {
  it('brings a lost delivery at once, though thousands wait for the hanging endpoint of another owner', async () => {
    const hanging = await subscribed({}, { behaviour: { holds: true } })
    const healthy = await subscribed()
    await database().write([
      sql`insert into webhook_deliveries (id, subscription_id, event_id, event_type, payload, parked, next_attempt_at)
          select khidma.uuid_v7(), ${hanging.webhookId}, gen_random_uuid(), 'task.posted', '{"type":"task.posted"}', true,
                 now() - interval '1 hour' + n * interval '1 millisecond'
            from generate_series(1, 4000) n`,
      sql`insert into webhook_deliveries (id, subscription_id, event_id, event_type, payload, next_attempt_at)
          values (${newId()}, ${healthy.webhookId}, ${newId()}, 'task.posted', '{"type":"task.posted"}', now() - interval '31 seconds')`,
    ])
    const swept = await database().read<{ id: string; webhook: string }>(
      sql`select d.id, d.subscription_id as webhook from khidma.missed_deliveries(500) x (id) join webhook_deliveries d on d.id = x.id`,
    )
    expect(swept).toHaveLength(500)
    expect(swept.filter(({ webhook }) => webhook === healthy.webhookId)).toHaveLength(1)
    await runScheduled(createScheduledController({ cron: '* * * * *' }), env, {
      waitUntil() {},
      passThroughOnException() {},
      props: {},
    } as unknown as ExecutionContext)
    await eventually('the lost delivery', async () => (await receivedAt(healthy.name)).length === 1)
    await ok(api(hanging.path, { as: hanging.owner, method: 'DELETE' }))
    await hookAt(hanging.name, {})
  })
})
