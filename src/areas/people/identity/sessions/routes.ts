import { z } from '@hono/zod-openapi'
import { ctxOf, userCtxOf } from '../../../../http/context.ts'
import { newRoutes } from '../../../../http/mount.ts'
import { defineOperation } from '../../../../http/operation.ts'
import { pageOf, pageQuery, readPage, toPage } from '../../../../http/pages.ts'
import { anyUser } from '../../../../http/policy.ts'
import { idParams } from '../../../../http/schemas.ts'
import {
  Device,
  DeviceParams,
  RefreshTokens,
  RegisterDevice,
  SessionFilters,
  SessionPage,
  SessionsRevoked,
  Tokens,
  toDevice,
  toSession,
  toTokens,
} from './schemas.ts'
import {
  listDevices,
  listSessions,
  logout,
  refreshSession,
  registerDevice,
  removeDevice,
  revokeAllSessions,
  revokeOtherSessions,
  revokeSession,
} from './sessions.ts'

export const sessionRoutes = newRoutes()

const refresh = defineOperation({
  operationId: 'auth.refresh',
  method: 'post',
  path: '/v1/auth/refresh',
  tag: 'Authentication',
  summary: 'Refresh tokens',
  description:
    'Returns a new access token and a new refresh token; the old refresh token is spent. Reusing a spent refresh token, even concurrently, ends the session. Send an Idempotency-Key, so that a lost response can be retrieved.',
  policy: 'public',
  body: RefreshTokens,
  responses: { 200: { description: 'The new tokens.', schema: Tokens } },
  problems: ['invalid_refresh_token', 'refresh_token_reused'],
})

sessionRoutes.openapi(refresh, async (c) => {
  const tokens = await refreshSession(ctxOf(c), c.req.valid('json'))
  return c.json(toTokens(tokens), 200)
})

const end = defineOperation({
  operationId: 'auth.logout',
  method: 'post',
  path: '/v1/auth/logout',
  tag: 'Authentication',
  summary: 'Sign out',
  description:
    'Ends the session of the access token: its refresh token becomes invalid, its device receives no more push notifications, and its sockets are closed. Access tokens already issued can no longer write, and read for at most 15 minutes.',
  policy: { roles: anyUser, mayHaveEnded: true },
  responses: { 204: { description: 'Signed out, or signed out already.' } },
})

sessionRoutes.openapi(end, async (c) => {
  const ctx = userCtxOf(c)
  await logout(ctx)
  return c.body(null, 204)
})

const policy = { roles: anyUser } as const
const tag = 'Me' as const
const effects =
  'The refresh token of a session becomes invalid, its device receives no more push notifications, and its sockets are closed within seconds. ' +
  'Access tokens already issued can no longer write, and read for at most 15 minutes.'

const list = defineOperation({
  operationId: 'me.listSessions',
  method: 'get',
  path: '/v1/me/sessions',
  tag,
  summary: 'List your sessions',
  description: 'Lists where you are signed in, newest first. A session ends after 30 days without use.',
  policy,
  query: SessionFilters,
  responses: { 200: { description: 'A page of sessions.', schema: SessionPage } },
})

sessionRoutes.openapi(list, async (c) => {
  const ctx = userCtxOf(c)
  const page = readPage(c)
  return c.json(toPage(c, page, await listSessions(ctx, page), toSession(ctx.actor.sessionId)), 200)
})

const revoke = defineOperation({
  operationId: 'me.revokeSession',
  method: 'delete',
  path: '/v1/me/sessions/{sessionId}',
  tag,
  summary: 'End a session',
  description: `Signs out a device. ${effects}`,
  policy: { ...policy, relation: { who: ['owner'] } },
  params: idParams('sessionId'),
  responses: { 204: { description: 'Ended, or ended already.' } },
})

sessionRoutes.openapi(revoke, async (c) => {
  const ctx = userCtxOf(c)
  const { sessionId } = c.req.valid('param')
  await revokeSession(ctx, sessionId)
  return c.body(null, 204)
})

const revokeOthers = defineOperation({
  operationId: 'me.revokeOtherSessions',
  method: 'post',
  path: '/v1/me/sessions/others/revoke',
  tag,
  summary: 'End all other sessions',
  description: `Signs you out everywhere but here. ${effects}`,
  policy,
  responses: { 200: { description: 'The number of sessions ended.', schema: SessionsRevoked } },
})

sessionRoutes.openapi(revokeOthers, async (c) => {
  return c.json({ revoked: await revokeOtherSessions(userCtxOf(c)) }, 200)
})

const revokeAll = defineOperation({
  operationId: 'me.revokeAllSessions',
  method: 'post',
  path: '/v1/me/sessions/all/revoke',
  tag,
  summary: 'End all sessions',
  description: `Signs you out everywhere, including here. ${effects}`,
  policy,
  responses: { 200: { description: 'The number of sessions ended.', schema: SessionsRevoked } },
})

sessionRoutes.openapi(revokeAll, async (c) => {
  return c.json({ revoked: await revokeAllSessions(userCtxOf(c)) }, 200)
})

const register = defineOperation({
  operationId: 'devices.register',
  method: 'put',
  path: '/v1/me/devices/{deviceId}',
  tag,
  summary: 'Register a device',
  description:
    'Stores the platform and push token of the app. Call it again whenever the push token changes. A push token belongs to the last user who registered it. The 20 most recently seen devices are kept.',
  policy,
  params: DeviceParams,
  body: RegisterDevice,
  responses: { 200: { description: 'The registered device.', schema: Device } },
})

sessionRoutes.openapi(register, async (c) => {
  const device = await registerDevice(userCtxOf(c), c.req.valid('param').deviceId, c.req.valid('json'))
  return c.json(toDevice(device), 200)
})

const remove = defineOperation({
  operationId: 'devices.remove',
  method: 'delete',
  path: '/v1/me/devices/{deviceId}',
  tag,
  summary: 'Remove a device',
  description: 'The device no longer receives push notifications.',
  policy: { roles: anyUser, relation: { who: ['owner'] } },
  params: DeviceParams,
  responses: { 204: { description: 'Removed.' } },
})

sessionRoutes.openapi(remove, async (c) => {
  await removeDevice(userCtxOf(c), c.req.valid('param').deviceId)
  return c.body(null, 204)
})

const DevicePage = pageOf(Device, 'DevicePage')

const listOwnDevices = defineOperation({
  operationId: 'devices.list',
  method: 'get',
  path: '/v1/me/devices',
  tag,
  summary: 'List your devices',
  description:
    'Lists the devices on which the app is registered, newest first. A device is removed after 90 days without use; a push token is removed once its push service rejects it.',
  policy: { roles: anyUser },
  query: z.object({ ...pageQuery }),
  responses: { 200: { description: 'A page of devices.', schema: DevicePage } },
})

sessionRoutes.openapi(listOwnDevices, async (c) => {
  const page = readPage(c)
  return c.json(toPage(c, page, await listDevices(userCtxOf(c), page), toDevice), 200)
})
