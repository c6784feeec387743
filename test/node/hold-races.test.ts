import type pg from 'pg'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type HoldRow, placeHold, releaseHold } from '../../src/areas/people/privacy/holds/holds.ts'
import { newId } from '../../src/core/ids.ts'
import { rowsOf, text } from '../../src/db/rows.ts'
import { connect } from '../support/integrity-world.ts'
import { type NodeContexts, openContexts } from '../support/node-context.ts'
import { aPhone } from '../support/numbers.ts'
import { inTurn, messageOf, times } from '../support/races.ts'
import { describeReal, freshDatabase } from '../support/real-postgres.ts'

const reason = 'A file.'

describeReal('legal holds, beside each other and beside erasure', () => {
  let contexts: NodeContexts
  let one: pg.Client
  let slow: pg.Client
  let watcher: pg.Client
  let manager: string

  beforeAll(async () => {
    const { ownerUrl } = await freshDatabase()
    contexts = await openContexts(ownerUrl, 16)
    one = await connect(ownerUrl)
    slow = await connect(ownerUrl)
    watcher = await connect(ownerUrl)
    manager = await aUser('admin')
  })
  afterAll(async () => {
    await Promise.all([one, slow, watcher].map((connection) => connection.end()))
    await contexts.close()
  })

  async function aUser(role = 'client'): Promise<string> {
    const id = newId()
    await one.query('insert into users (id, phone, role) values ($1, $2, $3)', [id, aPhone(), role])
    return id
  }

  const asManager = () => contexts.contextOf({ id: manager, role: 'admin' })
  const place = (userId: string): Promise<HoldRow> => placeHold(asManager(), { userId, reason })
  const release = ({ id }: HoldRow): Promise<HoldRow> => releaseHold(asManager(), id, reason)

  async function aDueErasure(userId: string): Promise<string> {
    const id = newId()
    await one.query(
      'insert into erasure_requests (id, user_id, scheduled_for, next_at) values ($1, $2, now(), now())',
      [id, userId],
    )
    return id
  }

  /** As the job does. */
  async function take(erasureId: string): Promise<string | undefined> {
    const { db } = contexts.systemContext('erasure')
    const rows = await db.write(
      [],
      rowsOf({ outcome: text })`select outcome from khidma.take_erasure(${erasureId}, 60)`,
    )
    return rows[0]?.outcome
  }

  const stateOf = async (userId: string): Promise<{ held: boolean; erased: boolean }> => {
    const { rows } = await one.query(
      'select legal_hold as held, erased_at is not null as erased from users where id = $1',
      [userId],
    )
    return rows[0]
  }

  const secondAfter = <T>(
    first: () => Promise<unknown>,
    second: () => Promise<T>,
    end: 'commit' | 'rollback' = 'commit',
  ): Promise<T> => inTurn(slow, watcher, { first, second, end })

  const slowTake = async (id: string) => {
    await slow.query("select set_config('khidma.role', 'system', true)")
    return slow.query('select outcome from khidma.take_erasure($1, 60)', [id])
  }
  const slowPlace = (userId: string) =>
    slow.query('insert into legal_holds (id, user_id, reason) values ($1, $2, $3)', [newId(), userId, reason])
  const slowRelease = ({ id }: HoldRow) =>
    slow.query('update legal_holds set released_at = now() where id = $1', [id])

  it('refuses a hold after the start of an erasure', async () => {
    const person = await aUser()
    const erasure = await aDueErasure(person)
    const outcome = await secondAfter(
      () => slowTake(erasure),
      () => messageOf(place(person)),
    )
    expect(outcome).toBe('already_erased')
    expect(await stateOf(person)).toEqual({ held: false, erased: true })
  })

  it('places a hold where that start was rolled back, and it blocks the erasure', async () => {
    const person = await aUser()
    const erasure = await aDueErasure(person)
    const outcome = await secondAfter(
      () => slowTake(erasure),
      () => messageOf(place(person)),
      'rollback',
    )
    expect(outcome).toBe('ok')
    expect(await take(erasure)).toBe('deferred')
    expect(await stateOf(person)).toEqual({ held: true, erased: false })
  })

  it('defers an erasure after a hold', async () => {
    const person = await aUser()
    const erasure = await aDueErasure(person)
    const outcome = await secondAfter(
      () => slowPlace(person),
      () => take(erasure),
    )
    expect(outcome).toBe('deferred')
    expect(await stateOf(person)).toEqual({ held: true, erased: false })
    const { rows } = await one.query('select status, obstacles from erasure_requests where id = $1', [
      erasure,
    ])
    expect(rows).toEqual([{ status: 'deferred', obstacles: ['legal_hold'] }])
  })

  it('either holds or erases, for 30 concurrent pairs', async () => {
    const pairs: { person: string; erasure: string }[] = []
    for (let n = 0; n < 30; n += 1) {
      const person = await aUser()
      pairs.push({ person, erasure: await aDueErasure(person) })
    }
    const outcomes = await times(30, async (index) => {
      const { person, erasure } = pairs[index] as (typeof pairs)[number]
      const both =
        index % 2 === 0
          ? [messageOf(place(person)), take(erasure)]
          : [take(erasure), messageOf(place(person))].reverse()
      return Promise.all(both)
    })
    for (const [index, { person }] of pairs.entries()) {
      const { held, erased } = await stateOf(person)
      expect(outcomes[index]).toEqual(held ? ['ok', 'deferred'] : ['already_erased', 'begun'])
      expect(erased).toBe(!held)
    }
  })

  it('ends with the concurrent release of both holds', async () => {
    const person = await aUser()
    const [first, second] = [await place(person), await place(person)]
    await secondAfter(
      () => slowRelease(first),
      () => release(second),
    )
    expect(await stateOf(person)).toEqual({ held: false, erased: false })
  })

  it('continues when another hold is placed while one is released', async () => {
    const person = await aUser()
    const first = await place(person)
    await secondAfter(
      () => slowRelease(first),
      () => place(person),
    )
    expect((await stateOf(person)).held).toBe(true)
    const other = await aUser()
    const before = await place(other)
    await secondAfter(
      () => slowPlace(other),
      () => release(before),
    )
    expect((await stateOf(other)).held).toBe(true)
  })

  it('is released once by ten concurrent calls', async () => {
    const hold = await place(await aUser())
    const outcomes = await times(10, () => messageOf(release(hold)))
    expect(outcomes.sort()).toEqual([...Array(9).fill('hold_released'), 'ok'])
  })

  it('cannot be rewritten, deleted or truncated by the application', async () => {
    const hold = await place(await aUser())
    const other = await aUser()
    await one.query('set role khidma_app')
    try {
      const attempts = {
        'another person': ['update legal_holds set user_id = $2 where id = $1', [hold.id, other]],
        'another time': [
          `update legal_holds set placed_at = now() - interval '1 year' where id = $1`,
          [hold.id],
        ],
        'by another': ['update legal_holds set placed_by = $2 where id = $1', [hold.id, other]],
        deleted: ['delete from legal_holds where id = $1', [hold.id]],
      } as const
      for (const [name, [text, values]] of Object.entries(attempts)) {
        expect([name, await messageOf(one.query(text, [...values]))]).toEqual([
          name,
          'legal_holds is append-only',
        ])
      }
      expect(await messageOf(one.query('truncate legal_holds'))).toMatch(/append-only|permission denied/)
    } finally {
      await one.query('reset role')
    }
    await release(hold)
    const again = one.query('update legal_holds set released_at = null where id = $1', [hold.id])
    expect(await messageOf(again)).toBe('hold_released')
  })
})
