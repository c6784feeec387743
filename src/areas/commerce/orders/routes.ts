import type { z } from '@hono/zod-openapi'
import type { Call } from '../../../http/app-env.ts'
import { userCtxOf } from '../../../http/context.ts'
import { expectedVersionOf, tagged } from '../../../http/etag.ts'
import { newRoutes } from '../../../http/mount.ts'
import { defineOperation } from '../../../http/operation.ts'
import { readPage, toPage } from '../../../http/pages.ts'
import { anyUser, staff } from '../../../http/policy.ts'
import { requestKeyOf } from '../../../http/request-key.ts'
import { idParams } from '../../../http/schemas.ts'
import { transition } from '../../../http/transition.ts'
import { Payment, PayWhole, toPayment } from '../../money/payments/schemas.ts'
import { orderMachine } from './machine.ts'
import {
  cancelOrder,
  getOrder,
  listCompanyOrders,
  listOrders,
  payOrder,
  placeOrder,
  refundOrder,
} from './orders.ts'
import { createQuote, getQuote, replaceQuote } from './quotes.ts'
import {
  CancelOrder,
  CompanyOrderFilters,
  CreateQuote,
  Order,
  OrderFilters,
  OrderPage,
  PlaceOrder,
  Quote,
  RefundOrder,
  RefundOrderPart,
  RequestQuote,
  toOrder,
  toQuote,
} from './schemas.ts'

const buyers = ['client', 'tasker'] as const
const write = { roles: buyers, scope: 'orders:write' } as const
const ownQuote = { roles: buyers, relation: { who: ['owner'] } } as const
const quoteParams = idParams('quoteId')
const params = idParams('orderId')
const order = { 200: { description: 'The order.', schema: Order } }

const quoteProblems = [
  'package_unavailable',
  'coupon_unknown',
  'coupon_not_started',
  'coupon_ended',
  'coupon_used_up',
  'coupon_used_by_you',
  'coupon_below_minimum',
  'coupon_not_applicable',
] as const

export const routes = newRoutes()

const quote = defineOperation({
  operationId: 'orders.quote',
  method: 'post',
  path: '/v1/quotes',
  tag: 'Orders',
  summary: 'Get a quote',
  description:
    'Computes the price of packages, with each step: discounts and the coupon first, then taxes on what is left. The price is kept until `validUntil`. For a company (`companyId`) its owners, managers and accountants ask, and any of them goes on.',
  policy: write,
  body: CreateQuote,
  responses: { 201: { description: 'The quote.', schema: Quote } },
  problems: ['not_found', ...quoteProblems],
})

routes.openapi(quote, async (c) =>
  c.json(tagged(c, toQuote(await createQuote(userCtxOf(c), c.req.valid('json')))), 201),
)

const get = defineOperation({
  operationId: 'orders.getQuote',
  method: 'get',
  path: '/v1/quotes/{quoteId}',
  tag: 'Orders',
  summary: 'Read a quote',
  description:
    'Returns a quote of yours, or of a company that you buy for. `orderId` says whether it was placed.',
  policy: { ...ownQuote, scope: 'orders:read' },
  params: quoteParams,
  etag: true,
  responses: { 200: { description: 'The quote.', schema: Quote } },
})

routes.openapi(get, async (c) =>
  c.json(tagged(c, toQuote(await getQuote(userCtxOf(c), c.req.valid('param').quoteId))), 200),
)

const requote = defineOperation({
  operationId: 'orders.requote',
  method: 'put',
  path: '/v1/quotes/{quoteId}',
  tag: 'Orders',
  summary: 'Replace a quote',
  description:
    'Computes the whole price anew, from the rules of now. A quote that was placed does not change.',
  policy: { ...ownQuote, scope: 'orders:write' },
  params: quoteParams,
  body: RequestQuote,
  ifMatch: 'optional',
  responses: { 200: { description: 'The quote with its new price.', schema: Quote } },
  problems: [...quoteProblems, 'quote_placed'],
})

