import { z } from '@hono/zod-openapi'
import type { Actor } from '../../../core/context.ts'
import { allowedActions } from '../../../core/machine.ts'
import { valueTexts } from '../../../core/value-texts.ts'
import { changedQuery, relatedId } from '../../../http/list-query.ts'
import { pageOf, pageQuery } from '../../../http/pages.ts'
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
import { gatewayMethods } from '../../../providers/payments/gateway.ts'
import { atGateway } from '../../money/payments/schemas.ts'
import { bookingPartyOf } from '../bookings/bookings.ts'
import { acceptFeeMinor, BookingSide } from '../bookings/price-schemas.ts'
import type { ContractRow } from './contracts.ts'
import { contractMachine, escrowMachine } from './machine.ts'
import { Milestone, Prose, toMilestone } from './milestone-schemas.ts'
import { type TransactionRow, transactionStatuses, transactionTypes } from './transactions.ts'

export const ContractStatus = z.enum(contractMachine.states).openapi('ContractStatus', {
  description: 'Status of a contract.',
  example: 'active',
})
const EscrowStatus = z.enum(escrowMachine.states).openapi('EscrowStatus', {
  description:
    'Status of the money of a contract. `full_release`: nothing is held any more, as the contract has ended.',
  example: 'partial_release',
})

export const Sha256 = z
  .string()
  .regex(/^[0-9a-f]{64}$/, valueTexts.sha256)
  .openapi({
    example: 'b5bb9d8014a0f9b1d61e21e796d78dccdf1352f23cd32812f4850b878ae4944c',
    description: 'SHA-256 of the UTF-8 bytes of a text, in hexadecimal.',
  })

export const ContractTerms = z
  .strictObject({
    title: Prose(120).openapi({ example: 'Kitchen renovation', description: 'Short name of the work.' }),
    scope: Prose(5_000).openapi({
      example: 'Remove the old kitchen, lay tiles, fit the new kitchen.',
      description: 'What is to be done.',
    }),
    acceptance: Prose(2_000).optional().openapi({
      example: 'Doors close, and the sink does not leak.',
      description: 'When work counts as delivered.',
    }),
    exclusions: Prose(2_000).optional().openapi({
      example: 'Electrical appliances.',
      description: 'What is not part of it.',
    }),
  })
  .openapi('ContractTerms', { description: 'What both sides agree on beside milestones and money.' })

const milestoneFields = {
  title: Prose(120).openapi({ example: 'Old kitchen removed', description: 'Short name.' }),
  amountMinor: AmountMinor.min(1).max(1_000_000_000).openapi({
    example: 150_000,
    description: 'Its price in minor units, in the currency of the booking.',
  }),
}
const NewMilestone = z
  .strictObject({
    ...milestoneFields,
    description: Prose(2_000).optional().openapi({
      example: 'Including the disposal.',
      description: 'What is delivered with it.',
    }),
    dueAt: PlannedTime.optional().openapi({ description: 'When it is to be delivered.' }),
  })
  .openapi('ProposedContractMilestone', {
    description: 'A part of a contract that is delivered and paid by itself.',
  })

const someId = '019a2f4e-7c1b-7d3a-9f00-3b5c8e2d1a40'
const example = {
  terms: {
    title: 'Kitchen renovation',
    scope: 'Remove the old kitchen, lay tiles, fit the new kitchen.',
    acceptance: 'Doors close, and the sink does not leak.',
    exclusions: 'Electrical appliances.',
  },
  milestones: [
    { title: 'Old kitchen removed', amountMinor: 50_000, dueAt: '2027-06-01T08:00:00.000Z' },
    { title: 'Tiles laid', amountMinor: 150_000 },
  ],
}

export const DraftContract = z
  .strictObject({
    terms: ContractTerms,
    milestones: z
      .array(NewMilestone)
      .min(1)
      .max(30)
      .openapi({ description: 'In their order. The total of the contract is their sum.' }),
  })
  .openapi('DraftContract', {
    description: 'What a contract is to say.',
    example,
  })

const AmendedMilestone = z
  .strictObject({
    id: Id.optional().openapi({
      description: 'The milestone that it is now; without it, the milestone is new.',
    }),
    ...milestoneFields,
    description: Prose(2_000).optional().openapi({
      example: 'Including the disposal.',
      description: 'What is delivered with it.',
    }),
    dueAt: PlannedTime.optional().openapi({ description: 'When it is to be delivered.' }),
  })
  .openapi('AmendedMilestone', { description: 'A milestone of the contract as it would be.' })

export const ProposeAmendment = z
  .strictObject({
    terms: ContractTerms,
    milestones: z.array(AmendedMilestone).min(1).max(30).openapi({
      description:
        'All milestones of the contract as it would be, in their order. One that is left out is taken out; completed ones are sent as they are.',
    }),
    reason: Reason.openapi({
      example: 'The wall behind the kitchen is damp.',
      description: 'Free text, shown to the other side.',
    }),
  })
  .openapi('ProposeAmendment', {
    description: 'The contract as it would be, and why.',
    example: {
      terms: example.terms,
      milestones: [
        { id: someId, ...example.milestones[0] },
        { id: someId, ...example.milestones[1] },
        { title: 'Damp wall dried', amountMinor: 40_000 },
      ],
      reason: 'The wall behind the kitchen is damp.',
    },
  })

