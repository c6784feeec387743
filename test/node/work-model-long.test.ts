import { workModel } from '../support/work-model/run.ts'

/** `WORK_MODEL_SEED` plays other lives, `WORK_MODEL_RUNS` more of them; `WORK_MODEL_SHRINK=1` looks for the shortest that fails. */
workModel({
  runs: Number(process.env.WORK_MODEL_RUNS ?? 16),
  steps: 60,
  timeout: 1_800_000,
  meets: [
    'bid',
    'award',
    'assign',
    'acceptBooking',
    'acceptOffer',
    'confirm',
    'start',
    'complete',
    'dispute',
    'fund',
    'deliver',
    'split',
  ],
})
