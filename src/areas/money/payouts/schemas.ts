import { z } from '@hono/zod-openapi'
import { type Actor, isStaff, userIdOf } from '../../../core/context.ts'
import { allowedActions } from '../../../core/machine.ts'
import { valueTexts } from '../../../core/value-texts.ts'
import { transactionStatus } from '../../../db/schema/enums.ts'
import { payoutAccountKinds, payoutKinds, payoutReviews } from '../../../db/schema/money/payouts.ts'
import { changedQuery, relatedId } from '../../../http/list-query.ts'
import { pageOf, pageQuery } from '../../../http/pages.ts'
import {
  AllowedActions,
  AmountMinor,
  Currency,
  Id,
  largestAmount,
  queryBoolean,
  Reason,
  Timestamp,
  Version,
} from '../../../http/schemas.ts'
import { holderFields } from './account-schemas.ts'
import { payoutMachine } from './machine.ts'
import type { PayoutDetailRow, PayoutRow } from './payouts.ts'

const PayoutKind = z.enum(payoutKinds).openapi({
  example: 'earnings',
  description:
    '`earnings` of a tasker, a `withdrawal` from a wallet, or `cash` that a tasker received and kept.',
})
const PayoutState = z
  .enum(payoutMachine.states)
  .openapi({ example: 'paid', description: 'Status of the payout.' })
const reference = z.string().nullable()

const PayoutTarget = z
  .object({
    id: Id,
    kind: z.enum(payoutAccountKinds).openapi({ example: 'bank', description: 'Kind of account.' }),
    lastFour: z
      .string()
      .nullable()
      .openapi({ example: '4471', description: 'Its last characters; null once its owner is erased.' }),
    holderName: z
      .string()
      .nullable()
      .openapi({ example: 'Amina Hassan', description: 'Its holder; null once its owner is erased.' }),
    ...holderFields,
  })
  .openapi('PayoutTarget', { description: 'Account that money is paid out to.' })

const payoutFields = {
  id: Id,
  userId: Id.openapi({ description: 'User who is paid.' }),
  kind: PayoutKind,
  bookingId: Id.nullable().openapi({ example: null, description: 'Booking that was paid in cash.' }),
  account: PayoutTarget.nullable().openapi({ description: 'Account that it goes to; null for cash.' }),
  amount: AmountMinor.openapi({ example: 31_167 }),
  currency: Currency,
  status: PayoutState,
  provider: z.string().nullable().openapi({
    example: 'paystack',
    description:
      'Who sends it: a gateway, or `manual` for our bank; `cash`: received from the client and kept. Null until it is sent.',
  }),
  reference: reference.openapi({
    example: 'po-019a2f4e7c1b7d3a9f003b5c8e2d1a40-1',
    description: 'Our reference, as on a bank statement; null until it is sent.',
  }),
  providerReference: reference.openapi({
    example: 'TRF_1',
    description: 'Reference of the gateway or bank.',
  }),
  failureCode: reference.openapi({
    example: null,
    description: 'Why it failed or came back.',
  }),
  heldAt: Timestamp.nullable().openapi({ description: 'When staff stopped it; null if it goes on.' }),
  heldReason: reference.openapi({ example: null, description: 'Why staff stopped it; for staff only.' }),
  review: z.enum(payoutReviews).nullable().openapi({
    example: null,
    description:
      'Why staff look at it; for staff only. `unknown_outcome`: its gateway does not tell. `late_success`: an attempt succeeded that had failed, and nothing is sent until it is decided. `account_unreadable`: it is left out of the file of its batch.',
  }),
  batchId: Id.nullable().openapi({
    example: null,
    description: 'Batch that it is transferred with; for staff only.',
  }),
  scheduledFor: Timestamp.nullable().openapi({ description: 'Planned time of the payout.' }),
  sentAt: Timestamp.nullable().openapi({ description: 'When it was sent.' }),
  paidAt: Timestamp.nullable().openapi({ description: 'Time of the payout.' }),
  returnedAt: Timestamp.nullable().openapi({ description: 'When the bank sent it back.' }),
  allowedActions: AllowedActions,
  version: Version,
  createdAt: Timestamp,
  updatedAt: Timestamp,
}

export const Payout = z
  .object(payoutFields)
  .openapi('Payout', { description: 'A payout to a tasker or wallet owner.' })
export const PayoutPage = pageOf(Payout, 'PayoutPage')

