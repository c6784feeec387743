import { sql } from 'drizzle-orm'
import type pg from 'pg'
import { afterAll, beforeAll, expect, it } from 'vitest'
import {
  type Erasure,
  eraseRows,
  eraseWords,
  finishPass,
  type Piece,
  redactAudit,
  redactAuditNaming,
  redactHistory,
  takeErasure,
} from '../../src/areas/people/privacy/erasure/erasing.ts'
import { cancelErasure, requestErasure } from '../../src/areas/people/privacy/erasure/erasures.ts'
import { erasureOrder, loadInventory } from '../../src/areas/people/privacy/inventory.ts'
import { createAddress } from '../../src/areas/people/profiles/addresses.ts'
import { updateClientProfile } from '../../src/areas/people/profiles/personal-profiles.ts'
import type { Context, UserActor } from '../../src/core/context.ts'
import { newId } from '../../src/core/ids.ts'
import { openWorld } from '../support/integrity-world.ts'
import { type NodeContexts, openContexts } from '../support/node-context.ts'
import { aPhone } from '../support/numbers.ts'
import { outcomeOf } from '../support/races.ts'
import { describeReal } from '../support/real-postgres.ts'
import { countOfTraces, type TextColumns, textColumns } from '../support/traces-query.ts'

const width = 16
const many = <T>(count: number, work: (index: number) => Promise<T>) =>
  Promise.all(Array.from({ length: count }, (_, index) => work(index)))
async function toItsEnd(step: (cursor: string | null) => Promise<Piece>): Promise<void> {
  let piece = await step(null)
  while (!piece.isDone) piece = await step(piece.cursor)
}

