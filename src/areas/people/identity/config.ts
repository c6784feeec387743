import { z } from 'zod'
import { configKey } from '../../../core/config.ts'

export const config = {
  'accounts.lifecycle': configKey({
    description:
      'Days within which a closed account can be restored (each account keeps those of the day when it was closed), and days without use after which an account is inactive.',
    schema: z.strictObject({
      restoreDays: z.int().min(1).max(365),
      inactiveDays: z.int().min(90).max(3_650),
    }),
    default: { restoreDays: 30, inactiveDays: 365 },
    scopes: [],
    isPublic: true,
  }),
}
