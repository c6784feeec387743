import { z } from 'zod'
import { configKey } from '../../../core/config.ts'

export const config = {
  'chargebacks.policy': configKey({
    description:
      'Chargebacks: on whom a lost one falls (`tasker`: it becomes their debt), as it is when the chargeback is opened; and how many hours before the deadline of evidence a reminder goes out.',
    schema: z.strictObject({
      responsible: z.enum(['platform', 'tasker']),
      reminderHours: z.int().min(1).max(720),
    }),
    default: { responsible: 'platform', reminderHours: 48 },
    scopes: ['country', 'city', 'category'],
  }),
}
