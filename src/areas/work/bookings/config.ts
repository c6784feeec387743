import { z } from 'zod'
import { configKey } from '../../../core/config.ts'

export const config = {
  'bookings.minimum_minutes': configKey({
    description:
      'Time that a booking by the hour is billed for at least, in minutes; less where its task is smaller.',
    schema: z.int().min(1).max(480),
    default: 60,
    scopes: ['country', 'city', 'category'],
    isPublic: true,
  }),
}
