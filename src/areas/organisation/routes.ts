import { z } from '@hono/zod-openapi'
import type { Table } from 'drizzle-orm'
import type { ProblemCode } from '../../core/problems.ts'
import type { JsonRow } from '../../db/json.ts'
import type { RowPatch } from '../../db/patch.ts'
import { departments, designations, employees } from '../../db/schema/access.ts'
import { newArea } from '../../http/area.ts'
import { ctxOf, userCtxOf } from '../../http/context.ts'
import { expectedVersionOf, tagged } from '../../http/etag.ts'
import { defineOperation } from '../../http/operation.ts'
import { pageQuery, readPage, toPage } from '../../http/pages.ts'
import { staff } from '../../http/policy.ts'
import { idParams } from '../../http/schemas.ts'
import { recordsOf } from './records.ts'
import {
  CreateDepartment,
  CreateDesignation,
  CreateEmployee,
  Department,
  DepartmentPage,
  Designation,
  DesignationPage,
  Employee,
  EmployeePage,
  UpdateDepartment,
  UpdateDesignation,
  UpdateEmployee,
} from './schemas.ts'

const tag = 'Access'
const readers = { roles: staff, permission: 'organisation.read', scope: 'organisation:read' } as const
const editors = { roles: staff, permission: 'organisation.manage' } as const
const query = z.object({ ...pageQuery })

interface RecordSpec<T extends Table> {
  table: T
  /** `departments`: of the path, and of the operations. */
  plural: string
  /** `department`: of the texts, and of the path parameter. */
  noun: string
  what: string
  item: z.ZodType<JsonRow<T>>
  page: z.ZodType<{ data: JsonRow<T>[]; nextCursor: string | null }>
  create: z.ZodType<RowPatch<T>>
  update: z.ZodType<RowPatch<T>>
  problems: ProblemCode[]
}

/** List, get, create and change: the same for every record of the organisation. */
function routesOf<T extends Table>(spec: RecordSpec<T>) {
  const { plural, noun, what, item, page: pageSchema, problems } = spec
  const records = recordsOf(spec.table)
  const param = `${noun}Id`
  const params = idParams(param)
  const [path, one] = [`/v1/${plural}`, `/v1/${plural}/{${param}}`]
  const answer = { description: `The ${noun}.`, schema: item }
  const routes = newArea()

  const list = defineOperation({
    operationId: `${plural}.list`,
    method: 'get',
    path,
    tag,
    summary: `List ${plural}`,
    description: `${what} The oldest first.`,
    policy: readers,
    query,
    responses: { 200: { description: `A page of ${plural}.`, schema: pageSchema } },
  })
  routes.openapi(list, async (c) => {
    const page = readPage(c)
    const rows = await records.list(ctxOf(c), page)
    return c.json(toPage(c, page, rows, (row) => row) as never, 200)
  })

  const get = defineOperation({
    operationId: `${plural}.get`,
    method: 'get',
    path: one,
    tag,
    summary: `Get one of the ${plural}`,
    description: what,
    policy: readers,
    params,
    etag: true,
    responses: { 200: answer },
  })
  routes.openapi(get, async (c) => {
    const row = await records.get(ctxOf(c), idOf(c.req.valid('param')))
    return c.json(tagged(c, row as JsonRow<T> & { version: number }) as never, 200)
  })

  const create = defineOperation({
    operationId: `${plural}.create`,
    method: 'post',
    path,
    tag,
    summary: `Create one of the ${plural}`,
    description: what,
    policy: editors,
    body: spec.create,
    responses: { 201: answer },
    problems: ['already_exists', ...problems],
  })
  routes.openapi(create, async (c) => {
    const row = await records.create(userCtxOf(c), c.req.valid('json') as RowPatch<T>)
    return c.json(tagged(c, row as JsonRow<T> & { version: number }) as never, 201)
  })

  const update = defineOperation({
    operationId: `${plural}.update`,
    method: 'patch',
    path: one,
    tag,
    summary: `Change one of the ${plural}`,
    description: 'Changes the fields that are sent; null clears one that may be empty.',
    policy: editors,
    params,
    body: spec.update,
    ifMatch: 'required',
    responses: { 200: answer },
    problems: ['already_exists', ...problems],
  })
  routes.openapi(update, async (c) => {
    const patch = c.req.valid('json') as RowPatch<T>
    const id = idOf(c.req.valid('param'))
    const row = await records.update(userCtxOf(c), id, patch, expectedVersionOf(c))
    return c.json(tagged(c, row as JsonRow<T> & { version: number }) as never, 200)
  })
  return routes
}

const idOf = (params: Record<string, string>): string => Object.values(params)[0] ?? ''

export const organisationRoutes = newArea()
  .route(
    '/',
    routesOf({
      table: departments,
      plural: 'departments',
      noun: 'department',
      what: 'A part of the company.',
      item: Department,
      page: DepartmentPage,
      create: CreateDepartment,
      update: UpdateDepartment,
      problems: [],
    }),
  )
  .route(
    '/',
    routesOf({
      table: designations,
      plural: 'designations',
      noun: 'designation',
      what: 'What somebody is in a department.',
      item: Designation,
      page: DesignationPage,
      create: CreateDesignation,
      update: UpdateDesignation,
      problems: ['unknown_reference'],
    }),
  )
  .route(
    '/',
    routesOf({
      table: employees,
      plural: 'employees',
      noun: 'employee',
      what: 'A user who works for the company, and under whom.',
      item: Employee,
      page: EmployeePage,
      create: CreateEmployee,
      update: UpdateEmployee,
      problems: ['unknown_reference', 'manager_circle'],
    }),
  )
