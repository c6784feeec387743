import type { Call } from '../../../http/app-env.ts'
import { userCtxOf } from '../../../http/context.ts'
import { expectedVersionOf, tagged } from '../../../http/etag.ts'
import { newRoutes } from '../../../http/mount.ts'
import { defineOperation } from '../../../http/operation.ts'
import { readPage, toPage } from '../../../http/pages.ts'
import { anyUser } from '../../../http/policy.ts'
import { idParams } from '../../../http/schemas.ts'
import { refuseUnusable } from '../../../http/usable-scopes.ts'
import {
  createApiKey,
  getApiKey,
  listApiKeys,
  revokeApiKey,
  rotateApiKey,
  type ShownApiKey,
  updateApiKey,
} from './api-keys.ts'
import {
  ApiKey,
  ApiKeyFilters,
  ApiKeyPage,
  ApiKeyWithSecret,
  CreateApiKey,
  RotateApiKey,
  toApiKey,
  UpdateApiKey,
} from './schemas.ts'

// No scope anywhere here: a key makes, changes and ends no key.
const anybody = { roles: anyUser } as const
const owner = { roles: anyUser, relation: { who: ['owner'] } } as const
const params = idParams('apiKeyId')
const tag = 'API keys' as const

/** Seen once: no cache may keep it. */
function shownOnce(c: Call, row: ShownApiKey) {
  c.header('Cache-Control', 'no-store')
  return tagged(c, { ...toApiKey(row), key: row.key })
}

export const routes = newRoutes()

const create = defineOperation({
  operationId: 'apiKeys.create',
  method: 'post',
  path: '/v1/me/api-keys',
  tag,
  summary: 'Create an API key',
  description:
    'For programs that call the API on your behalf, within the given scopes and your own permissions at the time of the call. A scope that gives you no access is rejected. The key is shown only in this response. You are notified of every new key.',
  policy: { ...anybody, stepUp: true },
  body: CreateApiKey,
  responses: { 201: { description: 'The key. Store it: it is not shown again.', schema: ApiKeyWithSecret } },
  problems: ['scope_unusable', 'too_many'],
})

routes.openapi(create, async (c) => {
  const [ctx, input] = [userCtxOf(c), c.req.valid('json')]
  await refuseUnusable(ctx.actor, input.scopes)
  const row = await createApiKey(ctx, input)
  return c.json(shownOnce(c, row), 201)
})

const list = defineOperation({
  operationId: 'apiKeys.list',
  method: 'get',
  path: '/v1/me/api-keys',
  tag,
  summary: 'List your API keys',
  description: 'Newest first. Expired and revoked keys are listed for a year.',
  policy: anybody,
  query: ApiKeyFilters,
  responses: { 200: { description: 'A page of keys.', schema: ApiKeyPage } },
})

routes.openapi(list, async (c) => {
  const page = readPage(c)
  return c.json(toPage(c, page, await listApiKeys(userCtxOf(c), page), toApiKey), 200)
})

const get = defineOperation({
  operationId: 'apiKeys.get',
  method: 'get',
  path: '/v1/me/api-keys/{apiKeyId}',
  tag,
  summary: 'Get an API key',
  description: 'Returns scopes, expiry and last use, but not the key itself.',
  policy: owner,
  params,
  etag: true,
  responses: { 200: { description: 'The key.', schema: ApiKey } },
})

routes.openapi(get, async (c) => {
  const row = await getApiKey(userCtxOf(c), c.req.valid('param').apiKeyId)
  return c.json(tagged(c, toApiKey(row)), 200)
})

const update = defineOperation({
  operationId: 'apiKeys.update',
  method: 'patch',
  path: '/v1/me/api-keys/{apiKeyId}',
  tag,
  summary: 'Rename an API key',
  description: 'Scopes and rate limit are fixed. To change them, create another key.',
  policy: owner,
  params,
  body: UpdateApiKey,
  ifMatch: 'optional',
  responses: { 200: { description: 'The updated key.', schema: ApiKey } },
})

routes.openapi(update, async (c) => {
  const { apiKeyId } = c.req.valid('param')
  const row = await updateApiKey(userCtxOf(c), apiKeyId, c.req.valid('json'), expectedVersionOf(c))
  return c.json(tagged(c, toApiKey(row)), 200)
})

const rotate = defineOperation({
  operationId: 'apiKeys.rotate',
  method: 'post',
  path: '/v1/me/api-keys/{apiKeyId}/rotate',
  tag,
  summary: 'Rotate an API key',
  description:
    'Returns a new key with the same scopes and rate limit, in your current role. The old key keeps working for the overlap, at most seven days; a key from an earlier rotation stops working now. The new key is shown only in this response.',
  policy: { ...owner, stepUp: true },
  params,
  body: RotateApiKey,
  ifMatch: 'optional',
  responses: { 200: { description: 'The key with its new secret.', schema: ApiKeyWithSecret } },
  problems: ['api_key_ended'],
})

routes.openapi(rotate, async (c) => {
  const ctx = userCtxOf(c)
  const { apiKeyId } = c.req.valid('param')
  const row = await rotateApiKey(ctx, apiKeyId, c.req.valid('json'), expectedVersionOf(c))
  return c.json(shownOnce(c, row), 200)
})

const revoke = defineOperation({
  operationId: 'apiKeys.revoke',
  method: 'delete',
  path: '/v1/me/api-keys/{apiKeyId}',
  tag,
  summary: 'Revoke an API key',
  description:
    'Final; includes an older key that still overlaps. The next call with the key is rejected, and its sockets are closed.',
  policy: owner,
  params,
  responses: { 204: { description: 'Revoked, or revoked already.' } },
})

routes.openapi(revoke, async (c) => {
  const ctx = userCtxOf(c)
  const { apiKeyId } = c.req.valid('param')
  await revokeApiKey(ctx, apiKeyId)
  return c.body(null, 204)
})