routes.openapi(requote, async (c) => {
  const { quoteId } = c.req.valid('param')
  const row = await replaceQuote(userCtxOf(c), quoteId, c.req.valid('json'), expectedVersionOf(c))
  return c.json(tagged(c, toQuote(row)), 200)
})

const place = defineOperation({
  operationId: 'orders.place',
  method: 'post',
  path: '/v1/orders',
  tag: 'Orders',
  summary: 'Place an order',
  description:
    'Orders what a quote of yours, or of a company that you buy for, offers, at its price, which is frozen from then on. Its discounts are reserved until `expiresAt`, by when it must be paid. `If-Match` with the ETag of the quote places no other price than the one that you have seen. What costs nothing is complete at once.',
  policy: write,
  body: PlaceOrder,
  ifMatch: 'optional',
  responses: { 201: { description: 'The order.', schema: Order } },
  problems: ['not_found', 'quote_expired', 'quote_placed', 'discount_used_up'],
})

routes.openapi(place, async (c) => {
  const ctx = userCtxOf(c)
  const row = await placeOrder(ctx, c.req.valid('json').quoteId, expectedVersionOf(c))
  return c.json(tagged(c, toOrder(row, ctx.actor)), 201)
})

const list = defineOperation({
  operationId: 'orders.list',
  method: 'get',
  path: '/v1/orders',
  tag: 'Orders',
  summary: 'List orders',
  description: 'Your orders; staff see all. Newest first.',
  policy: { roles: anyUser, scope: 'orders:read', permission: 'orders.read' },
  query: OrderFilters,
  responses: { 200: { description: 'A page of orders.', schema: OrderPage } },
})

routes.openapi(list, async (c) => {
  const ctx = userCtxOf(c)
  const page = readPage(c)
  const rows = await listOrders(ctx, c.req.valid('query'), page)
  return c.json(
    toPage(c, page, rows, (row) => toOrder(row, ctx.actor)),
    200,
  )
})

const listOfCompany = defineOperation({
  operationId: 'orders.listOfCompany',
  method: 'get',
  path: '/v1/companies/{companyId}/orders',
  tag: 'Orders',
  summary: 'List the orders of a company',
  description: 'Newest first, for owners, managers and accountants of the company.',
  policy: { roles: buyers, relation: { who: ['manager'] }, scope: 'orders:read' },
  params: idParams('companyId'),
  query: CompanyOrderFilters,
  responses: { 200: { description: 'A page of orders.', schema: OrderPage } },
})

routes.openapi(listOfCompany, async (c) => {
  const [ctx, page] = [userCtxOf(c), readPage(c)]
  const rows = await listCompanyOrders(ctx, c.req.valid('param').companyId, c.req.valid('query'), page)
  return c.json(
    toPage(c, page, rows, (row) => toOrder(row, ctx.actor)),
    200,
  )
})

const getOne = defineOperation({
  operationId: 'orders.get',
  method: 'get',
  path: '/v1/orders/{orderId}',
  tag: 'Orders',
  summary: 'Get an order',
  description: 'Returns an order with its price, step by step.',
  policy: {
    roles: anyUser,
    relation: { who: ['owner'], orStaff: true },
    scope: 'orders:read',
    permission: 'orders.read',
  },
  params,
  etag: true,
  responses: order,
})

routes.openapi(getOne, async (c) => {
  const ctx = userCtxOf(c)
  return c.json(tagged(c, toOrder(await getOrder(ctx, c.req.valid('param').orderId), ctx.actor)), 200)
})

const pay = defineOperation({
  operationId: 'orders.pay',
  method: 'post',
  path: '/v1/orders/{orderId}/payments',
  tag: 'Orders',
  summary: 'Pay an order',
  description:
    'Pays all that it costs. The wallet pays at once: of a company that you buy for, its own; stored methods are its own as well, and another card can be yours; of a gateway `nextAction` says what you do. Another choice takes the place of a payment that waits: what still comes of that goes back, like all that comes after the order has ended.',
  policy: { ...write, relation: { who: ['owner'] } },
  params,
  body: PayWhole,
  idempotency: 'required',
  responses: {
    201: { description: 'The payment; `payments.getById` tells how it goes on.', schema: Payment },
  },
  problems: [
    'order_paid',
    'order_closed',
    'payment_method_unavailable',
    'gateway_unavailable',
    'stored_method_unusable',
    'stored_method_expired',
    'idempotency_mismatch',
    'insufficient_balance',
  ],
})

