import type pg from 'pg'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { newId } from '../../src/core/ids.ts'
import { connect, openWorld } from '../support/integrity-world.ts'
import { messageOf, somebodyWaits, times } from '../support/races.ts'
import { describeReal } from '../support/real-postgres.ts'

describeReal('deliveries of a webhook, from many connections at once', () => {
  let world: Awaited<ReturnType<typeof openWorld>>
  let watcher: pg.Client
  let many: pg.Client[]

  beforeAll(async () => {
    world = await openWorld()
    watcher = await connect(world.ownerUrl)
    many = await times(8, () => connect(world.ownerUrl))
  })
  afterAll(async () => {
    for (const connection of [watcher, ...many]) await connection.end()
    await world.close()
  })

  const first = () => many[0] as pg.Client
  const second = () => many[1] as pg.Client

  async function aWebhook(): Promise<string> {
    const id = newId()
    await world.connection.query(
      `insert into webhook_subscriptions (id, user_id, url, events, secret) values ($1, $2, 'https://hooks.partner.com/', '{*}', 'k1.x')`,
      [id, world.client.id],
    )
    return id
  }

  async function aDelivery(webhook: string): Promise<string> {
    const id = newId()
    await world.connection.query(
      `insert into webhook_deliveries (id, subscription_id, event_id, event_type, payload) values ($1, $2, $3, 'task.posted', '{}')`,
      [id, webhook, newId()],
    )
    return id
  }

  const take = (connection: pg.Client, id: string) =>
    connection.query('select khidma.take_delivery($1, false) as taking', [id])

  const record = (connection: pg.Client, id: string, outcome = 'delivered', number = 1) =>
    connection.query(
      `select khidma.record_attempt($1, $2, $3, 200, null, '{"status": 200}', null, true, 60, false) as woken`,
      [id, number, outcome],
    )

  const remove = (connection: pg.Client, id: string) =>
    connection.query('delete from webhook_subscriptions where id = $1', [id])

  it('its deletion waits for an outcome that is being stored, and takes the delivery with it', async () => {
    const webhook = await aWebhook()
    const id = await aDelivery(webhook)
    await take(first(), id)
    await first().query('begin')
    await record(first(), id)
    const removed = messageOf(remove(second(), webhook))
    await somebodyWaits(watcher, 'delete from webhook_subscriptions')
    await first().query('commit')
    expect(await removed).toBe('ok')
  })

  it('an outcome waits for the deletion of its webhook, and has nothing to store then', async () => {
    const webhook = await aWebhook()
    const id = await aDelivery(webhook)
    await take(first(), id)
    await first().query('begin')
    await first().query('select from webhook_subscriptions where id = $1 for update', [webhook])
    const recorded = record(second(), id)
    await somebodyWaits(watcher, 'record_attempt')
    // The outcome holds no delivery while it waits for the webhook: this would be a deadlock.
    expect(await messageOf(remove(first(), webhook))).toBe('ok')
    await first().query('commit')
    expect((await recorded).rows).toEqual([{ woken: null }])
  })

  it('is deleted while all of its deliveries are taken and recorded, without a deadlock', async () => {
    for (let round = 0; round < 10; round++) {
      const webhooks = await times(2, aWebhook)
      const deliveries = await Promise.all(
        webhooks.flatMap((webhook) => Array.from({ length: 4 }, () => aDelivery(webhook))),
      )
      const outcomes = await Promise.all([
        ...deliveries.slice(0, 6).map(async (id, index) => {
          const connection = many[index] as pg.Client
          return (await messageOf(take(connection, id))) + (await messageOf(record(connection, id)))
        }),
        ...webhooks.map((webhook, index) => messageOf(remove(many[6 + index] as pg.Client, webhook))),
      ])
      expect(outcomes).toEqual([...Array<string>(6).fill('okok'), 'ok', 'ok'])
    }
  })

  it('has one outcome: of several that come for one attempt, the first is stored', async () => {
    const id = await aDelivery(await aWebhook())
    await take(first(), id)
    await times(8, (index) => record(many[index] as pg.Client, id, index % 2 ? 'delivered' : 'failed'))
    const { rows } = await world.connection.query(
      'select attempts, jsonb_array_length(attempt_log) as logged from webhook_deliveries where id = $1',
      [id],
    )
    expect(rows).toEqual([{ attempts: 1, logged: 1 }])
  })
})
