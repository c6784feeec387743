import { ctxOf, userCtxOf } from '../../../http/context.ts'
import { expectedVersionOf, tagged } from '../../../http/etag.ts'
import { newRoutes } from '../../../http/mount.ts'
import { defineOperation } from '../../../http/operation.ts'
import { readPage, toPage } from '../../../http/pages.ts'
import { staff } from '../../../http/policy.ts'
import { idParams } from '../../../http/schemas.ts'
import { employeeRecords } from './records.ts'
import {
  CreateEmployee,
  Employee,
  EmployeeFilters,
  EmployeePage,
  toEmployee,
  UpdateEmployee,
} from './schemas.ts'

const readers = { roles: staff, permission: 'organisation.read', scope: 'organisation:read' } as const
const editors = { roles: staff, permission: 'organisation.manage' } as const
const params = idParams('employeeId')
const problems = [
  'already_exists',
  'unknown_reference',
  'designation_elsewhere',
  'manager_circle',
  'last_admin',
  'not_held',
  'team_not_permitted',
] as const

const what =
  'Employment records of users, with their managers. A `terminated` employee holds no staff roles; terminating one requires the right to revoke the roles that they hold.'

export const employeeRoutes = newRoutes()

const list = defineOperation({
  operationId: 'employees.list',
  method: 'get',
  path: '/v1/employees',
  tag: 'Access',
  summary: 'List employees',
  description: `${what} Oldest first.`,
  policy: readers,
  query: EmployeeFilters,
  responses: { 200: { description: 'A page of employees.', schema: EmployeePage } },
})

employeeRoutes.openapi(list, async (c) => {
  const page = readPage(c)
  const rows = await employeeRecords.list(ctxOf(c), c.req.valid('query'), page)
  return c.json(toPage(c, page, rows, toEmployee), 200)
})

const get = defineOperation({
  operationId: 'employees.get',
  method: 'get',
  path: '/v1/employees/{employeeId}',
  tag: 'Access',
  summary: 'Get an employee',
  description: what,
  policy: readers,
  params,
  etag: true,
  responses: { 200: { description: 'The employee.', schema: Employee } },
})

employeeRoutes.openapi(get, async (c) => {
  const row = await employeeRecords.get(ctxOf(c), c.req.valid('param').employeeId)
  return c.json(tagged(c, toEmployee(row)), 200)
})

const create = defineOperation({
  operationId: 'employees.create',
  method: 'post',
  path: '/v1/employees',
  tag: 'Access',
  summary: 'Create an employee',
  description: what,
  policy: editors,
  body: CreateEmployee,
  responses: { 201: { description: 'The new employee.', schema: Employee } },
  problems,
})

employeeRoutes.openapi(create, async (c) => {
  const row = await employeeRecords.create(userCtxOf(c), c.req.valid('json'))
  return c.json(tagged(c, toEmployee(row)), 201)
})

const update = defineOperation({
  operationId: 'employees.update',
  method: 'patch',
  path: '/v1/employees/{employeeId}',
  tag: 'Access',
  summary: 'Update an employee',
  description: 'Changes the fields that are sent; null clears an optional one.',
  policy: editors,
  params,
  body: UpdateEmployee,
  ifMatch: 'required',
  responses: { 200: { description: 'The updated employee.', schema: Employee } },
  problems: [...problems, 'transfers_disabled'],
})

employeeRoutes.openapi(update, async (c) => {
  const { employeeId } = c.req.valid('param')
  const row = await employeeRecords.update(
    userCtxOf(c),
    employeeId,
    c.req.valid('json'),
    expectedVersionOf(c),
  )
  return c.json(tagged(c, toEmployee(row)), 200)
})
