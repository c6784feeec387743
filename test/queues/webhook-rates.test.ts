import { sql } from 'drizzle-orm'
import { describe, expect, it } from 'vitest'
import { type Taking, takeDelivery } from '../../src/areas/platform/webhooks/deliveries.ts'
import { systemContext } from '../../src/system-context.ts'
import { deliveriesOf, type Subscribed, subscribed } from '../areas/platform/webhooks/subscriptions.ts'
import { api, database, env } from '../support/api.ts'
import { eventually } from '../support/eventually.ts'
import { aDelivery, attemptNow, consumeBatch, hookAt, receivedAt } from '../support/queues.ts'
import { ok } from '../support/story.ts'

/** Each in a context of its own, as isolates have them. */
const take = (id: string): Promise<Taking> => takeDelivery(systemContext(env, 'test'), id, 'fast')

const several = (webhook: Subscribed, count: number) =>
  Promise.all(Array.from({ length: count }, () => aDelivery(webhook)))

/** The next slot, in milliseconds since 1970. */
async function slotOf({ webhookId }: Subscribed): Promise<number> {
  const [row] = await database().read<{ ms: number }>(
    sql`select extract(epoch from next_slot_at)::float8 * 1000 as ms from webhook_subscriptions where id = ${webhookId}`,
  )
  return row?.ms ?? 0
}

const slotAt = (webhook: Subscribed, seconds: number) =>
  database().write([
    sql`update webhook_subscriptions set next_slot_at = now() + ${`${seconds} seconds`}::interval where id = ${webhook.webhookId}`,
  ])

describe('a rate of an endpoint', () => {
  it('gives those that come at once slots of their own, evenly spaced, whoever takes them', async () => {
    const webhook = await subscribed({ maxPerSecond: 5 })
    await slotAt(webhook, 0.3)
    const before = await slotOf(webhook)
    const takings = await Promise.all((await several(webhook, 4)).map(take))
    expect(takings.map(({ kind }) => kind)).toEqual(['taken', 'taken', 'taken', 'taken'])
    // Never less than a fifth of a second apart; more where this machine has stood still.
    expect((await slotOf(webhook)) - before).toBeGreaterThanOrEqual(799)
  })

  it('has its attempt wait for its slot', async () => {
    const webhook = await subscribed({ maxPerSecond: 5 })
    await slotAt(webhook, 0.9)
    const slot = await slotOf(webhook)
    expect(await attemptNow(await aDelivery(webhook))).toBe('done')
    const [request] = await receivedAt(webhook.name)
    expect(Date.parse(request?.at ?? '')).toBeGreaterThanOrEqual(Math.floor(slot) - 5)
  })

  it('parks what has no slot within a second, and counts no attempt for it', async () => {
    const webhook = await subscribed({ maxPerSecond: 1 })
    await slotAt(webhook, 60)
    const [id] = (await several(webhook, 1)) as [string]
    expect(await take(id)).toEqual({ kind: 'over' })
    expect(await deliveriesOf(webhook)).toMatchObject([
      { id, status: 'pending', attempts: 0, attemptLog: [] },
    ])
    const [row] = await database().read<{ parked: boolean }>(
      sql`select parked from webhook_deliveries where id = ${id}`,
    )
    expect(row?.parked).toBe(true)
  })

  it('leaves the place of an attempt that has ended to an endpoint that may use it now', async () => {
    const rated = await subscribed({ maxPerSecond: 1 }, { behaviour: { holds: true } })
    const other = await subscribed({}, { owner: rated.owner })
    const [sent, waiting] = [await aDelivery(rated), await aDelivery(rated)]
    const elsewhere = await aDelivery(other)
    await slotAt(rated, -1)
    const batch = await consumeBatch('khidma-webhooks', { kind: 'webhook', deliveryId: sent })
    await database().write([
      sql`update webhook_deliveries set parked = true, next_attempt_at = now() + interval '1 minute' where id in ${[waiting, elsewhere]}`,
    ])
    await slotAt(rated, 60)
    await hookAt(rated.name, {})
    await batch.settled()
    expect(await deliveriesOf(other)).toMatchObject([{ id: elsewhere, status: 'delivered' }])
    expect((await deliveriesOf(rated)).find(({ id }: { id: string }) => id === waiting)).toMatchObject({
      attempts: 0,
    })
  })

  it('is held through the queues: every event comes, once, and not faster', async () => {
    const webhook = await subscribed({ maxPerSecond: 4 })
    const ids = await several(webhook, 12)
    await env.WEBHOOKS.sendBatch(
      ids.map((deliveryId) => ({ body: { kind: 'webhook' as const, deliveryId } })),
    )
    await eventually('all deliveries', async () =>
      (await deliveriesOf(webhook)).every(({ status }: { status: string }) => status === 'delivered'),
    )
    expect(await deliveriesOf(webhook)).toMatchObject(ids.map(() => ({ attempts: 1 })))
    const times = (await receivedAt(webhook.name)).map(({ at }) => Date.parse(at)).sort((a, b) => a - b)
    expect(times).toHaveLength(12)
    // Eleven shares of a quarter of a second; the first request may have been late by itself.
    expect((times[11] as number) - (times[0] as number)).toBeGreaterThan(2_200)
  })

  it('may be changed or taken away while deliveries wait', async () => {
    const webhook = await subscribed({ maxPerSecond: 1 })
    await slotAt(webhook, 60)
    const [id] = (await several(webhook, 1)) as [string]
    expect(await take(id)).toEqual({ kind: 'over' })
    await ok(api(webhook.path, { as: webhook.owner, method: 'PATCH', body: { maxPerSecond: null } }))
    await database().write([sql`update webhook_deliveries set next_attempt_at = now() where id = ${id}`])
    expect(await take(id)).toMatchObject({ kind: 'taken', delivery: { waitMs: 0 } })
  })
})
