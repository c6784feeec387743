import { z } from '@hono/zod-openapi'
import type { Actor } from '../../../core/context.ts'
import { allowedActions } from '../../../core/machine.ts'
import { valueTexts } from '../../../core/value-texts.ts'
import { disputeTypes } from '../../../db/schema/trust/disputes.ts'
import { changedQuery, relatedId } from '../../../http/list-query.ts'
import { pageOf, pageQuery } from '../../../http/pages.ts'
import {
  AllowedActions,
  AmountMinor,
  Currency,
  Id,
  largestAmount,
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

const DisputeType = z.enum(disputeTypes).openapi('DisputeType', {
  description:
    'What a dispute is about. `quality`: the work is bad. `not_finished`: it was not finished. `no_show`: a side did not appear. `late`: it was late. `damage`: something was damaged. `price`: it cost more than agreed. `payment`: it was not paid, or not as agreed. `conduct`: how a side behaved. `other`: something else.',
  example: 'quality',
})

const DisputeDescription = z.string().trim().min(1).max(4_000)

const DisputedAmount = AmountMinor.min(1).max(Number.MAX_SAFE_INTEGER)

const DisputeReason = Reason.openapi({
  example: 'The tap still drips.',
  description: 'Free text, visible to both parties.',
})

export const OpenDispute = z
  .strictObject({
    type: DisputeType.optional().openapi({ description: 'What it is about; `other` without it.' }),
    reason: DisputeReason,
    description: DisputeDescription.optional().openapi({
      example: 'He repaired two of three taps, and the third drips as before.',
      description: 'The whole story, visible to both parties.',
    }),
    amountInQuestion: DisputedAmount.optional().openapi({
      example: 20_000,
      description:
        'Disputed part of what was paid, in the currency of the booking: at most the whole. Not accepted while nothing is paid.',
    }),
  })
  .openapi('OpenDispute', {
    example: { type: 'quality', reason: 'The tap still drips.', amountInQuestion: 20_000 },
  })

export const AppealDispute = z
  .strictObject({
    reason: Reason.openapi({
      example: 'The second photo was not looked at.',
      description: 'Why the decision is wrong; visible to both parties.',
    }),
    description: DisputeDescription.optional().openapi({
      example: 'It shows the third tap, taken after he had left.',
      description: 'The whole story, visible to both parties.',
    }),
  })
  .openapi('AppealDispute', { example: { reason: 'The second photo was not looked at.' } })

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

export const SplitDispute = z
  .strictObject({
    taskerBasisPoints: z.int().min(0).max(10_000).optional().openapi({
      example: 6_000,
      description:
        'Share of the tasker of what there is to split, less the cost of the decision, in basis points (6000 is 60 %). Either this or `taskerAmountMinor`.',
    }),
    taskerAmountMinor: AmountMinor.min(0).max(largestAmount).optional().openapi({
      example: 90_000,
      description: 'What the tasker gets of it, in minor units, commission included.',
    }),
    arbitrationAmountMinor: AmountMinor.min(0).max(largestAmount).optional().openapi({
      example: 5_000,
      description:
        'What the decision on a contract costs, in minor units: at most its `arbitrationBasisPoints`. Nothing without it.',
    }),
    note: Note,
  })
  .refine(
    ({ taskerBasisPoints, taskerAmountMinor }) =>
      (taskerBasisPoints === undefined) !== (taskerAmountMinor === undefined),
    { path: ['taskerBasisPoints'], message: valueTexts.eitherShareOrAmount },
  )
  .openapi('SplitDispute', {
    description: 'How what a dispute is about is split.',
    example: { taskerBasisPoints: 6_000, note: 'Two of three rooms were painted.' },
  })

const Resolution = z
  .object({
    outcome: Outcome.nullable().openapi({ description: 'How the booking ended; for resolved disputes.' }),
    refundAmount: AmountMinor.nullable().openapi({
      example: null,
      description: 'Refund in minor units; for refunded disputes.',
    }),
    source: z.enum(['escrow', 'payment', 'fare']).nullable().openapi({
      example: null,
      description:
        'What was split: `escrow` of the contract, the `payment`, or the `fare` that was not paid yet.',
    }),
    amount: AmountMinor.nullable().openapi({
      example: null,
      description: 'All that was split, in minor units.',
    }),
    offerId: Id.nullable().openapi({ example: null, description: 'The offer that both sides accepted.' }),
    taskerAmount: AmountMinor.nullable().openapi({
      example: null,
      description: 'What the tasker got of it, or kept, in minor units; for split disputes.',
    }),
    clientAmount: AmountMinor.nullable().openapi({
      example: null,
      description: 'What the client got back of it.',
    }),
    arbitrationAmount: AmountMinor.nullable().openapi({
      example: null,
      description: 'What the decision cost of it.',
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
    type: DisputeType,
    openedBy: Id.openapi({ description: 'User who opened the dispute.' }),
    reason: DisputeReason,
    description: z.string().nullable().openapi({
      example: 'He repaired two of three taps, and the third drips as before.',
      description: 'The whole story, as its opener tells it.',
    }),
    amountInQuestion: AmountMinor.nullable().openapi({
      example: 20_000,
      description: 'Disputed part of the fare, in minor units.',
    }),
    currency: Currency,
    splittableAmountMinor: AmountMinor.nullable().openapi({
      example: 20_000,
      description:
        'What an offer or a decision can split, in minor units: what the contract holds, what was paid and is in question, or the fare that is not paid yet. Null once it is decided.',
    }),
    respondentId: Id.nullable().openapi({ description: 'Side that is to respond; null if staff opened it.' }),
    respondBy: Timestamp.nullable().openapi({ description: 'Until when it is to respond, by evidence.' }),
    respondedAt: Timestamp.nullable().openapi({ example: null, description: 'When it did.' }),
    dueAt: Timestamp.nullable().openapi({
      description:
        'Until when staff end the present step; then it escalates by itself. Null once it is decided.',
    }),
    overdueAt: Timestamp.nullable().openapi({
      example: null,
      description: 'When an escalated dispute was found to be overdue.',
    }),
    resolution: z.union([Resolution, z.null()]).openapi({
      example: null,
      description: 'The decision, or what both sides agreed on; null until then.',
    }),
    resolvedBy: Id.nullable().openapi({
      example: null,
      description: 'Member of staff who decided; null if both sides agreed, or it was withdrawn.',
    }),
    resolvedAt: Timestamp.nullable().openapi({ example: null, description: 'When it ended.' }),
    appealOf: Id.nullable().openapi({
      example: null,
      description: 'The decided dispute that this one is the appeal of.',
    }),
    appealUntil: Timestamp.nullable().openapi({
      example: null,
      description: 'Until when the decision can be appealed, once; null if it cannot.',
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
  const {
    source = null,
    amount = null,
    offerId = null,
    outcome = null,
    refundAmount = null,
    taskerAmount = null,
    clientAmount = null,
    arbitrationAmount = null,
    note = null,
  } = row.resolution
  return {
    id: row.id,
    bookingId: row.bookingId,
    status: row.status,
    type: row.type,
    openedBy: row.openedBy,
    reason: row.reason,
    description: row.description,
    amountInQuestion: row.amountInQuestion,
    currency: row.currency,
    splittableAmountMinor: row.splittableAmount,
    respondentId: row.respondentId,
    respondBy: row.respondBy,
    respondedAt: row.respondedAt,
    dueAt: row.dueAt,
    overdueAt: row.overdueAt,
    resolution: decided.includes(row.status)
      ? {
          outcome,
          refundAmount,
          source,
          amount,
          offerId,
          taskerAmount,
          clientAmount,
          arbitrationAmount,
          note,
        }
      : null,
    resolvedBy: row.resolvedBy,
    resolvedAt: row.resolvedAt,
    appealOf: row.appealOf,
    appealUntil: row.appealUntil,
    allowedActions: allowedActions(disputeMachine, row.status, bookingPartyOf(actor, row)).map((action) =>
      action.allowed && action.action === 'withdraw' && actor.kind === 'user' && actor.userId !== row.openedBy
        ? { action: action.action, allowed: false, reason: 'wrong_party' }
        : action,
    ),
    version: row.version,
    createdAt: row.createdAt,
    updatedAt: row.updatedAt,
  }
}
