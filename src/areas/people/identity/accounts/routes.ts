import { ctxOf, userCtxOf } from '../../../../http/context.ts'
import { expectedVersionOf, tagged } from '../../../../http/etag.ts'
import { newRoutes } from '../../../../http/mount.ts'
import { defineOperation } from '../../../../http/operation.ts'
import { readPage, toPage } from '../../../../http/pages.ts'
import { anyUser, staff } from '../../../../http/policy.ts'
import { idParams } from '../../../../http/schemas.ts'
import { transition } from '../../../../http/transition.ts'
import { EndRole } from '../../access/schemas.ts'
import { userMachine } from '../machine.ts'
import {
  ClosedAccount,
  CloseMe,
  LiftRestrictions,
  RestrictUser,
  SignedOut,
  toAccount,
  toClosedAccount,
  toUser,
  UpdateMe,
  User,
  UserAccount,
  UserAccountPage,
  UserFilters,
} from './schemas.ts'
import {
  closeMe,
  closeUser,
  getMe,
  getUser,
  liftRestrictions,
  listUsers,
  reinstateUser,
  restoreUser,
  restrictUser,
  signOutUser,
  suspendUser,
  updateMe,
} from './users.ts'

const tag = 'Access'
const readers = { roles: staff, permission: 'users.read' } as const
const managers = { roles: staff, permission: 'users.manage', stepUp: true } as const
const params = idParams('userId')
const answer = { 200: { description: 'The updated account.', schema: UserAccount } } as const

export const accountRoutes = newRoutes()

const list = defineOperation({
  operationId: 'users.list',
  method: 'get',
  path: '/v1/users',
  tag,
  summary: 'List accounts',
  description:
    'Newest first. Can be filtered by role, by status, or by the beginning of a number, address or name.',
  policy: readers,
  query: UserFilters,
  responses: { 200: { description: 'A page of accounts.', schema: UserAccountPage } },
})

accountRoutes.openapi(list, async (c) => {
  const page = readPage(c)
  return c.json(toPage(c, page, await listUsers(ctxOf(c), c.req.valid('query'), page), toAccount), 200)
})

const get = defineOperation({
  operationId: 'users.get',
  method: 'get',
  path: '/v1/users/{userId}',
  tag,
  summary: 'Get an account',
  description: 'Returns an account, as staff see it.',
  policy: readers,
  params,
  etag: true,
  responses: { 200: { description: 'The account.', schema: UserAccount } },
})

accountRoutes.openapi(get, async (c) =>
  c.json(tagged(c, toAccount(await getUser(ctxOf(c), c.req.valid('param').userId))), 200),
)

const suspend = transition(userMachine, 'suspend', {
  operationId: 'users.suspend',
  path: '/v1/users/{userId}/suspend',
  tag,
  summary: 'Suspend an account',
  description:
    'Ends its sessions, withdraws its open offers and blocks further sign-ins. Its API keys and webhooks are inactive until it is reinstated.',
  permission: 'users.manage',
  stepUp: true,
  params,
  body: EndRole,
  responses: answer,
  wrongState: 'account_not_in_state',
  problems: ['last_admin', 'not_held', 'own_account'],
})

accountRoutes.openapi(suspend, async (c) => {
  const { userId } = c.req.valid('param')
  const row = await suspendUser(userCtxOf(c), userId, c.req.valid('json').reason)
  return c.json(tagged(c, toAccount(row)), 200)
})

const restrict = defineOperation({
  operationId: 'users.restrict',
  method: 'post',
  path: '/v1/users/{userId}/restrict',
  tag,
  summary: 'Restrict single abilities of a user',
  description:
    'In place of a suspension. The user reads what, why and until when; writes are refused at once, reads with the next access token. With `transact`, open offers and bids end; bookings that were agreed go on, and what is due can be paid.',
  policy: { roles: staff, permission: 'users.restrict' },
  params,
  body: RestrictUser,
  responses: answer,
  problems: ['account_not_in_state', 'own_account'],
})

accountRoutes.openapi(restrict, async (c) => {
  const row = await restrictUser(userCtxOf(c), c.req.valid('param').userId, c.req.valid('json'))
  return c.json(tagged(c, toAccount(row)), 200)
})

const lift = defineOperation({
  operationId: 'users.liftRestrictions',
  method: 'post',
  path: '/v1/users/{userId}/lift-restrictions',
  tag,
  summary: 'Lift restrictions of a user',
  description: 'Gives abilities back before their time; all of them where none is named.',
  policy: { roles: staff, permission: 'users.restrict' },
  params,
  body: LiftRestrictions,
  responses: answer,
  problems: ['not_restricted', 'own_account'],
})

accountRoutes.openapi(lift, async (c) => {
  const row = await liftRestrictions(userCtxOf(c), c.req.valid('param').userId, c.req.valid('json'))
  return c.json(tagged(c, toAccount(row)), 200)
})

