import { z } from '@hono/zod-openapi'
import { type Actor, isStaff, userIdOf } from '../../../core/context.ts'
import { allowedActions } from '../../../core/machine.ts'
import { paymentPurposes, paymentReviews } from '../../../db/schema/money/payments.ts'
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
import { gatewayMethods } from '../../../providers/payments/gateway.ts'
import { PaymentMethod, PaymentStatus } from '../../work/bookings/schemas.ts'
import { paymentIntentMachine } from './machine.ts'
import { NextAction } from './next-action-schemas.ts'
import type { PaymentRow } from './payments.ts'

export const atGateway = {
  returnUrl: z.url().max(500).optional().openapi({
    example: 'https://app.example/paid',
    description: 'Page or app link that the payer comes back to from the gateway.',
  }),
  saveMethod: z.boolean().optional().openapi({
    example: true,
    description: 'The payer agrees that the gateway keeps the method for later payments.',
  }),
  storedMethodId: Id.optional().openapi({
    description:
      'Pays with this stored method of yours, of the type that `method` says: at once where the bank asks for nothing; else `nextAction` says what you do.',
  }),
}

export const ChoosePayment = z
  .strictObject({
    method: PaymentMethod.optional().openapi({
      description:
        'Without it, the `preferredPaymentMethod` of your client profile, if that is `cash` or `wallet`.',
    }),
    ...atGateway,
  })
  .openapi('ChoosePayment', { example: { method: 'cash' } })

export const ObjectToCash = z
  .strictObject({ reason: Reason })
  .openapi('ObjectToCash', { example: { reason: 'The client left before paying.' } })

export const PaidAmount = z.int().min(1).max(largestAmount)

const GatewayMethod = z.enum(gatewayMethods).openapi({
  example: 'card',
  description: 'Method of a gateway.',
})

export const TopUpWallet = z
  .strictObject({
    amountMinor: PaidAmount.openapi({
      example: 20_000,
      description: 'In minor units; `wallet.top_up` of `config.getPublic` has the limits.',
    }),
    currency: Currency,
    method: GatewayMethod,
    ...atGateway,
  })
  .openapi('TopUpWallet', {
    example: { amountMinor: 20_000, currency: 'EGP', method: 'card' },
    description: 'How much goes into the wallet, and how it is paid.',
  })

const byWallet = {
  method: z.literal('wallet').openapi({ example: 'wallet', description: 'Your wallet, which pays at once.' }),
}
const byGateway = { method: GatewayMethod, ...atGateway }

const tip = {
  amountMinor: PaidAmount.openapi({
    example: 2_000,
    description: 'In minor units of the currency of the booking.',
  }),
}

export const GiveTip = z
  .discriminatedUnion('method', [
    z.strictObject({ ...tip, ...byWallet }).openapi('GiveTipFromWallet'),
    z.strictObject({ ...tip, ...byGateway }).openapi('GiveTipThroughGateway'),
  ])
  .openapi('GiveTip', {
    example: { amountMinor: 2_000, method: 'wallet' },
    description: 'How much the tasker gets as a tip, and how it is paid.',
  })

const debts = {
  amountMinor: PaidAmount.openapi({ example: 3_000, description: 'In minor units; at most what you owe.' }),
  currency: Currency,
}

export const PayDebts = z
  .discriminatedUnion('method', [
    z.strictObject({ ...debts, ...byWallet }).openapi('PayDebtsFromWallet'),
    z.strictObject({ ...debts, ...byGateway }).openapi('PayDebtsThroughGateway'),
  ])
  .openapi('PayDebts', {
    example: { amountMinor: 3_000, currency: 'EGP', method: 'wallet' },
    description: 'How much of the debts is paid, and how.',
  })

/** Something that has one price, which is paid whole. */
export const PayWhole = z
  .discriminatedUnion('method', [
    z.strictObject(byWallet).openapi('PayWholeFromWallet'),
    z.strictObject(byGateway).openapi('PayWholeThroughGateway'),
  ])
  .openapi('PayWhole', {
    example: { method: 'wallet' },
    description: 'How the whole price is paid.',
  })

export const SettleCash = z
  .strictObject({
    amountMinor: PaidAmount.optional().openapi({
      example: 15_000,
      description: 'What was paid, in minor units; the fare without it.',
    }),
    reason: Reason,
  })
  .openapi('SettleCash', { example: { amountMinor: 15_000, reason: 'Both sent us the receipt.' } })

