import { Problem } from '../../../core/problems.ts'
import { ctxOf, userCtxOf } from '../../../http/context.ts'
import { newRoutes } from '../../../http/mount.ts'
import { defineOperation } from '../../../http/operation.ts'
import { readPage, toPage } from '../../../http/pages.ts'
import { anyUser, staff } from '../../../http/policy.ts'
import { idParams } from '../../../http/schemas.ts'
import { bookingToPay, isGatewayMethod, payByGateway } from '../gateways/paying.ts'
import { confirmCash, objectToCash, reportCash, settleCash } from './cash.ts'
import { getCompanyEarnings, getEarnings } from './earnings.ts'
import { Earnings, EarningsQuery, periodsOfQuery, toEarnings } from './earnings-schemas.ts'
import { furtherRoutes } from './further-routes.ts'
import { choosePayment, getPayment, getPaymentById, listPayments } from './payments.ts'
import { CreateRefund, Refund, RefundFilters, RefundPage, toRefund } from './refund-schemas.ts'
import { createRefund, getRefund, listRefunds } from './refunds.ts'
import {
  ChoosePayment,
  ObjectToCash,
  Payment,
  PaymentFilters,
  PaymentPage,
  SettleCash,
  toPayment,
} from './schemas.ts'

const params = idParams('bookingId')

const cashProblems = [
  'payment_not_due',
  'payment_not_cash',
  'fare_unavailable',
  'invalid_transition',
] as const

export const routes = newRoutes()

routes.route('/', furtherRoutes)

const read = {
  permission: 'payments.read',
  roles: anyUser,
  relation: { who: ['client', 'tasker'], of: 'booking', orStaff: true },
  scope: 'payments:read',
} as const
const write = { roles: ['client', 'tasker'], scope: 'payments:write' } as const

const choose = defineOperation({
  operationId: 'payments.choose',
  method: 'post',
  path: '/v1/bookings/{bookingId}/payment',
  tag: 'Payments',
  summary: 'Choose how to pay',
  description:
    'Until the payment is captured the client may choose another method; what was authorised is released. `cash` is handed over after the work. `wallet` holds what the booking can cost at most, and pays the fare once the work is completed. Other methods begin a payment at a gateway: `nextAction` says what the payer does; the gateway holds the amount until the work is completed, or takes it and gives back what is left.',
  policy: { ...write, relation: { who: ['client'], of: 'booking' } },
  params,
  body: ChoosePayment,
  idempotency: 'required',
  responses: { 200: { description: 'The payment.', schema: Payment } },
  problems: [
    'payment_method_required',
    'payment_method_unavailable',
    'booking_not_payable',
    'contract_decides',
    'already_paid',
    'payment_in_progress',
    'gateway_unavailable',
    'fare_unavailable',
    'insufficient_balance',
    'invalid_transition',
    'stored_method_unusable',
    'stored_method_expired',
  ],
})

routes.openapi(choose, async (c) => {
  const ctx = userCtxOf(c)
  const { bookingId } = c.req.valid('param')
  const {
    method = 'usual',
    returnUrl = null,
    saveMethod = false,
    storedMethodId = null,
  } = c.req.valid('json')
  if (method === 'usual' || !isGatewayMethod(method)) {
    if (storedMethodId !== null) throw new Problem('stored_method_unusable')
    return c.json(toPayment(await choosePayment(ctx, bookingId, method), ctx.actor), 200)
  }
  const choice = { method, returnUrl, saveMethod, storedMethodId }
  const row = await payByGateway(ctx, bookingToPay(bookingId, choice), choice)
  return c.json(toPayment(row, ctx.actor), 200)
})

const get = defineOperation({
  operationId: 'payments.get',
  method: 'get',
  path: '/v1/bookings/{bookingId}/payment',
  tag: 'Payments',
  summary: 'Get the payment of a booking',
  description:
    'Returns the payment method, the amount due and the amount paid. The payment is made with the booking.',
  policy: read,
  params,
  etag: true,
  responses: { 200: { description: 'The payment.', schema: Payment } },
})

routes.openapi(get, async (c) => {
  const ctx = ctxOf(c)
  return c.json(toPayment(await getPayment(ctx, c.req.valid('param').bookingId), ctx.actor), 200)
})