routes.openapi(pay, async (c) => {
  const ctx = userCtxOf(c)
  const row = await payOrder(ctx, c.req.valid('param').orderId, choiceOf(c, c.req.valid('json')))
  return c.json(toPayment(row, ctx.actor), 201)
})

function choiceOf(c: Call, body: z.infer<typeof PayWhole>) {
  const requestKey = requestKeyOf(c)
  if (body.method === 'wallet')
    return { requestKey, method: body.method, returnUrl: null, saveMethod: false, storedMethodId: null }
  const { method, returnUrl = null, saveMethod = false, storedMethodId = null } = body
  return { requestKey, method, returnUrl, saveMethod, storedMethodId }
}

const cancel = transition(orderMachine, 'cancel', {
  operationId: 'orders.cancel',
  path: '/v1/orders/{orderId}/cancel',
  tag: 'Orders',
  summary: 'Cancel an order',
  description: 'Before it is paid. Its discounts are free again; money that still comes goes back.',
  scope: 'orders:write',
  permission: 'orders.manage',
  params,
  body: CancelOrder,
  responses: order,
  problems: ['order_closed'],
})

routes.openapi(cancel, async (c) => {
  const ctx = userCtxOf(c)
  const { reason = null } = c.req.valid('json')
  return c.json(
    tagged(c, toOrder(await cancelOrder(ctx, c.req.valid('param').orderId, reason), ctx.actor)),
    200,
  )
})

const refundProblems = ['order_used'] as const

const refund = transition(orderMachine, 'refund', {
  operationId: 'orders.refund',
  path: '/v1/orders/{orderId}/refund',
  tag: 'Orders',
  summary: 'Refund an order',
  description:
    'Gives back all that is left of the payment: to the method that a gateway took it from, else into the wallet. What the order gave is taken back, a credit note is issued, and its coupon can be used again. What is spent of it stays spent; such an order is refunded with `evenIfUsed` alone.',
  scope: 'orders:write',
  permission: 'orders.manage',
  params,
  body: RefundOrder,
  responses: order,
  problems: [...refundProblems, 'order_without_subscription'],
})

routes.openapi(refund, async (c) => {
  const ctx = userCtxOf(c)
  const { reason, evenIfUsed, subscription } = c.req.valid('json')
  const whole = { reason, evenIfUsed, lines: null, endsSubscription: subscription === 'end' }
  const row = await refundOrder(ctx, c.req.valid('param').orderId, whole)
  return c.json(tagged(c, toOrder(row, ctx.actor)), 200)
})

const refundPart = defineOperation({
  operationId: 'orders.refundPart',
  method: 'post',
  path: '/v1/orders/{orderId}/refunds',
  tag: 'Orders',
  summary: 'Refund a part of an order',
  description:
    'Gives back what some of its units cost, with their part of discounts and taxes, as `orders.refund` does for all of it. All parts together are the whole, to the minor unit. With the last unit the order is `refunded`.',
  policy: { roles: staff, scope: 'orders:write', permission: 'orders.manage' },
  params,
  body: RefundOrderPart,
  idempotency: 'required',
  responses: order,
  problems: ['invalid_transition', 'refund_above_order', ...refundProblems],
})

routes.openapi(refundPart, async (c) => {
  const ctx = userCtxOf(c)
  const part = { ...c.req.valid('json'), endsSubscription: false }
  const row = await refundOrder(ctx, c.req.valid('param').orderId, part)
  return c.json(tagged(c, toOrder(row, ctx.actor)), 200)
})
