import { z } from '@hono/zod-openapi'
import { type Actor, isStaff, userIdOf } from '../../../core/context.ts'
import { allowedActions } from '../../../core/machine.ts'
import { Problem } from '../../../core/problems.ts'
import { paymentPurposes, paymentReviews, refundReasons } from '../../../db/schema/money/payments.ts'
import { changedQuery, createdQuery, relatedId } from '../../../http/list-query.ts'
import { pageOf, pageQuery } from '../../../http/pages.ts'
import {
  AllowedActions,
  AmountMinor,
  Currency,
  Id,
  largestAmount,
  MoneyReason,
  queryBoolean,
  Timestamp,
  Version,
} from '../../../http/schemas.ts'
import { gatewayMethods } from '../../../providers/payments/gateway.ts'
import { PaymentMethod, PaymentStatus } from '../../work/bookings/schemas.ts'
import { Payout, toPayout } from '../payouts/schemas.ts'
import { type EarningsPeriods, type EarningsRow, periodLengths } from './earnings.ts'
import { paymentIntentMachine, refundMachine } from './machine.ts'
import type { PaymentRow } from './payments.ts'
import type { RefundRow } from './refunds.ts'

const atGateway = {
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
  .strictObject({ method: PaymentMethod, ...atGateway })
  .openapi('ChoosePayment', { example: { method: 'cash' } })

export const ObjectToCash = z
  .strictObject({ reason: MoneyReason })
  .openapi('ObjectToCash', { example: { reason: 'The client left before paying.' } })

const PaidAmount = z.int().min(1).max(largestAmount)

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

export const GiveTip = z
  .strictObject({
    amountMinor: PaidAmount.openapi({
      example: 2_000,
      description: 'In minor units of the currency of the booking.',
    }),
    method: z.enum(['wallet', ...gatewayMethods]).openapi({
      example: 'wallet',
      description: '`wallet` pays at once; the others are methods of a gateway.',
    }),
    ...atGateway,
  })
  .openapi('GiveTip', {
    example: { amountMinor: 2_000, method: 'wallet' },
    description: 'How much the tasker gets as a tip, and how it is paid.',
  })

export const PayDebtsByGateway = z
  .strictObject({
    amountMinor: PaidAmount.openapi({ example: 3_000, description: 'In minor units; at most what you owe.' }),
    currency: Currency,
    method: GatewayMethod,
    ...atGateway,
  })
  .openapi('PayDebtsByGateway', {
    example: { amountMinor: 3_000, currency: 'EGP', method: 'card' },
    description: 'How much of the debts is paid, and how.',
  })

export const SettleCash = z
  .strictObject({
    amountMinor: PaidAmount.optional().openapi({
      description: 'What was paid, in minor units; the fare without it.',
    }),
    reason: MoneyReason,
  })
  .openapi('SettleCash', { example: { amountMinor: 15_000, reason: 'Both sent us the receipt.' } })

/** As the gateways of `src/providers/payments/gateway.ts` tell it. */
const kindOf = <Type extends string>(type: Type) =>
  z.literal(type).openapi({ example: type, description: 'Kind of action.' })
const words = (example: string, description: string) => z.string().openapi({ example, description })
const instructions = z
  .string()
  .nullable()
  .openapi({ example: null, description: 'What the gateway says to the payer.' })

const NextAction = z
  .discriminatedUnion('type', [
    z
      .object({
        type: kindOf('redirect'),
        url: z
          .url()
          .openapi({ example: 'https://gateway.example/pay/1', description: 'Page of the gateway.' }),
      })
      .openapi('RedirectAction', { description: 'Open a page of the gateway.' }),
    z
      .object({
        type: kindOf('sdk'),
        gateway: words('stripe', 'Gateway of the SDK.'),
        publicKey: words('pk_test_1', 'Key that the SDK is opened with.'),
        clientToken: words('pi_1_secret_1', 'Token of this payment; keep it out of logs.'),
      })
      .openapi('SdkAction', {
        description: 'Hand the token to the SDK of the gateway; 3-D Secure happens there.',
      }),
    z
      .object({
        type: kindOf('display_reference'),
        code: words('7712 3344', 'Code that is paid with.'),
        payee: words('Fawry', 'Where it is paid.'),
        instructions,
      })
      .openapi('ReferenceAction', { description: 'Pay with the code at an outlet or in a banking app.' }),
    z
      .object({
        type: kindOf('qr'),
        payload: words('00020101', 'Content of the code.'),
        imageUrl: z.url().nullable().openapi({ example: null, description: 'Picture of the code.' }),
        deepLinks: z
          .array(z.string())
          .max(20)
          .openapi({ example: ['bank://pay/1'], description: 'Links into banking apps.' }),
      })
      .openapi('QrAction', { description: 'Scan the code, or follow a link into a banking app.' }),
    z
      .object({
        type: kindOf('await_push'),
        phone: words('+233551234987', 'Phone that asks.'),
        instructions,
      })
      .openapi('PushAction', { description: 'Approve on the phone.' }),
    z
      .object({
        type: kindOf('bank_transfer'),
        bankName: words('Wema Bank', 'Bank of the account.'),
        accountNumber: words('0123456789', 'Number of the account.'),
        accountName: z
          .string()
          .nullable()
          .openapi({ example: 'Khidma', description: 'Holder of the account.' }),
        exactAmountMinor: AmountMinor.openapi({ description: 'In minor units: no more and no less.' }),
      })
      .openapi('BankTransferAction', { description: 'Send exactly this amount to this account.' }),
  ])
  .openapi('NextAction', {
    description: 'What the payer does next. More types may come: an app offers another method then.',
  })

export const Payment = z
  .object({
    id: Id,
    purpose: z.enum(paymentPurposes).openapi({
      example: 'booking',
      description: 'What is paid: a booking, a tip for it, a top-up of the wallet, or debts.',
    }),
    bookingId: Id.nullable().openapi({ description: 'Booking that is paid or tipped.' }),
    payerId: Id.openapi({ description: 'User who pays.' }),
    payeeId: Id.nullable().openapi({ description: 'Tasker who is paid.' }),
    method: PaymentMethod,
    status: PaymentStatus,
    provider: z.string().nullable().openapi({
      example: 'cash',
      description: 'Gateway that takes the money; `cash` and `wallet` need none.',
    }),
    nextAction: NextAction.nullable().openapi({
      description: 'What the payer does next; for the payer only.',
    }),
    failureCode: z
      .string()
      .nullable()
      .openapi({ example: 'insufficient_funds', description: 'Why the last attempt failed.' }),
    expiresAt: Timestamp.nullable().openapi({ description: 'How long the payer has for what is next.' }),
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

const PeriodEarnings = z
  .object({
    currency: Currency,
    startsOn: z.iso.date().openapi({
      example: '2026-11-01',
      description: 'First day of the period, in your time zone. A week begins on Monday.',
    }),
    fareAmount: AmountMinor.openapi({ description: 'Fares that were paid, in minor units.' }),
    commissionAmount: AmountMinor.openapi({
      example: 3_750,
      description: 'Commission on them, in minor units.',
    }),
    tipAmount: AmountMinor.openapi({ example: 0, description: 'Tips, in minor units.' }),
    refundAmount: AmountMinor.openapi({ example: 0, description: 'Refunds, in minor units.' }),
    nettedAmount: AmountMinor.openapi({
      example: 0,
      description: 'Debts that were paid from what was payable to you, in minor units.',
    }),
    paidOutAmount: AmountMinor.openapi({ description: 'Payouts, including cash, in minor units.' }),
  })
  .openapi('PeriodEarnings', { description: 'Earnings of one period in one currency.' })

const EarningsDay = z.iso.date()

export const EarningsQuery = z.object({
  from: EarningsDay.optional().openapi({
    example: '2026-11-01',
    description: 'First day of the periods, in your time zone.',
  }),
  to: EarningsDay.optional().openapi({
    example: '2026-11-30',
    description: 'Last day of the periods; today without it. At most 400 days after `from`.',
  }),
  by: z.enum(periodLengths).optional().openapi({
    example: 'week',
    description: 'Length of a period; a day without it.',
  }),
})

const dayMs = 86_400_000
const earningsDays = 400

/** Null: no periods are asked for. */
export function periodsOfQuery(
  { from, to, by = 'day' }: z.infer<typeof EarningsQuery>,
  now: Date,
): EarningsPeriods | null {
  if (from === undefined) return null
  const last = to ?? new Date(now.getTime() + dayMs).toISOString().slice(0, 10)
  const days = (Date.parse(last) - Date.parse(from)) / dayMs
  if (days < 0 || days > earningsDays)
    throw new Problem('earnings_period', { values: { days: earningsDays } })
  return { from, to: last, by }
}

export const Earnings = z
  .object({
    currencies: z
      .array(CurrencyEarnings)
      .openapi({ description: 'One entry for each currency ever earned in.' }),
    recentPayouts: z.array(Payout).openapi({ description: 'The latest 20 payouts, newest first.' }),
    periods: z.array(PeriodEarnings).openapi({
      description: 'The periods in which something happened, oldest first. Empty without `from`.',
    }),
  })
  .openapi('Earnings')

function partyOf(actor: Actor, { payerId, payeeId }: PaymentRow): 'client' | 'tasker' | 'ops' | null {
  if (isStaff(actor)) return 'ops'
  const userId = userIdOf(actor)
  if (userId === payerId) return 'client'
  return userId === payeeId ? 'tasker' : null
}

export const CreateRefund = z
  .strictObject({
    amountMinor: PaidAmount.optional().openapi({
      description: 'In minor units; all that is left without it.',
    }),
    reason: z.enum(refundReasons).openapi({ description: 'Why money goes back.', example: 'requested' }),
    destination: z.enum(['original', 'wallet']).default('original').openapi({
      description: 'The method that paid, or the wallet. Cash and wallet payments go into the wallet.',
      example: 'wallet',
    }),
    note: MoneyReason.optional().openapi({ description: 'For staff; no one else reads it.' }),
  })
  .openapi('CreateRefund', { example: { amountMinor: 5_000, reason: 'requested' } })

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
    amount: AmountMinor.openapi({ description: 'In minor units.' }),
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
  ...createdQuery,
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

export function toPayment(row: PaymentRow, actor: Actor): z.infer<typeof Payment> {
  const actions = allowedActions(paymentIntentMachine, row.status, partyOf(actor, row))
  return {
    id: row.id,
    bookingId: row.bookingId,
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

export const toEarnings = (
  { currencies, recentPayouts, periods }: EarningsRow,
  actor: Actor,
): z.infer<typeof Earnings> => ({
  currencies,
  recentPayouts: recentPayouts.map((payout) => toPayout(payout, actor)),
  periods,
})