const getById = defineOperation({
  operationId: 'payments.getById',
  method: 'get',
  path: '/v1/payments/{paymentId}',
  tag: 'Payments',
  summary: 'Get a payment',
  description:
    'The payment of a booking, a tip, a top-up or debts, for its payer and whom it pays. `nextAction` is for the payer.',
  policy: read,
  params: idParams('paymentId'),
  etag: true,
  responses: { 200: { description: 'The payment.', schema: Payment } },
})

routes.openapi(getById, async (c) => {
  const ctx = ctxOf(c)
  return c.json(toPayment(await getPaymentById(ctx, c.req.valid('param').paymentId), ctx.actor), 200)
})

const list = defineOperation({
  operationId: 'payments.list',
  method: 'get',
  path: '/v1/payments',
  tag: 'Payments',
  summary: 'List payments',
  description: 'Payments that you are a party to, newest first. Staff see all payments.',
  policy: read,
  query: PaymentFilters,
  responses: { 200: { description: 'A page of payments.', schema: PaymentPage } },
})

routes.openapi(list, async (c) => {
  const ctx = ctxOf(c)
  const page = readPage(c)
  const rows = await listPayments(ctx, c.req.valid('query'), page)
  return c.json(
    toPage(c, page, rows, (row) => toPayment(row, ctx.actor)),
    200,
  )
})

const confirm = defineOperation({
  operationId: 'payments.confirmCash',
  method: 'post',
  path: '/v1/bookings/{bookingId}/payment/confirm-cash',
  tag: 'Payments',
  summary: 'Confirm receipt of cash',
  description:
    'The tasker has received the fare and keeps it. The task is settled, and the tasker owes the commission to the platform.',
  policy: {
    roles: ['client', 'tasker'],
    relation: { who: ['tasker'], of: 'booking' },
    scope: 'payments:write',
  },
  params,
  idempotency: 'required',
  responses: { 200: { description: 'The completed payment.', schema: Payment } },
  problems: cashProblems,
})

routes.openapi(confirm, async (c) => {
  const ctx = userCtxOf(c)
  return c.json(toPayment(await confirmCash(ctx, c.req.valid('param').bookingId), ctx.actor), 200)
})

const report = defineOperation({
  operationId: 'payments.reportCash',
  method: 'post',
  path: '/v1/bookings/{bookingId}/payment/report-cash',
  tag: 'Payments',
  summary: 'Say that you have paid in cash',
  description:
    'The tasker has until `settlesAt` to confirm or to object. Silence settles it. Saying it again changes nothing.',
  policy: { ...write, relation: { who: ['client'], of: 'booking' } },
  params,
  idempotency: 'required',
  responses: { 200: { description: 'The payment, with the time when it settles.', schema: Payment } },
  problems: cashProblems,
})

routes.openapi(report, async (c) => {
  const ctx = userCtxOf(c)
  return c.json(toPayment(await reportCash(ctx, c.req.valid('param').bookingId), ctx.actor), 200)
})

const object = defineOperation({
  operationId: 'payments.objectToCash',
  method: 'post',
  path: '/v1/bookings/{bookingId}/payment/object-to-cash',
  tag: 'Payments',
  summary: 'Object that you were not paid',
  description: 'Silence no longer settles the payment: staff ask both sides and decide what was paid.',
  policy: { ...write, relation: { who: ['tasker'], of: 'booking' } },
  params,
  body: ObjectToCash,
  idempotency: 'required',
  responses: { 200: { description: 'The payment, in review.', schema: Payment } },
  problems: cashProblems,
})

routes.openapi(object, async (c) => {
  const ctx = userCtxOf(c)
  const row = await objectToCash(ctx, c.req.valid('param').bookingId, c.req.valid('json').reason)
  return c.json(toPayment(row, ctx.actor), 200)
})

const settle = defineOperation({
  operationId: 'payments.settleCash',
  method: 'post',
  path: '/v1/bookings/{bookingId}/payment/settle-cash',
  tag: 'Payments',
  summary: 'Settle cash for both sides (staff)',
  description:
    'Ends an objection, or a payment without a known fare, with the amount that was paid. The reason is on record.',
  policy: { roles: staff, permission: 'payments.manage', scope: 'payments:write' },
  params,
  body: SettleCash,
  idempotency: 'required',
  responses: { 200: { description: 'The completed payment.', schema: Payment } },
  problems: cashProblems,
})