const StatementLine = z
  .object({
    posting: z.string().openapi({
      example: 'gateway_capture',
      description: 'Kind of entry in the books, such as `gateway_capture`, `debt_netted`, `payout_sent`.',
    }),
    bookingId: Id.nullable().openapi({ description: 'Booking that it is about.' }),
    amount: AmountMinor.openapi({
      example: 31_167,
      description: 'Added to the balance (positive) or taken from it (negative), in minor units.',
    }),
    createdAt: Timestamp,
  })
  .openapi('PayoutStatementLine', { description: 'A line of a statement.' })

const statementLine = (
  posting: string,
  amount: number,
  createdAt: string,
): z.infer<typeof StatementLine> => ({
  posting,
  bookingId: posting === 'debt_netted' ? null : '019a2f4e-7c1b-7d3a-9f00-3b5c8e2d1a40',
  amount,
  createdAt,
})

const PayoutStatement = z
  .object({
    since: Timestamp.nullable().openapi({ description: 'Time of the payout before; null for the first.' }),
    openingBalance: AmountMinor.openapi({ example: 0, description: 'Balance after the payout before.' }),
    closingBalance: AmountMinor.openapi({
      example: 58_167,
      description: 'Balance when the payout was made: the opening balance and all lines.',
    }),
    carriedForward: AmountMinor.openapi({
      example: 27_000,
      description: 'What stays of the closing balance: held, or captured too lately.',
    }),
    nettedCommission: AmountMinor.openapi({
      example: 2_250,
      description: 'Commission debts that were paid from it.',
    }),
    nettedRefunds: AmountMinor.openapi({
      example: 0,
      description: 'Debts for refunds that were paid from it.',
    }),
    nettedFees: AmountMinor.openapi({ example: 0, description: 'Debts for fees that were paid from it.' }),
    lines: z.array(StatementLine).openapi({
      description: 'The first 200 lines, oldest first.',
      example: [
        statementLine('gateway_capture', 33_417, '2026-11-14T10:20:00.000Z'),
        statementLine('debt_netted', -2_250, '2026-11-18T06:00:00.000Z'),
        statementLine('gateway_capture', 27_000, '2026-11-20T16:05:00.000Z'),
      ],
    }),
    hasMoreLines: z
      .boolean()
      .openapi({ example: false, description: 'Whether there are more lines than are shown.' }),
  })
  .openapi('PayoutStatement', { description: 'What a payout is made of.' })

const PayoutAttempt = z
  .object({
    number: z.int().openapi({ example: 1, description: 'Number of the attempt.' }),
    provider: z.string().openapi({ example: 'paystack', description: 'Gateway, or `manual`.' }),
    reference: z.string().openapi({
      example: 'po-019a2f4e7c1b7d3a9f003b5c8e2d1a40-1',
      description: 'Our reference.',
    }),
    gatewayReference: reference.openapi({ example: 'TRF_1', description: 'Reference of the gateway.' }),
    status: z.enum(transactionStatus.enumValues).openapi({
      example: 'completed',
      description: '`initiated`: under way. `unknown`: the gateway has not told.',
    }),
    rawStatus: reference.openapi({ example: 'success', description: 'The gateway’s own word.' }),
    failureCode: reference.openapi({ example: null, description: 'Why it failed.' }),
    account: PayoutTarget.openapi({ description: 'Account that it went to.' }),
    isSettled: z.boolean().openapi({
      example: false,
      description:
        'Whether it succeeded after it had failed, beside what the books say was paid, and is a debt of its owner by an adjustment (`second_payout`).',
    }),
    createdAt: Timestamp,
    completedAt: Timestamp.nullable().openapi({
      example: '2026-11-21T08:45:00.000Z',
      description: 'When its end was known.',
    }),
  })
  .openapi('PayoutAttempt', { description: 'One sending of a payout.' })

export const PayoutDetail = z
  .object({
    ...payoutFields,
    statement: PayoutStatement.nullable().openapi({
      description: 'What it is made of; null for cash.',
    }),
    attempts: z
      .array(PayoutAttempt)
      .nullable()
      .openapi({ description: 'How often it was sent, and with what outcome; for staff only.' }),
  })
  .openapi('PayoutDetail', { description: 'A payout with its statement.' })

