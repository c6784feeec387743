import { ctxOf, userCtxOf } from '../../../http/context.ts'
import { newRoutes } from '../../../http/mount.ts'
import { defineOperation } from '../../../http/operation.ts'
import { readPage, toPage } from '../../../http/pages.ts'
import { anyUser } from '../../../http/policy.ts'
import { idParams } from '../../../http/schemas.ts'
import { getEarnings } from './earnings.ts'
import { confirmCash, createPayment, getPayment, listPayments } from './payments.ts'
import {
  CreatePayment,
  Earnings,
  Payment,
  PaymentFilters,
  PaymentPage,
  toEarnings,
  toPayment,
} from './schemas.ts'

const params = idParams('bookingId')

export const routes = newRoutes()

const create = defineOperation({
  operationId: 'payments.create',
  method: 'post',
  path: '/v1/bookings/{bookingId}/payment',
  tag: 'Payments',
  summary: 'Choose a payment method',
  description:
    'A booking is paid once. Cash is handed over after the work; wallet and card are rejected until they are available.',
  policy: {
    roles: ['client', 'tasker'],
    relation: { who: ['client'], of: 'booking' },
    scope: 'payments:write',
  },
  params,
  body: CreatePayment,
  idempotency: 'required',
  responses: { 201: { description: 'The outstanding payment.', schema: Payment } },
  problems: ['payment_method_unavailable', 'booking_not_payable', 'payment_exists'],
})

routes.openapi(create, async (c) => {
  const ctx = userCtxOf(c)
  const row = await createPayment(ctx, c.req.valid('param').bookingId, c.req.valid('json').method)
  return c.json(toPayment(row, ctx.actor), 201)
})

const get = defineOperation({
  operationId: 'payments.get',
  method: 'get',
  path: '/v1/bookings/{bookingId}/payment',
  tag: 'Payments',
  summary: 'Get the payment of a booking',
  description:
    'Returns the payment method, the amount due and the amount paid. 404 until a payment method is chosen.',
  policy: {
    permission: 'payments.read',
    roles: anyUser,
    relation: { who: ['client', 'tasker'], of: 'booking', orStaff: true },
    scope: 'payments:read',
  },
  params,
  etag: true,
  responses: { 200: { description: 'The payment.', schema: Payment } },
})

routes.openapi(get, async (c) => {
  const ctx = ctxOf(c)
  return c.json(toPayment(await getPayment(ctx, c.req.valid('param').bookingId), ctx.actor), 200)
})

const list = defineOperation({
  operationId: 'payments.list',
  method: 'get',
  path: '/v1/payments',
  tag: 'Payments',
  summary: 'List payments',
  description: 'Payments of bookings that you are a party to, newest first. Staff see all payments.',
  policy: {
    permission: 'payments.read',
    roles: anyUser,
    relation: { who: ['client', 'tasker'], of: 'booking', orStaff: true },
    scope: 'payments:read',
  },
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
  problems: ['payment_not_due', 'payment_not_cash', 'fare_unavailable', 'invalid_transition'],
})

routes.openapi(confirm, async (c) => {
  const ctx = userCtxOf(c)
  return c.json(toPayment(await confirmCash(ctx, c.req.valid('param').bookingId), ctx.actor), 200)
})

const earnings = defineOperation({
  operationId: 'me.getEarnings',
  method: 'get',
  path: '/v1/me/earnings',
  tag: 'Me',
  summary: 'Get your earnings',
  description:
    'By currency: what is payable to you, what you owe in fees and refunds, and what you have received.',
  policy: { roles: ['tasker'], scope: 'payments:read' },
  etag: true,
  responses: { 200: { description: 'Your earnings.', schema: Earnings } },
})

routes.openapi(earnings, async (c) => c.json(toEarnings(await getEarnings(userCtxOf(c))), 200))
