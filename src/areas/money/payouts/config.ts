import { z } from 'zod'
import { configKey } from '../../../core/config.ts'
import { bookCurrencies } from '../../../core/countries.ts'

const weekdays = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'] as const

export const config = {
  'payouts.schedule': configKey({
    description:
      'When taskers are paid out: on these days of the week (all seven: daily), from this hour on (UTC), what they are owed if it reaches the minimum (minor units, by currency). What was captured within the last `holdDays` stays, so that refunds find it, and so does what is in dispute.',
    schema: z.strictObject({
      weekdays: z
        .array(z.enum(weekdays))
        .max(7)
        .refine((days) => new Set(days).size === days.length),
      fromHour: z.int().min(0).max(23),
      minimum: z.partialRecord(z.enum(bookCurrencies), z.int().min(1).max(1_000_000_000)),
      holdDays: z.int().min(0).max(60),
    }),
    default: {
      weekdays: ['monday'],
      fromHour: 6,
      minimum: { EGP: 10_000, NGN: 200_000, KGS: 50_000, INR: 20_000, GHS: 2_000 },
      holdDays: 2,
    },
    scopes: ['country'],
    isPublic: true,
  }),
}
