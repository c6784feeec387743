import { lifeModel } from '../support/life-model.ts'

/** A short run; `life-model-long.test.ts` is the long one. */
lifeModel({ runs: 16, steps: 40, timeout: 300_000, meets: ['confirm', 'lapse'] })
