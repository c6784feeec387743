import type { Call } from '../../../http/app-env.ts'
import { textLocalesOf } from '../../../http/content-locale.ts'
import { userCtxOf } from '../../../http/context.ts'
import { expectedVersionOf, tagged } from '../../../http/etag.ts'
import { newRoutes } from '../../../http/mount.ts'
import { defineOperation } from '../../../http/operation.ts'
import { readPage, toPage } from '../../../http/pages.ts'
import { staff } from '../../../http/policy.ts'
import { idParams } from '../../../http/schemas.ts'
import {
  createRequirement,
  endWaiver,
  getRequirement,
  listRequirements,
  listWaivers,
  type RequirementRow,
  updateRequirement,
  waive,
} from './requirements.ts'
import {
  CreateRequirement,
  CreateWaiver,
  Requirement,
  RequirementFilters,
  RequirementPage,
  RequirementWaiver,
  RequirementWaiverPage,
  toRequirement,
  toWaiver,
  UpdateRequirement,
  WaiverFilters,
} from './schemas.ts'

const tag = 'Requirements' as const
const readers = { roles: staff, permission: 'requirements.read' } as const
const managers = { roles: staff, permission: 'requirements.manage' } as const
const waivers = { roles: staff, permission: 'requirements.waive' } as const
const params = idParams('requirementId')

const shown = (c: Call, row: RequirementRow) => toRequirement(row, textLocalesOf(c, row.defaultLanguage))

export const configurationRoutes = newRoutes()

const list = defineOperation({
  operationId: 'requirements.list',
  method: 'get',
  path: '/v1/requirements',
  tag,
  summary: 'List requirements',
  description: 'What is asked of taskers, companies and professions, in order.',
  policy: readers,
  query: RequirementFilters,
  responses: { 200: { description: 'A page of requirements.', schema: RequirementPage } },
})

configurationRoutes.openapi(list, async (c) => {
  const page = readPage(c)
  const rows = await listRequirements(userCtxOf(c), c.req.valid('query'), page)
  return c.json(
    toPage(
      c,
      page,
      rows,
      (row) => shown(c, row),
      (row) => [String(row.position), row.id],
    ),
    200,
  )
})

const get = defineOperation({
  operationId: 'requirements.get',
  method: 'get',
  path: '/v1/requirements/{requirementId}',
  tag,
  summary: 'Get a requirement',
  description: 'Returns a requirement.',
  policy: readers,
  params,
  etag: true,
  responses: { 200: { description: 'The requirement.', schema: Requirement } },
})

configurationRoutes.openapi(get, async (c) => {
  const row = await getRequirement(userCtxOf(c), c.req.valid('param').requirementId)
  return c.json(tagged(c, shown(c, row)), 200)
})

const create = defineOperation({
  operationId: 'requirements.create',
  method: 'post',
  path: '/v1/requirements',
  tag,
  summary: 'Create a requirement',
  description:
    'Asks something more, of everybody or by country and profession. Those who are active stay so until something that they had is lost.',
  policy: managers,
  body: CreateRequirement,
  responses: { 201: { description: 'The new requirement.', schema: Requirement } },
})

configurationRoutes.openapi(create, async (c) => {
  const row = await createRequirement(userCtxOf(c), c.req.valid('json'))
  return c.json(tagged(c, shown(c, row)), 201)
})

const update = defineOperation({
  operationId: 'requirements.update',
  method: 'patch',
  path: '/v1/requirements/{requirementId}',
  tag,
  summary: 'Update a requirement',
  description:
    'Changes the fields that are sent. A new `effectiveFrom` of terms asks everybody again; `isActive: false` asks nobody any more.',
  policy: managers,
  params,
  body: UpdateRequirement,
  ifMatch: 'required',
  responses: { 200: { description: 'The updated requirement.', schema: Requirement } },
})

configurationRoutes.openapi(update, async (c) => {
  const { requirementId } = c.req.valid('param')
  const row = await updateRequirement(userCtxOf(c), requirementId, c.req.valid('json'), expectedVersionOf(c))
  return c.json(tagged(c, shown(c, row)), 200)
})

const listAll = defineOperation({
  operationId: 'requirementWaivers.list',
  method: 'get',
  path: '/v1/requirement-waivers',
  tag,
  summary: 'List waivers',
  description: 'Exceptions from requirements, newest first, with those that have ended.',
  policy: readers,
  query: WaiverFilters,
  responses: { 200: { description: 'A page of waivers.', schema: RequirementWaiverPage } },
})

configurationRoutes.openapi(listAll, async (c) => {
  const page = readPage(c)
  const rows = await listWaivers(userCtxOf(c), c.req.valid('query'), page)
  return c.json(toPage(c, page, rows, toWaiver), 200)
})

const createWaiver = defineOperation({
  operationId: 'requirementWaivers.create',
  method: 'post',
  path: '/v1/requirement-waivers',
  tag,
  summary: 'Waive a requirement',
  description: 'For one tasker or company, with a reason. Nobody waives their own.',
  policy: { ...waivers, stepUp: true },
  body: CreateWaiver,
  responses: { 201: { description: 'The waiver.', schema: RequirementWaiver } },
  problems: ['approval_not_permitted', 'already_exists', 'not_found'],
})

configurationRoutes.openapi(createWaiver, async (c) =>
  c.json(toWaiver(await waive(userCtxOf(c), c.req.valid('json'))), 201),
)

const end = defineOperation({
  operationId: 'requirementWaivers.end',
  method: 'post',
  path: '/v1/requirement-waivers/{waiverId}/end',
  tag,
  summary: 'End a waiver',
  description: 'The requirement counts again. An active tasker who does not meet it is at risk from now on.',
  policy: waivers,
  params: idParams('waiverId'),
  responses: { 200: { description: 'The waiver.', schema: RequirementWaiver } },
})

configurationRoutes.openapi(end, async (c) =>
  c.json(toWaiver(await endWaiver(userCtxOf(c), c.req.valid('param').waiverId)), 200),
)
