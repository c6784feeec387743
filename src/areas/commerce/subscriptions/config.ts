import { z } from 'zod'
import { configKey } from '../../../core/config.ts'

export const config = {
  'subscriptions.dunning': configKey({
    description:
      'What follows when a renewal cannot be charged: days after each failed attempt until the next one, and days for which the plan still gives what it gives. Then the subscription falls to the free plan that its plan names, or ends.',
    schema: z.strictObject({
      retryDays: z.array(z.int().min(1).max(30)).max(10),
      graceDays: z.int().min(1).max(90),
    }),
    default: { retryDays: [1, 3, 5, 7], graceDays: 21 },
    scopes: ['country'],
  }),
}
