import { z } from '@hono/zod-openapi'
import { newArea } from '../../../http/area.ts'
import { userCtxOf } from '../../../http/context.ts'
import { defineOperation } from '../../../http/operation.ts'
import { pageOf, pageQuery, readPage, toPage } from '../../../http/pages.ts'
import { anyUser } from '../../../http/policy.ts'
import { listDevices } from './devices.ts'
import { Device, toDevice } from './schemas.ts'

const DevicePage = pageOf(Device, 'DevicePage')

export const deviceRoutes = newArea()

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

deviceRoutes.openapi(list, async (c) => {
  const page = readPage(c)
  return c.json(toPage(c, page, await listDevices(userCtxOf(c), page), toDevice), 200)
})
