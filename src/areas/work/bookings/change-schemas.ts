import { z } from '@hono/zod-openapi'
import type { Actor } from '../../../core/context.ts'
import { isStaff, userIdOf } from '../../../core/context.ts'
import { allowedActions } from '../../../core/machine.ts'
import { pageOf } from '../../../http/pages.ts'
import {
  AllowedActions,
  AmountMinor,
  Currency,
  Id,
  PlannedTime,
  Reason,
  Timestamp,
  Version,
} from '../../../http/schemas.ts'
import type { BookingChangeRow } from './booking-changes.ts'
import { bookingChangeMachine } from './machine.ts'
import { BookingSide } from './price-schemas.ts'

const BookingTerms = z
  .object({
    rateAmountMinor: AmountMinor.nullable().openapi({
      example: 20_000,
      description: 'Price in minor units: per hour, or for the whole if the price is fixed.',
    }),
    minutes: z.int().openapi({ example: 90, description: 'Duration in minutes.' }),
    startsAt: Timestamp.openapi({ description: 'Planned start.' }),
    maximumAmountMinor: AmountMinor.nullable().openapi({
      example: 60_000,
      description:
        'The most that work by the hour costs, in minor units: it grows and shrinks with the duration, and covers it at the price. Null: no limit.',
    }),
  })
  .openapi('BookingTerms', { description: 'Price and time of a booking.' })

export const BookingChange = z
  .object({
    id: Id,
    bookingId: Id,
    status: z
      .enum(bookingChangeMachine.states)
      .openapi('BookingChangeStatus', { example: 'pending', description: 'Status of a proposed change.' }),
    proposedBy: BookingSide.openapi({ description: 'Side that proposed it. The other one answers.' }),
    reason: z
      .string()
      .nullable()
      .openapi({ example: 'The pipe behind the wall leaks as well.', description: 'Why it was proposed.' }),
    currency: Currency,
    before: BookingTerms.openapi({ description: 'Terms that it replaces.' }),
    after: BookingTerms.openapi({
      description: 'Terms of the booking once it is accepted.',
      example: {
        rateAmountMinor: 20_000,
        minutes: 120,
        startsAt: '2026-11-22T08:30:00.000Z',
        maximumAmountMinor: 80_000,
      },
    }),
    expiresAt: Timestamp.openapi({ description: 'Until when it can be answered.' }),
    endedAt: Timestamp.nullable().openapi({
      example: null,
      description: 'Time at which it was accepted, rejected, withdrawn or found to have expired.',
    }),
    allowedActions: AllowedActions,
    version: Version,
    createdAt: Timestamp,
    updatedAt: Timestamp,
  })
  .openapi('BookingChange', { description: 'A change of price, duration or start that one side proposed.' })

export const BookingChangePage = pageOf(BookingChange, 'BookingChangePage')

export const ProposeBookingChange = z
  .strictObject({
    rateAmountMinor: AmountMinor.min(1).max(1_000_000_000).optional().openapi({
      example: 22_000,
      description: 'New price in minor units: per hour, or for the whole if the price is fixed.',
    }),
    minutes: z
      .int()
      .min(15)
      .max(10_080)
      .optional()
      .openapi({ example: 120, description: 'New duration in minutes.' }),
    startsAt: PlannedTime.optional().openapi({
      description: 'New start, until the work has started: in the future, within a year.',
    }),
    reason: Reason.openapi({
      example: 'The pipe behind the wall leaks as well.',
      description: 'Free text, shown to the other side.',
    }),
  })
  .openapi('ProposeBookingChange', {
    example: { minutes: 120, reason: 'The pipe behind the wall leaks as well.' },
  })

function partyOf(actor: Actor, { proposedBy, proposedTo }: BookingChangeRow): string | null {
  if (isStaff(actor)) return 'ops'
  const userId = userIdOf(actor)
  if (userId === proposedBy) return 'proposer'
  return userId === proposedTo ? 'counterparty' : null
}

export const toBookingChange = (row: BookingChangeRow, actor: Actor): z.infer<typeof BookingChange> => ({
  id: row.id,
  bookingId: row.bookingId,
  status: row.statusNow,
  proposedBy: row.proposer,
  reason: row.reason,
  currency: row.currency,
  before: {
    rateAmountMinor: row.wasRateAmount,
    minutes: row.wasMinutes,
    startsAt: row.wasStartsAt,
    maximumAmountMinor: row.wasMaximumAmount,
  },
  after: {
    rateAmountMinor: row.rateAmount,
    minutes: row.minutes,
    startsAt: row.startsAt,
    maximumAmountMinor: row.maximumAmount,
  },
  expiresAt: row.expiresAt,
  endedAt: row.endedAt,
  allowedActions: allowedActions(bookingChangeMachine, row.statusNow, partyOf(actor, row)),
  version: row.version,
  createdAt: row.createdAt,
  updatedAt: row.updatedAt,
})
