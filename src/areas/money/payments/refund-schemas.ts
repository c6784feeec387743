import { z } from '@hono/zod-openapi'
import { refundReasons } from '../../../db/schema/money/payments.ts'
import { changedQuery, relatedId } from '../../../http/list-query.ts'
import { pageOf, pageQuery } from '../../../http/pages.ts'
import { AmountMinor, Currency, Id, Reason, Timestamp, Version } from '../../../http/schemas.ts'
import { refundMachine } from './machine.ts'
import type { RefundRow } from './refunds.ts'
import { PaidAmount } from './schemas.ts'

export const CreateRefund = z
  .strictObject({
    amountMinor: PaidAmount.optional().openapi({
      example: 5_000,
      description: 'In minor units; all that is left without it.',
    }),
    reason: z.enum(refundReasons).openapi({ description: 'Why money goes back.', example: 'requested' }),
    destination: z.enum(['original', 'wallet']).default('original').openapi({
      description: 'The method that paid, or the wallet. Cash and wallet payments go into the wallet.',
      example: 'wallet',
    }),
    note: Reason.optional().openapi({ description: 'For staff; no one else reads it.' }),
  })
  .openapi('CreateRefund', {
    example: { amountMinor: 5_000, reason: 'requested', destination: 'wallet' },
  })

export const Refund = z
  .object({
    id: Id,
    paymentId: Id,
    bookingId: Id.nullable(),
    disputeId: Id.nullable().openapi({ description: 'Dispute that it decides.' }),
    kind: z.enum(['refund', 'return']).openapi({
      example: 'refund',
      description: '`refund`: of what was captured. `return`: of a prepayment that was not earned.',
    }),
    amount: AmountMinor.openapi({ example: 5_000, description: 'In minor units.' }),
    currency: Currency,
    reason: z.enum(refundReasons).openapi({ description: 'Why money goes back.', example: 'requested' }),
    destination: z
      .enum(['original', 'wallet'])
      .openapi({ example: 'wallet', description: 'Where the money goes.' }),
    status: z
      .enum(refundMachine.states)
      .openapi({ example: 'succeeded', description: 'Status of the refund.' }),
    failureCode: z.string().nullable().openapi({
      example: null,
      description: 'Why the gateway could not return it: the amount is in the wallet then.',
    }),
    version: Version,
    createdAt: Timestamp,
    updatedAt: Timestamp,
    completedAt: Timestamp.nullable().openapi({ description: 'When it ended.' }),
  })
  .openapi('Refund', { description: 'Money that goes back to the payer.' })

export const RefundPage = pageOf(Refund, 'RefundPage')

export const RefundFilters = z.object({
  ...pageQuery,
  ...changedQuery,
  status: z
    .enum(refundMachine.states)
    .optional()
    .openapi({ description: 'Only refunds with this status.', example: 'pending' }),
  paymentId: relatedId('Only refunds of this payment.'),
  bookingId: relatedId('Only refunds of this booking.'),
})

export const toRefund = (row: RefundRow): z.infer<typeof Refund> => ({
  id: row.id,
  paymentId: row.intentId,
  bookingId: row.bookingId,
  disputeId: row.disputeId,
  kind: row.kind,
  amount: row.amount,
  currency: row.currency,
  reason: row.reason,
  destination: row.destination,
  status: row.status,
  failureCode: row.failureCode,
  version: row.version,
  createdAt: row.createdAt,
  updatedAt: row.updatedAt,
  completedAt: row.completedAt,
})
