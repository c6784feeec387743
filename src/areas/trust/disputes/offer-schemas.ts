import { z } from '@hono/zod-openapi'
import type { Actor } from '../../../core/context.ts'
import { allowedActions } from '../../../core/machine.ts'
import { disputeSides } from '../../../db/schema/trust/disputes.ts'
import { pageOf } from '../../../http/pages.ts'
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
import { disputeOfferMachine } from './machine.ts'
import type { DisputeOfferRow } from './offers.ts'

export const DisputeSide = z
  .enum(disputeSides)
  .openapi('DisputeSide', { example: 'client', description: 'Side of a dispute; `ops` is staff.' })

const Share = AmountMinor.min(0).max(largestAmount)

export const ProposeDisputeOffer = z
  .strictObject({
    clientAmountMinor: Share.openapi({
      example: 8_000,
      description: 'What the client gets, in minor units.',
    }),
    taskerAmountMinor: Share.openapi({
      example: 12_000,
      description:
        'What the tasker gets, or keeps, in minor units, commission included. Both together are `splittableAmountMinor` of the dispute.',
    }),
    note: Reason.optional().openapi({
      example: 'Two of three taps were repaired.',
      description: 'Free text, visible to both parties.',
    }),
  })
  .openapi('ProposeDisputeOffer', {
    example: {
      clientAmountMinor: 8_000,
      taskerAmountMinor: 12_000,
      note: 'Two of three taps were repaired.',
    },
  })

export const DisputeOffer = z
  .object({
    id: Id,
    disputeId: Id,
    status: z.enum(disputeOfferMachine.states).openapi('DisputeOfferStatus', {
      example: 'pending',
      description: 'Status of an offer of mediation.',
    }),
    proposedBy: DisputeSide.openapi({ description: 'Side that proposed it.' }),
    amountMinor: AmountMinor.openapi({
      example: 20_000,
      description: 'All that there was to split when it was proposed, in minor units.',
    }),
    clientAmountMinor: AmountMinor.openapi({ example: 8_000, description: 'What the client gets of it.' }),
    taskerAmountMinor: AmountMinor.openapi({
      example: 12_000,
      description: 'What the tasker gets of it, or keeps.',
    }),
    currency: Currency,
    note: z.string().nullable().openapi({
      example: 'Two of three taps were repaired.',
      description: 'Free text, visible to both parties.',
    }),
    clientAcceptedAt: Timestamp.nullable().openapi({
      example: null,
      description: 'When the client accepted it; an own proposal is accepted as it is made.',
    }),
    taskerAcceptedAt: Timestamp.nullable().openapi({
      example: null,
      description: 'When the tasker accepted it.',
    }),
    expiresAt: Timestamp.openapi({ description: 'Until when it can be accepted.' }),
    endedAt: Timestamp.nullable().openapi({
      example: null,
      description: 'Time at which both had accepted it, or it ended otherwise.',
    }),
    allowedActions: AllowedActions,
    version: Version,
    createdAt: Timestamp,
    updatedAt: Timestamp,
  })
  .openapi('DisputeOffer', { description: 'A split that staff or a side proposed to end a dispute.' })

export const DisputeOfferPage = pageOf(DisputeOffer, 'DisputeOfferPage')

export function toDisputeOffer(row: DisputeOfferRow, actor: Actor): z.infer<typeof DisputeOffer> {
  const party = bookingPartyOf(actor, row)
  const accepted = party === 'client' ? row.clientAcceptedAt : row.taskerAcceptedAt
  const isRefused: Record<string, boolean> = {
    accept: accepted !== null,
    decline: row.side === party,
    withdraw: row.side !== party,
  }
  return {
    id: row.id,
    disputeId: row.disputeId,
    status: row.statusNow,
    proposedBy: row.side,
    amountMinor: row.amount,
    clientAmountMinor: row.clientAmount,
    taskerAmountMinor: row.taskerAmount,
    currency: row.currency,
    note: row.note,
    clientAcceptedAt: row.clientAcceptedAt,
    taskerAcceptedAt: row.taskerAcceptedAt,
    expiresAt: row.expiresAt,
    endedAt: row.endedAt,
    allowedActions: allowedActions(disputeOfferMachine, row.statusNow, party).map((action) =>
      action.allowed && isRefused[action.action]
        ? {
            action: action.action,
            allowed: false,
            reason: action.action === 'accept' ? 'wrong_state' : 'wrong_party',
          }
        : action,
    ),
    version: row.version,
    createdAt: row.createdAt,
    updatedAt: row.updatedAt,
  }
}
