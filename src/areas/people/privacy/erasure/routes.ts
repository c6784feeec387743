import type { Call } from '../../../../http/app-env.ts'
import { ctxOf, userCtxOf } from '../../../../http/context.ts'
import { tagged } from '../../../../http/etag.ts'
import { newRoutes } from '../../../../http/mount.ts'
import { defineOperation } from '../../../../http/operation.ts'
import { readPage, toPage } from '../../../../http/pages.ts'
import { anyUser, staff } from '../../../../http/policy.ts'
import { idParams } from '../../../../http/schemas.ts'
import {
  cancelErasure,
  type ErasureWish,
  getErasure,
  getOwnErasure,
  listErasures,
  requestErasure,
} from './erasures.ts'
import {
  Erasure,
  ErasureFilters,
  ErasurePage,
  OwnErasure,
  RequestErasure,
  RequestErasureOf,
  toErasure,
  toOwnErasure,
} from './schemas.ts'

const tag = 'Privacy'
const own = { roles: anyUser } as const
const readers = { roles: staff, permission: 'privacy.read' } as const

/** Days between the wish and its being done. */
const graceDaysOf = (c: Call): number => Number(c.env.ERASURE_GRACE_DAYS ?? 14)

const wishOf = (c: Call, { reason, balance }: Partial<ErasureWish>): ErasureWish => ({
  reason,
  balance,
  graceDays: graceDaysOf(c),
})

export const erasureRoutes = newRoutes()

const request = defineOperation({
  operationId: 'me.requestErasure',
  method: 'post',
  path: '/v1/me/erasure',
  tag,
  summary: 'Request erasure of your account',
  description:
    'From `scheduledFor` on, the account is closed for good and all personal data is wiped: what you wrote, your addresses, your contact details, your files. Until then, the request can be canceled. Books, ratings and safety records are kept under an anonymous id. Rejected while you have unfinished work or unsettled payments. What is in your wallet you withdraw first, or give away by `balance`.',
  policy: { ...own, stepUp: true },
  body: RequestErasure,
  responses: { 201: { description: 'The scheduled erasure.', schema: OwnErasure } },
  problems: ['erasure_pending', 'erasure_obstructed', 'already_erased'],
})

erasureRoutes.openapi(request, async (c) => {
  const ctx = userCtxOf(c)
  const wish = wishOf(c, c.req.valid('json'))
  return c.json(tagged(c, toOwnErasure(await requestErasure(ctx, ctx.actor.userId, wish))), 201)
})

const getOwn = defineOperation({
  operationId: 'me.getErasure',
  method: 'get',
  path: '/v1/me/erasure',
  tag,
  summary: 'Get your erasure request',
  description: 'Returns the latest request and its status.',
  policy: own,
  etag: true,
  responses: { 200: { description: 'The latest request.', schema: OwnErasure } },
  problems: ['not_found'],
})

erasureRoutes.openapi(getOwn, async (c) => {
  const row = await getOwnErasure(userCtxOf(c))
  return c.json(tagged(c, toOwnErasure(row)), 200)
})

const cancel = defineOperation({
  operationId: 'me.cancelErasure',
  method: 'delete',
  path: '/v1/me/erasure',
  tag,
  summary: 'Cancel the erasure of your account',
  description: 'Possible until data has been wiped. Canceling again has no effect.',
  policy: own,
  responses: { 200: { description: 'The canceled request.', schema: OwnErasure } },
  problems: ['not_found'],
})

erasureRoutes.openapi(cancel, async (c) => {
  const row = await cancelErasure(userCtxOf(c))
  return c.json(tagged(c, toOwnErasure(row)), 200)
})

const requestFor = defineOperation({
  operationId: 'users.requestErasure',
  method: 'post',
  path: '/v1/users/{userId}/erasure',
  tag,
  summary: 'Request erasure of an account',
  description:
    'For users who asked outside of the app. Verify their identity first. The same conditions and waiting period apply; the user is notified and can cancel.',
  policy: { roles: staff, permission: 'privacy.manage', stepUp: true },
  params: idParams('userId'),
  body: RequestErasureOf,
  responses: { 201: { description: 'The scheduled erasure.', schema: Erasure } },
  problems: ['erasure_pending', 'erasure_obstructed', 'already_erased'],
})

erasureRoutes.openapi(requestFor, async (c) => {
  const wish = wishOf(c, c.req.valid('json'))
  const row = await requestErasure(ctxOf(c), c.req.valid('param').userId, wish)
  return c.json(tagged(c, toErasure(row)), 201)
})

const list = defineOperation({
  operationId: 'erasures.list',
  method: 'get',
  path: '/v1/erasure-requests',
  tag,
  summary: 'List erasure requests',
  description: 'Newest first. A `deferred` request lists its obstacles.',
  policy: readers,
  query: ErasureFilters,
  responses: { 200: { description: 'A page of requests.', schema: ErasurePage } },
})

erasureRoutes.openapi(list, async (c) => {
  const page = readPage(c)
  return c.json(toPage(c, page, await listErasures(ctxOf(c), c.req.valid('query'), page), toErasure), 200)
})

const get = defineOperation({
  operationId: 'erasures.get',
  method: 'get',
  path: '/v1/erasure-requests/{erasureId}',
  tag,
  summary: 'Get an erasure request',
  description: 'Returns a request with its progress.',
  policy: readers,
  params: idParams('erasureId'),
  etag: true,
  responses: { 200: { description: 'The request.', schema: Erasure } },
})

erasureRoutes.openapi(get, async (c) => {
  const row = await getErasure(ctxOf(c), c.req.valid('param').erasureId)
  return c.json(tagged(c, toErasure(row)), 200)
})
