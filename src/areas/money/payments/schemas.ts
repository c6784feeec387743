import { z } from '@hono/zod-openapi'
import type { Actor } from '../../../core/context.ts'
import { allowedActions } from '../../../core/machine.ts'
import { changedQuery, relatedId } from '../../../http/list-query.ts'
import { pageOf, pageQuery } from '../../../http/pages.ts'
import { AllowedActions, AmountMinor, Currency, Id, Timestamp, Version } from '../../../http/schemas.ts'
import { bookingPartyOf } from '../../work/bookings/bookings.ts'
import { PaymentMethod, PaymentStatus } from '../../work/bookings/schemas.ts'
import type { EarningsRow, PayoutRow } from './earnings.ts'
import { paymentIntentMachine, payoutMachine } from './machine.ts'
import type { PaymentRow } from './payments.ts'

export const CreatePayment = z
  .strictObject({ method: PaymentMethod })
  .openapi('CreatePayment', { example: { method: 'cash' } })

export const Payment = z
  .object({
    id: Id,
    bookingId: Id,
    method: PaymentMethod,
    status: PaymentStatus,
    amountDue: AmountMinor.nullable().openapi({
      description: 'The fare in minor units, from completion of the work until it is paid.',
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
  .openapi('Payment', { description: 'The payment of a booking.' })

export const PaymentPage = pageOf(Payment, 'PaymentPage')

export const PaymentFilters = z.object({
  ...pageQuery,
  ...changedQuery,
  status: PaymentStatus.optional().openapi({ description: 'Only payments with this status.' }),
  bookingId: relatedId('Only the payment of this booking.'),
  clientId: relatedId('Only payments of this client.'),
  taskerId: relatedId('Only payments of bookings of this tasker.'),
})

const Payout = z
  .object({
    id: Id,
    bookingId: Id.nullable(),
    amount: AmountMinor,
    currency: Currency,
    status: z.enum(payoutMachine.states).openapi({ example: 'paid', description: 'Status of the payout.' }),
    provider: z
      .string()
      .nullable()
      .openapi({ example: 'cash', description: '`cash`: received from the client and kept.' }),
    scheduledFor: Timestamp.nullable().openapi({ description: 'Planned time of the payout.' }),
    paidAt: Timestamp.nullable().openapi({ description: 'Time of the payout.' }),
    createdAt: Timestamp,
  })
  .openapi('Payout', { description: 'A payout to a tasker.' })

const CurrencyEarnings = z
  .object({
    currency: Currency,
    payableAmount: AmountMinor.openapi({
      description: 'Amount that the platform owes the tasker, in minor units.',
    }),
    owedFeeAmount: AmountMinor.openapi({
      description: 'Commission owed on fares received in cash, in minor units.',
    }),
    owedRefundAmount: AmountMinor.openapi({
      example: 0,
      description: 'Refunds charged to the tasker, in minor units.',
    }),
    paidOutAmount: AmountMinor.openapi({
      description: 'Total of all payouts, including cash, in minor units.',
    }),
  })
  .openapi('CurrencyEarnings', { description: 'Earnings in one currency.' })

export const Earnings = z
  .object({
    currencies: z
      .array(CurrencyEarnings)
      .openapi({ description: 'One entry for each currency ever earned in.' }),
    recentPayouts: z.array(Payout).openapi({ description: 'The latest 20 payouts, newest first.' }),
  })
  .openapi('Earnings')

export function toPayment(row: PaymentRow, actor: Actor): z.infer<typeof Payment> {
  const actions = allowedActions(paymentIntentMachine, row.status, bookingPartyOf(actor, row))
  return {
    id: row.id,
    bookingId: row.bookingId,
    method: row.method,
    status: row.status,
    amountDue: row.amountDue,
    amountCaptured: row.amountCaptured,
    amountRefunded: row.amountRefunded,
    currency: row.currency,
    // Cash is confirmed after the work, which the intent's own state does not tell.
    allowedActions: actions.map((action) =>
      action.action === 'confirm-cash' && action.allowed && row.amountDue === null
        ? { action: 'confirm-cash', allowed: false, reason: 'wrong_state' }
        : action,
    ),
    version: row.version,
    createdAt: row.createdAt,
    updatedAt: row.updatedAt,
  }
}

const toPayout = (row: PayoutRow): z.infer<typeof Payout> => ({
  id: row.id,
  bookingId: row.bookingId,
  amount: row.amount,
  currency: row.currency,
  status: row.status,
  provider: row.provider,
  scheduledFor: row.scheduledFor,
  paidAt: row.paidAt,
  createdAt: row.createdAt,
})

export const toEarnings = ({ currencies, recentPayouts }: EarningsRow): z.infer<typeof Earnings> => ({
  currencies,
  recentPayouts: recentPayouts.map(toPayout),
})
