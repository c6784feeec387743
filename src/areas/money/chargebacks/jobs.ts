import { elsewhere } from '../../../core/jobs.ts'
import { remindOfEvidence, sweepChargebacks } from './learning.ts'

export const jobs = {
  chargebacks: elsewhere('recover', async (ctx) => ({ ...(await sweepChargebacks(ctx)) })),
  chargebackReminders: elsewhere('due', async (ctx) => ({ reminders: await remindOfEvidence(ctx) })),
}
