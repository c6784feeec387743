import { z } from '@hono/zod-openapi'
import type { ProblemCode } from '../../../core/problems.ts'
import type { Call } from '../../../http/app-env.ts'
import { ctxOf, userCtxOf } from '../../../http/context.ts'
import { tagged } from '../../../http/etag.ts'
import { newRoutes } from '../../../http/mount.ts'
import { defineOperation } from '../../../http/operation.ts'
import { pageQuery, readPage, toPage } from '../../../http/pages.ts'
import { anyUser, staff } from '../../../http/policy.ts'
import { idParams } from '../../../http/schemas.ts'
import type { UserRoleRow } from './rows.ts'
import {
  DecideRole,
  EndRole,
  GrantRole,
  OwnRole,
  OwnRolePage,
  RequestRole,
  toOwnRole,
  toUserRole,
  UserRole,
  UserRoleFilters,
  UserRolePage,
} from './schemas.ts'
import {
  type Decision,
  decideUserRole,
  getUserRole,
  giveBackRole,
  grantRole,
  listOwnRoles,
  listUserRoles,
  requestRole,
} from './user-roles.ts'

const tag = 'Access'
const readers = { roles: staff, permission: 'roles.read' } as const
const assigners = { roles: staff, permission: 'roles.assign', stepUp: true } as const
const params = idParams('userRoleId')

export const userRoleRoutes = newRoutes()

const seenBy = (c: Call, row: UserRoleRow) => tagged(c, toUserRole(ctxOf(c).actor)(row))

const request = defineOperation({
  operationId: 'me.requestRole',
  method: 'post',
  path: '/v1/me/role-requests',
  tag,
  summary: 'Request a role',
  description: 'Decided by a user who can assign roles. Staff roles require a second factor.',
  policy: { roles: anyUser },
  body: RequestRole,
  responses: { 201: { description: 'The request.', schema: OwnRole } },
  problems: ['already_exists', 'not_found'],
})

userRoleRoutes.openapi(request, async (c) =>
  c.json(tagged(c, toOwnRole(await requestRole(userCtxOf(c), c.req.valid('json')))), 201),
)

const listOwn = defineOperation({
  operationId: 'me.listRoles',
  method: 'get',
  path: '/v1/me/roles',
  tag,
  summary: 'List your roles and requests',
  description: 'Your current and past roles and requests, newest first.',
  policy: { roles: anyUser },
  query: z.object({ ...pageQuery }),
  responses: { 200: { description: 'A page of your grants.', schema: OwnRolePage } },
})

userRoleRoutes.openapi(listOwn, async (c) => {
  const page = readPage(c)
  return c.json(toPage(c, page, await listOwnRoles(userCtxOf(c), page), toOwnRole), 200)
})

const giveBack = defineOperation({
  operationId: 'me.giveBackRole',
  method: 'post',
  path: '/v1/me/roles/{userRoleId}/give-back',
  tag,
  summary: 'Give back a role',
  description: 'Ends a role of yours or a pending request. The last administrator cannot give up the role.',
  policy: { roles: anyUser, relation: { who: ['owner'] } },
  params,
  responses: { 200: { description: 'The updated grant.', schema: OwnRole } },
  problems: ['last_admin', 'not_pending'],
})

userRoleRoutes.openapi(giveBack, async (c) =>
  c.json(tagged(c, toOwnRole(await giveBackRole(userCtxOf(c), c.req.valid('param').userRoleId))), 200),
)

const list = defineOperation({
  operationId: 'userRoles.list',
  method: 'get',
  path: '/v1/user-roles',
  tag,
  summary: 'List role grants and requests',
  description: 'Current and past grants and requests, newest first.',
  policy: readers,
  query: UserRoleFilters,
  responses: { 200: { description: 'A page of grants.', schema: UserRolePage } },
})

userRoleRoutes.openapi(list, async (c) => {
  const [ctx, page] = [ctxOf(c), readPage(c)]
  const rows = await listUserRoles(ctx, c.req.valid('query'), page)
  return c.json(toPage(c, page, rows, toUserRole(ctx.actor)), 200)
})

const get = defineOperation({
  operationId: 'userRoles.get',
  method: 'get',
  path: '/v1/user-roles/{userRoleId}',
  tag,
  summary: 'Get a role grant',
  description: 'Returns a grant or a request.',
  policy: readers,
  params,
  etag: true,
  responses: { 200: { description: 'The grant.', schema: UserRole } },
})

userRoleRoutes.openapi(get, async (c) =>
  c.json(seenBy(c, await getUserRole(ctxOf(c), c.req.valid('param').userRoleId)), 200),
)

const grant = defineOperation({
  operationId: 'userRoles.grant',
  method: 'post',
  path: '/v1/user-roles',
  tag,
  summary: 'Grant a role',
  description:
    'Takes effect at once, until it expires or is revoked. You can only grant roles whose permissions you hold yourself, and for no longer than you hold them. Staff roles cannot be granted to users whose employment is terminated.',
  policy: assigners,
  body: GrantRole,
  responses: { 201: { description: 'The grant.', schema: UserRole } },
  problems: [
    'account_not_in_state',
    'already_exists',
    'employment_ended',
    'not_found',
    'not_held',
    'not_held_so_long',
    'own_role',
    'settings_not_permitted',
    'time_in_the_past',
  ],
})

userRoleRoutes.openapi(grant, async (c) =>
  c.json(seenBy(c, await grantRole(userCtxOf(c), c.req.valid('json'))), 201),
)

interface DecisionSpec {
  status: Decision['status']
  summary: string
  description: string
  body: typeof DecideRole | typeof EndRole
  problems?: ProblemCode[]
}

/** `POST …/{verb}`: what stood is decided, once. */
function decide(verb: string, { status, problems = [], ...texts }: DecisionSpec): void {
  const operation = defineOperation({
    operationId: `userRoles.${verb}`,
    method: 'post',
    path: `/v1/user-roles/{userRoleId}/${verb}`,
    tag,
    ...texts,
    policy: assigners,
    params,
    responses: { 200: { description: 'The updated grant.', schema: UserRole } },
    problems: ['not_held', 'not_pending', 'own_role', 'team_not_permitted', ...problems],
  })
  userRoleRoutes.openapi(operation, async (c) => {
    const decision: Decision = { ...c.req.valid('json'), status }
    return c.json(
      seenBy(c, await decideUserRole(userCtxOf(c), c.req.valid('param').userRoleId, decision)),
      200,
    )
  })
}

decide('approve', {
  status: 'approved',
  summary: 'Approve a role request',
  description:
    'Not available for your own requests. You must hold the permissions of the role yourself, for at least as long.',
  body: DecideRole,
  problems: [
    'account_not_in_state',
    'employment_ended',
    'not_held_so_long',
    'settings_not_permitted',
    'time_in_the_past',
  ],
})

decide('reject', {
  status: 'rejected',
  summary: 'Reject a role request',
  description: 'Ends the request. The user can make another one.',
  body: EndRole,
})

decide('revoke', {
  status: 'revoked',
  summary: 'Revoke a role grant',
  description:
    'Write access ends at once, read access with the access token, within 15 minutes. You can revoke a role of your own, unless you are the last administrator.',
  body: EndRole,
  problems: ['last_admin'],
})
