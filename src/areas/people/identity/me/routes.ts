import { z } from '@hono/zod-openapi'
import { newArea } from '../../../../http/area.ts'
import { userCtxOf } from '../../../../http/context.ts'
import { expectedVersionOf, tagged } from '../../../../http/etag.ts'
import { defineOperation } from '../../../../http/operation.ts'
import { pageOf, pageQuery, readPage, toPage } from '../../../../http/pages.ts'
import { anyUser } from '../../../../http/policy.ts'
import { Device, DeviceParams, RegisterDevice, toDevice, toUser, UpdateMe, User } from '../schemas.ts'
import { listDevices, registerDevice, removeDevice } from './devices.ts'
import { getMe, updateMe } from './me.ts'

const policy = { roles: anyUser } as const

export const meRoutes = newArea()

const get = defineOperation({
  operationId: 'me.get',
  method: 'get',
  path: '/v1/me',
  tag: 'Me',
  summary: 'Get yourself',
  description: 'The caller, as the platform knows them.',
  policy: { roles: anyUser, scope: 'profile:read' },
  etag: true,
  responses: { 200: { description: 'You.', schema: User } },
})

meRoutes.openapi(get, async (c) => c.json(tagged(c, toUser(await getMe(userCtxOf(c)))), 200))

const update = defineOperation({
  operationId: 'me.update',
  method: 'patch',
  path: '/v1/me',
  tag: 'Me',
  summary: 'Change your profile',
  description:
    'Changes the fields that are sent; null clears one that may be empty. Phone, e-mail and username change by no PATCH.',
  policy: { roles: anyUser, scope: 'profile:write' },
  body: UpdateMe,
  ifMatch: 'optional',
  responses: { 200: { description: 'You, as you now stand.', schema: User } },
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
    'Says where the app runs and how to push to it; repeat it whenever the push token changes. A push token belongs to the ' +
    'last user who registered it. The 20 devices seen last are kept.',
  policy,
  params: DeviceParams,
  body: RegisterDevice,
  responses: { 200: { description: 'The device as it now stands.', schema: Device } },
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
  description: 'It is sent no more push messages.',
  policy: { roles: anyUser, relation: 'its user' },
  params: DeviceParams,
  responses: { 204: { description: 'It is gone.' } },
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
    'Those that the app was registered on, newest first; what nobody opened for 90 days is forgotten. A push token that its ' +
    'service no longer knows is dropped by itself.',
  policy: { roles: anyUser },
  query: z.object({ ...pageQuery }),
  responses: { 200: { description: 'A page of devices.', schema: DevicePage } },
})

meRoutes.openapi(list, async (c) => {
  const page = readPage(c)
  return c.json(toPage(c, page, await listDevices(userCtxOf(c), page), toDevice), 200)
})
