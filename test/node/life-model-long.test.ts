import { lifeModel } from '../support/life-model.ts'

lifeModel({ runs: 1_500, steps: 50, timeout: 1_800_000 })
