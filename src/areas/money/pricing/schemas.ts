import { z } from '@hono/zod-openapi'
import { pageOf, pageQuery } from '../../../http/pages.ts'
import { AmountMinor, Currency, Id, queryBoolean, Timestamp, Version } from '../../../http/schemas.ts'
import { BookCurrency, City } from '../../people/profiles/schemas.ts'
import type { NewPricingBand, PricingBandRow } from './price-bands.ts'
import type { PriceEstimateRow } from './price-estimates.ts'

export const EstimatePrice = z
  .strictObject({
    categoryId: Id.openapi({ description: 'Category of the work.' }),
    city: z.string().trim().min(1).max(80).openapi({ example: 'Cairo', description: 'Name of the city.' }),
    estMinutes: z
      .int()
      .min(15)
      .max(10_080)
      .openapi({ example: 90, description: 'Expected duration in minutes.' }),
  })
  .openapi('EstimatePrice', {
    example: { categoryId: '019a2f4e-7c1b-7d3a-9f00-3b5c8e2d1a40', city: 'Cairo', estMinutes: 90 },
  })

export const PriceEstimate = z
  .object({
    categoryId: Id,
    city: z.string().openapi({ example: 'Cairo', description: 'Name of the city.' }),
    estMinutes: z.int().openapi({ example: 90, description: 'Expected duration in minutes.' }),
    minAmountMinor: AmountMinor.openapi({
      example: 22_500,
      description: 'Lower end of the usual price, in minor units.',
    }),
    maxAmountMinor: AmountMinor.openapi({
      example: 60_000,
      description: 'Upper end of the usual price, in minor units.',
    }),
    currency: Currency,
  })
  .openapi('PriceEstimate')

/** One million of the major unit, an hour. */
const HourlyAmount = AmountMinor.min(1).max(100_000_000)

const minAmountMinor = HourlyAmount.openapi({
  example: 15_000,
  description: 'Lower end of the usual price of an hour, in minor units.',
})
const maxAmountMinor = HourlyAmount.openapi({
  example: 40_000,
  description: 'Upper end of the usual price of an hour, in minor units.',
})
const BandCategory = Id.openapi({ description: 'Category. Those below it without a band use it as well.' })
const BandCity = City.nullable().openapi({
  example: 'Cairo',
  description: 'Name of the city; null: every city without a band of its own.',
})

export const PricingBand = z
  .object({
    id: Id,
    categoryId: BandCategory,
    city: BandCity,
    minAmountMinor,
    maxAmountMinor,
    currency: Currency,
    active: z.boolean().openapi({
      example: true,
      description:
        'Whether estimates use the band. A retired band is kept for the tasks that were priced by it.',
    }),
    version: Version,
    createdAt: Timestamp,
    updatedAt: Timestamp,
  })
  .openapi('PricingBand', { description: 'The usual price of an hour of work of a category in a city.' })

export const PricingBandPage = pageOf(PricingBand, 'PricingBandPage')

export const PricingBandFilters = z.object({
  ...pageQuery,
  categoryId: Id.optional().openapi({ description: 'Only bands of this category itself.' }),
  city: City.optional().openapi({
    description: 'Only bands that apply in this city, including those for every city.',
  }),
  active: queryBoolean()
    .optional()
    .openapi({ example: true, description: 'Only active bands, or only retired ones.' }),
})

export const CreatePricingBand = z
  .strictObject({
    categoryId: BandCategory,
    city: BandCity.optional(),
    minAmountMinor,
    maxAmountMinor,
    currency: BookCurrency,
  })
  .openapi('CreatePricingBand', {
    example: {
      categoryId: '019a2f4e-7c1b-7d3a-9f00-3b5c8e2d1a40',
      city: 'Cairo',
      minAmountMinor: 15_000,
      maxAmountMinor: 40_000,
      currency: 'EGP',
    },
  })

export const UpdatePricingBand = z
  .strictObject({ minAmountMinor, maxAmountMinor })
  .partial()
  .openapi('UpdatePricingBand', { example: { minAmountMinor: 16_000, maxAmountMinor: 45_000 } })

export function newBandOf(body: z.infer<typeof CreatePricingBand>): NewPricingBand {
  const { minAmountMinor: minAmount, maxAmountMinor: maxAmount, ...fields } = body
  return { ...fields, minAmount, maxAmount }
}

export function toPricingBand(row: PricingBandRow): z.infer<typeof PricingBand> {
  const { minAmount, maxAmount, ...band } = row
  return { ...band, minAmountMinor: minAmount, maxAmountMinor: maxAmount }
}

export const toPriceEstimate = (row: PriceEstimateRow): z.infer<typeof PriceEstimate> => row
