import type { Call } from '../../../../http/app-env.ts'
import { newArea } from '../../../../http/area.ts'
import { ctxOf, userCtxOf } from '../../../../http/context.ts'
import { tagged } from '../../../../http/etag.ts'
import { defineOperation } from '../../../../http/operation.ts'
import { readPage, toPage } from '../../../../http/pages.ts'
import { anyUser, staff } from '../../../../http/policy.ts'
import { idParams } from '../../../../http/schemas.ts'
import { cancelErasure, getErasure, getOwnErasure, listErasures, requestErasure } from './erasures.ts'
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

export const erasureRoutes = newArea()

const request = defineOperation({
  operationId: 'me.requestErasure',
  method: 'post',
  path: '/v1/me/erasure',
  tag,
  summary: 'Ask to be forgotten',
  description:
    'From `scheduledFor` on, until when you can take it back, the account ends for good and everything personal is wiped: what you ' +
    'wrote, where you live, how you are reached, your files. Books, ratings and safety records stay, under an id that ' +
    'names nobody. Refused while work or money of yours is under way.',
  policy: { ...own, stepUp: true },
  body: RequestErasure,
  responses: { 201: { description: 'What was scheduled.', schema: OwnErasure } },
  problems: ['erasure_pending', 'erasure_obstructed', 'already_erased'],
})

erasureRoutes.openapi(request, async (c) => {
  const ctx = userCtxOf(c)
  const wish = { reason: c.req.valid('json').reason, graceDays: graceDaysOf(c) }
  return c.json(tagged(c, toOwnErasure(await requestErasure(ctx, ctx.actor.userId, wish))), 201)
})

const getOwn = defineOperation({
  operationId: 'me.getErasure',
  method: 'get',
  path: '/v1/me/erasure',
  tag,
  summary: 'Get your wish to be forgotten',
  description: 'The last one, with what became of it.',
  policy: own,
  etag: true,
  responses: { 200: { description: 'The last request.', schema: OwnErasure } },
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
  summary: 'Stay after all',
  description: 'Takes the wish to be forgotten back, as long as nothing was wiped. Twice is as good as once.',
  policy: own,
  responses: { 200: { description: 'The request, canceled.', schema: OwnErasure } },
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
  summary: 'Schedule the erasure of somebody',
  description:
    'For who has asked otherwise than by the app, once you know that it is them. The same conditions and days of grace ' +
    'hold; they are told, and can take it back.',
  policy: { roles: staff, permission: 'privacy.manage', stepUp: true },
  params: idParams('userId'),
  body: RequestErasureOf,
  responses: { 201: { description: 'What was scheduled.', schema: Erasure } },
  problems: ['erasure_pending', 'erasure_obstructed', 'already_erased'],
})

erasureRoutes.openapi(requestFor, async (c) => {
  const wish = { reason: c.req.valid('json').reason, graceDays: graceDaysOf(c) }
  const row = await requestErasure(ctxOf(c), c.req.valid('param').userId, wish)
  return c.json(tagged(c, toErasure(row)), 201)
})

const list = defineOperation({
  operationId: 'erasures.list',
  method: 'get',
  path: '/v1/erasure-requests',
  tag,
  summary: 'List erasure requests',
  description: 'The newest first. What is `deferred` says what stands in its way.',
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
  description: 'How far it has come.',
  policy: readers,
  params: idParams('erasureId'),
  etag: true,
  responses: { 200: { description: 'The request.', schema: Erasure } },
})

erasureRoutes.openapi(get, async (c) => {
  const row = await getErasure(ctxOf(c), c.req.valid('param').erasureId)
  return c.json(tagged(c, toErasure(row)), 200)
})
