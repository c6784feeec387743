import { ctxOf, userCtxOf } from '../../../http/context.ts'
import { expectedVersionOf, tagged } from '../../../http/etag.ts'
import { newRoutes } from '../../../http/mount.ts'
import { defineOperation } from '../../../http/operation.ts'
import { readPage, toPage } from '../../../http/pages.ts'
import { anyUser, staff } from '../../../http/policy.ts'
import { idParams } from '../../../http/schemas.ts'
import { departmentRecords } from './records.ts'
import {
  CreateDepartment,
  Department,
  DepartmentFilters,
  DepartmentPage,
  toDepartment,
  UpdateDepartment,
} from './schemas.ts'

const readers = { roles: anyUser, permission: 'organisation.read', scope: 'organisation:read' } as const
const editors = { roles: staff, permission: 'organisation.manage' } as const
const params = idParams('departmentId')
const who = 'Departments of the company. Users other than staff see the active ones that are `external`.'

export const departmentRoutes = newRoutes()

const list = defineOperation({
  operationId: 'departments.list',
  method: 'get',
  path: '/v1/departments',
  tag: 'Access',
  summary: 'List departments',
  description: `${who} Oldest first.`,
  policy: readers,
  query: DepartmentFilters,
  responses: { 200: { description: 'A page of departments.', schema: DepartmentPage } },
})

departmentRoutes.openapi(list, async (c) => {
  const page = readPage(c)
  const rows = await departmentRecords.list(ctxOf(c), c.req.valid('query'), page)
  return c.json(toPage(c, page, rows, toDepartment), 200)
})

const get = defineOperation({
  operationId: 'departments.get',
  method: 'get',
  path: '/v1/departments/{departmentId}',
  tag: 'Access',
  summary: 'Get a department',
  description: who,
  policy: readers,
  params,
  etag: true,
  responses: { 200: { description: 'The department.', schema: Department } },
})

departmentRoutes.openapi(get, async (c) => {
  const row = await departmentRecords.get(ctxOf(c), c.req.valid('param').departmentId)
  return c.json(tagged(c, toDepartment(row)), 200)
})

const create = defineOperation({
  operationId: 'departments.create',
  method: 'post',
  path: '/v1/departments',
  tag: 'Access',
  summary: 'Create a department',
  description: 'Departments of the company.',
  policy: editors,
  body: CreateDepartment,
  responses: { 201: { description: 'The new department.', schema: Department } },
  problems: ['already_exists'],
})

departmentRoutes.openapi(create, async (c) => {
  const row = await departmentRecords.create(userCtxOf(c), c.req.valid('json'))
  return c.json(tagged(c, toDepartment(row)), 201)
})

const update = defineOperation({
  operationId: 'departments.update',
  method: 'patch',
  path: '/v1/departments/{departmentId}',
  tag: 'Access',
  summary: 'Update a department',
  description: 'Changes the fields that are sent; null clears an optional one.',
  policy: editors,
  params,
  body: UpdateDepartment,
  ifMatch: 'required',
  responses: { 200: { description: 'The updated department.', schema: Department } },
  problems: ['already_exists'],
})

departmentRoutes.openapi(update, async (c) => {
  const { departmentId } = c.req.valid('param')
  const row = await departmentRecords.update(
    userCtxOf(c),
    departmentId,
    c.req.valid('json'),
    expectedVersionOf(c),
  )
  return c.json(tagged(c, toDepartment(row)), 200)
})
