import { expect, it } from 'vitest'
import { playCredits } from '../support/credits-model.ts'
import { connect } from '../support/integrity-world.ts'
import { describeReal, freshDatabase } from '../support/real-postgres.ts'

/** `CREDITS_MODEL_OPERATIONS` and `CREDITS_MODEL_SEED` play another run. */
const operations = Number(process.env.CREDITS_MODEL_OPERATIONS ?? 10_000)
const seed = Number(process.env.CREDITS_MODEL_SEED ?? 20_261_130)

describeReal('credits, for long', () => {
  it(`are as a plain model has them, in ${operations} operations`, async () => {
    const connection = await connect((await freshDatabase()).ownerUrl)
    const played = { operations: 0, crashes: 0 }
    for (let run = 0; played.operations < operations; run += 1) {
      const some = Math.min(1_000, operations - played.operations)
      played.crashes += (await playCredits(connection, { operations: some, seed: seed + run })).crashes
      played.operations += some
    }
    expect(played.crashes).toBeGreaterThan(operations / 50)
    await connection.end()
  }, 3_600_000)
})
