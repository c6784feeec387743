import { afterAll, beforeAll, expect, it } from 'vitest'
import { newId } from '../../src/core/ids.ts'
import {
  asOwner,
  connect,
  openWorld,
  type Person,
  transaction,
  type World,
} from '../support/integrity-world.ts'
import { somebodyWaits } from '../support/races.ts'
import { describeReal } from '../support/real-postgres.ts'

const events = 20_000
const limit = 10

describeReal(`a replay of ${limit} of ${events} events`, () => {
  let world: Awaited<ReturnType<typeof openWorld>>

  /** One event a minute, all of the client's. */
  beforeAll(async () => {
    world = await openWorld()
    const { connection, client } = world
    await asOwner(connection, async () => {
      await connection.query(
        `insert into outbox (id, xid, type, object_type, object_id, object_seq, created_at, dispatched_at)
         select (left(khidma.first_uuid_v7(t)::text, 24) || lpad(to_hex(n), 12, '0'))::uuid, n::text::xid8,
                'task.posted', 'task', gen_random_uuid(), 1, t, t
           from generate_series(1, ${events}) n, lateral (select '2026-01-01'::timestamptz + make_interval(mins => n)) m (t)`,
      )
      await connection.query(
        'insert into outbox_recipients (user_id, xid, seq, event_id) select $1, xid, seq, id from outbox',
        [client.id],
      )
    })
    await connection.query('analyze')
  })
  afterAll(() => world.close())

  async function aWebhook(owner: Person): Promise<string> {
    const id = newId()
    await world.connection.query(
      `insert into webhook_subscriptions (id, user_id, url, events, secret) values ($1, $2, 'https://hooks.partner.com/', '{task.*}', 'k1.x')`,
      [id, owner.id],
    )
    return id
  }

  async function replay(owner: Person, since: string | null, behind: string | null) {
    const { connection } = world
    const id = await aWebhook(owner)
    return transaction(connection, owner, async () => {
      const before = await readsOf(connection)
      const { rows } = await connection.query(
        'select khidma.replay_events($1, $2, $3, $4, null, null, false, $5) as replayed',
        [id, owner.id, since, behind, limit],
      )
      return { replayed: rows[0].replayed, reads: (await readsOf(connection)) - before }
    })
  }

  it.each(['client', 'ops'] as const)('reads little more than it queues: %s', async (who) => {
    const since = '2026-01-10T00:00:00Z'
    const { replayed, reads } = await replay(world[who], since, null)
    expect(replayed).toMatchObject({ queued: limit, hasMore: true })
    expect(reads).toBeLessThan(10 * limit)
    const next = await replay(world[who], null, replayed.lastEventId)
    expect(next.replayed).toMatchObject({ queued: limit, hasMore: true })
    expect(next.reads).toBeLessThan(10 * limit)
  })

  /** Replays events of a rare type, within narrow bounds. */
  const rareOnes = (
    connection: World['connection'],
    id: string,
    owner: Person,
    behind: string | null,
    until?: string,
  ) =>
    connection.query(
      `select khidma.replay_events($1, $2, $3, $4, $5, '{task.expired}', false, $6) as replayed`,
      [id, owner.id, behind ? null : '2026-01-01T00:00:00Z', behind, until ?? null, limit],
    )

  const bound = (rows: number) =>
    world.connection.query(
      `create or replace function khidma.replay_bounds(out events int, out duration interval) language sql immutable parallel safe
       as $$ select ${rows}, interval '3 seconds' $$`,
    )

  it.each(['client', 'ops'] as const)(
    'looks at so many events and no more, however rare what is asked for is, and goes on: %s',
    async (who) => {
      const { connection } = world
      const owner = world[who]
      const rare = [4_000, 9_000, 15_000]
      await asOwner(connection, () =>
        connection.query(`update outbox set type = 'task.expired' where xid = any ($1::text[]::xid8[])`, [
          rare,
        ]),
      )
      await bound(3_000)
      const id = await aWebhook(owner)
      const queued: number[] = []
      for (let behind: string | null = null, calls = 0; ; calls++) {
        expect(calls).toBeLessThan(8)
        const { replayed, reads } = await transaction(connection, owner, async () => {
          const before = await readsOf(connection)
          const { rows } = await rareOnes(connection, id, owner, behind)
          return { replayed: rows[0].replayed, reads: (await readsOf(connection)) - before }
        })
        expect(reads).toBeLessThan(3_000 * 3)
        queued.push(replayed.queued)
        behind = replayed.lastEventId
        if (!replayed.hasMore) break
      }
      expect(queued).toEqual([0, 1, 1, 0, 1, 0, 0])
      const { rows } = await connection.query(
        `select o.xid::text::int as n from webhook_deliveries d join outbox o on o.id = d.event_id where d.subscription_id = $1 order by d.id`,
        [id],
      )
      expect(rows.map(({ n }) => n)).toEqual(rare)
    },
  )

  it('ends its look where no earlier event can come', async () => {
    await bound(50_000)
    const { connection, ops } = world
    const id = await aWebhook(ops)
    const reads = await transaction(connection, ops, async () => {
      const before = await readsOf(connection)
      const { rows } = await rareOnes(connection, id, ops, null, '2026-01-01T03:00:00Z')
      expect(rows[0].replayed).toEqual({ queued: 0, lastEventId: null, hasMore: false, first: [] })
      return (await readsOf(connection)) - before
    })
    expect(reads).toBeLessThan(1_000)
  })

  it('has looked before it locks its webhook, and leaves out what was queued meanwhile', async () => {
    const { connection, client } = world
    const [other, replaying] = [await connect(world.ownerUrl), await connect(world.ownerUrl)]
    try {
      const id = await aWebhook(client)
      await connection.query('begin')
      await connection.query('select from webhook_subscriptions where id = $1 for update', [id])
      const replayed = transaction(replaying, client, () =>
        replaying.query(
          `select khidma.replay_events($1, $2, '2026-01-10T00:00:00Z', null, null, null, false, $3) as replayed`,
          [id, client.id, limit],
        ),
      )
      await somebodyWaits(other, 'replay_events')
      await connection.query(
        `insert into webhook_deliveries (id, subscription_id, event_id, event_type, payload)
         select khidma.uuid_v7(), $1, o.id, o.type, '{}' from outbox o
          where o.created_at >= '2026-01-10T00:00:00Z' and o.created_at < '2026-01-11' order by o.xid limit 4`,
        [id],
      )
      await connection.query('commit')
      expect((await replayed).rows[0].replayed).toMatchObject({ queued: limit - 4, hasMore: true })
    } finally {
      await other.end()
      await replaying.end()
    }
  })
})

/** Rows of events read so far in what this connection has not reported yet. */
async function readsOf(connection: World['connection']): Promise<number> {
  const { rows } = await connection.query(
    `select sum(coalesce(seq_tup_read, 0) + coalesce(idx_tup_fetch, 0))::int as count from pg_stat_xact_user_tables
      where relname in ('outbox', 'outbox_recipients')`,
  )
  return rows[0].count
}
