import type pg from 'pg'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { reencryptValues } from '../../src/areas/people/privacy/retention/reencryption.ts'
import { createWebhook, openSecret, rotateWebhookSecret } from '../../src/areas/platform/webhooks/webhooks.ts'
import type { Context, UserActor } from '../../src/core/context.ts'
import { rowsOf, text } from '../../src/db/rows.ts'
import { asOwner, connect, openWorld } from '../support/integrity-world.ts'
import { type NodeContexts, openContexts } from '../support/node-context.ts'
import { somebodyWaits } from '../support/races.ts'
import { describeReal } from '../support/real-postgres.ts'

const key = (id: string, fill: number) => ({ id, key: Buffer.alloc(32, fill).toString('base64') })
const oldKeys = JSON.stringify([key('k1', 1)])
const newKeys = JSON.stringify([key('k2', 2), key('k1', 1)])
const onlyNew = JSON.stringify([key('k2', 2)])

describeReal('re-encryption beside those who change what it re-encrypts', () => {
  let world: Awaited<ReturnType<typeof openWorld>>
  let contexts: NodeContexts
  let watcher: pg.Client

  beforeAll(async () => {
    world = await openWorld()
    contexts = await openContexts(world.ownerUrl, 16)
    watcher = await connect(world.ownerUrl)
  })
  afterAll(async () => {
    await Promise.all([contexts.close(), watcher.end()])
    await world.close()
  })

  const under = (encryptionKeys: string, { contextOf } = contexts): Context<UserActor> => {
    const ctx = contextOf(world.client)
    return { ...ctx, secrets: { ...ctx.secrets, encryptionKeys } }
  }
  const create = () =>
    createWebhook(
      under(oldKeys),
      { url: 'https://example.com/hook', events: ['*'] },
      { allowLoopback: false, ownHosts: [] },
    )
  const rowsById = async (ids: string[]) =>
    (
      await world.connection.query<{
        id: string
        secret: string
        previous_secret: string | null
        version: number
      }>(
        'select id, secret, previous_secret, version from webhook_subscriptions where id = any ($1) order by id',
        [ids],
      )
    ).rows

  it('a rotation of a secret wins, and both secrets can be decrypted with the new key', async () => {
    for (let round = 0; round < 10; round += 1) {
      const hooks = await Promise.all([0, 1, 2, 3].map(create))
      const before = new Map<string, string>()
      for (const { id, secret } of hooks) before.set(id, await openSecret(oldKeys, secret))
      const [rotated] = await Promise.all([
        Promise.all(hooks.map(({ id }) => rotateWebhookSecret(under(newKeys), id))),
        reencryptValues(under(newKeys), 100),
        reencryptValues(under(newKeys), 3),
      ])
      // The next run takes the columns to which an old secret was moved meanwhile.
      await reencryptValues(under(newKeys), 100)
      for (const { id, secret, previous_secret: previous, version } of await rowsById(
        hooks.map(({ id }) => id),
      )) {
        const answered = rotated.find((row) => row.id === id)
        expect(await openSecret(onlyNew, secret)).toBe(await openSecret(newKeys, answered?.secret ?? ''))
        expect(await openSecret(onlyNew, previous ?? '')).toBe(before.get(id))
        // One change: the rotation.
        expect(version).toBe(2)
      }
      await world.connection.query('delete from webhook_subscriptions')
    }
  })

  it('two rotations at once make one secret, and the other one is refused', async () => {
    const { id, secret } = await create()
    const before = await openSecret(oldKeys, secret)
    const outcomes = await Promise.allSettled([0, 1, 2, 3].map(() => rotateWebhookSecret(under(oldKeys), id)))
    const [made, ...more] = outcomes.filter((outcome) => outcome.status === 'fulfilled')
    expect(more).toEqual([])
    for (const outcome of outcomes)
      if (outcome.status === 'rejected')
        expect(outcome.reason).toMatchObject({ code: 'webhook_secret_rotating' })
    const [row] = await rowsById([id])
    expect(await openSecret(oldKeys, row?.previous_secret ?? '')).toBe(before)
    expect(row?.secret).toBe(made?.value.secret)
    await world.connection.query('delete from webhook_subscriptions')
  })

  it('a concurrently changed value is not lost', async () => {
    const { id } = await create()
    await world.connection.query('begin')
    await world.connection.query(`update webhook_subscriptions set secret = 'k2.theirs.x' where id = $1`, [
      id,
    ])
    const run = reencryptValues(under(newKeys), 100)
    // It has read the old value, and waits with the new one.
    await somebodyWaits(watcher)
    await world.connection.query('commit')
    const { report } = await run
    expect(report.reencrypted).toBe(0)
    expect((await rowsById([id])).map(({ secret }) => secret)).toEqual(['k2.theirs.x'])
    await world.connection.query('delete from webhook_subscriptions')
  })

  it('two concurrent runs do the work once', async () => {
    const hooks = await Promise.all(Array.from({ length: 40 }, create))
    const runs = await Promise.all(Array.from({ length: 4 }, () => reencryptValues(under(newKeys), 100)))
    const total = runs.reduce((sum, { report }) => sum + (report.reencrypted ?? 0), 0)
    expect(total).toBe(hooks.length)
    for (const { secret, version } of await rowsById(hooks.map(({ id }) => id))) {
      expect(secret).toMatch(/^k2\./)
      expect(version).toBe(1)
    }
  })

  it('finds remaining rows by their index', async () => {
    const { connection } = world
    await asOwner(connection, async () => {
      await connection.query(
        `insert into users (id, phone) select khidma.uuid_v7(), '+2019' || lpad(n::text, 8, '0') from generate_series(1, 20000) n`,
      )
      await connection.query(
        `insert into mfa_factors (id, user_id, label, secret, last_counter)
         select khidma.uuid_v7(), id, 'x', 'k2.a.b', 0 from users`,
      )
    })
    await connection.query('vacuum analyze mfa_factors')
    const statistics = async () => {
      const { rows } = await connection.query<{ walked: number; looked: number }>(
        `select seq_tup_read::int as walked, idx_scan::int as looked from pg_stat_user_tables where relname = 'mfa_factors'`,
      )
      return rows[0] ?? { walked: 0, looked: 0 }
    }
    const before = await statistics()
    const single = await openContexts(world.ownerUrl, 1)
    try {
      const ctx = under(newKeys, single)
      await reencryptValues(ctx, 100)
      expect(ctx.db.roundTrips).toBe(1)
      // By the same connection, which would tell what it did a while later.
      await single
        .contextOf(world.client)
        .db.read(rowsOf({ flushed: text })`select pg_stat_force_next_flush()::text as flushed`)
    } finally {
      await single.close()
    }
    const after = await statistics()
    expect(after.looked).toBeGreaterThan(before.looked)
    expect(after.walked).toBe(before.walked)
  })
})