export const SignText = z
  .strictObject({ sha256: Sha256.openapi({ description: '`sha256` of the text that was shown to you.' }) })
  .openapi('SignText', {
    description: 'The text that is signed, by its hash.',
    example: { sha256: 'b5bb9d8014a0f9b1d61e21e796d78dccdf1352f23cd32812f4850b878ae4944c' },
  })

export const CancelContract = z
  .strictObject({
    reason: Reason.openapi({
      example: 'We are moving to another flat.',
      description: 'Free text, shown to the other side and recorded in the history.',
    }),
    acceptFeeMinor,
  })
  .openapi('CancelContract', {
    description: 'Why a contract is canceled, and the fee that is accepted.',
    example: { reason: 'We are moving to another flat.' },
  })

export const FundContract = z
  .strictObject({
    milestones: z.enum(['next', 'all']).openapi({
      example: 'next',
      description: '`next`: the first milestone that waits for money. `all`: every one that does.',
    }),
    method: z.enum(['wallet', ...gatewayMethods]).openapi({
      example: 'wallet',
      description: 'Payment method. The wallet pays at once.',
    }),
    ...atGateway,
  })
  .openapi('FundContract', {
    description: 'Which milestones are paid, and how.',
    example: { milestones: 'next', method: 'wallet' },
  })

const Signature = z
  .object({
    party: BookingSide.openapi({ description: 'Side that signed.' }),
    userId: Id.openapi({ description: 'User who signed.' }),
    sha256: Sha256.openapi({ description: 'SHA-256 of the text that was signed.' }),
    signedAt: Timestamp,
  })
  .openapi('ContractSignature', { description: 'A signature of one side.' })
export const Signatures = z
  .array(Signature)
  .openapi({ description: 'Signatures of the text; a change of it clears them.' })

export const SignedText = z.string().openapi({
  example: '{"terms": {"title": "Kitchen renovation"}, "total": 200000}',
  description: 'The whole text that both sides sign, as JSON. Show it; sign it by its `sha256`.',
})

const Escrow = z
  .object({
    id: Id,
    status: EscrowStatus,
    fundedMinor: AmountMinor.openapi({ example: 200_000, description: 'Paid in by the client.' }),
    heldMinor: AmountMinor.openapi({ example: 150_000, description: 'Held now.' }),
    releasedMinor: AmountMinor.openapi({
      example: 50_000,
      description: 'Released to the tasker, commission included.',
    }),
    commissionMinor: AmountMinor.openapi({ example: 7_500, description: 'Commission of that.' }),
    refundedMinor: AmountMinor.openapi({ example: 0, description: 'Given back to the client.' }),
    arbitrationMinor: AmountMinor.openapi({ example: 0, description: 'Paid for a decision.' }),
    heldAt: Timestamp.openapi({ description: 'When the first payment came.' }),
    releasedAt: Timestamp.nullable().openapi({
      example: null,
      description: 'When nothing was left to hold.',
    }),
  })
  .openapi('Escrow', { description: 'The money of a contract that neither side can touch.' })

export const Contract = z
  .object({
    id: Id,
    bookingId: Id,
    clientId: Id.openapi({ description: 'The client.' }),
    taskerId: Id.openapi({ description: 'The tasker.' }),
    proposedBy: Id.openapi({ description: 'User who drafted it.' }),
    status: ContractStatus,
    terms: ContractTerms,
    currency: Currency,
    totalMinor: AmountMinor.openapi({
      example: 200_000,
      description: 'Sum of the milestones, in minor units.',
    }),
    milestones: z
      .array(Milestone)
      .openapi({ description: 'In their order, those that were taken out among them.' }),
    text: SignedText,
    sha256: Sha256.openapi({ description: 'SHA-256 of `text`: what `contracts.sign` takes.' }),
    signatures: Signatures,
    rules: z
      .object({
        releaseDays: z
          .int()
          .openapi({ example: 7, description: 'Days until silence approves a submission.' }),
        maxRounds: z
          .int()
          .openapi({ example: 3, description: 'How often changes of a milestone can be asked for.' }),
        maxPausedDays: z.int().openapi({
          example: 21,
          description: 'For how many days in all that can stop the clock of a milestone.',
        }),
        arbitrationBasisPoints: z.int().openapi({
          example: 500,
          description: 'The most that a decision costs, in basis points of the amount in dispute.',
        }),
      })
      .openapi('ContractRules', { description: 'Rules of the day on which it was drafted.' }),
    escrow: z
      .union([Escrow, z.null()])
      .openapi({ description: 'The money of it; null before the first payment.' }),
    expiresAt: Timestamp.nullable().openapi({ description: 'Draft: until when both must have signed.' }),
    activatedAt: Timestamp.nullable().openapi({ description: 'When both had signed.' }),
    endedAt: Timestamp.nullable().openapi({
      example: null,
      description: 'When it was completed or canceled.',
    }),
    endReason: z.string().nullable().openapi({
      example: null,
      description: 'Why it ended early; `dormant`: nothing had happened in it for long.',
    }),
    dormantNotices: z.int().openapi({
      example: 0,
      description: 'Notices that it will be closed, as nothing happens in it: at most two.',
    }),
    dormantDueAt: Timestamp.nullable().openapi({
      description: 'When the next notice is due, or after two, the end; either side can keep it open.',
    }),
    allowedActions: AllowedActions,
    version: Version,
    createdAt: Timestamp,
    updatedAt: Timestamp,
  })
  .openapi('Contract', { description: 'The contract of a booking.' })

