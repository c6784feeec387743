import { z } from 'zod'
import { configKey } from '../../../core/config.ts'
import { bookCurrencies } from '../../../core/countries.ts'

const hours = z.int().min(1).max(720)
const currency = z.enum(bookCurrencies)
const amount = z.int().min(1).max(1_000_000_000)

export const config = {
  'payments.cash': configKey({
    description:
      'Cash, in hours: how long silence after completion takes to settle it, how long the tasker has to object once the client says that they have paid, and how long before the end both are reminded.',
    schema: z.strictObject({ silenceHours: hours, objectionHours: hours, reminderHours: hours }),
    default: { silenceHours: 72, objectionHours: 24, reminderHours: 24 },
    scopes: ['country', 'city'],
    isPublic: true,
  }),
  'payments.tips': configKey({
    description:
      'Tips: for how many days after the work a client may give one, and how much all tips for a booking may be together, in minor units by currency. A currency that is absent has no maximum.',
    schema: z.strictObject({ days: z.int().min(1).max(365), maximum: z.partialRecord(currency, amount) }),
    default: {
      days: 30,
      maximum: { EGP: 200_000, NGN: 5_000_000, KGS: 500_000, INR: 500_000, GHS: 50_000 },
    },
    scopes: ['country', 'city'],
    isPublic: true,
  }),
  'payments.unfinished': configKey({
    description:
      'How many hours a payer has to finish a tip, a top-up or a payment of debts at a gateway that names no time itself. What comes later goes back.',
    schema: z.strictObject({ hours }),
    default: { hours: 24 },
    scopes: ['country'],
  }),
  'wallet.top_up': configKey({
    description:
      'The least and the most that a wallet is topped up with at once, in minor units by currency. A currency that is absent is not topped up.',
    schema: z.partialRecord(
      currency,
      z
        .strictObject({ minimum: amount, maximum: amount })
        .refine(({ minimum, maximum }) => minimum <= maximum),
    ),
    default: {
      EGP: { minimum: 5_000, maximum: 2_000_000 },
      NGN: { minimum: 100_000, maximum: 50_000_000 },
      KGS: { minimum: 10_000, maximum: 5_000_000 },
      INR: { minimum: 10_000, maximum: 5_000_000 },
      GHS: { minimum: 1_000, maximum: 500_000 },
    },
    scopes: ['country'],
    isPublic: true,
  }),
}
