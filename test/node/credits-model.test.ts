import type pg from 'pg'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { compareDocuments, openClock, playCredits } from '../support/credits-model.ts'
import { connect } from '../support/integrity-world.ts'
import { describeReal, freshDatabase } from '../support/real-postgres.ts'

describeReal('credits, whatever happens to them', () => {
  let connection: pg.Client
  beforeAll(async () => {
    connection = await connect((await freshDatabase()).ownerUrl)
    await openClock(connection)
  })
  afterAll(() => connection.end())

  it.each([1, 2, 3])(
    'are as a plain model has them, after every operation and crash (seed %i)',
    async (seed) => {
      const { crashes, refusals, done } = await playCredits(connection, { operations: 300, seed })
      await compareDocuments(connection)
      expect(crashes).toBeGreaterThan(5)
      expect(refusals).toBeGreaterThan(5)
      expect(Object.keys(done)).toHaveLength(7)
    },
  )
})
