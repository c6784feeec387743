import type { ProblemCode } from '../../core/problems.ts'
import { newArea } from '../../http/area.ts'
import { ctxOf, userCtxOf } from '../../http/context.ts'
import { defineOperation } from '../../http/operation.ts'
import { readPage, toPage } from '../../http/pages.ts'
import { anyUser, staff } from '../../http/policy.ts'
import { idParams } from '../../http/schemas.ts'
import {
  DecideRole,
  EndRole,
  GrantRole,
  RequestRole,
  toUserRole,
  UserRole,
  UserRoleFilters,
  UserRolePage,
} from './schemas.ts'
import {
  type Decision,
  decideUserRole,
  getUserRole,
  grantRole,
  listUserRoles,
  requestRole,
} from './user-roles.ts'

const tag = 'Access'
const readers = { roles: staff, permission: 'roles.read' } as const
const assigners = { roles: staff, permission: 'roles.assign', stepUp: true } as const
const params = idParams('userRoleId')

export const userRoleRoutes = newArea()

const request = defineOperation({
  operationId: 'me.requestRole',
  method: 'post',
  path: '/v1/me/role-requests',
  tag,
  summary: 'Ask for a role',
  description:
    'Somebody who may assign roles decides. Whoever is to be staff needs a second factor to use it.',
  policy: { roles: anyUser },
  body: RequestRole,
  responses: { 201: { description: 'The request.', schema: UserRole } },
  problems: ['already_exists', 'not_found'],
})

userRoleRoutes.openapi(request, async (c) =>
  c.json(toUserRole(await requestRole(userCtxOf(c), c.req.valid('json'))), 201),
)

const list = defineOperation({
  operationId: 'userRoles.list',
  method: 'get',
  path: '/v1/user-roles',
  tag,
  summary: 'List grants and requests',
  description: 'Who holds, asked for or held which role, the newest first.',
  policy: readers,
  query: UserRoleFilters,
  responses: { 200: { description: 'A page of grants.', schema: UserRolePage } },
})

userRoleRoutes.openapi(list, async (c) => {
  const page = readPage(c)
  return c.json(toPage(c, page, await listUserRoles(ctxOf(c), c.req.valid('query'), page), toUserRole), 200)
})

const get = defineOperation({
  operationId: 'userRoles.get',
  method: 'get',
  path: '/v1/user-roles/{userRoleId}',
  tag,
  summary: 'Get a grant',
  description: 'One grant or request.',
  policy: readers,
  params,
  etag: true,
  responses: { 200: { description: 'The grant.', schema: UserRole } },
})

userRoleRoutes.openapi(get, async (c) =>
  c.json(toUserRole(await getUserRole(ctxOf(c), c.req.valid('param').userRoleId)), 200),
)

const grant = defineOperation({
  operationId: 'userRoles.grant',
  method: 'post',
  path: '/v1/user-roles',
  tag,
  summary: 'Grant a role',
  description:
    'At once, until it expires or is revoked. Only roles that permit nothing you are not permitted yourself.',
  policy: assigners,
  body: GrantRole,
  responses: { 201: { description: 'The grant.', schema: UserRole } },
  problems: ['already_exists', 'not_found', 'not_held', 'own_role', 'time_in_the_past'],
})

userRoleRoutes.openapi(grant, async (c) =>
  c.json(toUserRole(await grantRole(userCtxOf(c), c.req.valid('json'))), 201),
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
    responses: { 200: { description: 'The grant as it now stands.', schema: UserRole } },
    problems: ['not_held', 'not_pending', 'own_role', ...problems],
  })
  userRoleRoutes.openapi(operation, async (c) => {
    const decision: Decision = { ...c.req.valid('json'), status }
    return c.json(
      toUserRole(await decideUserRole(userCtxOf(c), c.req.valid('param').userRoleId, decision)),
      200,
    )
  })
}

decide('approve', {
  status: 'approved',
  summary: 'Approve a request',
  description: 'Never your own, and only what you hold yourself.',
  body: DecideRole,
  problems: ['time_in_the_past'],
})

decide('reject', {
  status: 'rejected',
  summary: 'Reject a request',
  description: 'The request ends; another one may be made.',
  body: EndRole,
})

decide('revoke', {
  status: 'revoked',
  summary: 'Revoke a grant',
  description:
    'What it permitted can be done no more; what it let one see ends with the access token, within 15 minutes. One may give back a role of one’s own; the last administrator may not.',
  body: EndRole,
  problems: ['last_admin'],
})
