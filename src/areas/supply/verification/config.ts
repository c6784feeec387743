import { z } from 'zod'
import { configKey } from '../../../core/config.ts'

const scopes = ['country'] as const

export const config = {
  'verification.badge': configKey({
    description:
      'Days before the end of the papers in which the badge of a verified user says that they end soon.',
    schema: z.strictObject({ expiringDays: z.int().min(1).max(365) }),
    default: { expiringDays: 30 },
    scopes: [],
  }),
  'verification.four_eyes': configKey({
    description: 'Whether two members of staff must approve papers, one after the other.',
    schema: z.boolean(),
    default: false,
    scopes,
  }),
  'verification.reminder_days': configKey({
    description: 'Days before the end of papers at which their owner is reminded.',
    schema: z.array(z.int().min(1).max(365)).max(10),
    default: [30, 7, 1],
    scopes,
  }),
}