export const ContractPage = pageOf(Contract, 'ContractPage')

export const ContractFilters = z.object({
  ...pageQuery,
  ...changedQuery,
  status: ContractStatus.optional().openapi({ description: 'Only contracts with this status.' }),
  bookingId: relatedId('Only contracts of this booking.'),
  clientId: relatedId('Only contracts of this client.'),
  taskerId: relatedId('Only contracts of this tasker.'),
})

const ContractTransaction = z
  .object({
    id: Id.openapi({ description: 'Entry in the ledger.' }),
    contractId: Id,
    type: z.enum(transactionTypes).openapi({
      example: 'escrow_hold',
      description:
        '`escrow_hold`: paid in; `escrow_release`: to the tasker; `refund`: back to the client; `fee`: for a decision.',
    }),
    status: z.enum(transactionStatuses).openapi({
      example: 'completed',
      description:
        'A refund is `pending` until its gateway has made it; `failed`: it is in the wallet instead.',
    }),
    amountMinor: AmountMinor.openapi({ example: 200_000 }),
    commissionMinor: AmountMinor.nullable().openapi({
      example: null,
      description: 'Part of a release that is the platform’s.',
    }),
    currency: Currency,
    userId: Id.nullable().openapi({ description: 'User who paid or was paid; null for a fee.' }),
    milestoneId: Id.nullable().openapi({ example: null, description: 'Milestone that was released.' }),
    paymentId: Id.nullable().openapi({ description: 'Payment that came in, or that was refunded.' }),
    refundId: Id.nullable().openapi({ example: null, description: 'Refund that went out.' }),
    providerReference: z.string().nullable().openapi({
      example: null,
      description: 'The gateway’s name of the payment or refund.',
    }),
    processedAt: Timestamp.nullable().openapi({ description: 'When it was done; null while it is pending.' }),
    createdAt: Timestamp,
  })
  .openapi('ContractTransaction', { description: 'A movement of the money of a contract.' })

export const ContractTransactionPage = pageOf(ContractTransaction, 'ContractTransactionPage')

const toEscrow = (row: NonNullable<ContractRow['escrow']>, heldMinor: number): z.infer<typeof Escrow> => ({
  id: row.id,
  status: row.status,
  fundedMinor: row.fundedAmount,
  heldMinor,
  releasedMinor: row.releasedAmount,
  commissionMinor: row.commissionAmount,
  refundedMinor: row.refundedAmount,
  arbitrationMinor: row.arbitrationAmount,
  heldAt: row.heldAt,
  releasedAt: row.releasedAt,
})

export const toContract = (row: ContractRow, actor: Actor): z.infer<typeof Contract> => ({
  id: row.id,
  bookingId: row.bookingId,
  clientId: row.clientId,
  taskerId: row.taskerId,
  proposedBy: row.proposedBy,
  status: row.status,
  terms: row.terms,
  currency: row.currency,
  totalMinor: row.totalAmount,
  milestones: row.milestones.map((milestone) => toMilestone(milestone, actor)),
  text: row.text,
  sha256: row.sha256,
  signatures: row.signatures,
  rules: {
    releaseDays: row.releaseDays,
    maxRounds: row.maxRounds,
    maxPausedDays: row.maxPausedDays,
    arbitrationBasisPoints: row.arbitrationBasisPoints,
  },
  escrow: row.escrow && toEscrow(row.escrow, row.heldAmount),
  expiresAt: row.expiresAt,
  activatedAt: row.activatedAt,
  endedAt: row.endedAt,
  endReason: row.endReason,
  dormantNotices: row.dormantNotices,
  dormantDueAt: row.dormantDueAt,
  allowedActions: allowedActions(contractMachine, row.status, bookingPartyOf(actor, row)),
  version: row.version,
  createdAt: row.createdAt,
  updatedAt: row.updatedAt,
})

export const toTransaction = (
  row: TransactionRow,
  contractId: string,
): z.infer<typeof ContractTransaction> => ({
  id: row.id,
  contractId,
  type: row.type,
  status: row.status,
  amountMinor: row.amount,
  commissionMinor: row.commissionAmount,
  currency: row.currency,
  userId: row.userId,
  milestoneId: row.milestoneId,
  paymentId: row.paymentId,
  refundId: row.refundId,
  providerReference: row.providerReference,
  processedAt: row.processedAt,
  createdAt: row.createdAt,
})
