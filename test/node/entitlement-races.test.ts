import type pg from 'pg'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { newId } from '../../src/core/ids.ts'
import { connect } from '../support/integrity-world.ts'
import { aPhone } from '../support/numbers.ts'
import { count, messageOf, times } from '../support/races.ts'
import { describeReal, freshDatabase } from '../support/real-postgres.ts'

describeReal('entitlements, from many connections at once', () => {
  const connections: pg.Client[] = []
  let one: pg.Client

  beforeAll(async () => {
    const { ownerUrl } = await freshDatabase()
    one = await connect(ownerUrl)
    connections.push(...(await times(24, () => connect(ownerUrl))))
  })
  afterAll(() => Promise.all([one, ...connections].map((connection) => connection.end())))

  async function anOwner(): Promise<string> {
    const id = newId()
    await one.query('insert into users (id, phone, role) values ($1, $2, $3)', [id, aPhone(), 'client'])
    return id
  }
  const grant = async (owner: string, quantity: number, until: string | null = null): Promise<string> => {
    const text = `select khidma.grant_entitlement($1, 'job_posting', $2, 'order', $3, $4) as id`
    return (await one.query(text, [owner, quantity, newId(), until])).rows[0].id
  }
  const use = (by: pg.Client, owner: string, document = newId()) =>
    by.query(`select khidma.use_entitlement($1, 'job_posting', $2) as id`, [owner, document])
  const left = async (id: string): Promise<number> =>
    (await one.query('select khidma.entitlement_left(e) as n from entitlements e where id = $1', [id]))
      .rows[0].n

  it('gives the last use of an entitlement to one of many', async () => {
    const owner = await anOwner()
    const id = await grant(owner, 3)
    await use(one, owner)
    await use(one, owner)
    const outcomes = await Promise.all(connections.map((each) => messageOf(use(each, owner))))
    expect(count(outcomes)).toEqual({ ok: 1, entitlement_used_up: connections.length - 1 })
    expect(await left(id)).toBe(0)
  })

  it('spends two entitlements to the last use when many come at once', async () => {
    const owner = await anOwner()
    await grant(owner, 5)
    await grant(owner, 7, new Date(Date.now() + 86_400_000).toISOString())
    const outcomes = await Promise.all(connections.map((each) => messageOf(use(each, owner))))
    expect(count(outcomes)).toEqual({ ok: 12, entitlement_used_up: connections.length - 12 })
  })

  it('gives one document one use, however often it is asked at once', async () => {
    const owner = await anOwner()
    const [id, document] = [await grant(owner, 5), newId()]
    const outcomes = await Promise.all(connections.map((each) => messageOf(use(each, owner, document))))
    expect(count(outcomes)).toEqual({ ok: connections.length })
    expect(await left(id)).toBe(4)
  })

  it('gives no use of an entitlement that is taken back at the same time', async () => {
    const owner = await anOwner()
    const document = newId()
    const granted = `select khidma.grant_entitlement($1, 'job_posting', 6, 'order', $2) as id`
    const id = (await one.query(granted, [owner, document])).rows[0].id
    const taking = one.query(`select khidma.take_back_entitlements('order', $1, 1, 1, 1, true) as n`, [
      document,
    ])
    const outcomes = await Promise.all(connections.map((each) => messageOf(use(each, owner))))
    const taken = (await taking).rows[0].n
    expect(outcomes.filter((outcome) => outcome === 'ok')).toHaveLength(6 - taken)
    expect(await left(id)).toBe(0)
  })
})
