import { z } from 'zod'
import { configKey } from '../../../core/config.ts'
import { servedCountries } from '../../../core/countries.ts'
import { taskerTiers } from '../../../db/schema/supply/taskers.ts'

const basisPoints = z.int().min(0).max(10_000)
const currencies = Object.values(servedCountries).map(({ currency }) => currency)
/** Minor units, by currency; of a currency that is absent there is none. */
export const amounts = z.partialRecord(z.enum(currencies), z.int().min(0).max(1_000_000_000))

export const config = {
  'pricing.commission': configKey({
    description:
      'The platform’s part of a fare, in basis points (1500 is 15 %), with a minimum and a maximum in minor units by currency. A tier of taskers may have basis points of its own. Bookings keep the terms of the day when they were agreed.',
    schema: z
      .strictObject({
        basisPoints,
        minimum: amounts,
        maximum: amounts,
        tiers: z.partialRecord(z.enum(taskerTiers), basisPoints),
      })
      .refine(({ minimum, maximum }) =>
        currencies.every(
          (currency) => (minimum[currency] ?? 0) <= (maximum[currency] ?? Number.POSITIVE_INFINITY),
        ),
      ),
    default: { basisPoints: 1_500, minimum: {}, maximum: {}, tiers: {} },
    scopes: ['country', 'city', 'category'],
  }),
}