export const Payment = z
  .object({
    id: Id,
    purpose: z.enum(paymentPurposes).openapi({
      example: 'booking',
      description:
        'What is paid: a booking, a tip for it, a contract, an order, a top-up of the wallet, or debts.',
    }),
    bookingId: Id.nullable().openapi({ description: 'Booking that is paid or tipped.' }),
    orderId: Id.nullable().openapi({ example: null, description: 'Order that is paid.' }),
    payerId: Id.openapi({ description: 'User who pays.' }),
    payeeId: Id.nullable().openapi({ description: 'Tasker who is paid.' }),
    method: PaymentMethod.openapi({ example: 'card' }),
    status: PaymentStatus,
    provider: z.string().nullable().openapi({
      example: 'paystack',
      description: 'Gateway that takes the money; `cash` and `wallet` need none.',
    }),
    nextAction: z.union([NextAction, z.null()]).openapi({
      description: 'What the payer does next; for the payer only.',
    }),
    failureCode: z
      .string()
      .nullable()
      .openapi({ example: null, description: 'Why the last attempt failed.' }),
    expiresAt: Timestamp.nullable().openapi({
      example: '2026-11-21T09:30:00.000Z',
      description: 'How long the payer has for what is next.',
    }),
    settlesAt: Timestamp.nullable().openapi({
      description: 'Cash: when it counts as paid, unless the tasker objects before.',
    }),
    cashReportedAt: Timestamp.nullable().openapi({
      description: 'Cash: when the client said that they have paid.',
    }),
    review: z
      .enum(paymentReviews)
      .nullable()
      .openapi({ example: null, description: 'Why staff look at it; null where they need not.' }),
    amountDue: AmountMinor.nullable().openapi({
      example: null,
      description:
        'What is to be paid now, in minor units; null before the work is completed, and once it is paid.',
    }),
    amountAuthorized: AmountMinor.openapi({
      example: 0,
      description:
        'Amount that is secured for the payment, in minor units; more than the fare where it is not known yet.',
    }),
    amountCaptured: AmountMinor.openapi({
      example: 0,
      description: 'Amount paid by the client, in minor units.',
    }),
    amountRefunded: AmountMinor.openapi({
      example: 0,
      description: 'Amount returned to the client, in minor units.',
    }),
    currency: Currency,
    allowedActions: AllowedActions,
    version: Version,
    createdAt: Timestamp,
    updatedAt: Timestamp,
  })
  .openapi('Payment', { description: 'The payment of a booking, a tip, a top-up or debts.' })

export const PaymentPage = pageOf(Payment, 'PaymentPage')

export const PaymentFilters = z.object({
  ...pageQuery,
  ...changedQuery,
  status: PaymentStatus.optional().openapi({ description: 'Only payments with this status.' }),
  purpose: z
    .enum(paymentPurposes)
    .optional()
    .openapi({ description: 'Only payments of this purpose.', example: 'booking' }),
  review: queryBoolean()
    .optional()
    .openapi({ description: 'Only payments that staff must look at (`true`).' }),
  reference: z.string().max(200).optional().openapi({
    description: 'Only the payment with this reference, ours or the gateway’s.',
    example: 'pi_1',
  }),
  bookingId: relatedId('Only payments of this booking.'),
  clientId: relatedId('Only payments of this client.'),
  taskerId: relatedId('Only payments of bookings of this tasker.'),
})

function partyOf(actor: Actor, { payerId, payeeId }: PaymentRow): 'client' | 'tasker' | 'ops' | null {
  if (isStaff(actor)) return 'ops'
  const userId = userIdOf(actor)
  if (userId === payerId) return 'client'
  return userId === payeeId ? 'tasker' : null
}

export function toPayment(row: PaymentRow, actor: Actor): z.infer<typeof Payment> {
  const actions = allowedActions(paymentIntentMachine, row.status, partyOf(actor, row))
  return {
    id: row.id,
    bookingId: row.bookingId,
    orderId: row.orderId,
    purpose: row.purpose,
    payerId: row.payerId,
    payeeId: row.payeeId,
    method: row.method,
    status: row.status,
    provider: row.provider,
    nextAction: userIdOf(actor) === row.payerId ? row.nextAction : null,
    failureCode: row.failureCode,
    expiresAt: row.expiresAt,
    settlesAt: row.settlesAt,
    cashReportedAt: row.cashReportedAt,
    review: row.review,
    amountDue: row.amountDue,
    amountAuthorized: row.amountAuthorized,
    amountCaptured: row.amountCaptured,
    amountRefunded: row.amountRefunded,
    currency: row.currency,
    // Cash is confirmed after the work, which the intent's own state does not tell.
    allowedActions: actions.map((action) =>
      action.action.endsWith('-cash') &&
      action.allowed &&
      (row.purpose !== 'booking' || row.bookingStatus !== 'completed')
        ? { action: action.action, allowed: false, reason: 'wrong_state' }
        : action,
    ),
    version: row.version,
    createdAt: row.createdAt,
    updatedAt: row.updatedAt,
  }
}