routes.openapi(settle, async (c) => {
  const ctx = userCtxOf(c)
  const { amountMinor: amount, reason } = c.req.valid('json')
  return c.json(
    toPayment(await settleCash(ctx, c.req.valid('param').bookingId, { amount, reason }), ctx.actor),
    200,
  )
})

const refund = defineOperation({
  operationId: 'payments.refund',
  method: 'post',
  path: '/v1/payments/{paymentId}/refunds',
  tag: 'Payments',
  summary: 'Refund a payment (staff)',
  description:
    'Wholly or in part. It is taken from what the tasker is owed, and else becomes their debt. What a gateway cannot return goes into the wallet.',
  policy: { roles: staff, permission: 'payments.refund', scope: 'payments:refund' },
  params: idParams('paymentId'),
  body: CreateRefund,
  idempotency: 'required',
  responses: { 201: { description: 'The refund.', schema: Refund } },
  problems: ['nothing_to_refund', 'amount_above_paid'],
})

routes.openapi(refund, async (c) => {
  const { amountMinor, reason, destination, note } = c.req.valid('json')
  const row = await createRefund(userCtxOf(c), c.req.valid('param').paymentId, {
    amount: amountMinor ?? null,
    reason,
    destination,
    note,
  })
  return c.json(toRefund(row), 201)
})

const listOfRefunds = defineOperation({
  operationId: 'refunds.list',
  method: 'get',
  path: '/v1/refunds',
  tag: 'Payments',
  summary: 'List refunds',
  description: 'Refunds of payments that you are a party to, newest first. Staff see all of them.',
  policy: read,
  query: RefundFilters,
  responses: { 200: { description: 'A page of refunds.', schema: RefundPage } },
})

routes.openapi(listOfRefunds, async (c) => {
  const page = readPage(c)
  return c.json(toPage(c, page, await listRefunds(ctxOf(c), c.req.valid('query'), page), toRefund), 200)
})

const oneRefund = defineOperation({
  operationId: 'refunds.get',
  method: 'get',
  path: '/v1/refunds/{refundId}',
  tag: 'Payments',
  summary: 'Get a refund',
  description: 'Returns what goes back, where to, and how far it is.',
  policy: read,
  params: idParams('refundId'),
  etag: true,
  responses: { 200: { description: 'The refund.', schema: Refund } },
})

routes.openapi(oneRefund, async (c) =>
  c.json(toRefund(await getRefund(ctxOf(c), c.req.valid('param').refundId)), 200),
)

const earnings = defineOperation({
  operationId: 'me.getEarnings',
  method: 'get',
  path: '/v1/me/earnings',
  tag: 'Me',
  summary: 'Get your earnings',
  description:
    'By currency: what is payable to you, what you owe in fees and refunds, and what you have received. With `from`, also by day, week or month.',
  policy: { roles: ['tasker'], scope: 'payments:read' },
  query: EarningsQuery,
  etag: true,
  responses: { 200: { description: 'Your earnings.', schema: Earnings } },
  problems: ['earnings_period'],
})

routes.openapi(earnings, async (c) => {
  const ctx = userCtxOf(c)
  const periods = periodsOfQuery(c.req.valid('query'), ctx.now)
  return c.json(toEarnings(await getEarnings(ctx, periods), ctx.actor), 200)
})

const companyEarnings = defineOperation({
  operationId: 'companies.getEarnings',
  method: 'get',
  path: '/v1/companies/{companyId}/earnings',
  tag: 'Companies',
  summary: 'Get the earnings of a company',
  description:
    'As `me.getEarnings`, of the bookings that the company earns, for its owners and accountants. Periods are in the time zone of the company’s account.',
  policy: { roles: ['client', 'tasker'], relation: { who: ['manager'] }, scope: 'companies:read' },
  params: idParams('companyId'),
  query: EarningsQuery,
  etag: true,
  responses: { 200: { description: 'The earnings.', schema: Earnings } },
  problems: ['earnings_period'],
})

routes.openapi(companyEarnings, async (c) => {
  const ctx = userCtxOf(c)
  const periods = periodsOfQuery(c.req.valid('query'), ctx.now)
  const row = await getCompanyEarnings(ctx, c.req.valid('param').companyId, periods)
  return c.json(toEarnings(row, ctx.actor), 200)
})
