import { setTimeout as sleep } from 'node:timers/promises'
import type pg from 'pg'
import { afterAll, beforeAll, expect, it } from 'vitest'
import {
  createApiKey,
  revokeApiKey,
  rotateApiKey,
  type ShownApiKey,
} from '../../src/areas/people/api-keys/api-keys.ts'
import { revokeAllSessions } from '../../src/areas/people/identity/sessions/sessions.ts'
import { verifyApiKey } from '../../src/core/api-keys.ts'
import type { Context, UserActor } from '../../src/core/context.ts'
import { newId } from '../../src/core/ids.ts'
import { rowsOf, text } from '../../src/db/rows.ts'
import { createUnit } from '../../src/db/unit.ts'
import type { Env } from '../../src/env.ts'
import { postgresBackend } from '../../tools/neon-local/postgres.ts'
import { type NeonLocal, startNeonLocal } from '../../tools/neon-local/server.ts'
import { connect } from '../support/integrity-world.ts'
import { aPhone } from '../support/numbers.ts'
import { count, messageOf, somebodyWaits, times } from '../support/races.ts'
import { describeReal, freshDatabase } from '../support/real-postgres.ts'
import { contextSecrets as secrets } from '../support/secrets.ts'

describeReal('API keys and sessions, from many connections at once', () => {
  let shim: NeonLocal
  let env: Env
  let one: pg.Client
  let two: pg.Client
  let watcher: pg.Client

  beforeAll(async () => {
    const { ownerUrl, appUrl } = await freshDatabase()
    shim = await startNeonLocal({ backend: postgresBackend({ url: ownerUrl }) })
    env = { DATABASE_HTTP: shim.url, DATABASE_URL: appUrl } as Env
    ;[one, two, watcher] = await Promise.all([connect(ownerUrl), connect(ownerUrl), connect(ownerUrl)])
  })
  afterAll(async () => {
    await Promise.all([one, two, watcher].map((connection) => connection.end()))
    await shim.close()
  })

  function contextFor(actor: UserActor): Context<UserActor> {
    const requestId = newId()
    const db = createUnit({ env, actor, requestId })
    return { actor, db, now: new Date(), requestId, locale: 'en', ipAddress: null, userAgent: null, secrets }
  }

  async function anOwner(): Promise<UserActor> {
    const [userId, sessionId] = [newId(), newId()]
    await one.query(`insert into users (id, phone) values ($1, $2)`, [userId, aPhone()])
    await one.query(`insert into sessions (id, user_id) values ($1, $2)`, [sessionId, userId])
    return { kind: 'user', userId, role: 'client', sessionId }
  }

  const make = (owner: UserActor): Promise<ShownApiKey> =>
    createApiKey(contextFor(owner), { name: 'Race', scopes: ['tasks:read'], expiresInDays: 1 })

  const machine = (key: string) => contextFor(verifyApiKey(secrets, key, new Date()).actor)

  /** A read, as most calls are. */
  const use = (key: string) =>
    messageOf(machine(key).db.read(rowsOf({ id: text })`select khidma.actor_id()::text as id`))

  /** Begins the transaction of a call with the key, and leaves it open. */
  async function beginWith(connection: pg.Client, key: string): Promise<string> {
    const { userId, role, key: credential } = verifyApiKey(secrets, key, new Date()).actor
    const facts = { keyId: credential?.keyId, keyHash: credential?.hash }
    await connection.query('begin')
    return messageOf(
      connection.query(`select khidma.begin_request($1, $2, 'r', null, null, null, null, null, $3)`, [
        role,
        userId,
        JSON.stringify(facts),
      ]),
    )
  }

  it('admits a busy key without waiting for its row, and records the use once', async () => {
    const { id, key } = await make(await anOwner())
    await one.query('begin')
    await one.query('select 1 from api_keys where id = $1 for update', [id])
    expect(count(await times(30, () => use(key)))).toEqual({ ok: 30 })
    await one.query('commit')
    const seen = async () =>
      (await one.query('select last_used_at as at, xmin::text as written from api_keys where id = $1', [id]))
        .rows[0]
    expect((await seen()).at).toBeNull()
    expect(count(await times(30, () => use(key)))).toEqual({ ok: 30 })
    const first = await seen()
    expect(first.at).not.toBeNull()
    expect(count(await times(30, () => use(key)))).toEqual({ ok: 30 })
    expect(await seen()).toEqual(first)
  })

  it('revokes beside a running call: it completes, and later calls are refused', async () => {
    const owner = await anOwner()
    const { id, key } = await make(owner)
    expect(await use(key)).toBe('ok')
    expect(await beginWith(one, key)).toBe('ok')
    await revokeApiKey(contextFor(owner), id)
    expect(await use(key)).toBe('invalid_api_key')
    await one.query(`update users set full_name = 'Begun before' where id = $1`, [owner.userId])
    await one.query('commit')
    expect(await beginWith(two, key)).toBe('invalid_api_key')
    await two.query('rollback')
    const { rows } = await one.query('select full_name from users where id = $1', [owner.userId])
    expect(rows).toEqual([{ full_name: 'Begun before' }])
  })

  it('makes the first call of a minute and a revocation wait for each other, briefly, and the key ends', async () => {
    const owner = await anOwner()
    const { id, key } = await make(owner)
    expect(await beginWith(one, key)).toBe('ok')
    const revoking = revokeApiKey(contextFor(owner), id)
    await somebodyWaits(watcher)
    await one.query('commit')
    await revoking
    expect(await use(key)).toBe('invalid_api_key')
  })

  it('rotates a busy key with an overlap without refusing a call of either key', async () => {
    const owner = await anOwner()
    const made = await make(owner)
    const before = times(40, async (index) => {
      await sleep(index)
      return use(made.key)
    })
    await sleep(10)
    const rotated = await rotateApiKey(contextFor(owner), made.id, { overlapSeconds: 60 }, null)
    const after = times(40, (index) => use(index % 2 === 0 ? made.key : rotated.key))
    expect(count([...(await before), ...(await after)])).toEqual({ ok: 80 })
  })

  it('rotates a key at once: from the answer on only the new one works', async () => {
    const owner = await anOwner()
    const made = await make(owner)
    const during = times(40, async (index) => {
      await sleep(index)
      return use(made.key)
    })
    await sleep(10)
    const rotated = await rotateApiKey(contextFor(owner), made.id, { overlapSeconds: 0 }, null)
    expect(count(await times(20, () => use(made.key)))).toEqual({ invalid_api_key: 20 })
    expect(count(await times(20, () => use(rotated.key)))).toEqual({ ok: 20 })
    const { ok = 0, invalid_api_key: refused = 0, ...other } = count(await during)
    expect([ok + refused, other]).toEqual([40, {}])
  })

  it('keeps the newest key and one before it after ten concurrent rotations', async () => {
    const owner = await anOwner()
    const made = await make(owner)
    const rotated = await times(10, () =>
      rotateApiKey(contextFor(owner), made.id, { overlapSeconds: 60 }, null),
    )
    const outcomes = await Promise.all([made, ...rotated].map(({ key }) => use(key)))
    expect(count(outcomes)).toEqual({ ok: 2, invalid_api_key: 9 })
    const versioned = await times(10, () =>
      messageOf(rotateApiKey(contextFor(owner), made.id, { overlapSeconds: 0 }, 11)),
    )
    expect(count(versioned)).toEqual({ ok: 1, precondition_failed: 9 })
  })

  it('creates 20 keys for 30 concurrent requests', async () => {
    const owner = await anOwner()
    expect(count(await times(30, () => messageOf(make(owner))))).toEqual({ ok: 20, too_many: 10 })
  })

  it('refuses a key from the moment its owner is suspended', async () => {
    const owner = await anOwner()
    const { key } = await make(owner)
    await two.query('begin')
    await two.query("select set_config('khidma.role', 'system', true)")
    await two.query(`update users set status = 'suspended' where id = $1`, [owner.userId])
    expect(await use(key)).toBe('ok')
    await two.query('commit')
    expect(await use(key)).toBe('account_suspended')
  })

  it('ends each session once when all sessions end all others at once', async () => {
    const owner = await anOwner()
    for (let n = 0; n < 9; n += 1) {
      await one.query(`insert into sessions (id, user_id, device_id) values ($1, $2, $3)`, [
        newId(),
        owner.userId,
        `d${n % 3}`,
      ])
      await one.query(
        `insert into user_devices (id, user_id, device_id, platform, push_token) values ($1, $2, $3, 'ios', $4)
         on conflict do nothing`,
        [newId(), owner.userId, `d${n % 3}`, newId()],
      )
    }
    const calls = await Promise.allSettled(
      Array.from({ length: 20 }, () => revokeAllSessions(contextFor(owner))),
    )
    const ended = calls.reduce((sum, call) => sum + (call.status === 'fulfilled' ? call.value : 0), 0)
    expect(ended).toBe(10)
    // Whoever comes after the end of their own session does nothing any more.
    for (const call of calls)
      if (call.status === 'rejected') expect(call.reason).toMatchObject({ code: 'session_ended' })
    const { rows } = await one.query(
      `select count(*)::int as events, count(distinct object_id)::int as sessions from outbox
        where type = 'session.revoked' and data ->> 'userId' = $1`,
      [owner.userId],
    )
    expect(rows).toEqual([{ events: 10, sessions: 10 }])
    const devices = await one.query(
      'select count(push_token)::int as loud from user_devices where user_id = $1',
      [owner.userId],
    )
    expect(devices.rows).toEqual([{ loud: 0 }])
  })
})
