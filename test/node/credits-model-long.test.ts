import { expect, it } from 'vitest'
import { compareDocuments, openClock, playCredits } from '../support/credits-model.ts'
import { connect } from '../support/integrity-world.ts'
import { describeReal, freshDatabase } from '../support/real-postgres.ts'

/** `CREDITS_MODEL_OPERATIONS` and `CREDITS_MODEL_SEED` play another run. */
const operations = Number(process.env.CREDITS_MODEL_OPERATIONS ?? 100_000)
const seed = Number(process.env.CREDITS_MODEL_SEED ?? 20_261_130)
/** Operations of one story; each has its own people. */
const most = 500

describeReal('credits, for long', () => {
  it(`are as a plain model has them, in ${operations} operations`, async () => {
    const { ownerUrl } = await freshDatabase()
    const stories = Array.from({ length: Math.ceil(operations / most) }, (_, n) => n)
    let crashes = 0
    /** Plays the next story, until none is left. */
    const play = async () => {
      const connection = await connect(ownerUrl)
      for (let n = stories.shift(); n !== undefined; n = stories.shift()) {
        const some = Math.min(most, operations - n * most)
        crashes += (await playCredits(connection, { operations: some, seed: seed + n })).crashes
      }
      await connection.end()
    }
    const connection = await connect(ownerUrl)
    await openClock(connection)
    await Promise.all([play(), play()])
    expect(crashes).toBeGreaterThan(operations / 50)
    await compareDocuments(connection)
    await connection.end()
  }, 3_600_000)
})
