import { ctxOf, userCtxOf } from '../../../http/context.ts'
import { newRoutes } from '../../../http/mount.ts'
import { defineOperation } from '../../../http/operation.ts'
import { readPage, toPage } from '../../../http/pages.ts'
import { staff } from '../../../http/policy.ts'
import { idParams } from '../../../http/schemas.ts'
import { systemContext } from '../../../system-context.ts'
import {
  getReconciliation,
  listItems,
  listReconciliations,
  resolveItem,
  runReconciliation,
} from './reconciliations.ts'
import {
  ItemFilters,
  ItemPage,
  Reconciliation,
  ReconciliationFilters,
  ReconciliationItem,
  ReconciliationPage,
  ResolveItem,
  RunReconciliation,
  toItem,
  toReconciliation,
} from './schemas.ts'

const tag = 'Reconciliation'
const read = { roles: staff, permission: 'reconciliation.read', scope: 'reconciliation:read' } as const
const manage = { roles: staff, permission: 'reconciliation.manage' } as const

export const routes = newRoutes()

const list = defineOperation({
  operationId: 'reconciliations.list',
  method: 'get',
  path: '/v1/reconciliations',
  tag,
  summary: 'List reconciliations (staff)',
  description: 'Newest first. `status=unexplained` is what somebody must look at.',
  policy: read,
  query: ReconciliationFilters,
  responses: { 200: { description: 'A page of reconciliations.', schema: ReconciliationPage } },
})

routes.openapi(list, async (c) => {
  const page = readPage(c)
  return c.json(
    toPage(c, page, await listReconciliations(ctxOf(c), c.req.valid('query'), page), toReconciliation),
    200,
  )
})

const get = defineOperation({
  operationId: 'reconciliations.get',
  method: 'get',
  path: '/v1/reconciliations/{reconciliationId}',
  tag,
  summary: 'Get a reconciliation (staff)',
  description: 'Returns its counts, and its sums by currency.',
  policy: read,
  params: idParams('reconciliationId'),
  etag: true,
  responses: { 200: { description: 'The reconciliation.', schema: Reconciliation } },
})

routes.openapi(get, async (c) =>
  c.json(toReconciliation(await getReconciliation(ctxOf(c), c.req.valid('param').reconciliationId)), 200),
)

const run = defineOperation({
  operationId: 'reconciliations.run',
  method: 'post',
  path: '/v1/reconciliations',
  tag,
  summary: 'Reconcile a day (staff)',
  description:
    'Compares the list of the gateway with the books, now. A day that was reconciled before is done again: what was explained stays explained unless it has changed.',
  policy: manage,
  body: RunReconciliation,
  idempotency: 'required',
  responses: { 200: { description: 'The reconciliation.', schema: Reconciliation } },
  problems: ['not_found', 'gateway_unavailable'],
})

routes.openapi(run, async (c) => {
  const { gatewayConfigId, day } = c.req.valid('json')
  const system = () => systemContext(c.env, 'reconciliation')
  return c.json(toReconciliation(await runReconciliation(userCtxOf(c), system, gatewayConfigId, day)), 200)
})

const items = defineOperation({
  operationId: 'reconciliationItems.list',
  method: 'get',
  path: '/v1/reconciliation-items',
  tag,
  summary: 'List reconciliation items (staff)',
  description: 'Newest first, of all days or of one.',
  policy: read,
  query: ItemFilters,
  responses: { 200: { description: 'A page of items.', schema: ItemPage } },
})

routes.openapi(items, async (c) => {
  const page = readPage(c)
  return c.json(toPage(c, page, await listItems(ctxOf(c), c.req.valid('query'), page), toItem), 200)
})

const resolve = defineOperation({
  operationId: 'reconciliationItems.resolve',
  method: 'post',
  path: '/v1/reconciliation-items/{reconciliationItemId}/resolve',
  tag,
  summary: 'Explain a reconciliation item (staff)',
  description: 'Says what it is. It moves no money: a correction of the books is an adjustment.',
  policy: manage,
  params: idParams('reconciliationItemId'),
  body: ResolveItem,
  responses: { 200: { description: 'The item.', schema: ReconciliationItem } },
  problems: ['nothing_to_resolve'],
})

routes.openapi(resolve, async (c) => {
  const { reconciliationItemId } = c.req.valid('param')
  return c.json(toItem(await resolveItem(userCtxOf(c), reconciliationItemId, c.req.valid('json').note)), 200)
})