export const PayoutFilters = z.object({
  ...pageQuery,
  ...changedQuery,
  status: PayoutState.optional().openapi({ description: 'Only payouts with this status.' }),
  kind: PayoutKind.optional().openapi({ description: 'Only payouts of this kind.' }),
  userId: relatedId('Only payouts to this user.'),
  bookingId: relatedId('Only the payout of this booking.'),
  batchId: Id.optional().openapi({ description: 'Only payouts of this batch; for staff only.' }),
  currency: Currency.optional().openapi({ description: 'Only payouts in this currency.' }),
  provider: z
    .string()
    .max(40)
    .optional()
    .openapi({ description: 'Only payouts that this provider sends.', example: 'manual' }),
  held: queryBoolean()
    .optional()
    .openapi({ description: 'Only payouts that staff have stopped, or only the others.' }),
  review: queryBoolean()
    .optional()
    .openapi({ description: 'Only payouts that staff must look at, or only the others; for staff only.' }),
  reference: z.string().max(200).optional().openapi({
    description: 'Only the payout with this reference, ours or the gateway’s, of any attempt.',
    example: 'tr_1',
  }),
})

const PositiveAmount = z
  .int()
  .min(1)
  .max(largestAmount)
  .openapi({ format: 'int64', description: 'In minor units.', example: 14_000 })

export const Withdraw = z
  .strictObject({
    amountMinor: PositiveAmount,
    currency: Currency,
    payoutAccountId: Id.optional().openapi({
      description: 'Account that it goes to; your default account of the currency without it.',
    }),
  })
  .openapi('Withdraw', {
    description: 'Amount to take out of a wallet.',
    example: { amountMinor: 14_000, currency: 'EGP' },
  })

export const PayoutReason = z
  .strictObject({ reason: Reason.openapi({ description: 'Kept in the audit log.' }) })
  .openapi('PayoutReason', {
    description: 'Why staff do it.',
    example: { reason: 'The account was changed yesterday.' },
  })

export const BankFailureCode = z
  .string()
  .regex(/^[a-z_]{1,40}$/, valueTexts.failureCode)
  .openapi({
    example: 'invalid_account',
    description: 'Why: `invalid_account` also stops further payouts to the account.',
  })
export const BankReference = z
  .string()
  .trim()
  .min(1)
  .max(100)
  .openapi({ example: 'NBE-2026-11-29-17', description: 'Reference on the bank’s statement.' })

export const DecidePayout = z
  .strictObject({
    outcome: z.enum(['paid', 'failed']).openapi({
      example: 'paid',
      description:
        'What the bank or gateway shows. For a late success `paid` takes the amount from its owner’s account again; `failed` says that it has not arrived. One that has arrived twice is a `second_payout` (`adjustments.propose`).',
    }),
    reason: Reason.openapi({ description: 'How you know. Kept in the audit log.' }),
    reference: BankReference.optional(),
    failureCode: BankFailureCode.optional(),
  })
  .openapi('DecidePayout', {
    description: 'What became of a payout.',
    example: { outcome: 'paid', reason: 'It is in the gateway’s dashboard.' },
  })

export const ReturnPayout = z
  .strictObject({
    reason: Reason.openapi({ description: 'How you know. Kept in the audit log.' }),
    failureCode: BankFailureCode.optional(),
  })
  .openapi('ReturnPayout', {
    description: 'Why a payout came back.',
    example: { reason: 'The bank sent it back: account closed.' },
  })

/** Staff read why a payout waits; its owner reads that it does. */
function fieldsOf(row: PayoutRow, actor: Actor) {
  const isForStaff = isStaff(actor)
  const party = isForStaff ? 'ops' : userIdOf(actor) === row.userId ? 'owner' : null
  return {
    id: row.id,
    userId: row.userId,
    kind: row.kind,
    bookingId: row.bookingId,
    account: row.account,
    amount: row.amount,
    currency: row.currency,
    status: row.status,
    provider: row.provider,
    reference: row.reference,
    providerReference: row.providerReference,
    failureCode: row.failureCode,
    heldAt: row.heldAt,
    heldReason: isForStaff ? row.heldReason : null,
    review: isForStaff ? row.review : null,
    batchId: isForStaff ? row.batchId : null,
    scheduledFor: row.scheduledFor,
    sentAt: row.sentAt,
    paidAt: row.paidAt,
    returnedAt: row.returnedAt,
    // Cash does not come back.
    allowedActions: row.kind === 'cash' ? [] : allowedActions(payoutMachine, row.status, party),
    version: row.version,
    createdAt: row.createdAt,
    updatedAt: row.updatedAt,
  }
}

export const toPayout = (row: PayoutRow, actor: Actor): z.infer<typeof Payout> => fieldsOf(row, actor)

export const toPayoutDetail = (
  { statement, attempts, ...row }: PayoutDetailRow,
  actor: Actor,
): z.infer<typeof PayoutDetail> => ({
  ...fieldsOf(row, actor),
  statement: statement && {
    ...statement,
    carriedForward: statement.closingBalance - row.amount,
  },
  attempts: isStaff(actor) ? attempts : null,
})
