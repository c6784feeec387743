import { z } from '@hono/zod-openapi'
import type { Actor } from '../../../core/context.ts'
import { allowedActions } from '../../../core/machine.ts'
import { changedQuery, relatedId } from '../../../http/list-query.ts'
import { pageOf, pageQuery } from '../../../http/pages.ts'
import {
  AllowedActions,
  AmountMinor,
  Currency,
  Id,
  Reason,
  Timestamp,
  Version,
} from '../../../http/schemas.ts'
import { bookingPartyOf } from '../../work/bookings/bookings.ts'
import type { DisputeRow } from './disputes.ts'
import { disputeMachine } from './machine.ts'

const DisputeStatus = z.enum(disputeMachine.states).openapi('DisputeStatus', {
  description: 'Status of a dispute.',
  example: 'open',
})

const DisputedAmount = AmountMinor.min(1).max(Number.MAX_SAFE_INTEGER)

const DisputeReason = Reason.openapi({
  example: 'The tap still drips.',
  description: 'Free text, visible to both parties.',
})

export const OpenDispute = z
  .strictObject({
    reason: DisputeReason,
    amountInQuestion: DisputedAmount.optional().openapi({
      description:
        'Disputed part of what was paid, in the currency of the booking: at most the whole. Not accepted while nothing is paid.',
    }),
  })
  .openapi('OpenDispute', { example: { reason: 'The tap still drips.', amountInQuestion: 10_000 } })

const Note = Reason.optional().openapi({
  description: 'Free text, visible to both parties.',
  example: 'Photos were checked.',
})

const Outcome = z
  .enum(['completed', 'canceled'])
  .openapi({ example: 'completed', description: 'How the booking ended.' })

export const ResolveDispute = z
  .strictObject({
    note: Note,
    outcome: Outcome.optional().openapi({
      description:
        '`completed` (default): the booking can be paid, or is settled if it was paid. `canceled`: nothing was paid and nothing is due.',
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
    outcome: Outcome.nullable().openapi({ description: 'How the booking ended; for resolved disputes.' }),
    refundAmount: AmountMinor.nullable().openapi({
      description: 'Refund in minor units; for refunded disputes.',
    }),
    note: z.string().nullable().openapi({
      example: 'Photos were checked.',
      description: 'Note of operations staff, visible to both parties.',
    }),
  })
  .openapi('DisputeResolution', { description: 'The decision on a dispute.' })

export const Dispute = z
  .object({
    id: Id,
    bookingId: Id,
    status: DisputeStatus,
    openedBy: Id.openapi({ description: 'User who opened the dispute.' }),
    reason: DisputeReason,
    amountInQuestion: AmountMinor.nullable().openapi({
      description: 'Disputed part of the fare, in minor units.',
    }),
    currency: Currency,
    resolution: z.union([Resolution, z.null()]).openapi({
      example: null,
      description: 'The decision; null until operations staff have decided.',
    }),
    allowedActions: AllowedActions,
    version: Version,
    createdAt: Timestamp,
    updatedAt: Timestamp,
  })
  .openapi('Dispute', { description: 'A dispute about a booking.' })

export const DisputePage = pageOf(Dispute, 'DisputePage')

export const DisputeFilters = z.object({
  ...pageQuery,
  ...changedQuery,
  status: DisputeStatus.optional().openapi({ description: 'Only disputes with this status.' }),
  bookingId: relatedId('Only disputes about this booking.'),
  clientId: relatedId('Only disputes about bookings of this client.'),
  taskerId: relatedId('Only disputes about bookings of this tasker.'),
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
