import { z } from '@hono/zod-openapi'
import { type Actor, userIdOf } from '../../../core/context.ts'
import { allowedActions } from '../../../core/machine.ts'
import { valueTexts } from '../../../core/value-texts.ts'
import { adjustmentKinds } from '../../../db/schema/money/adjustments.ts'
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
import { differenceKinds } from '../ledger/checks.ts'
import { AccountKind, DifferenceKind } from '../ledger/schemas.ts'
import type { AdjustmentRow, Correction, SecondPayout, WriteOff } from './adjustments.ts'
import { adjustmentMachine } from './machine.ts'

const gateway = z
  .string()
  .regex(/^[a-z][a-z0-9_]{0,39}$/, valueTexts.gatewayName)
  .openapi({ example: 'stripe', description: 'Gateway that owns the account.' })

const ProposedLine = z
  .strictObject({
    account: AccountKind,
    ownerUserId: Id.optional().openapi({ description: 'User who owns the account.' }),
    gateway: gateway.optional(),
    amountMinor: z.int().min(-largestAmount).max(largestAmount).openapi({
      example: -5_000,
      description: 'In minor units: positive for a credit, negative for a debit.',
    }),
  })
  .openapi('ProposedLine')

const DebtAmount = z.int().min(0).max(largestAmount)

const shared = {
  reason: Reason.openapi({ description: 'On record, for staff.' }),
  documentMediaId: Id.optional().openapi({
    description: 'A file of yours that proves it: an image or a document.',
  }),
}

const ProposeCorrection = z
  .strictObject({
    kind: z.literal('correction').openapi({ description: 'Lines that put the books right.' }),
    currency: Currency,
    ...shared,
    explainsDocumentId: Id.optional().openapi({
      description:
        'Payment, refund or payout whose difference in `ledger.listChecks` this explains: what differs at the approval, up to the amount of the correction. What differs beyond that is reported again.',
    }),
    lines: z
      .array(ProposedLine)
      .min(2)
      .max(50)
      .openapi({ description: 'At least two lines, which add up to zero.' }),
  })
  .openapi('ProposeCorrection')

const ProposeSecondPayout = z
  .strictObject({
    kind: z.literal('second_payout').openapi({
      description: 'A payout that arrived beside what the books say was paid.',
    }),
    ...shared,
    payoutId: Id.openapi({
      description:
        'Payout in review as `late_success`. Its amount becomes a debt of its owner; if its money comes back later, the debt is gone again.',
    }),
  })
  .openapi('ProposeSecondPayout')

const ProposeWriteOff = z
  .strictObject({
    kind: z.literal('write_off').openapi({ description: 'Debts that will not be paid.' }),
    currency: Currency,
    ...shared,
    userId: Id.openapi({ description: 'User whose debts will not be paid.' }),
    commissionAmountMinor: DebtAmount.default(0).openapi({
      description: 'Of the commission, in minor units.',
    }),
    refundAmountMinor: DebtAmount.default(0).openapi({ description: 'Of refunds, in minor units.' }),
    feeAmountMinor: DebtAmount.default(0).openapi({ description: 'Of fees, in minor units.' }),
  })
  .refine((body) => body.commissionAmountMinor + body.refundAmountMinor + body.feeAmountMinor > 0)
  .openapi('ProposeWriteOff')

export const ProposeAdjustment = z
  .discriminatedUnion('kind', [ProposeCorrection, ProposeSecondPayout, ProposeWriteOff])
  .openapi('ProposeAdjustment', {
    example: {
      kind: 'correction',
      currency: 'EGP',
      reason: 'Booked to the wrong account on 3 November.',
      lines: [
        { account: 'platform_fee', amountMinor: -5_000 },
        { account: 'gateway_fees', amountMinor: 5_000 },
      ],
    },
  })

export const DecideAdjustment = z
  .strictObject({ note: Reason.optional().openapi({ description: 'On record, for staff.' }) })
  .openapi('DecideAdjustment', { example: { note: 'Agreed, see the bank statement.' } })

const Status = z
  .enum(adjustmentMachine.states)
  .openapi('AdjustmentStatus', { example: 'proposed', description: 'Status of an adjustment.' })
const Kind = z.enum(adjustmentKinds).openapi('AdjustmentKind', {
  example: 'correction',
  description:
    '`correction`: lines that put the books right. `second_payout`: a payout that arrived beside the books is a debt of its owner. `write_off`: debts of a user that will not be paid.',
})

const AdjustmentLine = z
  .object({
    account: AccountKind,
    ownerUserId: Id.nullable().openapi({ description: 'User who owns the account.' }),
    gateway: gateway.nullable(),
    amount: AmountMinor.openapi({
      example: -5_000,
      description: 'In minor units: positive for a credit, negative for a debit.',
    }),
  })
  .openapi('AdjustmentLine', { description: 'A line of an adjustment.' })

const ExplainedDifference = z
  .object({
    what: DifferenceKind,
    amountMinor: AmountMinor.openapi({
      example: 5_000,
      description:
        'In minor units: positive where the books lacked what the document says, negative where they had more.',
    }),
  })
  .openapi('ExplainedDifference', {
    description: 'The part of a difference that a correction accounts for: at most its own amount.',
  })

