import { createExecutionContext, createMessageBatch } from 'cloudflare:test'
import { sql } from 'drizzle-orm'
import { describe, expect, it, vi } from 'vitest'
import { newId } from '../../src/core/ids.ts'
import type { QueueMessage } from '../../src/core/messages.ts'
import { consume } from '../../src/queues/consume.ts'
import { api, database, env, signedIn } from '../support/api.ts'
import { consumeNow, hookAt } from '../support/queues.ts'
import { ok } from '../support/story.ts'

/** When the message comes again, in seconds; null: it was acknowledged. */
async function delayOf(queue: string, body: unknown, { attempts = 1, overrides = {} } = {}) {
  const message = { id: newId(), timestamp: new Date(), attempts, body: body as QueueMessage }
  const batch = createMessageBatch<QueueMessage>(queue, [message])
  const [only] = batch.messages
  if (!only) throw new Error('An empty batch')
  const retry = vi.spyOn(only, 'retry')
  await consume(batch, { ...env, ...overrides }, createExecutionContext())
  return retry.mock.calls[0]?.[0]?.delaySeconds ?? null
}

/** A notification by SMS to a gateway that behaves so. */
async function anSms(behaviour: object) {
  const me = await signedIn()
  const body = { smsEnabled: true, pushEnabled: false }
  await ok(api('/v1/me/notification-preferences', { as: me, method: 'PATCH', body }))
  const id = newId()
  await database().write([
    sql`insert into notifications (id, user_id, kind, title) values (${id}, ${me.userId}, 'task.expired', 'Nobody')`,
  ])
  const overrides = { SMS_API_URL: await hookAt(newId(), behaviour), SMS_API_KEY: 'account:secret' }
  return { message: { kind: 'notification', notificationId: id }, overrides }
}

describe('a message that fails', () => {
  it('is retried with increasing delays', async () => {
    for (const [attempts, kind] of [
      [1, 'no such kind'],
      [2, 'constructor'],
      [5, 17],
      [8, undefined],
    ] as const) {
      const delay = await delayOf('khidma-events', { kind }, { attempts })
      expect(delay).toBeGreaterThanOrEqual(2 ** attempts)
      expect(delay).toBeLessThanOrEqual(2 ** (attempts + 1))
    }
    expect(await delayOf('khidma-events', { kind: 'no such kind' }, { attempts: 100 })).toBeLessThanOrEqual(
      3_600,
    )
  })

  it('delays no other message of its batch', async () => {
    const batch = Array.from({ length: 40 }, (_, n) => ({
      kind: n % 10 === 3 ? 'poison' : 'event',
      eventId: newId(),
    }))
    const { ids, acknowledged, retried } = await consumeNow('khidma-events', ...batch)
    const good = ids.filter((_, n) => batch[n]?.kind === 'event')
    expect(acknowledged.toSorted()).toEqual(good.toSorted())
    expect(retried).toHaveLength(4)
  })

  it('is retried apart from others that failed with it', async () => {
    const delays = await Promise.all(
      Array.from({ length: 20 }, () => delayOf('khidma-events', { kind: 'poison' }, { attempts: 8 })),
    )
    expect(new Set(delays).size).toBeGreaterThan(5)
  })

  it('is retried no sooner than the provider asks', async () => {
    const busy = await anSms({ status: 429, headers: { 'retry-after': '600' } })
    const delay = await delayOf('khidma-notifications', busy.message, busy)
    expect(delay).toBeGreaterThanOrEqual(600)
    expect(delay).toBeLessThanOrEqual(1_200)
    const down = await anSms({ status: 503 })
    expect(await delayOf('khidma-notifications', down.message, down)).toBeLessThanOrEqual(4)
  })
})

describe('a dead letter', () => {
  it('is stored whatever it contains', async () => {
    const bodies: unknown[] = [
      { kind: 'a\0b', text: 'null \0 and lone \ud800, and \\u0000 as it is' },
      'text',
      17,
      null,
      [1, { '\0': '\udfff' }],
    ]
    const { ids, acknowledged } = await consumeNow('khidma-dead-letters', ...bodies)
    expect(acknowledged.toSorted()).toEqual(ids.toSorted())
    const kept = await database().read<{ queue: string; body: unknown }>(
      sql`select queue, body from dead_letters where message_id in ${ids} order by id`,
    )
    expect(kept).toHaveLength(bodies.length)
    expect(kept.map(({ queue }) => queue)).toEqual(Array(5).fill('unknown'))
    expect(kept.map(({ body }) => body)).toContainEqual({
      kind: 'a\ufffdb',
      text: 'null \ufffd and lone \ufffd, and \\u0000 as it is',
    })
    const { status } = await api('/v1/dead-letters?limit=100', { as: await signedIn('ops') })
    expect(status).toBe(200)
  })

  it('that is delivered twice is stored once', async () => {
    const message = {
      id: newId(),
      timestamp: new Date(),
      attempts: 9,
      body: { kind: 'poison' } as unknown as QueueMessage,
    }
    for (let time = 0; time < 2; time += 1) {
      const batch = createMessageBatch('khidma-dead-letters', [message])
      await consume(batch, env, createExecutionContext())
    }
    const kept = await database().read(sql`select id from dead_letters where message_id = ${message.id}`)
    expect(kept).toHaveLength(1)
  })
})
