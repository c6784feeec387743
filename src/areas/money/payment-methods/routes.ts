import { userCtxOf } from '../../../http/context.ts'
import { expectedVersionOf, tagged } from '../../../http/etag.ts'
import { newRoutes } from '../../../http/mount.ts'
import { defineOperation } from '../../../http/operation.ts'
import { readPage, toPage } from '../../../http/pages.ts'
import { idParams } from '../../../http/schemas.ts'
import {
  getPaymentMethod,
  listPaymentMethods,
  removePaymentMethod,
  updatePaymentMethod,
} from './payment-methods.ts'
import {
  PaymentMethodsQuery,
  StoredPaymentMethod,
  StoredPaymentMethodPage,
  toStoredPaymentMethod,
  UpdatePaymentMethod,
} from './schemas.ts'

const tag = 'Payments'
const roles = ['client', 'tasker'] as const
const params = idParams('paymentMethodId')
const own = { roles, relation: { who: ['owner'] }, scope: 'payments:write' } as const
const accountProblems = ['account_suspended', 'account_closed'] as const

export const routes = newRoutes()

const list = defineOperation({
  operationId: 'me.listPaymentMethods',
  method: 'get',
  path: '/v1/me/payment-methods',
  tag,
  summary: 'List your stored payment methods',
  description:
    'Methods that a gateway keeps for you, since you agreed when you paid (`saveMethod`). Most recently stored first.',
  policy: { roles, scope: 'payments:read' },
  query: PaymentMethodsQuery,
  responses: { 200: { description: 'A page of stored methods.', schema: StoredPaymentMethodPage } },
})

routes.openapi(list, async (c) => {
  const page = readPage(c)
  return c.json(toPage(c, page, await listPaymentMethods(userCtxOf(c), page), toStoredPaymentMethod), 200)
})

const get = defineOperation({
  operationId: 'me.getPaymentMethod',
  method: 'get',
  path: '/v1/me/payment-methods/{paymentMethodId}',
  tag,
  summary: 'Get a stored payment method',
  description: 'Returns what identifies the method to its owner, and whether it is the default.',
  policy: { roles, relation: { who: ['owner'] }, scope: 'payments:read' },
  params,
  etag: true,
  responses: { 200: { description: 'The stored method.', schema: StoredPaymentMethod } },
})

routes.openapi(get, async (c) =>
  c.json(
    toStoredPaymentMethod(await getPaymentMethod(userCtxOf(c), c.req.valid('param').paymentMethodId)),
    200,
  ),
)

const update = defineOperation({
  operationId: 'me.updatePaymentMethod',
  method: 'patch',
  path: '/v1/me/payment-methods/{paymentMethodId}',
  tag,
  summary: 'Name a stored payment method, or make it the default',
  description: 'Changes the fields that are sent. One method at most is the default.',
  policy: own,
  params,
  body: UpdatePaymentMethod,
  ifMatch: 'optional',
  responses: { 200: { description: 'The updated method.', schema: StoredPaymentMethod } },
  problems: accountProblems,
})

routes.openapi(update, async (c) => {
  const { paymentMethodId } = c.req.valid('param')
  const row = await updatePaymentMethod(
    userCtxOf(c),
    paymentMethodId,
    c.req.valid('json'),
    expectedVersionOf(c),
  )
  return c.json(tagged(c, toStoredPaymentMethod(row)), 200)
})

const remove = defineOperation({
  operationId: 'me.removePaymentMethod',
  method: 'delete',
  path: '/v1/me/payment-methods/{paymentMethodId}',
  tag,
  summary: 'Remove a stored payment method',
  description:
    'It pays nothing from now on, and its gateway is asked to forget it. A payment that has begun with it goes on. If it was the default, none is any more.',
  policy: own,
  params,
  ifMatch: 'optional',
  responses: { 204: { description: 'Removed.' } },
  problems: accountProblems,
})

routes.openapi(remove, async (c) => {
  await removePaymentMethod(userCtxOf(c), c.req.valid('param').paymentMethodId, expectedVersionOf(c))
  return c.body(null, 204)
})
