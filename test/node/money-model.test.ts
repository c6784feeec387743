import { moneyModel } from '../support/money-model/story.ts'

/** A short run of the model; `money-model-long.test.ts` is the long one. */
moneyModel({ seed: 1, operations: 1_000, connections: 2, every: 500, hasRecords: true, timeout: 120_000 })
