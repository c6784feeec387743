import { ctxOf } from '../../../http/context.ts'
import { expectedVersionOf, tagged } from '../../../http/etag.ts'
import { newRoutes } from '../../../http/mount.ts'
import { defineOperation } from '../../../http/operation.ts'
import { readPage, toPage } from '../../../http/pages.ts'
import { staff } from '../../../http/policy.ts'
import { idParams } from '../../../http/schemas.ts'
import {
  createCategory,
  deleteCategory,
  getCategory,
  listCategories,
  restoreCategory,
  updateCategory,
} from './categories.ts'
import {
  Category,
  CategoryFilters,
  CategoryPage,
  CreateCategory,
  toCategory,
  UpdateCategory,
} from './schemas.ts'

const editors = { roles: staff, scope: 'catalog:write', permission: 'catalog.manage' } as const
const params = idParams('categoryId')

export const routes = newRoutes()

const list = defineOperation({
  operationId: 'categories.list',
  method: 'get',
  path: '/v1/categories',
  tag: 'Catalog',
  summary: 'List categories',
  description: 'Sorted for display. Staff also see inactive categories.',
  policy: 'public',
  query: CategoryFilters,
  responses: { 200: { description: 'A page of categories.', schema: CategoryPage } },
})

routes.openapi(list, async (c) => {
  const ctx = ctxOf(c)
  const page = readPage(c)
  const rows = await listCategories(ctx, c.req.valid('query'), page)
  const body = toPage(
    c,
    page,
    rows,
    (row) => toCategory(row, ctx.locale),
    (row) => [String(row.sortOrder), row.id],
  )
  return c.json(body, 200)
})

const get = defineOperation({
  operationId: 'categories.get',
  method: 'get',
  path: '/v1/categories/{categoryId}',
  tag: 'Catalog',
  summary: 'Get a category',
  description: 'Returns a category. Inactive categories are visible to staff only.',
  policy: 'public',
  params,
  etag: true,
  responses: { 200: { description: 'The category.', schema: Category } },
})

routes.openapi(get, async (c) => {
  const ctx = ctxOf(c)
  const row = await getCategory(ctx, c.req.valid('param').categoryId)
  return c.json(tagged(c, toCategory(row, ctx.locale)), 200)
})

const create = defineOperation({
  operationId: 'categories.create',
  method: 'post',
  path: '/v1/categories',
  tag: 'Catalog',
  summary: 'Create a category',
  description: 'Adds a category at the top level or below another one.',
  policy: editors,
  body: CreateCategory,
  responses: { 201: { description: 'The new category.', schema: Category } },
  problems: ['unknown_category', 'already_exists'],
})

routes.openapi(create, async (c) => {
  const ctx = ctxOf(c)
  const row = await createCategory(ctx, c.req.valid('json'))
  return c.json(tagged(c, toCategory(row, ctx.locale)), 201)
})

const update = defineOperation({
  operationId: 'categories.update',
  method: 'patch',
  path: '/v1/categories/{categoryId}',
  tag: 'Catalog',
  summary: 'Update a category',
  description: 'Changes the fields that are sent; null clears an optional one.',
  policy: editors,
  params,
  body: UpdateCategory,
  ifMatch: 'required',
  responses: { 200: { description: 'The updated category.', schema: Category } },
  problems: ['unknown_category', 'category_cycle', 'already_exists'],
})

routes.openapi(update, async (c) => {
  const ctx = ctxOf(c)
  const { categoryId } = c.req.valid('param')
  const row = await updateCategory(ctx, categoryId, c.req.valid('json'), expectedVersionOf(c))
  return c.json(tagged(c, toCategory(row, ctx.locale)), 200)
})

const remove = defineOperation({
  operationId: 'categories.delete',
  method: 'delete',
  path: '/v1/categories/{categoryId}',
  tag: 'Catalog',
  summary: 'Delete a category',
  description: 'Hides the category and everything below it. Existing tasks keep it. It can be restored.',
  policy: editors,
  params,
  ifMatch: 'optional',
  responses: { 204: { description: 'Deleted.' } },
})

routes.openapi(remove, async (c) => {
  await deleteCategory(ctxOf(c), c.req.valid('param').categoryId, expectedVersionOf(c))
  return c.body(null, 204)
})

const restore = defineOperation({
  operationId: 'categories.restore',
  method: 'post',
  path: '/v1/categories/{categoryId}/restore',
  tag: 'Catalog',
  summary: 'Restore a category',
  description:
    'Restores a deleted category together with everything that was deleted with it. Has no effect on a category that is not deleted.',
  policy: editors,
  params,
  responses: { 200: { description: 'The updated category.', schema: Category } },
  problems: ['parent_deleted'],
})

routes.openapi(restore, async (c) => {
  const ctx = ctxOf(c)
  const row = await restoreCategory(ctx, c.req.valid('param').categoryId)
  return c.json(tagged(c, toCategory(row, ctx.locale)), 200)
})
