import { ctxOf, userCtxOf } from '../../../http/context.ts'
import { expectedVersionOf, tagged } from '../../../http/etag.ts'
import { newRoutes } from '../../../http/mount.ts'
import { defineOperation } from '../../../http/operation.ts'
import { readPage, toPage } from '../../../http/pages.ts'
import { staff } from '../../../http/policy.ts'
import { idParams } from '../../../http/schemas.ts'
import {
  createEntry,
  decideValue,
  getEntry,
  listEntries,
  previewEntry,
  publicValues,
  revertEntry,
} from './entries.ts'
import { listKeys } from './keys.ts'
import {
  ConfigDecision,
  ConfigEntry,
  ConfigEntryFilters,
  ConfigEntryPage,
  ConfigKeyList,
  ConfigKeyParams,
  ConfigPreview,
  ConfigQuestion,
  CreateConfigEntry,
  newEntryOf,
  PreviewConfigEntry,
  PublicConfig,
  PublicConfigQuestion,
  RevertConfigEntry,
  scopeAsked,
  toConfigDecision,
  toConfigEntry,
  toConfigKey,
  toConfigPreview,
} from './schemas.ts'

const tag = 'Configuration'
const readers = { roles: staff, scope: 'config:read', permission: 'config.read' } as const
const managers = { roles: staff, scope: 'config:write', permission: 'config.manage' } as const
const params = idParams('configEntryId')
const publicForSeconds = 60

export const routes = newRoutes()

const getPublic = defineOperation({
  operationId: 'config.getPublic',
  method: 'get',
  path: '/v1/config',
  tag,
  summary: 'Get public configuration',
  description: 'Returns the values that apps may know, for a place. Cacheable for a minute.',
  policy: 'public',
  query: PublicConfigQuestion,
  etag: true,
  responses: { 200: { description: 'The values, by key.', schema: PublicConfig } },
})

routes.openapi(getPublic, async (c) => {
  const values = await publicValues(ctxOf(c), scopeAsked(c.req.valid('query')))
  c.header('Cache-Control', `public, max-age=${publicForSeconds}`)
  return c.json({ values }, 200)
})

const keys = defineOperation({
  operationId: 'config.listKeys',
  method: 'get',
  path: '/v1/config/keys',
  tag,
  summary: 'List configuration keys',
  description: 'Every value that can be changed while the system runs, with its schema, default and scopes.',
  policy: readers,
  responses: { 200: { description: 'Every key.', schema: ConfigKeyList } },
})

routes.openapi(keys, async (c) => c.json({ data: (await listKeys(ctxOf(c))).map(toConfigKey) }, 200))

const decide = defineOperation({
  operationId: 'config.getValue',
  method: 'get',
  path: '/v1/config/keys/{key}/value',
  tag,
  summary: 'Get a configuration value',
  description:
    'Returns the value of a key for a scope at an instant, past or future, and the entry that decides it.',
  policy: readers,
  params: ConfigKeyParams,
  query: ConfigQuestion,
  responses: { 200: { description: 'The value.', schema: ConfigDecision } },
})

routes.openapi(decide, async (c) => {
  const query = c.req.valid('query')
  const row = await decideValue(ctxOf(c), c.req.valid('param').key, scopeAsked(query), query.at ?? null)
  return c.json(toConfigDecision(row), 200)
})

const list = defineOperation({
  operationId: 'configEntries.list',
  method: 'get',
  path: '/v1/config/entries',
  tag,
  summary: 'List configuration entries',
  description: 'Scheduled, active, ended and canceled entries. Newest first.',
  policy: readers,
  query: ConfigEntryFilters,
  responses: { 200: { description: 'A page of entries.', schema: ConfigEntryPage } },
})

routes.openapi(list, async (c) => {
  const page = readPage(c)
  return c.json(toPage(c, page, await listEntries(ctxOf(c), c.req.valid('query'), page), toConfigEntry), 200)
})

const get = defineOperation({
  operationId: 'configEntries.get',
  method: 'get',
  path: '/v1/config/entries/{configEntryId}',
  tag,
  summary: 'Get a configuration entry',
  description: 'Returns an entry with its value, scope and time.',
  policy: readers,
  params,
  etag: true,
  responses: { 200: { description: 'The entry.', schema: ConfigEntry } },
})

routes.openapi(get, async (c) => {
  const row = await getEntry(ctxOf(c), c.req.valid('param').configEntryId)
  return c.json(tagged(c, toConfigEntry(row)), 200)
})

const create = defineOperation({
  operationId: 'configEntries.create',
  method: 'post',
  path: '/v1/config/entries',
  tag,
  summary: 'Create a configuration entry',
  description:
    'Sets the value of a key for a scope, from now or a later time. The entry of the same scope that is active then ends there. What is agreed already keeps the values of its time.',
  policy: managers,
  body: CreateConfigEntry,
  responses: { 201: { description: 'The new entry.', schema: ConfigEntry } },
  problems: [
    'unknown_config_key',
    'config_scope_not_allowed',
    'config_in_the_past',
    'config_entry_overlaps',
    'unknown_category',
  ],
})

routes.openapi(create, async (c) => {
  const { reason, ...body } = c.req.valid('json')
  const row = await createEntry(userCtxOf(c), newEntryOf(body), reason)
  return c.json(tagged(c, toConfigEntry(row)), 201)
})

const preview = defineOperation({
  operationId: 'configEntries.preview',
  method: 'post',
  path: '/v1/config/previews',
  tag,
  summary: 'Preview a configuration entry',
  description: 'Says what `POST /v1/config/entries` would change with the same body. Changes nothing.',
  policy: managers,
  body: PreviewConfigEntry,
  idempotency: 'none',
  responses: { 200: { description: 'The changes.', schema: ConfigPreview } },
  problems: ['unknown_config_key', 'config_scope_not_allowed', 'config_in_the_past'],
})

routes.openapi(preview, async (c) => {
  const row = await previewEntry(ctxOf(c), newEntryOf(c.req.valid('json')))
  return c.json(toConfigPreview(row), 200)
})

const revert = defineOperation({
  operationId: 'configEntries.revert',
  method: 'post',
  path: '/v1/config/entries/{configEntryId}/revert',
  tag,
  summary: 'Revert a configuration entry',
  description:
    'Ends an active entry now, or cancels a scheduled one. The value whose place it took decides again, as long as it would have.',
  policy: managers,
  params,
  body: RevertConfigEntry,
  ifMatch: 'optional',
  responses: { 200: { description: 'The reverted entry.', schema: ConfigEntry } },
  problems: ['config_entry_ended'],
})

routes.openapi(revert, async (c) => {
  const { configEntryId } = c.req.valid('param')
  const row = await revertEntry(userCtxOf(c), configEntryId, c.req.valid('json').reason, expectedVersionOf(c))
  return c.json(tagged(c, toConfigEntry(row)), 200)
})
