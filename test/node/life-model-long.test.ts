import { lifeModel } from '../support/life-model.ts'

/** 6,000 steps; `LIFE_MODEL_RUNS` plays more. */
lifeModel({
  runs: Number(process.env.LIFE_MODEL_RUNS ?? 120),
  steps: 50,
  timeout: 1_800_000,
  meets: ['confirm', 'start', 'complete', 'dispute', 'lapse'],
})
