import { moneyModel } from '../support/money-model/story.ts'

moneyModel({
  seed: 20_261_129,
  operations: 100_000,
  connections: 2,
  every: 25_000,
  hasRecords: false,
  timeout: 1_800_000,
})
