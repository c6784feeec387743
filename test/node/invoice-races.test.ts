import type pg from 'pg'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { newId } from '../../src/core/ids.ts'
import { connect, openWorld, transaction } from '../support/integrity-world.ts'
import { issueInvoice, numbersOf } from '../support/invoices.ts'
import { describeReal } from '../support/real-postgres.ts'

const connections = 50

/** Deterministic, so that a failure can be looked at again. */
function randomOf(seed: number) {
  let state = seed
  return (below: number) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return Math.floor((state / 2 ** 32) * below)
  }
}

describeReal('numbers of invoices', () => {
  let world: Awaited<ReturnType<typeof openWorld>>
  let pool: pg.Client[]

  beforeAll(async () => {
    world = await openWorld()
    pool = await Promise.all(Array.from({ length: connections }, () => connect(world.ownerUrl)))
  })
  afterAll(async () => {
    await Promise.all(pool.map((connection) => connection.end()))
    await world.close()
  })

  it(`have no gap and no double, from ${connections} connections of which a third roll back`, async () => {
    const outcomes = { committed: 0, 'rolled back': 0 }
    let issued = 0
    const sell = async (connection: pg.Client, seed: number) => {
      const random = randomOf(seed * 7_919)
      for (let count = 0; count < 12; count++) {
        const many = 1 + random(3)
        const isFailing = random(3) === 0
        const [buyer, supplier] = [world.client.id as string, world.tasker.id as string]
        const made = await transaction(connection, world.system, async () => {
          // Sales and fares in any order: transactions that cross must wait for each other, not deadlock.
          for (let index = 0; index < many; index++)
            await issueInvoice(connection, { buyer, supplier: random(2) === 0 ? supplier : null })
          // Numbers are taken by then, and the transaction fails after that.
          if (isFailing && random(2) === 0) await connection.query('set constraints all immediate')
          if (isFailing) throw new Error('rolled back')
          return 'committed' as const
        }).catch((error: Error) => {
          expect(error.message).toBe('rolled back')
          return 'rolled back' as const
        })
        outcomes[made] += 1
        if (made === 'committed') issued += many
      }
    }
    await Promise.all(pool.map((connection, index) => sell(connection, index + 1)))

    expect(outcomes.committed).toBeGreaterThan(300)
    expect(outcomes['rolled back']).toBeGreaterThan(100)
    const numbers = await numbersOf(world.connection)
    expect(numbers.map(({ series }) => series).sort()).toEqual(['F', 'S'])
    for (const { count, first, last, next } of numbers)
      expect({ count, first, next }).toEqual({ count: last, first: 1, next: last + 1 })
    expect(numbers.reduce((sum, { count }) => sum + count, 0)).toBe(issued)
  })

  it('of one document is one, however many issue it at the same moment', async () => {
    const document = newId()
    const buyer = world.client.id as string
    const ids = await Promise.all(
      pool.map((connection) =>
        transaction(connection, world.system, () => issueInvoice(connection, { buyer, document })).catch(
          (error: pg.DatabaseError) => error.constraint,
        ),
      ),
    )
    const again = await transaction(world.connection, world.system, () =>
      issueInvoice(world.connection, { buyer, document }),
    )
    expect(new Set(ids.filter((id) => id !== 'invoices_one_of_document'))).toEqual(new Set([again]))
    for (const { count, last } of await numbersOf(world.connection)) expect(count).toBe(last)
  })

  it('are not taken for more than the total of an invoice by credit notes at the same moment', async () => {
    const buyer = world.client.id as string
    const invoice = await transaction(world.connection, world.system, () =>
      issueInvoice(world.connection, { buyer }),
    )
    const outcomes = await Promise.all(
      pool.map((connection) =>
        transaction(connection, world.system, () =>
          connection.query(`select khidma.issue_credit_note($1, 90, 'Too much')`, [invoice]),
        ).then(
          () => 'credited',
          (error: Error) => error.message,
        ),
      ),
    )
    expect(outcomes.filter((outcome) => outcome === 'credited')).toHaveLength(11)
    const { rows } = await world.connection.query(
      `select i.credited_amount::int as credited, i.status, (select count(*)::int from invoices c where c.credited_invoice_id = i.id) as notes
         from invoices i where i.id = $1`,
      [invoice],
    )
    expect(rows).toEqual([{ credited: 990, status: 'issued', notes: 11 }])
    for (const { count, last } of await numbersOf(world.connection)) expect(count).toBe(last)
  })
})
