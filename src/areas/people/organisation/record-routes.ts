import type { z } from '@hono/zod-openapi'
import { type SQL, sql } from 'drizzle-orm'
import type { ProblemCode } from '../../../core/problems.ts'
import { ctxOf, userCtxOf } from '../../../http/context.ts'
import { expectedVersionOf, tagged } from '../../../http/etag.ts'
import { newRoutes } from '../../../http/mount.ts'
import { defineOperation } from '../../../http/operation.ts'
import { readPage, toPage } from '../../../http/pages.ts'
import { staff } from '../../../http/policy.ts'
import { idParams } from '../../../http/schemas.ts'
import type { OrganisationRow, Records } from './records.ts'

const tag = 'Access'
const readers = { roles: staff, permission: 'organisation.read', scope: 'organisation:read' } as const
const editors = { roles: staff, permission: 'organisation.manage' } as const

export interface RecordSpec {
  records: Records
  /** `departments`: of the path, and of the operations. */
  plural: string
  /** `department`: of the path parameter, and of the texts, there with its article. */
  noun: string
  aNoun: string
  what: string
  item: z.ZodType<OrganisationRow>
  page: z.ZodType<{ data: OrganisationRow[]; nextCursor: string | null }>
  filters: z.ZodObject
  /** What each filter asks of the row `r`. */
  conditions: Record<string, (value: unknown) => SQL>
  create: z.ZodType<Record<string, unknown>>
  update: z.ZodType<Record<string, unknown>>
  problems: ProblemCode[]
}

/** List, get, create and change: the same for every record of the organisation. */
export const recordRoutes = (spec: RecordSpec) =>
  newRoutes().route('/', readingOf(spec)).route('/', writingOf(spec))

const placesOf = ({ plural, noun }: RecordSpec) => {
  const param = `${noun}Id`
  return { path: `/v1/${plural}`, one: `/v1/${plural}/{${param}}`, params: idParams(param) }
}

function readingOf(spec: RecordSpec) {
  const { records, plural, noun, aNoun, what, item, filters } = spec
  const { path, one, params } = placesOf(spec)
  const routes = newRoutes()

  const list = defineOperation({
    operationId: `${plural}.list`,
    method: 'get',
    path,
    tag,
    summary: `List ${plural}`,
    description: `${what} Oldest first.`,
    policy: readers,
    query: filters,
    responses: { 200: { description: `A page of ${plural}.`, schema: spec.page } },
  })
  routes.openapi(list, async (c) => {
    const page = readPage(c)
    const rows = await records.list(ctxOf(c), conditionsOf(spec, c.req.valid('query')), page)
    return c.json(
      toPage(c, page, rows, (row) => row),
      200,
    )
  })

  const get = defineOperation({
    operationId: `${plural}.get`,
    method: 'get',
    path: one,
    tag,
    summary: `Get ${aNoun}`,
    description: what,
    policy: readers,
    params,
    etag: true,
    responses: { 200: { description: `The ${noun}.`, schema: item } },
  })
  routes.openapi(get, async (c) =>
    c.json(tagged(c, await records.get(ctxOf(c), idOf(c.req.valid('param')))), 200),
  )
  return routes
}

function writingOf(spec: RecordSpec) {
  const { records, plural, noun, aNoun, what, item, problems } = spec
  const { path, one, params } = placesOf(spec)
  const routes = newRoutes()

  const create = defineOperation({
    operationId: `${plural}.create`,
    method: 'post',
    path,
    tag,
    summary: `Create ${aNoun}`,
    description: what,
    policy: editors,
    body: spec.create,
    responses: { 201: { description: `The new ${noun}.`, schema: item } },
    problems: ['already_exists', ...problems],
  })
  routes.openapi(create, async (c) =>
    c.json(tagged(c, await records.create(userCtxOf(c), c.req.valid('json'))), 201),
  )

  const update = defineOperation({
    operationId: `${plural}.update`,
    method: 'patch',
    path: one,
    tag,
    summary: `Update ${aNoun}`,
    description: 'Changes the fields that are sent; null clears an optional one.',
    policy: editors,
    params,
    body: spec.update,
    ifMatch: 'required',
    responses: { 200: { description: `The updated ${noun}.`, schema: item } },
    problems: ['already_exists', ...problems],
  })
  routes.openapi(update, async (c) => {
    const id = idOf(c.req.valid('param'))
    const row = await records.update(userCtxOf(c), id, c.req.valid('json'), expectedVersionOf(c))
    return c.json(tagged(c, row), 200)
  })
  return routes
}

const idOf = (params: Record<string, string>): string => Object.values(params)[0] ?? ''

const conditionsOf = ({ conditions }: RecordSpec, asked: Record<string, unknown>): SQL[] =>
  Object.entries(conditions).flatMap(([name, condition]) =>
    asked[name] === undefined ? [] : [condition(asked[name])],
  )

export const columnIs = (column: string) => (value: unknown) => sql`${sql.raw(`r.${column}`)} = ${value}`
