import { Problem } from '../../../core/problems.ts'
import type { Call } from '../../../http/app-env.ts'
import { textLocalesOf } from '../../../http/content-locale.ts'
import { ctxOf, userCtxOf } from '../../../http/context.ts'
import { expectedVersionOf, tagged } from '../../../http/etag.ts'
import { newRoutes } from '../../../http/mount.ts'
import { defineOperation } from '../../../http/operation.ts'
import { readPage, toPage } from '../../../http/pages.ts'
import { staff } from '../../../http/policy.ts'
import { idParams } from '../../../http/schemas.ts'
import { fileHeaders } from '../../platform/media/file-headers.ts'
import { mediaKinds } from '../../platform/media/media.ts'
import { addonRoutes } from './addon-routes.ts'
import {
  type CategoryRow,
  createCategory,
  deleteCategory,
  getCategory,
  listCategories,
  restoreCategory,
  updateCategory,
} from './categories.ts'
import { getIcon } from './icons.ts'
import { inputRoutes } from './input-routes.ts'
import {
  Category,
  CategoryFilters,
  CategoryPage,
  CreateCategory,
  toCategory,
  UpdateCategory,
} from './schemas.ts'
import { readTree } from './tree.ts'
import { CategoryTree, toTree } from './tree-schemas.ts'

const editors = { roles: staff, scope: 'catalog:write', permission: 'catalog.manage' } as const
const params = idParams('categoryId')
const treeForSeconds = 300

/** In the language of the reader, with the address of the icon. */
const shown = (c: Call, row: CategoryRow) =>
  toCategory(row, textLocalesOf(c, row.defaultLanguage), ctxOf(c).secrets.apiOrigin)

export const routes = newRoutes()

routes.route('/', addonRoutes)
routes.route('/', inputRoutes)

const tree = defineOperation({
  operationId: 'categories.getTree',
  method: 'get',
  path: '/v1/category-tree',
  tag: 'Catalog',
  summary: 'Get the tree of categories',
  description:
    'Every active category with its active add-ons, in the language of `Accept-Language`. Cacheable for five minutes, by language.',
  policy: 'public',
  etag: true,
  responses: { 200: { description: 'The tree.', schema: CategoryTree } },
})

routes.openapi(tree, async (c) => {
  const ctx = ctxOf(c)
  c.header('Cache-Control', `public, max-age=${treeForSeconds}`)
  const { defaultLanguage, nodes } = await readTree(ctx)
  return c.json(toTree(nodes, textLocalesOf(c, defaultLanguage), ctx.secrets.apiOrigin), 200)
})

const icon = defineOperation({
  operationId: 'categories.getIcon',
  method: 'get',
  path: '/v1/category-icons/{iconId}',
  tag: 'Catalog',
  summary: 'Download the icon of a category',
  description: 'From the address in `iconUrl`. Cacheable for ever: another icon has another address.',
  policy: 'public',
  params: idParams('iconId'),
  responses: { 200: { description: 'The image.', fileTypes: mediaKinds.image.types } },
  problems: ['not_found'],
})

routes.openapi(icon, async (c) => {
  const { storageKey, mimeType } = await getIcon(ctxOf(c), c.req.valid('param').iconId)
  const object = await c.env.MEDIA.get(storageKey)
  if (!object) throw new Problem('not_found')
  return c.body(object.body, 200, fileHeaders(mimeType, object.size, 'public, max-age=31536000, immutable'))
})

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
  const page = readPage(c)
  const rows = await listCategories(ctxOf(c), c.req.valid('query'), page)
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
  const row = await getCategory(ctxOf(c), c.req.valid('param').categoryId)
  return c.json(tagged(c, shown(c, row)), 200)
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
  problems: ['unknown_category', 'already_exists', 'media_refused'],
})

routes.openapi(create, async (c) => {
  const row = await createCategory(userCtxOf(c), c.req.valid('json'))
  return c.json(tagged(c, shown(c, row)), 201)
})

const update = defineOperation({
  operationId: 'categories.update',
  method: 'patch',
  path: '/v1/categories/{categoryId}',
  tag: 'Catalog',
  summary: 'Update a category',
  description:
    'Changes the fields that are sent; null clears an optional one. `names` and `descriptions` are replaced as a whole.',
  policy: editors,
  params,
  body: UpdateCategory,
  ifMatch: 'required',
  responses: { 200: { description: 'The updated category.', schema: Category } },
  problems: ['unknown_category', 'category_cycle', 'already_exists', 'media_refused'],
})

routes.openapi(update, async (c) => {
  const { categoryId } = c.req.valid('param')
  const row = await updateCategory(userCtxOf(c), categoryId, c.req.valid('json'), expectedVersionOf(c))
  return c.json(tagged(c, shown(c, row)), 200)
})

const remove = defineOperation({
  operationId: 'categories.delete',
  method: 'delete',
  path: '/v1/categories/{categoryId}',
  tag: 'Catalog',
  summary: 'Delete a category',
  description:
    'Hides the category, those below it and their add-ons. Their price bands price nothing as long as they are deleted. Existing tasks keep the category, and are not deleted with it; a draft of it cannot be posted. It can be restored.',
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
  const row = await restoreCategory(ctxOf(c), c.req.valid('param').categoryId)
  return c.json(tagged(c, shown(c, row)), 200)
})
