import { amountOf, differ, exceeds, isObject, type JsonObject, listOf, type Rules, sumOf } from './parts.ts'

const withoutGateway = ['cash', 'wallet']
const isPayment = (object: JsonObject): boolean => 'amountCaptured' in object && 'purpose' in object
const isBooked = (purpose: unknown): boolean => ['booking', 'tip', 'contract'].includes(String(purpose))

/** Payments, payouts, wallets and debts. */
export const paymentRules: Rules = {
  'more is captured than was authorized': (payment) =>
    exceeds(amountOf(payment, 'amountCaptured'), amountOf(payment, 'amountAuthorized')),
  'more is refunded than was captured': (payment) =>
    exceeds(amountOf(payment, 'amountRefunded'), amountOf(payment, 'amountCaptured')),
  'is captured without an amount, or has one without being captured': (payment) =>
    isPayment(payment) && (payment.status === 'captured') !== Number(payment.amountCaptured) > 0,
  'is authorized without an amount': (payment) =>
    isPayment(payment) && payment.status === 'authorized' && payment.amountAuthorized === 0,
  'is due though it is paid or canceled': (payment) =>
    isPayment(payment) &&
    ['captured', 'canceled'].includes(String(payment.status)) &&
    payment.amountDue !== null,
  'waits for the payer at a gateway that has no part in it': (payment) =>
    isPayment(payment) && withoutGateway.includes(String(payment.method)) && payment.nextAction !== null,
  'has something to do for the payer though nothing waits': (payment) =>
    isPayment(payment) && payment.status !== 'requires_action' && payment.nextAction !== null,
  'has failed though no gateway was asked': (payment) =>
    isPayment(payment) && withoutGateway.includes(String(payment.method)) && payment.failureCode !== null,
  'has another provider than its method': ({ method, provider, ...payment }) =>
    isPayment(payment) &&
    (withoutGateway.includes(String(method))
      ? provider !== method
      : withoutGateway.includes(String(provider))),
  'is about another thing than its purpose says': ({ purpose, bookingId, orderId, payeeId, ...payment }) =>
    isPayment({ purpose: purpose ?? null, ...payment }) &&
    ((bookingId !== null) !== isBooked(purpose) ||
      (payeeId !== null) !== isBooked(purpose) ||
      (orderId !== null) !== (purpose === 'order')),
  'has a failure without having failed': ({ failureCode, status, amount }) =>
    typeof failureCode === 'string' &&
    typeof amount === 'number' &&
    ['pending', 'succeeded', 'scheduled', 'processing', 'paid'].includes(String(status)),
  'a payout of notes has no booking, or another one has': ({ kind, account, bookingId, scheduledFor }) =>
    scheduledFor !== undefined &&
    account !== undefined &&
    bookingId !== undefined &&
    (kind === 'cash') !== (bookingId !== null),
  'is missing on the side that has it': ({ outcome, amountThere, amountHere }) =>
    (outcome === 'missing_here' && amountHere !== null) ||
    (outcome === 'missing_there' && amountThere !== null) ||
    (outcome === 'matched' && amountThere !== amountHere),
  'the statement does not add up': ({ openingBalance, closingBalance, lines, hasMoreLines }) =>
    typeof openingBalance === 'number' &&
    hasMoreLines === false &&
    differ(closingBalance as number, openingBalance + (sumOf((lines ?? []) as JsonObject[], 'amount') ?? 0)),
  'what is carried forward is not the closing balance less the payout': ({ statement, amount }) =>
    isObject(statement) &&
    differ(statement.carriedForward as number, Number(statement.closingBalance) - Number(amount)),
  'what is owed is not the sum of the debts': (debt) =>
    'owedAmount' in debt &&
    debt.owedAmount !== Number(debt.commissionAmount) + Number(debt.refundAmount) + Number(debt.feeAmount),
  'is above the cap by another amount': ({ owedAmount, cap, aboveCapAmount }) =>
    typeof cap === 'number' &&
    differ(aboveCapAmount as number | undefined, Math.max(0, Number(owedAmount) - cap)),
  'the accounts do not add up to zero': (books) =>
    listOf(books, 'totals') !== undefined &&
    (sumOf(listOf(books, 'accounts') ?? [], 'balance') !== 0 ||
      sumOf(listOf(books, 'totals') ?? [], 'balance') !== 0),
  'a write-off has lines, or a correction debts': ({ kind, lines, ...debts }) =>
    Array.isArray(lines) &&
    'explainsDocumentId' in debts &&
    (kind === 'correction') !==
      (lines.length > 0 &&
        ['commissionAmount', 'refundAmount', 'feeAmount'].every((name) => debts[name] === 0)),
  'more payouts are open than there are': ({ payouts, openPayouts, status }) =>
    exceeds(openPayouts as number, payouts as number) ||
    (status === 'closed' && Number(openPayouts ?? 0) > 0),
  'is balanced, though sums differ': ({ status, sums, unexplained }) =>
    status === 'balanced' &&
    (unexplained !== 0 || ((sums ?? []) as JsonObject[]).some(({ there, here }) => there !== here)),
}
