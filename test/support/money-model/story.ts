import { expect, it } from 'vitest'
import { describeReal, freshDatabase } from '../real-postgres.ts'
import { playMoney } from './run.ts'

/** `MONEY_MODEL_SEED` repeats a run. The printed seed of a failed one is what to give. */
export function moneyModel(plan: {
  seed: number
  operations: number
  connections: number
  every: number
  hasRecords: boolean
  timeout: number
}): void {
  const { MONEY_MODEL_SEED: given, MONEY_MODEL_OPERATIONS: count } = process.env
  const seed = Number(given ?? plan.seed)
  const operations = Number(count ?? plan.operations)

  describeReal('money', () => {
    it(`is what a plain model says after ${operations} random operations (seed ${seed})`, {
      timeout: plan.timeout,
    }, async () => {
      console.info(`MONEY_MODEL_SEED=${seed}`)
      const { ownerUrl } = await freshDatabase()
      const outcome = await playMoney({ ...plan, url: ownerUrl, seed, operations })
      const made = Object.values(outcome.operations).reduce((sum, count) => sum + count, 0)
      expect(made).toBeGreaterThanOrEqual(operations)
      // A model that never dies, is never refused or never pays proves little.
      expect(outcome.crashes).toBeGreaterThan(operations / 200)
      expect(outcome.refusals).toBeGreaterThan(operations / 100)
      expect(outcome.bookings).toBeGreaterThan(operations / 50)
      expect(outcome.orders).toBeGreaterThan(operations / 100)
      expect(outcome.disputes).toBeGreaterThan(operations / 200)
      expect(outcome.contracts).toBeGreaterThan(operations / 200)
      expect(outcome.subscriptions).toBeGreaterThan(operations / 200)
    })
  })
}