export const Adjustment = z
  .object({
    id: Id,
    kind: Kind,
    currency: Currency,
    lines: z.array(AdjustmentLine).openapi({
      description: 'What is posted; empty for a write-off.',
      example: [
        { account: 'platform_fee', ownerUserId: null, gateway: null, amount: -5_000 },
        { account: 'gateway_fees', ownerUserId: null, gateway: null, amount: 5_000 },
      ],
    }),
    userId: Id.nullable().openapi({ example: null, description: 'User who owes; null for a correction.' }),
    payoutAttemptId: Id.nullable().openapi({
      example: null,
      description: 'Of a second payout: the attempt that arrived beside the books.',
    }),
    commissionAmount: AmountMinor.openapi({
      example: 0,
      description: 'Commission that is written off, in minor units.',
    }),
    refundAmount: AmountMinor.openapi({
      example: 0,
      description: 'Refunds that are written off, in minor units.',
    }),
    feeAmount: AmountMinor.openapi({ example: 0, description: 'Fees that are written off, in minor units.' }),
    reason: z.string().openapi({
      example: 'Booked to the wrong account on 3 November.',
      description: 'Why it was proposed.',
    }),
    explainsDocumentId: Id.nullable().openapi({
      example: null,
      description: 'Document whose difference from its entries it explains.',
    }),
    explained: z.array(ExplainedDifference).openapi({
      example: [],
      description: 'Differences of that document that it explains since its approval.',
    }),
    documentMediaId: Id.nullable().openapi({ example: null, description: 'File that proves it.' }),
    status: Status,
    proposedBy: Id.openapi({ description: 'Member of staff who proposed it.' }),
    decidedBy: Id.nullable().openapi({ description: 'Member of staff who approved or rejected it.' }),
    decisionNote: z
      .string()
      .nullable()
      .openapi({ example: null, description: 'What was said with the decision.' }),
    decidedAt: Timestamp.nullable().openapi({ description: 'When it was decided or withdrawn.' }),
    allowedActions: AllowedActions,
    version: Version,
    createdAt: Timestamp,
    updatedAt: Timestamp,
  })
  .openapi('Adjustment', { description: 'A change of the books that two members of staff agree on.' })

export const AdjustmentPage = pageOf(Adjustment, 'AdjustmentPage')

export const AdjustmentFilters = z.object({
  ...pageQuery,
  ...changedQuery,
  status: Status.optional().openapi({ description: 'Only adjustments with this status.' }),
  kind: Kind.optional().openapi({ description: 'Only adjustments of this kind.' }),
  userId: relatedId('Only write-offs and second payouts for this user.'),
})

export function proposalOf(body: z.infer<typeof ProposeAdjustment>): Correction | SecondPayout | WriteOff {
  if (body.kind === 'second_payout') return body
  if (body.kind === 'correction')
    return {
      ...body,
      lines: body.lines.map(({ account, ownerUserId = null, gateway: name = null, amountMinor: amount }) => ({
        account,
        owner: ownerUserId,
        name,
        amount,
      })),
    }
  const { commissionAmountMinor, refundAmountMinor, feeAmountMinor, ...rest } = body
  return {
    ...rest,
    commissionAmount: commissionAmountMinor,
    refundAmount: refundAmountMinor,
    feeAmount: feeAmountMinor,
  }
}

/** Refused beyond the machine: to decide on one's own, and to withdraw what somebody else has proposed. */
const isOthers = (action: string, isOwn: boolean): boolean => (action === 'withdraw') !== isOwn

export function toAdjustment(row: AdjustmentRow, actor: Actor): z.infer<typeof Adjustment> {
  const isOwn = userIdOf(actor) === row.proposedBy
  return {
    id: row.id,
    kind: row.kind,
    currency: row.currency,
    lines: (row.lines ?? []).map(({ account, owner, name, amount }) => ({
      account,
      ownerUserId: owner,
      gateway: name,
      amount,
    })),
    userId: row.userId,
    payoutAttemptId: row.payoutAttemptId,
    commissionAmount: row.commissionAmount,
    refundAmount: row.refundAmount,
    feeAmount: row.feeAmount,
    reason: row.reason,
    explainsDocumentId: row.explainsDocumentId,
    explained: differenceKinds.flatMap((what) => {
      const amountMinor = row.explained?.[what]
      return amountMinor === undefined ? [] : [{ what, amountMinor }]
    }),
    documentMediaId: row.documentMediaId,
    status: row.status,
    proposedBy: row.proposedBy,
    decidedBy: row.decidedBy,
    decisionNote: row.decisionNote,
    decidedAt: row.decidedAt,
    allowedActions: allowedActions(adjustmentMachine, row.status, 'ops').map((one) =>
      one.allowed && isOthers(one.action, isOwn)
        ? { action: one.action, allowed: false, reason: 'wrong_party' }
        : one,
    ),
    version: row.version,
    createdAt: row.createdAt,
    updatedAt: row.updatedAt,
  }
}
