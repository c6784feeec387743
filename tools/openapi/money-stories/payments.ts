import { paymentIntentMachine } from '../../../src/areas/money/payments/machine.ts'
import { payoutMachine } from '../../../src/areas/money/payouts/machine.ts'
import { idOf } from '../example-ids.ts'
import type { JsonObject } from '../money-rules/parts.ts'
import { fare, firstMilestone, mostFare, orderTotal } from './amounts.ts'
import { actionsOf, type Call, touch } from './call.ts'

/** Purpose and price of the payment of each operation; all others show the payment of a booking. */
export const purposes: Record<string, { purpose: string; amount?: number }> = {
  'contracts.fund': { purpose: 'contract', amount: firstMilestone },
  'me.payDebts': { purpose: 'debt' },
  'me.topUpWallet': { purpose: 'top_up' },
  'orders.pay': { purpose: 'order', amount: orderTotal },
  'tips.create': { purpose: 'tip' },
}

/** Operations about notes that change hands after the work. */
const cash = ['payments.confirmCash', 'payments.reportCash', 'payments.objectToCash', 'payments.settleCash']
const ofPeople = ['booking', 'tip', 'contract']
const isWithoutGateway = (method: string): boolean => ['cash', 'wallet'].includes(method)

export function tellPayment(payment: JsonObject, { operationId, request }: Call): void {
  const { purpose = 'booking', amount = fare } = purposes[operationId] ?? {}
  const isCash = cash.includes(operationId)
  const method = isCash ? 'cash' : String(request.method ?? payment.method)
  const price = typeof request.amountMinor === 'number' ? request.amountMinor : amount
  if (purpose !== 'booking') {
    payment.status = method === 'wallet' ? 'captured' : 'requires_action'
    payment.allowedActions = actionsOf(paymentIntentMachine, payment, 'client')
  }
  const status = String(payment.status)
  const isWaiting = status === 'requires_action'
  const isPaid = status === 'captured'
  Object.assign(payment, {
    purpose,
    method,
    ...(ofPeople.includes(purpose) ? {} : { bookingId: null, payeeId: null }),
    orderId: purpose === 'order' ? idOf('order') : null,
    provider: isWithoutGateway(method) ? method : 'paystack',
    amountAuthorized: isPaid ? price : status === 'authorized' ? mostFare : 0,
    amountCaptured: isPaid ? price : 0,
    amountRefunded: 0,
    amountDue: isWaiting && (isCash || purpose !== 'booking') ? price : null,
  })
  if (!isWaiting || isWithoutGateway(method)) Object.assign(payment, { nextAction: null, expiresAt: null })
  if (status !== 'failed') payment.failureCode = null
  if (isCash && isWaiting) {
    payment.cashReportedAt = '2026-11-22T10:40:00.000Z'
    payment.settlesAt = operationId === 'payments.reportCash' ? '2026-11-23T10:40:00.000Z' : null
    if (operationId === 'payments.objectToCash') payment.review = 'cash_objection'
    touch(payment, '2026-11-22T10:40:00.000Z')
  }
}

/** A tasker reads what they have been paid. */
export function tellEarnings(earnings: JsonObject, call: Call): void {
  for (const payout of (earnings.recentPayouts ?? []) as JsonObject[]) {
    tellPayout(payout, call)
    payout.allowedActions = actionsOf(payoutMachine, payout, 'owner')
  }
}

export function tellPayout(payout: JsonObject, { operationId, request }: Call): void {
  if (operationId === 'me.withdraw')
    Object.assign(payout, { kind: 'withdrawal', amount: request.amountMinor })
  if (['processing', 'paid', 'returned'].includes(String(payout.status)))
    payout.sentAt ??= '2026-11-21T08:30:00.000Z'
  if (payout.status === 'scheduled')
    Object.assign(payout, {
      provider: null,
      reference: null,
      providerReference: null,
      sentAt: null,
      paidAt: null,
    })
}
