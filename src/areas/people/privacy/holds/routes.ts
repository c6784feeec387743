import { userCtxOf } from '../../../../http/context.ts'
import { tagged } from '../../../../http/etag.ts'
import { newRoutes } from '../../../../http/mount.ts'
import { defineOperation } from '../../../../http/operation.ts'
import { readPage, toPage } from '../../../../http/pages.ts'
import { staff } from '../../../../http/policy.ts'
import { idParams } from '../../../../http/schemas.ts'
import { getHold, listHolds, placeHold, releaseHold } from './holds.ts'
import { LegalHold, LegalHoldFilters, LegalHoldPage, PlaceHold, ReleaseHold, toHold } from './schemas.ts'

const tag = 'Privacy'
const readers = { roles: staff, permission: 'privacy.read' } as const
const managers = { roles: staff, permission: 'privacy.manage', stepUp: true } as const
const params = idParams('holdId')

export const holdRoutes = newRoutes()

const place = defineOperation({
  operationId: 'legalHolds.place',
  method: 'post',
  path: '/v1/legal-holds',
  tag,
  summary: 'Place a legal hold',
  description:
    'While a hold is active, no data of the user is erased or deleted by retention, even at their request. The user is not notified. A hold comes too late for an erasure in progress and for data that a retention job has already selected, which is deleted within minutes (see `GET /v1/retention-runs`). You cannot place a hold on yourself.',
  policy: managers,
  body: PlaceHold,
  responses: { 201: { description: 'The hold.', schema: LegalHold } },
  problems: ['not_found', 'already_erased', 'own_hold'],
})

holdRoutes.openapi(place, async (c) => {
  const ctx = userCtxOf(c)
  return c.json(tagged(c, toHold(ctx.actor)(await placeHold(ctx, c.req.valid('json')))), 201)
})

const list = defineOperation({
  operationId: 'legalHolds.list',
  method: 'get',
  path: '/v1/legal-holds',
  tag,
  summary: 'List legal holds',
  description: 'Newest first. Holds on yourself are not listed.',
  policy: readers,
  query: LegalHoldFilters,
  responses: { 200: { description: 'A page of holds.', schema: LegalHoldPage } },
})

holdRoutes.openapi(list, async (c) => {
  const [ctx, page] = [userCtxOf(c), readPage(c)]
  return c.json(toPage(c, page, await listHolds(ctx, c.req.valid('query'), page), toHold(ctx.actor)), 200)
})

const get = defineOperation({
  operationId: 'legalHolds.get',
  method: 'get',
  path: '/v1/legal-holds/{holdId}',
  tag,
  summary: 'Get a legal hold',
  description: 'Returns a hold with its user, reason and start.',
  policy: readers,
  params,
  etag: true,
  responses: { 200: { description: 'The hold.', schema: LegalHold } },
})

holdRoutes.openapi(get, async (c) => {
  const ctx = userCtxOf(c)
  return c.json(tagged(c, toHold(ctx.actor)(await getHold(ctx, c.req.valid('param').holdId))), 200)
})

const release = defineOperation({
  operationId: 'legalHolds.release',
  method: 'post',
  path: '/v1/legal-holds/{holdId}/release',
  tag,
  summary: 'Release a legal hold',
  description:
    'An erasure that was deferred by the hold is retried within a day. Other holds on the user stay active.',
  policy: managers,
  params,
  body: ReleaseHold,
  responses: { 200: { description: 'The released hold.', schema: LegalHold } },
  problems: ['hold_released'],
})

holdRoutes.openapi(release, async (c) => {
  const ctx = userCtxOf(c)
  const row = await releaseHold(ctx, c.req.valid('param').holdId, c.req.valid('json').reason)
  return c.json(tagged(c, toHold(ctx.actor)(row)), 200)
})
