import { elsewhere, outside } from '../../../core/jobs.ts'
import { remindOfEvidence, sweepChargebacks } from './learning.ts'

export const jobs = {
  chargebacks: outside(async (ctx, until) => ({ ...(await sweepChargebacks(ctx, until)) })),
  chargebackReminders: elsewhere('due', async (ctx) => ({ reminders: await remindOfEvidence(ctx) })),
}
