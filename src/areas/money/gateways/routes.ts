import { z } from '@hono/zod-openapi'
import { readRawBody } from '../../../http/body.ts'
import { ctxOf, userCtxOf } from '../../../http/context.ts'
import { expectedVersionOf } from '../../../http/etag.ts'
import { newRoutes } from '../../../http/mount.ts'
import { defineOperation } from '../../../http/operation.ts'
import { readPage, toPage } from '../../../http/pages.ts'
import { staff } from '../../../http/policy.ts'
import { idParams } from '../../../http/schemas.ts'
import { systemContext } from '../../../system-context.ts'
import {
  activateConfig,
  createConfig,
  getConfig,
  listConfigs,
  retireConfig,
  testConfig,
  updateConfig,
} from './configs.ts'
import { receiveEvent, workOnArrivals } from './receiving.ts'
import {
  ActivateGatewayConfig,
  CreateGatewayConfig,
  GatewayConfig,
  GatewayConfigFilters,
  GatewayConfigPage,
  GatewayName,
  toGatewayConfig,
  UpdateGatewayConfig,
} from './schemas.ts'

const tag = 'Gateways'
const params = idParams('gatewayConfigId')
const read = { roles: staff, permission: 'gateways.read' } as const
const manage = { roles: staff, permission: 'gateways.manage', stepUp: true } as const

export const routes = newRoutes()

const list = defineOperation({
  operationId: 'gatewayConfigs.list',
  method: 'get',
  path: '/v1/gateway-configs',
  tag,
  summary: 'List gateway configurations (staff)',
  description: 'Newest first, without their secrets.',
  policy: read,
  query: GatewayConfigFilters,
  responses: { 200: { description: 'A page of configurations.', schema: GatewayConfigPage } },
})

routes.openapi(list, async (c) => {
  const page = readPage(c)
  return c.json(
    toPage(c, page, await listConfigs(ctxOf(c), c.req.valid('query'), page), toGatewayConfig),
    200,
  )
})

const create = defineOperation({
  operationId: 'gatewayConfigs.create',
  method: 'post',
  path: '/v1/gateway-configs',
  tag,
  summary: 'Create a gateway configuration (staff)',
  description:
    'A draft. Test it, then activate it. New secrets are a new configuration that replaces the old one.',
  policy: manage,
  body: CreateGatewayConfig,
  responses: { 201: { description: 'The draft.', schema: GatewayConfig } },
  problems: ['gateway_cannot_serve'],
})

routes.openapi(create, async (c) => {
  const { gateway, config, ...serves } = c.req.valid('json')
  return c.json(toGatewayConfig(await createConfig(userCtxOf(c), gateway, config, serves)), 201)
})

const get = defineOperation({
  operationId: 'gatewayConfigs.get',
  method: 'get',
  path: '/v1/gateway-configs/{gatewayConfigId}',
  tag,
  summary: 'Get a gateway configuration (staff)',
  description: 'Returns what it serves and how it fares, without its secrets.',
  policy: read,
  params,
  etag: true,
  responses: { 200: { description: 'The configuration.', schema: GatewayConfig } },
})

routes.openapi(get, async (c) =>
  c.json(toGatewayConfig(await getConfig(ctxOf(c), c.req.valid('param').gatewayConfigId)), 200),
)

const update = defineOperation({
  operationId: 'gatewayConfigs.update',
  method: 'patch',
  path: '/v1/gateway-configs/{gatewayConfigId}',
  tag,
  summary: 'Change what a gateway serves (staff)',
  description: 'Countries, currencies, methods, payouts and weight, from the next payment or payout on.',
  policy: manage,
  params,
  body: UpdateGatewayConfig,
  ifMatch: 'optional',
  responses: { 200: { description: 'The configuration.', schema: GatewayConfig } },
  problems: ['gateway_cannot_serve'],
})

routes.openapi(update, async (c) => {
  const { gatewayConfigId } = c.req.valid('param')
  return c.json(
    toGatewayConfig(await updateConfig(ctxOf(c), gatewayConfigId, c.req.valid('json'), expectedVersionOf(c))),
    200,
  )
})

const test = defineOperation({
  operationId: 'gatewayConfigs.test',
  method: 'post',
  path: '/v1/gateway-configs/{gatewayConfigId}/test',
  tag,
  summary: 'Test a gateway configuration (staff)',
  description: 'One live call with its secrets; `testFailure` says how it went.',
  policy: manage,
  params,
  responses: { 200: { description: 'The configuration.', schema: GatewayConfig } },
})

routes.openapi(test, async (c) =>
  c.json(toGatewayConfig(await testConfig(ctxOf(c), c.req.valid('param').gatewayConfigId)), 200),
)

const activate = defineOperation({
  operationId: 'gatewayConfigs.activate',
  method: 'post',
  path: '/v1/gateway-configs/{gatewayConfigId}/activate',
  tag,
  summary: 'Activate a gateway configuration (staff)',
  description: 'It takes payments from now on. It must have been tested within the hour.',
  policy: manage,
  params,
  body: ActivateGatewayConfig,
  responses: { 200: { description: 'The configuration.', schema: GatewayConfig } },
  problems: ['gateway_untested', 'gateway_cannot_serve', 'invalid_transition'],
})

routes.openapi(activate, async (c) => {
  const { gatewayConfigId } = c.req.valid('param')
  return c.json(
    toGatewayConfig(await activateConfig(ctxOf(c), gatewayConfigId, c.req.valid('json').replaces)),
    200,
  )
})

const retire = defineOperation({
  operationId: 'gatewayConfigs.retire',
  method: 'post',
  path: '/v1/gateway-configs/{gatewayConfigId}/retire',
  tag,
  summary: 'Retire a gateway configuration (staff)',
  description: 'It takes no new payments, and finishes those that it has begun.',
  policy: manage,
  params,
  responses: { 200: { description: 'The configuration.', schema: GatewayConfig } },
})

routes.openapi(retire, async (c) =>
  c.json(toGatewayConfig(await retireConfig(ctxOf(c), c.req.valid('param').gatewayConfigId)), 200),
)

const receive = defineOperation({
  operationId: 'gateways.receiveEvent',
  method: 'post',
  path: '/v1/gateways/{gateway}/events',
  tag,
  summary: 'Receive an event of a gateway',
  description:
    'For the gateways themselves. The signature is checked over the raw body; an event is stored once, and answered before anything is done about it.',
  policy: 'public',
  params: z.object({ gateway: GatewayName }),
  idempotency: 'none',
  responses: { 200: { description: 'It is stored.' } },
  problems: ['gateway_signature_invalid', 'gateway_unavailable'],
})

routes.openapi(receive, async (c) => {
  const raw = await readRawBody(c)
  const id = await receiveEvent(ctxOf(c), c.req.valid('param').gateway, raw, c.req.raw.headers)
  if (id !== null) c.executionCtx.waitUntil(workOnArrivals(systemContext(c.env, 'gateways')))
  return c.body(null, 200)
})
