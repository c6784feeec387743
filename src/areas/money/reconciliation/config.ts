import { z } from 'zod'
import { configKey } from '../../../core/config.ts'

export const config = {
  'reconciliation.schedule': configKey({
    description:
      'Reconciliation: how many hours after the end of a UTC day its list at the gateway is taken as complete, and how many days back a day that could not be reconciled is tried again.',
    schema: z.strictObject({ afterHours: z.int().min(0).max(48), days: z.int().min(1).max(30) }),
    default: { afterHours: 3, days: 3 },
    scopes: [],
  }),
}
