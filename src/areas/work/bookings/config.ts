import { z } from 'zod'
import { configKey } from '../../../core/config.ts'
import { areLimitsOrdered, share } from '../../money/pricing/config.ts'

const noShowShare = z.strictObject(share).refine(areLimitsOrdered)
const cancellationShare = z
  .strictObject({
    ...share,
    freeMinutesBefore: z.int().min(0).max(43_200),
    freeMinutesAfter: z.int().min(0).max(10_080),
  })
  .refine(areLimitsOrdered)

const nothing = { basisPoints: 0, minimum: {}, maximum: {} }

export const config = {
  'bookings.minimum_minutes': configKey({
    description:
      'Time that a booking by the hour is billed for at least, in minutes; less where its task is smaller.',
    schema: z.int().min(1).max(480),
    default: 60,
    scopes: ['country', 'city', 'category'],
    isPublic: true,
  }),
  'bookings.cancellation_fee': configKey({
    description:
      'What it costs the client, or the tasker, to cancel a confirmed booking: basis points of the expected fare (2000 is 20 %), with a minimum and a maximum in minor units by currency. Free up to `freeMinutesBefore` the start, and up to `freeMinutesAfter` the confirmation. Bookings keep the terms of the day when they were agreed.',
    schema: z.strictObject({ client: cancellationShare, tasker: cancellationShare }),
    default: {
      client: { basisPoints: 2_000, minimum: {}, maximum: {}, freeMinutesBefore: 120, freeMinutesAfter: 10 },
      tasker: { ...nothing, freeMinutesBefore: 120, freeMinutesAfter: 10 },
    },
    scopes: ['country', 'city', 'category'],
    isPublic: true,
  }),
  'bookings.no_show_fee': configKey({
    description:
      'What it costs the client, or the tasker, not to appear: basis points of the expected fare, with a minimum and a maximum in minor units by currency. The other side can report it `graceMinutes` after the start. Bookings keep the terms of the day when they were agreed.',
    schema: z.strictObject({
      client: noShowShare,
      tasker: noShowShare,
      graceMinutes: z.int().min(5).max(240),
    }),
    default: {
      client: { basisPoints: 5_000, minimum: {}, maximum: {} },
      tasker: nothing,
      graceMinutes: 15,
    },
    scopes: ['country', 'city', 'category'],
    isPublic: true,
  }),
  'bookings.change_answer_minutes': configKey({
    description: 'Time that the other side has to answer a proposed change of a booking, in minutes.',
    schema: z.int().min(5).max(10_080),
    default: 1_440,
    scopes: ['country', 'city', 'category'],
    isPublic: true,
  }),
}