describeReal('erasure beside everything else', () => {
  let world: Awaited<ReturnType<typeof openWorld>>
  let contexts: NodeContexts

  beforeAll(async () => {
    world = await openWorld()
    contexts = await openContexts(world.ownerUrl, width)
  })
  afterAll(async () => {
    await contexts.close()
    await world.close()
  })

  const query = async <Row extends pg.QueryResultRow>(text: string, params: unknown[] = []): Promise<Row[]> =>
    (await world.connection.query<Row>(text, params)).rows

  async function somebody(): Promise<{ id: string; name: string; act: () => Context<UserActor> }> {
    const id = newId()
    const name = `Zubaida ${id.slice(-12)}`
    await query('insert into users (id, phone, full_name) values ($1, $2, $3)', [id, aPhone(), name])
    return { id, name, act: () => contexts.contextOf({ id, role: 'client' }) }
  }

  const scheduled = async (act: () => Context<UserActor>, userId: string) =>
    (await requestErasure(act(), userId, { reason: undefined, graceDays: 0 })).id

  /** Erases what the database holds of them; files and objects are not here. */
  async function wipe(job: Erasure): Promise<void> {
    const ctx = () => contexts.systemContext('erasure')
    await toItsEnd(() => redactHistory(ctx(), job, 100))
    for (const table of erasureOrder(await loadInventory())) {
      await toItsEnd(() => eraseRows(ctx(), job, table, 100))
      await toItsEnd((cursor) => eraseWords(ctx(), job, table, cursor, 100))
    }
    await toItsEnd(() => redactAudit(ctx(), job, 100))
    await toItsEnd(() => redactAuditNaming(ctx(), job, 100))
    await finishPass(ctx(), job, 0)
  }

  async function tracesOf(name: string): Promise<string[]> {
    const columns = await query<TextColumns>(textColumns)
    const found = await query<{ place: string }>(countOfTraces(columns, [name]))
    return found.map(({ place }) => place)
  }

  it('covers concurrent writes of the user, and refuses later ones', async () => {
    for (let round = 0; round < 4; round += 1) {
      const { id, name, act } = await somebody()
      const erasureId = await scheduled(act, id)
      const place = {
        label: name,
        address: `12 ${name} St`,
        city: 'Cairo',
        location: { lat: 30.06, lng: 31.22 },
      }
      let begun = false
      const written: { outcome: string; after: boolean }[] = []
      const writer = async (index: number) => {
        for (let n = 0; n < 12; n += 1) {
          const after = begun
          const write =
            (index + n) % 2 === 0
              ? createAddress(act(), place)
              : updateClientProfile(act(), { noteForTaskers: `${name} ${index} ${n}` }, null)
          written.push({ outcome: await outcomeOf(write), after })
        }
      }
      const eraser = async () => {
        await new Promise((resolve) => setTimeout(resolve, 15 * round))
        const taken = await takeErasure(contexts.systemContext('erasure'), erasureId)
        begun = true
        return taken
      }
      const [job] = await Promise.all([eraser(), many(10, writer)])
      if (!job) throw new Error('nothing was taken')
      // Begun is begun: all that was under way had ended by then, so that one pass is enough for them.
      await wipe(job)
      expect(await tracesOf(name)).toEqual([])
      const outcomes = new Set(written.map(({ outcome }) => outcome))
      expect(
        [...outcomes].filter((outcome) => !['ok', 'session_ended', 'limit_reached'].includes(outcome)),
      ).toEqual([])
      expect(new Set(written.filter(({ after }) => after).map(({ outcome }) => outcome))).toEqual(
        new Set(written.some(({ after }) => after) ? ['session_ended'] : []),
      )
    }
  }, 240_000)

  it('covers in its second pass what a job wrote during the first', async () => {
    const { id, name, act } = await somebody()
    const erasureId = await scheduled(act, id)
    const job = await takeErasure(contexts.systemContext('erasure'), erasureId)
    if (!job) throw new Error('nothing was taken')
    const late = async () => {
      for (let n = 0; n < 20; n += 1) {
        const row = sql`insert into notifications (id, user_id, kind, title) values (${newId()}, ${id}, 'test', ${`To ${name}`})`
        await contexts.systemContext('events').db.write([row])
      }
    }
    await Promise.all([wipe(job), late()])
    const again = await takeErasure(contexts.systemContext('erasure'), erasureId)
    expect(again).toMatchObject({ pass: 2, identifiers: { words: expect.arrayContaining([name]) } })
    if (again) await wipe(again)
    expect(await tracesOf(name)).toEqual([])
    expect(
      await query('select status, identifiers from erasure_requests where id = $1', [erasureId]),
    ).toEqual([{ status: 'completed', identifiers: null }])
  })

  it('starts once for concurrent consumers', async () => {
    const { id, act } = await somebody()
    const erasureId = await scheduled(act, id)
    const taken = await many(12, () => takeErasure(contexts.systemContext('erasure'), erasureId))
    expect(taken.filter(Boolean)).toHaveLength(1)
    expect(await query('select attempts from erasure_requests where id = $1', [erasureId])).toEqual([
      { attempts: 1 },
    ])
  })

  it('revokes API keys as it begins, long before their rows are deleted', async () => {
    const { id, act } = await somebody()
    await query(
      `insert into api_keys (id, user_id, name, prefix, key_hash, secret_id) values ($1::uuid, $2, 'Key', $1::text, 'hash', $1::uuid)`,
      [newId(), id],
    )
    const erasureId = await scheduled(act, id)
    const revoked = () =>
      query('select revoked_at is not null as "isRevoked" from api_keys where user_id = $1', [id])
    expect(await revoked()).toEqual([{ isRevoked: false }])
    await takeErasure(contexts.systemContext('erasure'), erasureId)
    expect(await revoked()).toEqual([{ isRevoked: true }])
  })

  it('either starts or is canceled, never both', async () => {
    const seen = new Set<string>()
    for (let round = 0; round < 16; round += 1) {
      const { id, name, act } = await somebody()
      const erasureId = await scheduled(act, id)
      const [taken, canceled] = await Promise.all([
        takeErasure(contexts.systemContext('erasure'), erasureId),
        outcomeOf(cancelErasure(act())),
      ])
      const [row] = await query<{ status: string; full_name: string; erased: boolean }>(
        `select r.status, u.full_name, u.erased_at is not null as erased
           from erasure_requests r join users u on u.id = r.user_id where r.id = $1`,
        [erasureId],
      )
      seen.add(row?.status ?? '')
      expect(row?.full_name).toBe(name)
      if (taken) expect([row, canceled]).toMatchObject([{ status: 'running', erased: true }, 'session_ended'])
      else expect([row, canceled]).toMatchObject([{ status: 'canceled', erased: false }, 'ok'])
    }
    expect(seen.size).toBeGreaterThan(0)
  })

  it('requested twice at once exists once', async () => {
    const { id, act } = await somebody()
    const outcomes = await many(8, () => outcomeOf(scheduled(act, id)))
    expect(outcomes.sort()).toEqual([...Array(7).fill('erasure_pending'), 'ok'])
  })

  it('scans each text of others once, in bounded windows', async () => {
    const { id, name, act } = await somebody()
    const erasure = await scheduled(act, id)
    const [other, conversation] = [await somebody(), newId()]
    await query(`insert into conversations (id, kind) values ($1, 'direct')`, [conversation])
    await query(
      `insert into conversation_participants (conversation_id, user_id) select $1, unnest($2::uuid[])`,
      [conversation, [id, other.id]],
    )
    const said = `case when g % 10 = 0 then 'I met ' || $3::text || ', twice' else 'Nobody ' || g end`
    await query(
      `insert into messages (id, conversation_id, sender_id, kind, seq, text)
       select khidma.uuid_v7(), $1, $2, 'text', g, ${said} from generate_series(1, 250) g`,
      [conversation, other.id, name],
    )
    await query(
      `insert into idempotency_keys (scope, key, request_hash, rows)
       select $1::text, g::text, $2::text, jsonb_build_array(jsonb_build_object('text', ${said})) from generate_series(1, 250) g`,
      [other.id, 'h', name],
    )
    const job = await takeErasure(contexts.systemContext('erasure'), erasure)
    if (!job) throw new Error('Not taken')
    const inventory = await loadInventory()
    for (const table of inventory.filter(({ name }) => ['messages', 'idempotency_keys'].includes(name))) {
      const pieces: Piece[] = []
      await toItsEnd(async (cursor) => {
        const piece = await eraseWords(contexts.systemContext('erasure'), job, table, cursor, 100)
        pieces.push(piece)
        return piece
      })
      expect(pieces.length, table.name).toBeGreaterThanOrEqual(3)
      expect(new Set(pieces.map(({ cursor }) => cursor)).size, 'no window twice').toBe(pieces.length)
    }
    const texts = await query<{ text: string; n: number }>(
      `select regexp_replace(t.text, '[0-9]+', '#') as text, count(*)::int as n from (
         select text from messages where conversation_id = $1
         union all select rows -> 0 ->> 'text' from idempotency_keys where scope = $2 and request_hash = 'h') t group by 1 order by 1`,
      [conversation, other.id],
    )
    expect(texts).toEqual([
      { text: 'I met [erased], twice', n: 50 },
      { text: 'Nobody #', n: 450 },
    ])
  })

  it('masks texts at their limit, although the name is shorter than what replaces a name', async () => {
    const { id, act } = await somebody()
    const erasure = await scheduled(act, id)
    const [other, conversation] = [await somebody(), newId()]
    await query(`insert into conversations (id, kind) values ($1, 'direct')`, [conversation])
    await query(
      `insert into conversation_participants (conversation_id, user_id) select $1, unnest($2::uuid[])`,
      [conversation, [id, other.id]],
    )
    await query(
      `insert into messages (id, conversation_id, sender_id, kind, seq, text) values (khidma.uuid_v7(), $1, $2, 'text', 1, $3)`,
      [conversation, other.id, 'Omar '.repeat(800).trimEnd().padEnd(4_000, '!')],
    )
    const job = await takeErasure(contexts.systemContext('erasure'), erasure)
    const messages = (await loadInventory()).find(({ name }) => name === 'messages')
    if (!job || !messages) throw new Error('Not taken')
    const named = { ...job, identifiers: { ...job.identifiers, words: ['Omar'] } }
    await eraseWords(contexts.systemContext('erasure'), named, messages, null, 100)
    expect(await query('select text from messages where conversation_id = $1', [conversation])).toEqual([
      { text: '*** '.repeat(800).trimEnd().padEnd(3_200, '!') },
    ])
  })
})
