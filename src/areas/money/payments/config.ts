import { z } from 'zod'
import { configKey } from '../../../core/config.ts'

const hours = z.int().min(1).max(720)

export const config = {
  'payments.cash': configKey({
    description:
      'Cash, in hours: how long silence after completion takes to settle it, how long the tasker has to object once the client says that they have paid, and how long before the end both are reminded.',
    schema: z.strictObject({ silenceHours: hours, objectionHours: hours, reminderHours: hours }),
    default: { silenceHours: 72, objectionHours: 24, reminderHours: 24 },
    scopes: ['country', 'city'],
    isPublic: true,
  }),
}
