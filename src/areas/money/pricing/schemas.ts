import { z } from '@hono/zod-openapi'
import { AmountMinor, Currency, Id } from '../../../http/schemas.ts'
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

export const toPriceEstimate = (row: PriceEstimateRow): z.infer<typeof PriceEstimate> => row
