import { z } from '@hono/zod-openapi'
import { userCtxOf } from '../../../../http/context.ts'
import { expectedVersionOf, tagged } from '../../../../http/etag.ts'
import { newRoutes } from '../../../../http/mount.ts'
import { defineOperation } from '../../../../http/operation.ts'
import { pageOf, pageQuery, readPage, toPage } from '../../../../http/pages.ts'
import { anyUser } from '../../../../http/policy.ts'
import { Device, DeviceParams, RegisterDevice, toDevice, toUser, UpdateMe, User } from '../schemas.ts'
import { listDevices, registerDevice, removeDevice } from './devices.ts'
import { getMe, updateMe } from './me.ts'

const policy = { roles: anyUser } as const

export const meRoutes = newRoutes()

const get = defineOperation({
  operationId: 'me.get',
  method: 'get',
  path: '/v1/me',
  tag: 'Me',
  summary: 'Get your account',
  description: 'Returns the account of the caller.',
  policy: { roles: anyUser, scope: 'profile:read' },
  etag: true,
  responses: { 200: { description: 'Your account.', schema: User } },
})

meRoutes.openapi(get, async (c) => c.json(tagged(c, toUser(await getMe(userCtxOf(c)))), 200))

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

meRoutes.openapi(update, async (c) => {
  const user = await updateMe(userCtxOf(c), c.req.valid('json'), expectedVersionOf(c))
  return c.json(tagged(c, toUser(user)), 200)
})

const register = defineOperation({
  operationId: 'devices.register',
  method: 'put',
  path: '/v1/me/devices/{deviceId}',
  tag: 'Me',
  summary: 'Register a device',
  description:
    'Stores the platform and push token of the app. Call it again whenever the push token changes. A push token belongs to the last user who registered it. The 20 most recently seen devices are kept.',
  policy,
  params: DeviceParams,
  body: RegisterDevice,
  responses: { 200: { description: 'The registered device.', schema: Device } },
})

meRoutes.openapi(register, async (c) => {
  const device = await registerDevice(userCtxOf(c), c.req.valid('param').deviceId, c.req.valid('json'))
  return c.json(toDevice(device), 200)
})

const remove = defineOperation({
  operationId: 'devices.remove',
  method: 'delete',
  path: '/v1/me/devices/{deviceId}',
  tag: 'Me',
  summary: 'Remove a device',
  description: 'The device no longer receives push notifications.',
  policy: { roles: anyUser, relation: { who: ['owner'] } },
  params: DeviceParams,
  responses: { 204: { description: 'Removed.' } },
})

meRoutes.openapi(remove, async (c) => {
  await removeDevice(userCtxOf(c), c.req.valid('param').deviceId)
  return c.body(null, 204)
})

const DevicePage = pageOf(Device, 'DevicePage')

const list = defineOperation({
  operationId: 'devices.list',
  method: 'get',
  path: '/v1/me/devices',
  tag: 'Me',
  summary: 'List your devices',
  description:
    'Lists the devices on which the app is registered, newest first. A device is removed after 90 days without use; a push token is removed once its push service rejects it.',
  policy: { roles: anyUser },
  query: z.object({ ...pageQuery }),
  responses: { 200: { description: 'A page of devices.', schema: DevicePage } },
})

meRoutes.openapi(list, async (c) => {
  const page = readPage(c)
  return c.json(toPage(c, page, await listDevices(userCtxOf(c), page), toDevice), 200)
})
