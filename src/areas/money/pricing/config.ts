import { z } from 'zod'
import { configKey } from '../../../core/config.ts'
import { bookCurrencies } from '../../../core/countries.ts'
import { taskerTiers } from '../../../db/schema/supply/taskers.ts'

const basisPoints = z.int().min(0).max(10_000)
/** Minor units, by currency; of a currency that is absent there is none. */
export const amounts = z.partialRecord(z.enum(bookCurrencies), z.int().min(0).max(1_000_000_000))

/** The part of a fare that is due, within limits by currency. */
export const share = { basisPoints, minimum: amounts, maximum: amounts }

interface Limits {
  minimum: z.infer<typeof amounts>
  maximum: z.infer<typeof amounts>
}

export const areLimitsOrdered = ({ minimum, maximum }: Limits): boolean =>
  bookCurrencies.every(
    (currency) => (minimum[currency] ?? 0) <= (maximum[currency] ?? Number.POSITIVE_INFINITY),
  )

export const config = {
  'pricing.commission': configKey({
    description:
      'The platform’s part of a fare, in basis points (1500 is 15 %), with a minimum and a maximum in minor units by currency. A tier of taskers may have basis points of its own. Bookings keep the terms of the day when they were agreed.',
    schema: z
      .strictObject({ ...share, tiers: z.partialRecord(z.enum(taskerTiers), basisPoints) })
      .refine(areLimitsOrdered),
    default: { basisPoints: 1_500, minimum: {}, maximum: {}, tiers: {} },
    scopes: ['country', 'city', 'category'],
  }),
}
