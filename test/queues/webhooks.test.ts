import { sql } from 'drizzle-orm'
import { describe, expect, it } from 'vitest'
import { takeDelivery } from '../../src/areas/platform/webhooks/deliveries.ts'
import { newId } from '../../src/core/ids.ts'
import { consumeDelivery } from '../../src/queues/webhooks.ts'
import { systemContext } from '../../src/system-context.ts'
import type { Behaviour } from '../../tools/simulators/webhook-receiver.ts'
import { api, type Caller, database, env, signedIn } from '../support/api.ts'
import { aDelivery, hookAt, receivedAt } from '../support/queues.ts'
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
    await Promise.all([1, 2, 3].map(() => consumeDelivery(env, id)))
    expect(await receivedAt(webhook.name)).toHaveLength(1)
    expect(await consumeDelivery(env, id)).toBe('done')
    expect(await receivedAt(webhook.name)).toHaveLength(1)
    expect(await deliveriesOf(webhook)).toMatchObject([{ id, status: 'delivered', attempts: 1 }])
  })

  it('that another consumer has taken is retried', async () => {
    const webhook = await aWebhook()
    const id = await aDelivery(webhook)
    expect(await takeDelivery(systemContext(env, 'test'), id)).toMatchObject({ kind: 'taken' })
    const consumed = await Promise.all([1, 2].map(() => consumeDelivery(env, id)))
    const comesAgain = { retryInSeconds: expect.any(Number) }
    expect(consumed).toEqual([comesAgain, comesAgain])
    expect(await receivedAt(webhook.name)).toEqual([])
  })

  it('waits longer after every failure, then fails permanently', async () => {
    const webhook = await aWebhook({ status: 503 })
    const id = await aDelivery(webhook)
    const waits: number[] = []
    for (;;) {
      const outcome = await consumeDelivery(production, id)
      if (outcome === 'done') break
      waits.push(outcome.retryInSeconds)
      expect(await waitOf(id)).toBeGreaterThanOrEqual(outcome.retryInSeconds)
      // Not before its time, however long this machine has stood still.
      await database().write([
        sql`update webhook_deliveries set next_attempt_at = now() + interval '10 minutes' where id = ${id}`,
      ])
      expect(await consumeDelivery(production, id)).toMatchObject({ retryInSeconds: expect.any(Number) })
      await database().write([sql`update webhook_deliveries set next_attempt_at = now() where id = ${id}`])
    }
    const expected = [5, 30, 120, 600, 3_600, 21_600, 43_200]
    expect(waits).toHaveLength(expected.length)
    for (const [index, seconds] of expected.entries()) {
      expect(waits[index]).toBeGreaterThanOrEqual(seconds)
      expect(waits[index]).toBeLessThanOrEqual(Math.ceil(seconds * 1.2))
    }
    expect(await receivedAt(webhook.name)).toHaveLength(8)
    const [delivery] = await deliveriesOf(webhook)
    expect(delivery).toMatchObject({ status: 'failed', attempts: 8, nextAttemptAt: null })
    expect(delivery.attemptLog).toHaveLength(8)
    expect(await webhookOf(webhook)).toMatchObject({ active: true, failures: 1 })
  })

  it('whose connection breaks is sent again', async () => {
    const webhook = await aWebhook({ dropTimes: 1 })
    const id = await aDelivery(webhook)
    expect(await consumeDelivery(env, id)).not.toBe('done')
    await database().write([sql`update webhook_deliveries set next_attempt_at = now() where id = ${id}`])
    expect(await consumeDelivery(env, id)).toBe('done')
    const [delivery] = await deliveriesOf(webhook)
    expect(delivery.attemptLog).toMatchObject([{ status: null, error: 'no connection' }, { status: 200 }])
  })

  it('stores the beginning of a long response', async () => {
    const webhook = await aWebhook({ status: 500, body: 'x'.repeat(900_000) })
    await consumeDelivery(env, await aDelivery(webhook))
    const [delivery] = await deliveriesOf(webhook)
    expect(delivery.responseBody).toBe('x'.repeat(1_000))
  })

  it('is not sent to an address that is no longer allowed', async () => {
    const webhook = await aWebhook()
    for (const url of ['https://10.0.0.1/hook', 'https://partner.com:8443/', 'http://partner.com/']) {
      await set(webhook.webhookId, sql`url = ${url}`)
      await consumeDelivery(env, await aDelivery(webhook))
      const [delivery] = await deliveriesOf(webhook)
      expect(delivery.attemptLog).toMatchObject([
        { status: null, error: expect.stringMatching(/^refused: /) },
      ])
    }
    // Production may not do what a development machine may.
    const here = await aWebhook()
    await consumeDelivery({ ...env, ENVIRONMENT: 'production' }, await aDelivery(here))
    expect(await receivedAt(here.name)).toEqual([])
    expect((await deliveriesOf(here))[0].attemptLog).toMatchObject([{ error: 'refused: not https' }])
  })
})

describe('an endpoint', () => {
  it('is deactivated after 20 consecutive failed deliveries; a success restarts the count', async () => {
    const webhook = await aWebhook({ status: 500 })
    await set(webhook.webhookId, sql`failures = 18`)
    await consumeDelivery(production, await aDelivery(webhook, 7))
    expect(await webhookOf(webhook)).toMatchObject({ active: true, failures: 19 })
    await hookAt(webhook.name, {})
    await consumeDelivery(production, await aDelivery(webhook, 7))
    expect(await webhookOf(webhook)).toMatchObject({ active: true, failures: 0 })
    await set(webhook.webhookId, sql`failures = 19`)
    await hookAt(webhook.name, { status: 500 })
    await consumeDelivery(production, await aDelivery(webhook, 7))
    expect(await webhookOf(webhook)).toMatchObject({ active: false, failures: 20 })
  })

  it('that is deactivated gets no pending delivery', async () => {
    const webhook = await aWebhook({ status: 410 })
    const [first, second] = [await aDelivery(webhook), await aDelivery(webhook)]
    expect(await consumeDelivery(env, first)).toBe('done')
    expect(await consumeDelivery(env, second)).toBe('done')
    expect(await receivedAt(webhook.name)).toHaveLength(1)
    const deliveries = await deliveriesOf(webhook)
    expect(deliveries.find(({ id }: { id: string }) => id === second)).toMatchObject({
      status: 'failed',
      attempts: 0,
      attemptLog: [{ status: null, durationMs: 0, error: 'the webhook is switched off' }],
    })
  })
})
