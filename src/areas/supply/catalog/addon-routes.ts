import type { Call } from '../../../http/app-env.ts'
import { textLocalesOf } from '../../../http/content-locale.ts'
import { ctxOf } from '../../../http/context.ts'
import { expectedVersionOf, tagged } from '../../../http/etag.ts'
import { newRoutes } from '../../../http/mount.ts'
import { defineOperation } from '../../../http/operation.ts'
import { readPage, toPage } from '../../../http/pages.ts'
import { staff } from '../../../http/policy.ts'
import { idParams } from '../../../http/schemas.ts'
import { Addon, AddonFilters, AddonPage, CreateAddon, toAddon, UpdateAddon } from './addon-schemas.ts'
import {
  type AddonRow,
  createAddon,
  deleteAddon,
  getAddon,
  listAddons,
  restoreAddon,
  updateAddon,
} from './addons.ts'

const editors = { roles: staff, scope: 'catalog:write', permission: 'catalog.manage' } as const
const params = idParams('addonId')

/** In the language of the reader. */
const shown = (c: Call, row: AddonRow) => toAddon(row, textLocalesOf(c, row.defaultLanguage))

export const addonRoutes = newRoutes()

const list = defineOperation({
  operationId: 'addons.list',
  method: 'get',
  path: '/v1/addons',
  tag: 'Catalog',
  summary: 'List add-ons',
  description: 'Sorted for display. Staff also see inactive add-ons, and those of inactive categories.',
  policy: 'public',
  query: AddonFilters,
  responses: { 200: { description: 'A page of add-ons.', schema: AddonPage } },
})

addonRoutes.openapi(list, async (c) => {
  const page = readPage(c)
  const rows = await listAddons(ctxOf(c), c.req.valid('query'), page)
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
  operationId: 'addons.get',
  method: 'get',
  path: '/v1/addons/{addonId}',
  tag: 'Catalog',
  summary: 'Get an add-on',
  description: 'Returns an add-on. Inactive ones are visible to staff only.',
  policy: 'public',
  params,
  etag: true,
  responses: { 200: { description: 'The add-on.', schema: Addon } },
})

addonRoutes.openapi(get, async (c) => {
  const row = await getAddon(ctxOf(c), c.req.valid('param').addonId)
  return c.json(tagged(c, shown(c, row)), 200)
})

const create = defineOperation({
  operationId: 'addons.create',
  method: 'post',
  path: '/v1/addons',
  tag: 'Catalog',
  summary: 'Create an add-on',
  description:
    'Adds an extra with a price of its own to a category, of any level. Categories below it do not inherit it.',
  policy: editors,
  body: CreateAddon,
  responses: { 201: { description: 'The new add-on.', schema: Addon } },
  problems: ['unknown_category'],
})

addonRoutes.openapi(create, async (c) => {
  const { priceMinor: priceAmount, ...fields } = c.req.valid('json')
  const row = await createAddon(ctxOf(c), { ...fields, priceAmount })
  return c.json(tagged(c, shown(c, row)), 201)
})

const update = defineOperation({
  operationId: 'addons.update',
  method: 'patch',
  path: '/v1/addons/{addonId}',
  tag: 'Catalog',
  summary: 'Update an add-on',
  description:
    'Changes the fields that are sent. `names` and `descriptions` are replaced as a whole. It stays in its category.',
  policy: editors,
  params,
  body: UpdateAddon,
  ifMatch: 'required',
  responses: { 200: { description: 'The updated add-on.', schema: Addon } },
})

addonRoutes.openapi(update, async (c) => {
  const { priceMinor: priceAmount, ...fields } = c.req.valid('json')
  const { addonId } = c.req.valid('param')
  const row = await updateAddon(ctxOf(c), addonId, { ...fields, priceAmount }, expectedVersionOf(c))
  return c.json(tagged(c, shown(c, row)), 200)
})

const remove = defineOperation({
  operationId: 'addons.delete',
  method: 'delete',
  path: '/v1/addons/{addonId}',
  tag: 'Catalog',
  summary: 'Delete an add-on',
  description: 'Hides the add-on. It can be restored.',
  policy: editors,
  params,
  ifMatch: 'optional',
  responses: { 204: { description: 'Deleted.' } },
})

addonRoutes.openapi(remove, async (c) => {
  await deleteAddon(ctxOf(c), c.req.valid('param').addonId, expectedVersionOf(c))
  return c.body(null, 204)
})

const restore = defineOperation({
  operationId: 'addons.restore',
  method: 'post',
  path: '/v1/addons/{addonId}/restore',
  tag: 'Catalog',
  summary: 'Restore an add-on',
  description: 'Restores a deleted add-on. Has no effect on one that is not deleted.',
  policy: editors,
  params,
  responses: { 200: { description: 'The updated add-on.', schema: Addon } },
  problems: ['parent_deleted'],
})

addonRoutes.openapi(restore, async (c) => {
  const row = await restoreAddon(ctxOf(c), c.req.valid('param').addonId)
  return c.json(tagged(c, shown(c, row)), 200)
})
