import { ctxOf, userCtxOf } from '../../../http/context.ts'
import { expectedVersionOf, tagged } from '../../../http/etag.ts'
import { newRoutes } from '../../../http/mount.ts'
import { defineOperation } from '../../../http/operation.ts'
import { readPage, toPage } from '../../../http/pages.ts'
import { staff } from '../../../http/policy.ts'
import { idParams } from '../../../http/schemas.ts'
import { designationRecords } from './records.ts'
import {
  CreateDesignation,
  Designation,
  DesignationFilters,
  DesignationPage,
  toDesignation,
  UpdateDesignation,
} from './schemas.ts'

const readers = { roles: staff, permission: 'organisation.read', scope: 'organisation:read' } as const
const editors = { roles: staff, permission: 'organisation.manage' } as const
const params = idParams('designationId')

export const designationRoutes = newRoutes()

const list = defineOperation({
  operationId: 'designations.list',
  method: 'get',
  path: '/v1/designations',
  tag: 'Access',
  summary: 'List designations',
  description: 'Job titles within departments. Oldest first.',
  policy: readers,
  query: DesignationFilters,
  responses: { 200: { description: 'A page of designations.', schema: DesignationPage } },
})

designationRoutes.openapi(list, async (c) => {
  const page = readPage(c)
  const rows = await designationRecords.list(ctxOf(c), c.req.valid('query'), page)
  return c.json(toPage(c, page, rows, toDesignation), 200)
})

const get = defineOperation({
  operationId: 'designations.get',
  method: 'get',
  path: '/v1/designations/{designationId}',
  tag: 'Access',
  summary: 'Get a designation',
  description: 'Job titles within departments.',
  policy: readers,
  params,
  etag: true,
  responses: { 200: { description: 'The designation.', schema: Designation } },
})

designationRoutes.openapi(get, async (c) => {
  const row = await designationRecords.get(ctxOf(c), c.req.valid('param').designationId)
  return c.json(tagged(c, toDesignation(row)), 200)
})

const create = defineOperation({
  operationId: 'designations.create',
  method: 'post',
  path: '/v1/designations',
  tag: 'Access',
  summary: 'Create a designation',
  description: 'Job titles within departments.',
  policy: editors,
  body: CreateDesignation,
  responses: { 201: { description: 'The new designation.', schema: Designation } },
  problems: ['already_exists', 'unknown_reference', 'designation_elsewhere'],
})

designationRoutes.openapi(create, async (c) => {
  const row = await designationRecords.create(userCtxOf(c), c.req.valid('json'))
  return c.json(tagged(c, toDesignation(row)), 201)
})

const update = defineOperation({
  operationId: 'designations.update',
  method: 'patch',
  path: '/v1/designations/{designationId}',
  tag: 'Access',
  summary: 'Update a designation',
  description: 'Changes the fields that are sent; null clears an optional one.',
  policy: editors,
  params,
  body: UpdateDesignation,
  ifMatch: 'required',
  responses: { 200: { description: 'The updated designation.', schema: Designation } },
  problems: ['already_exists', 'unknown_reference', 'designation_elsewhere'],
})

designationRoutes.openapi(update, async (c) => {
  const { designationId } = c.req.valid('param')
  const row = await designationRecords.update(
    userCtxOf(c),
    designationId,
    c.req.valid('json'),
    expectedVersionOf(c),
  )
  return c.json(tagged(c, toDesignation(row)), 200)
})
