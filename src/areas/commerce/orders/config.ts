import { z } from 'zod'
import { configKey } from '../../../core/config.ts'

export const config = {
  'orders.quote': configKey({
    description: 'Minutes for which the price of a quote is kept.',
    schema: z.strictObject({ minutes: z.int().min(1).max(43_200) }),
    default: { minutes: 1_440 },
    scopes: ['country'],
    isPublic: true,
  }),
  'orders.payment': configKey({
    description: 'Minutes for which an order can be paid; its discounts are reserved as long.',
    schema: z.strictObject({ minutes: z.int().min(5).max(43_200) }),
    default: { minutes: 60 },
    scopes: ['country'],
    isPublic: true,
  }),
}
