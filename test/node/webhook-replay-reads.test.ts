import { afterAll, beforeAll, expect, it } from 'vitest'
import { newId } from '../../src/core/ids.ts'
import { asOwner, openWorld, type Person, transaction, type World } from '../support/integrity-world.ts'
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

  async function replay(owner: Person, since: string | null, behind: string | null) {
    const { connection } = world
    const id = newId()
    await connection.query(
      `insert into webhook_subscriptions (id, user_id, url, events, secret) values ($1, $2, 'https://hooks.partner.com/', '{task.*}', 'k1.x')`,
      [id, owner.id],
    )
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
})

/** Rows of events read so far in what this connection has not reported yet. */
async function readsOf(connection: World['connection']): Promise<number> {
  const { rows } = await connection.query(
    `select sum(coalesce(seq_tup_read, 0) + coalesce(idx_tup_fetch, 0))::int as count from pg_stat_xact_user_tables
      where relname in ('outbox', 'outbox_recipients')`,
  )
  return rows[0].count
}
