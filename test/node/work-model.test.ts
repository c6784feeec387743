import { workModel } from '../support/work-model/run.ts'

/** A short run; `work-model-long.test.ts` is the long one. */
workModel({ runs: 5, steps: 40, timeout: 300_000, meets: ['bid', 'award', 'confirm', 'start'] })
