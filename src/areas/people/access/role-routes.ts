import { z } from '@hono/zod-openapi'
import { ctxOf, userCtxOf } from '../../../http/context.ts'
import { expectedVersionOf, tagged } from '../../../http/etag.ts'
import { newRoutes } from '../../../http/mount.ts'
import { defineOperation } from '../../../http/operation.ts'
import { pageQuery, readPage, toPage } from '../../../http/pages.ts'
import { staff } from '../../../http/policy.ts'
import { idParams } from '../../../http/schemas.ts'
import { createRole, deleteRole, getRole, listPermissions, listRoles, updateRole } from './roles.ts'
import { CreateRole, PermissionPage, Role, RolePage, toRole, UpdateRole } from './schemas.ts'

const tag = 'Access'
const readers = { roles: staff, permission: 'roles.read' } as const
const shapers = { roles: staff, permission: 'roles.manage', stepUp: true } as const
const params = idParams('roleId')
const query = z.object({ ...pageQuery })

export const roleRoutes = newRoutes()

const permissions = defineOperation({
  operationId: 'permissions.list',
  method: 'get',
  path: '/v1/permissions',
  tag,
  summary: 'List permissions',
  description: 'All permissions that roles can include, sorted by name.',
  policy: readers,
  query,
  responses: { 200: { description: 'A page of permissions.', schema: PermissionPage } },
})

roleRoutes.openapi(permissions, async (c) => {
  const page = readPage(c)
  const rows = await listPermissions(ctxOf(c), page)
  const body = toPage(
    c,
    page,
    rows,
    (row) => row,
    (row) => [row.name],
  )
  return c.json(body, 200)
})

const list = defineOperation({
  operationId: 'roles.list',
  method: 'get',
  path: '/v1/roles',
  tag,
  summary: 'List roles',
  description: 'All roles with their permissions, oldest first.',
  policy: readers,
  query,
  responses: { 200: { description: 'A page of roles.', schema: RolePage } },
})

roleRoutes.openapi(list, async (c) => {
  const page = readPage(c)
  return c.json(toPage(c, page, await listRoles(ctxOf(c), page), toRole), 200)
})

const get = defineOperation({
  operationId: 'roles.get',
  method: 'get',
  path: '/v1/roles/{roleId}',
  tag,
  summary: 'Get a role',
  description: 'Returns a role with its permissions.',
  policy: readers,
  params,
  etag: true,
  responses: { 200: { description: 'The role.', schema: Role } },
})

roleRoutes.openapi(get, async (c) =>
  c.json(tagged(c, toRole(await getRole(ctxOf(c), c.req.valid('param').roleId))), 200),
)

const create = defineOperation({
  operationId: 'roles.create',
  method: 'post',
  path: '/v1/roles',
  tag,
  summary: 'Create a role',
  description: 'Creates a custom role. It can only include permissions that you hold yourself.',
  policy: shapers,
  body: CreateRole,
  responses: { 201: { description: 'The new role.', schema: Role } },
  problems: ['already_exists', 'not_held', 'settings_not_permitted', 'unknown_reference'],
})

roleRoutes.openapi(create, async (c) => {
  const row = await createRole(userCtxOf(c), c.req.valid('json'))
  return c.json(tagged(c, toRole(row)), 201)
})

const update = defineOperation({
  operationId: 'roles.update',
  method: 'patch',
  path: '/v1/roles/{roleId}',
  tag,
  summary: 'Update a role',
  description:
    'Changes the fields that are sent. Removed permissions end at once; added ones take effect with the next access token. To extend a role (permissions, activation, audience, decisions), you must hold all of its permissions for as long as its holders do, and it must not be a role of your own.',
  policy: shapers,
  params,
  body: UpdateRole,
  ifMatch: 'required',
  responses: { 200: { description: 'The updated role.', schema: Role } },
  problems: [
    'limit_reached',
    'not_held',
    'not_held_so_long',
    'own_role',
    'settings_not_permitted',
    'system_role',
    'unknown_reference',
  ],
})

roleRoutes.openapi(update, async (c) => {
  const { roleId } = c.req.valid('param')
  const row = await updateRole(userCtxOf(c), roleId, c.req.valid('json'), expectedVersionOf(c))
  return c.json(tagged(c, toRole(row)), 200)
})

const remove = defineOperation({
  operationId: 'roles.delete',
  method: 'delete',
  path: '/v1/roles/{roleId}',
  tag,
  summary: 'Delete a role',
  description:
    'Only roles that were never granted or requested can be deleted. Deactivate any other (`isActive`): past grants refer to it.',
  policy: shapers,
  params,
  ifMatch: 'optional',
  responses: { 204: { description: 'Deleted.' } },
  problems: ['role_in_use', 'system_role'],
})

roleRoutes.openapi(remove, async (c) => {
  await deleteRole(userCtxOf(c), c.req.valid('param').roleId, expectedVersionOf(c))
  return c.body(null, 204)
})
