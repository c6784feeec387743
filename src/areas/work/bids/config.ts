import { z } from 'zod'
import { configKey } from '../../../core/config.ts'

const scopes = ['country', 'city', 'category'] as const

export const config = {
  'bids.a_day': configKey({
    description: 'Bids that a tasker can make a day, in their time zone.',
    schema: z.int().min(1).max(200),
    default: 20,
    scopes,
    isPublic: true,
  }),
  'bids.questions_a_day': configKey({
    description: 'Questions about tasks that a tasker can ask a day, in their time zone.',
    schema: z.int().min(1).max(200),
    default: 20,
    scopes,
    isPublic: true,
  }),
  'bids.invitations': configKey({
    description: 'Taskers whom a client can invite to bid on one task.',
    schema: z.int().min(1).max(200),
    default: 20,
    scopes,
    isPublic: true,
  }),
  'bids.fresh_minutes': configKey({
    description:
      'How long a bid is fresh, in minutes: awarding a fresh one makes the booking at once, an older one must be accepted by its tasker first.',
    schema: z.int().min(0).max(1_440),
    default: 60,
    scopes,
    isPublic: true,
  }),
  'bids.award_hours': configKey({
    description:
      'Time that a tasker has to accept an award, in hours; it ends with the planned start at the latest.',
    schema: z.int().min(1).max(168),
    default: 24,
    scopes,
    isPublic: true,
  }),
  'bids.open': configKey({
    description:
      'Whether bidding is open: taskers see the amounts of the other bids, without names. Sealed by default.',
    schema: z.boolean(),
    default: false,
    scopes,
    isPublic: true,
  }),
}