const reinstate = transition(userMachine, 'reinstate', {
  operationId: 'users.reinstate',
  path: '/v1/users/{userId}/reinstate',
  tag,
  summary: 'Reinstate an account',
  description:
    'Allows a suspended account to sign in again. Not available for your own account; for a member of staff, you must hold all permissions that they regain.',
  permission: 'users.manage',
  stepUp: true,
  params,
  body: EndRole,
  responses: answer,
  wrongState: 'account_not_in_state',
  problems: ['not_held', 'own_account'],
})

accountRoutes.openapi(reinstate, async (c) => {
  const row = await reinstateUser(userCtxOf(c), c.req.valid('param').userId, c.req.valid('json').reason)
  return c.json(tagged(c, toAccount(row)), 200)
})

const close = defineOperation({
  operationId: 'users.close',
  method: 'post',
  path: '/v1/users/{userId}/close',
  tag,
  summary: 'Close an account',
  description:
    'Ends its sessions, open tasks, offers and bids. Refused while it has bookings or disputes, or money is owed. Until `restorableUntil` it can be restored; then it is erased. Not available for your own account.',
  policy: managers,
  params,
  body: EndRole,
  responses: answer,
  problems: ['account_not_closable', 'account_not_in_state', 'not_held', 'own_account'],
})

accountRoutes.openapi(close, async (c) => {
  const row = await closeUser(userCtxOf(c), c.req.valid('param').userId, c.req.valid('json').reason)
  return c.json(tagged(c, toAccount(row)), 200)
})

const restore = defineOperation({
  operationId: 'users.restore',
  method: 'post',
  path: '/v1/users/{userId}/restore',
  tag,
  summary: 'Restore a closed account',
  description:
    'Allows a closed account to sign in again, until `restorableUntil`. What ended with it stays ended. Not available for your own account.',
  policy: managers,
  params,
  body: EndRole,
  responses: answer,
  problems: ['account_not_restorable', 'account_not_in_state', 'not_held', 'own_account'],
})

accountRoutes.openapi(restore, async (c) => {
  const row = await restoreUser(userCtxOf(c), c.req.valid('param').userId, c.req.valid('json').reason)
  return c.json(tagged(c, toAccount(row)), 200)
})

const signOut = defineOperation({
  operationId: 'users.signOut',
  method: 'post',
  path: '/v1/users/{userId}/sign-out',
  tag,
  summary: 'Sign out an account everywhere',
  description:
    'For users who have lost a phone or an API key: ends all sessions and their sockets, and revokes all API keys. The user is notified and has to sign in again. Not available for your own account; for a member of staff, you must hold all of their permissions.',
  policy: managers,
  params,
  body: EndRole,
  responses: { 200: { description: 'The numbers of sessions and API keys ended.', schema: SignedOut } },
  problems: ['not_held', 'own_account'],
})

accountRoutes.openapi(signOut, async (c) => {
  const { userId } = c.req.valid('param')
  return c.json(await signOutUser(userCtxOf(c), userId, c.req.valid('json').reason), 200)
})

const getOwn = defineOperation({
  operationId: 'me.get',
  method: 'get',
  path: '/v1/me',
  tag: 'Me',
  summary: 'Get your account',
  description: 'Returns the account of the caller.',
  policy: { roles: anyUser, scope: 'profile:read' },
  etag: true,
  responses: { 200: { description: 'Your account.', schema: User } },
  problems: ['not_found'],
})

accountRoutes.openapi(getOwn, async (c) => c.json(tagged(c, toUser(await getMe(userCtxOf(c)))), 200))

const closeOwn = defineOperation({
  operationId: 'me.close',
  method: 'post',
  path: '/v1/me/close',
  tag: 'Me',
  summary: 'Close your account',
  description:
    'Ends your sessions, and with them your open tasks, offers and bids. Refused while you have bookings or disputes, or money is owed by you or to you. Signing in until `restorableUntil` restores the account; afterwards it is erased.',
  policy: { roles: ['client', 'tasker'], stepUp: true },
  body: CloseMe,
  responses: { 200: { description: 'The closed account.', schema: ClosedAccount } },
  problems: ['account_not_closable', 'account_not_in_state'],
})

accountRoutes.openapi(closeOwn, async (c) => {
  const row = await closeMe(userCtxOf(c), c.req.valid('json').reason)
  return c.json(toClosedAccount(row), 200)
})

const update = defineOperation({
  operationId: 'me.update',
  method: 'patch',
  path: '/v1/me',
  tag: 'Me',
  summary: 'Update your account',
  description:
    'Changes the fields that are sent; null clears an optional one. Phone number, e-mail address and username have their own operations.',
  policy: { roles: anyUser, scope: 'profile:write' },
  body: UpdateMe,
  ifMatch: 'optional',
  responses: { 200: { description: 'Your updated account.', schema: User } },
  problems: ['account_suspended', 'account_closed', 'unknown_timezone'],
})

accountRoutes.openapi(update, async (c) => {
  const user = await updateMe(userCtxOf(c), c.req.valid('json'), expectedVersionOf(c))
  return c.json(tagged(c, toUser(user)), 200)
})
