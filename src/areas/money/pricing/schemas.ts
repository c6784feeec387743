import { z } from '@hono/zod-openapi'
import { pageOf, pageQuery } from '../../../http/pages.ts'
import { AmountMinor, Currency, Id, PlannedTime, Timestamp, Version } from '../../../http/schemas.ts'
import { BookCurrency, City } from '../../people/profiles/schemas.ts'
import { bandStates, type NewPricingBand, type PricingBandPatch, type PricingBandRow } from './price-bands.ts'
import type { PriceEstimateRow } from './price-estimates.ts'
import { type PricePreviewRow, previewLimit } from './price-previews.ts'

const estMinutes = z
  .int()
  .min(15)
  .max(10_080)
  .openapi({ example: 90, description: 'Expected duration in minutes.' })

export const EstimatePrice = z
  .strictObject({
    categoryId: Id.openapi({ description: 'Category of the work.' }),
    city: z.string().trim().min(1).max(80).openapi({ example: 'Cairo', description: 'Name of the city.' }),
    estMinutes,
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
    validFrom: Timestamp.nullable().openapi({
      description: 'When estimates begin to use it; null if it was canceled before.',
    }),
    validUntil: Timestamp.nullable().openapi({
      example: null,
      description: 'When estimates cease to use it; null: when it is retired.',
    }),
    state: z.enum(bandStates).openapi('PricingBandState', {
      example: 'active',
      description:
        'Whether estimates use the band: by its times, and `canceled` where it was retired before it began. A band that has ended is kept for the tasks that were priced by it.',
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
  state: z.enum(bandStates).optional().openapi({ description: 'Only bands in this state.' }),
})

const newBand = {
  categoryId: BandCategory,
  city: BandCity.optional(),
  minAmountMinor,
  maxAmountMinor,
  currency: BookCurrency,
  validFrom: PlannedTime.optional().openapi({
    description: 'When estimates begin to use it; now where it is absent.',
  }),
  validUntil: PlannedTime.nullable()
    .optional()
    .openapi({
      type: ['string', 'null'],
      description: 'When estimates cease to use it; null: when it is retired.',
    }),
}
const exampleBand = {
  categoryId: '019a2f4e-7c1b-7d3a-9f00-3b5c8e2d1a40',
  city: 'Cairo',
  minAmountMinor: 15_000,
  maxAmountMinor: 40_000,
  currency: 'EGP',
}

export const CreatePricingBand = z
  .strictObject(newBand)
  .openapi('CreatePricingBand', { example: exampleBand })

export const UpdatePricingBand = z
  .strictObject({ minAmountMinor, maxAmountMinor, validUntil: newBand.validUntil })
  .partial()
  .openapi('UpdatePricingBand', { example: { minAmountMinor: 16_000, maxAmountMinor: 45_000 } })

export const PreviewPricingBand = z
  .strictObject({ ...newBand, estMinutes })
  .openapi('PreviewPricingBand', { example: { ...exampleBand, estMinutes: 90 } })

const PreviewAmounts = z
  .object({
    minAmountMinor: AmountMinor.openapi({ example: 22_500, description: 'Lower end, in minor units.' }),
    maxAmountMinor: AmountMinor.openapi({ example: 60_000, description: 'Upper end, in minor units.' }),
    currency: Currency,
  })
  .openapi('PreviewAmounts', { description: 'The range that an estimate gives.' })

export const PricingBandPreview = z
  .object({
    estMinutes,
    estimates: z
      .array(
        z
          .object({
            categoryId: Id.openapi({ description: 'Category of the band, or one below it.' }),
            slug: z.string().openapi({ example: 'leak-repair', description: 'Slug of the category.' }),
            city: z.string().nullable().openapi({
              example: 'Cairo',
              description: 'Name of the city; null: every city without a band of its own.',
            }),
            before: z.union([PreviewAmounts, z.null()]).openapi({
              description: 'Estimate without the band; null: there is none.',
              example: { minAmountMinor: 18_000, maxAmountMinor: 52_500, currency: 'EGP' },
            }),
            after: PreviewAmounts.openapi({ description: 'Estimate with the band.' }),
          })
          .openapi('PreviewedEstimate', { description: 'An estimate that the band would decide.' }),
      )
      .max(previewLimit)
      .openapi({
        description:
          'Estimates that the band would decide when it begins, by category and city. Others stay as they are: a nearer band decides them.',
      }),
    conflicts: z.array(PricingBand).max(previewLimit).openapi({
      description:
        'Bands that refuse the new one: of the same category and city, or of the same city in another currency, in a part of that time.',
    }),
  })
  .openapi('PricingBandPreview', { description: 'What a new price band would change.' })

export function newBandOf(body: z.infer<typeof CreatePricingBand>): NewPricingBand {
  const { categoryId, city, minAmountMinor, maxAmountMinor, currency, validFrom, validUntil } = body
  return {
    categoryId,
    city: city ?? null,
    minAmount: minAmountMinor,
    maxAmount: maxAmountMinor,
    currency,
    validFrom: validFrom ?? null,
    validUntil: validUntil ?? null,
  }
}

export function bandPatchOf(body: z.infer<typeof UpdatePricingBand>): PricingBandPatch {
  const { minAmountMinor: minAmount, maxAmountMinor: maxAmount, validUntil } = body
  return { minAmount, maxAmount, validUntil }
}

export function toPricingBand(row: PricingBandRow): z.infer<typeof PricingBand> {
  const { minAmount, maxAmount, ...band } = row
  return { ...band, minAmountMinor: minAmount, maxAmountMinor: maxAmount }
}

export const toPricingBandPreview = (row: PricePreviewRow): z.infer<typeof PricingBandPreview> => ({
  ...row,
  conflicts: row.conflicts.map(toPricingBand),
})

export const toPriceEstimate = (row: PriceEstimateRow): z.infer<typeof PriceEstimate> => row
