import { z } from 'zod'
import { configKey } from '../../../core/config.ts'

export const config = {
  'invoices.terms': configKey({
    description:
      'Invoices that are not paid at once: days until one is due (`dueDays`), and at how many days before (negative), on or after that day its buyer is reminded while it is unpaid (`reminderDays`).',
    schema: z.strictObject({
      dueDays: z.int().min(1).max(365),
      reminderDays: z.array(z.int().min(-90).max(365)).max(10),
    }),
    default: { dueDays: 14, reminderDays: [-3, 0, 7, 14] },
    scopes: ['country'],
    isPublic: true,
  }),
}
