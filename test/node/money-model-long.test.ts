import { moneyModel } from '../support/money-model/story.ts'

/** 100,000 operations: two minutes on a machine of two cores that has nothing else to do. */
moneyModel({
  seed: Math.floor(Math.random() * 2 ** 31),
  operations: 100_000,
  connections: 2,
  every: 10_000,
  timeout: 1_800_000,
})
