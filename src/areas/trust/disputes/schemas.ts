import { z } from '@hono/zod-openapi'
import type { Actor } from '../../../core/context.ts'
import { allowedActions } from '../../../core/machine.ts'
import { pageOf, pageQuery } from '../../../http/pages.ts'
import { AllowedActions, AmountMinor, Currency, Id, Timestamp } from '../../../http/schemas.ts'
import { bookingPartyOf } from '../../work/bookings/bookings.ts'
import { Reason } from '../../work/bookings/schemas.ts'
import type { DisputeRow } from './disputes.ts'
import { disputeMachine } from './machine.ts'

const DisputeStatus = z.enum(disputeMachine.states).openapi('DisputeStatus', { example: 'open' })

const DisputedAmount = AmountMinor.min(1).max(Number.MAX_SAFE_INTEGER)

export const OpenDispute = z
  .strictObject({
    reason: Reason,
    amountInQuestion: DisputedAmount.optional().openapi({
      description: "How much of the fare is in question, in the booking's currency.",
    }),
  })
  .openapi('OpenDispute', { example: { reason: 'The tap still drips.', amountInQuestion: 10_000 } })

const Note = Reason.optional().openapi({
  description: 'Both parties can read it.',
  example: 'Photos were checked.',
})

const Outcome = z.enum(['completed', 'canceled']).openapi({ example: 'completed' })

export const ResolveDispute = z
  .strictObject({
    note: Note,
    outcome: Outcome.optional().openapi({
      description:
        'How the booking ends. `completed` (default): it can be paid, or is settled if it was. `canceled`: nothing was paid and nothing is due.',
    }),
  })
  .openapi('ResolveDispute', { example: { note: 'Both sides agreed.' } })

export const RejectDispute = z
  .strictObject({ note: Note })
  .openapi('RejectDispute', { example: { note: 'The photos show finished work.' } })

export const RefundDispute = z
  .strictObject({ amount: DisputedAmount, note: Note })
  .openapi('RefundDispute', { example: { amount: 10_000, note: 'The second tap was not repaired.' } })

const Resolution = z
  .object({
    outcome: Outcome.nullable().openapi({ description: 'Of a resolved dispute.' }),
    refundAmount: AmountMinor.nullable().openapi({ description: 'Of a refunded dispute.' }),
    note: z.string().nullable().openapi({ example: 'Photos were checked.' }),
  })
  .openapi('DisputeResolution')

export const Dispute = z
  .object({
    id: Id,
    bookingId: Id,
    status: DisputeStatus,
    openedBy: Id,
    reason: Reason,
    amountInQuestion: AmountMinor.nullable(),
    currency: Currency,
    resolution: z.union([Resolution, z.null()]).openapi({
      example: null,
      description: 'Null until ops has decided.',
    }),
    allowedActions: AllowedActions,
    version: z.int().openapi({ example: 1 }),
    createdAt: Timestamp,
    updatedAt: Timestamp,
  })
  .openapi('Dispute')

export const DisputePage = pageOf(Dispute, 'DisputePage')

export const DisputeFilters = z.object({
  ...pageQuery,
  status: DisputeStatus.optional(),
  bookingId: Id.optional(),
})

const decided = ['resolved', 'rejected', 'refunded']

export function toDispute(row: DisputeRow, actor: Actor): z.infer<typeof Dispute> {
  const { outcome = null, refundAmount = null, note = null } = row.resolution
  return {
    id: row.id,
    bookingId: row.bookingId,
    status: row.status,
    openedBy: row.openedBy,
    reason: row.reason,
    amountInQuestion: row.amountInQuestion,
    currency: row.currency,
    resolution: decided.includes(row.status) ? { outcome, refundAmount, note } : null,
    allowedActions: allowedActions(disputeMachine, row.status, bookingPartyOf(actor, row)),
    version: row.version,
    createdAt: row.createdAt,
    updatedAt: row.updatedAt,
  }
}
