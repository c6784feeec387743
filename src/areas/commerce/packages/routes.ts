import type { Call } from '../../../http/app-env.ts'
import { textLocalesOf } from '../../../http/content-locale.ts'
import { ctxOf, userCtxOf } from '../../../http/context.ts'
import { expectedVersionOf, tagged } from '../../../http/etag.ts'
import { newRoutes } from '../../../http/mount.ts'
import { defineOperation } from '../../../http/operation.ts'
import { readPage, toPage } from '../../../http/pages.ts'
import { anyUser, staff } from '../../../http/policy.ts'
import { idParams } from '../../../http/schemas.ts'
import { listCompanyEntitlements, listEntitlements } from './entitlements.ts'
import {
  createPackage,
  getPackage,
  listPackages,
  type PackageRow,
  retirePackage,
  updatePackage,
} from './packages.ts'
import {
  CreatePackage,
  EntitlementFilters,
  EntitlementPage,
  newPackageOf,
  Package,
  PackageFilters,
  PackagePage,
  packagePatchOf,
  toEntitlement,
  toPackage,
  UpdatePackage,
} from './schemas.ts'

const editors = { roles: staff, scope: 'packages:write', permission: 'packages.manage' } as const
const params = idParams('packageId')

const shown = (c: Call, row: PackageRow) => toPackage(row, textLocalesOf(c, row.defaultLanguage))

export const routes = newRoutes()

const list = defineOperation({
  operationId: 'packages.list',
  method: 'get',
  path: '/v1/packages',
  tag: 'Packages',
  summary: 'List packages',
  description: 'Packages that can be bought, sorted for display. Staff also see inactive and retired ones.',
  policy: 'public',
  query: PackageFilters,
  etag: true,
  responses: { 200: { description: 'A page of packages.', schema: PackagePage } },
})

routes.openapi(list, async (c) => {
  const page = readPage(c)
  const rows = await listPackages(ctxOf(c), c.req.valid('query'), page)
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
  operationId: 'packages.get',
  method: 'get',
  path: '/v1/packages/{packageId}',
  tag: 'Packages',
  summary: 'Get a package',
  description: 'Returns a package. Inactive and retired packages are visible to staff only.',
  policy: 'public',
  params,
  etag: true,
  responses: { 200: { description: 'The package.', schema: Package } },
})

routes.openapi(get, async (c) =>
  c.json(tagged(c, shown(c, await getPackage(ctxOf(c), c.req.valid('param').packageId))), 200),
)

const create = defineOperation({
  operationId: 'packages.create',
  method: 'post',
  path: '/v1/packages',
  tag: 'Packages',
  summary: 'Create a package',
  description: 'Adds a package that can be bought in a country, in its currency.',
  policy: editors,
  body: CreatePackage,
  responses: { 201: { description: 'The new package.', schema: Package } },
  problems: ['package_currency', 'package_gives_nothing'],
})

routes.openapi(create, async (c) => {
  const row = await createPackage(ctxOf(c), newPackageOf(c.req.valid('json')))
  return c.json(tagged(c, shown(c, row)), 201)
})

const update = defineOperation({
  operationId: 'packages.update',
  method: 'patch',
  path: '/v1/packages/{packageId}',
  tag: 'Packages',
  summary: 'Update a package',
  description:
    'Changes the fields that are sent, for quotes from now on. Quotes and orders that exist keep what they were made with.',
  policy: editors,
  params,
  body: UpdatePackage,
  ifMatch: 'required',
  responses: { 200: { description: 'The updated package.', schema: Package } },
  problems: ['package_retired', 'package_gives_nothing'],
})

routes.openapi(update, async (c) => {
  const { packageId } = c.req.valid('param')
  const patch = packagePatchOf(c.req.valid('json'))
  const row = await updatePackage(ctxOf(c), packageId, patch, expectedVersionOf(c))
  return c.json(tagged(c, shown(c, row)), 200)
})

const retire = defineOperation({
  operationId: 'packages.retire',
  method: 'post',
  path: '/v1/packages/{packageId}/retire',
  tag: 'Packages',
  summary: 'Retire a package',
  description:
    'Ends its sale for good. Orders keep it, with what they gave. Has no effect on a package that is retired.',
  policy: editors,
  params,
  ifMatch: 'optional',
  responses: { 200: { description: 'The retired package.', schema: Package } },
})

routes.openapi(retire, async (c) => {
  const row = await retirePackage(ctxOf(c), c.req.valid('param').packageId, expectedVersionOf(c))
  return c.json(tagged(c, shown(c, row)), 200)
})

const listOwn = defineOperation({
  operationId: 'entitlements.list',
  method: 'get',
  path: '/v1/me/entitlements',
  tag: 'Packages',
  summary: 'List your entitlements',
  description: 'Rights that your orders have given you, with what is left of each. Newest first.',
  policy: { roles: anyUser, scope: 'entitlements:read' },
  query: EntitlementFilters,
  responses: { 200: { description: 'A page of entitlements.', schema: EntitlementPage } },
})

routes.openapi(listOwn, async (c) => {
  const page = readPage(c)
  const rows = await listEntitlements(userCtxOf(c), c.req.valid('query'), page)
  return c.json(toPage(c, page, rows, toEntitlement), 200)
})

const listOfCompany = defineOperation({
  operationId: 'entitlements.listOfCompany',
  method: 'get',
  path: '/v1/companies/{companyId}/entitlements',
  tag: 'Packages',
  summary: 'List the entitlements of a company',
  description:
    'Rights that orders have given the company, for its owners, managers and accountants. Newest first.',
  policy: { roles: ['client', 'tasker'], relation: { who: ['manager'] }, scope: 'entitlements:read' },
  params: idParams('companyId'),
  query: EntitlementFilters,
  responses: { 200: { description: 'A page of entitlements.', schema: EntitlementPage } },
})

routes.openapi(listOfCompany, async (c) => {
  const page = readPage(c)
  const { companyId } = c.req.valid('param')
  const rows = await listCompanyEntitlements(userCtxOf(c), companyId, c.req.valid('query'), page)
  return c.json(toPage(c, page, rows, toEntitlement), 200)
})
