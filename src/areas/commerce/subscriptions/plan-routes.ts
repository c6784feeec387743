import type { Call } from '../../../http/app-env.ts'
import { textLocalesOf } from '../../../http/content-locale.ts'
import { ctxOf } from '../../../http/context.ts'
import { expectedVersionOf, tagged } from '../../../http/etag.ts'
import { newRoutes } from '../../../http/mount.ts'
import { defineOperation } from '../../../http/operation.ts'
import { readPage, toPage } from '../../../http/pages.ts'
import { staff } from '../../../http/policy.ts'
import { idParams } from '../../../http/schemas.ts'
import { createPlan, getPlan, listPlans, type PlanRow, retirePlan, updatePlan } from './plans.ts'
import {
  CreatePlan,
  newPlanOf,
  Plan,
  PlanFilters,
  PlanPage,
  planPatchOf,
  toPlan,
  UpdatePlan,
} from './schemas.ts'

const tag = 'Subscriptions' as const
const editors = { roles: staff, scope: 'plans:write', permission: 'plans.manage' } as const
const params = idParams('planId')

const shown = (c: Call, row: PlanRow) => toPlan(row, textLocalesOf(c, row.defaultLanguage))

export const planRoutes = newRoutes()

const list = defineOperation({
  operationId: 'plans.list',
  method: 'get',
  path: '/v1/plans',
  tag,
  summary: 'List plans',
  description:
    'Plans that can be subscribed to, sorted for display. Staff also see inactive and retired ones.',
  policy: 'public',
  query: PlanFilters,
  etag: true,
  responses: { 200: { description: 'A page of plans.', schema: PlanPage } },
})

planRoutes.openapi(list, async (c) => {
  const page = readPage(c)
  const rows = await listPlans(ctxOf(c), c.req.valid('query'), page)
  const body = toPage(
    c,
    page,
    rows,
    (row) => shown(c, row),
    (row) => [String(row.sortOrder), row.id],
  )
  return c.json(body, 200)
})

const get = defineOperation({
  operationId: 'plans.get',
  method: 'get',
  path: '/v1/plans/{planId}',
  tag,
  summary: 'Get a plan',
  description: 'Returns a plan. Inactive and retired plans are visible to staff only.',
  policy: 'public',
  params,
  etag: true,
  responses: { 200: { description: 'The plan.', schema: Plan } },
})

planRoutes.openapi(get, async (c) =>
  c.json(tagged(c, shown(c, await getPlan(ctxOf(c), c.req.valid('param').planId))), 200),
)

const create = defineOperation({
  operationId: 'plans.create',
  method: 'post',
  path: '/v1/plans',
  tag,
  summary: 'Create a plan',
  description: 'Adds a plan that can be subscribed to in a country, in its currency.',
  policy: editors,
  body: CreatePlan,
  responses: { 201: { description: 'The new plan.', schema: Plan } },
  problems: ['package_currency', 'plan_not_priced', 'plan_falls_badly', 'unknown_reference'],
})

planRoutes.openapi(create, async (c) => {
  const row = await createPlan(ctxOf(c), newPlanOf(c.req.valid('json')))
  return c.json(tagged(c, shown(c, row)), 201)
})

const update = defineOperation({
  operationId: 'plans.update',
  method: 'patch',
  path: '/v1/plans/{planId}',
  tag,
  summary: 'Update a plan',
  description:
    'Changes the fields that are sent: for those who subscribe at once, for those who have it from their next period on.',
  policy: editors,
  params,
  body: UpdatePlan,
  ifMatch: 'required',
  responses: { 200: { description: 'The updated plan.', schema: Plan } },
  problems: ['plan_retired', 'plan_not_priced', 'plan_falls_badly', 'plan_is_fallen_to'],
})

planRoutes.openapi(update, async (c) => {
  const patch = planPatchOf(c.req.valid('json'))
  const row = await updatePlan(ctxOf(c), c.req.valid('param').planId, patch, expectedVersionOf(c))
  return c.json(tagged(c, shown(c, row)), 200)
})

const retire = defineOperation({
  operationId: 'plans.retire',
  method: 'post',
  path: '/v1/plans/{planId}/retire',
  tag,
  summary: 'Retire a plan',
  description: 'Ends its sale for good. Who has it keeps it. Has no effect on a plan that is retired.',
  policy: editors,
  params,
  ifMatch: 'optional',
  responses: { 200: { description: 'The retired plan.', schema: Plan } },
})

planRoutes.openapi(retire, async (c) => {
  const row = await retirePlan(ctxOf(c), c.req.valid('param').planId, expectedVersionOf(c))
  return c.json(tagged(c, shown(c, row)), 200)
})
