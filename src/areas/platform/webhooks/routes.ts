import { z } from '@hono/zod-openapi'
import { enqueueDeliveries, enqueueDelivery } from '../../../core/enqueue.ts'
import type { Call } from '../../../http/app-env.ts'
import { userCtxOf } from '../../../http/context.ts'
import { expectedVersionOf, tagged } from '../../../http/etag.ts'
import { testEventType } from '../../../http/event-schema.ts'
import { newRoutes } from '../../../http/mount.ts'
import { defineOperation } from '../../../http/operation.ts'
import { pageQuery, readPage, toPage } from '../../../http/pages.ts'
import { anyUser } from '../../../http/policy.ts'
import { idParams } from '../../../http/schemas.ts'
import { type DeliveryRow, listDeliveries, redeliver, sendTestEvent } from './deliveries.ts'
import { replayEvents } from './replays.ts'
import { sampleOf } from './samples.ts'
import {
  CreateWebhook,
  DeliveryFilters,
  ReplayEvents,
  SendTestEvent,
  toDelivery,
  toWebhook,
  UpdateWebhook,
  Webhook,
  WebhookDelivery,
  WebhookDeliveryPage,
  WebhookKeys,
  WebhookPage,
  WebhookReplay,
  WebhookWithSecret,
} from './schemas.ts'
import { publicKeysOf } from './signatures.ts'
import { urlRulesOf } from './url-guard.ts'
import {
  createWebhook,
  deleteWebhook,
  getWebhook,
  listWebhooks,
  openSecret,
  rotateWebhookSecret,
  updateWebhook,
  type WebhookRow,
} from './webhooks.ts'

const params = idParams('webhookId')
/** Staff hear of everything: who cannot read every event, or has shown no second factor, makes no webhook and has no secret. */
const hearing = { permission: 'events.read', scope: 'webhooks:write' } as const
const policy = { roles: anyUser, relation: { who: ['owner'] } } as const
const tag = 'Webhooks' as const

const keysOf = (c: Call) => publicKeysOf(c.env.WEBHOOK_SIGNING_KEYS)

const withSecret = async (c: Call, row: WebhookRow) => ({
  ...toWebhook(row, await keysOf(c)),
  secret: await openSecret(c.env.ENCRYPTION_KEYS, row.secret),
})

/** The delivery is on its way at once; should the queue not answer, the minute cron finds it. */
function sendNow(c: Call, delivery: DeliveryRow) {
  c.executionCtx.waitUntil(enqueueDelivery(c.env, delivery.id))
  return toDelivery(delivery)
}

export const routes = newRoutes()

const create = defineOperation({
  operationId: 'webhooks.create',
  method: 'post',
  path: '/v1/webhooks',
  tag,
  summary: 'Create a webhook',
  description:
    'Events that concern you are sent to the URL, signed with the secret in this response (Standard Webhooks). The secret is shown only here.',
  policy: { roles: anyUser, ...hearing },
  body: CreateWebhook,
  responses: { 201: { description: 'The webhook with its secret.', schema: WebhookWithSecret } },
  problems: ['webhook_url_refused', 'webhook_header_refused', 'too_many'],
})

routes.openapi(create, async (c) => {
  const row = await createWebhook(userCtxOf(c), c.req.valid('json'), urlRulesOf(c.env))
  return c.json(tagged(c, await withSecret(c, row)), 201)
})

const list = defineOperation({
  operationId: 'webhooks.list',
  method: 'get',
  path: '/v1/webhooks',
  tag,
  summary: 'List webhooks',
  description: 'Your webhooks, newest first.',
  policy: { roles: anyUser, scope: 'webhooks:read' },
  query: z.object({ ...pageQuery }),
  responses: { 200: { description: 'A page of webhooks.', schema: WebhookPage } },
})

routes.openapi(list, async (c) => {
  const page = readPage(c)
  const keys = await keysOf(c)
  const rows = await listWebhooks(userCtxOf(c), page)
  return c.json(
    toPage(c, page, rows, (row) => toWebhook(row, keys)),
    200,
  )
})

const get = defineOperation({
  operationId: 'webhooks.get',
  method: 'get',
  path: '/v1/webhooks/{webhookId}',
  tag,
  summary: 'Get a webhook',
  description: 'Returns one of your webhooks, without its secret.',
  policy: { ...policy, scope: 'webhooks:read' },
  params,
  etag: true,
  responses: { 200: { description: 'The webhook.', schema: Webhook } },
})

routes.openapi(get, async (c) => {
  const row = await getWebhook(userCtxOf(c), c.req.valid('param').webhookId)
  return c.json(tagged(c, toWebhook(row, await keysOf(c))), 200)
})

const update = defineOperation({
  operationId: 'webhooks.update',
  method: 'patch',
  path: '/v1/webhooks/{webhookId}',
  tag,
  summary: 'Update a webhook',
  description: 'Changes the fields that are sent. `active: true` reactivates a webhook that was deactivated.',
  policy: { ...policy, ...hearing },
  params,
  body: UpdateWebhook,
  ifMatch: 'optional',
  responses: { 200: { description: 'The updated webhook.', schema: Webhook } },
  problems: ['webhook_url_refused', 'webhook_header_refused'],
})

routes.openapi(update, async (c) => {
  const { webhookId } = c.req.valid('param')
  const row = await updateWebhook(
    userCtxOf(c),
    webhookId,
    c.req.valid('json'),
    urlRulesOf(c.env),
    expectedVersionOf(c),
  )
  return c.json(tagged(c, toWebhook(row, await keysOf(c))), 200)
})

const remove = defineOperation({
  operationId: 'webhooks.delete',
  method: 'delete',
  path: '/v1/webhooks/{webhookId}',
  tag,
  summary: 'Delete a webhook',
  description: 'Stops sending events and deletes the deliveries.',
  policy: { ...policy, scope: 'webhooks:write' },
  params,
  ifMatch: 'optional',
  responses: { 204: { description: 'Deleted.' } },
})

routes.openapi(remove, async (c) => {
  await deleteWebhook(userCtxOf(c), c.req.valid('param').webhookId, expectedVersionOf(c))
  return c.body(null, 204)
})

const rotate = defineOperation({
  operationId: 'webhooks.rotateSecret',
  method: 'post',
  path: '/v1/webhooks/{webhookId}/rotate-secret',
  tag,
  summary: 'Rotate the secret of a webhook',
  description:
    'Events are signed with both secrets for 24 hours, in which the secret cannot be rotated again. The new secret is shown only here: send an `Idempotency-Key`, by which a lost response comes again.',
  policy: { ...policy, ...hearing },
  params,
  responses: { 200: { description: 'The webhook with its new secret.', schema: WebhookWithSecret } },
  problems: ['webhook_secret_rotating'],
})

routes.openapi(rotate, async (c) => {
  const row = await rotateWebhookSecret(userCtxOf(c), c.req.valid('param').webhookId)
  return c.json(tagged(c, await withSecret(c, row)), 200)
})

const test = defineOperation({
  operationId: 'webhooks.sendTest',
  method: 'post',
  path: '/v1/webhooks/{webhookId}/test',
  tag,
  summary: 'Send a test event',
  description:
    'Sends a signed `webhook.test` event or the example of the chosen type, marked with `sample: true` and with `sequence` 0, so that nobody takes it for real. See the deliveries for the result.',
  policy: { ...policy, scope: 'webhooks:write' },
  params,
  body: SendTestEvent,
  responses: { 202: { description: 'The pending delivery.', schema: WebhookDelivery } },
})

routes.openapi(test, async (c) => {
  const { type = testEventType } = c.req.valid('json')
  const sample = type === testEventType ? null : await sampleOf(c.env.ASSETS, type)
  const delivery = await sendTestEvent(userCtxOf(c), c.req.valid('param').webhookId, type, sample)
  return c.json(sendNow(c, delivery), 202)
})

const deliveries = defineOperation({
  operationId: 'webhooks.listDeliveries',
  method: 'get',
  path: '/v1/webhooks/{webhookId}/deliveries',
  tag,
  summary: 'List deliveries of a webhook',
  description: 'Newest first, with what was sent and all attempts.',
  policy: { ...policy, scope: 'webhooks:read' },
  params,
  query: DeliveryFilters,
  responses: { 200: { description: 'A page of deliveries.', schema: WebhookDeliveryPage } },
})

routes.openapi(deliveries, async (c) => {
  const page = readPage(c)
  const rows = await listDeliveries(userCtxOf(c), c.req.valid('param').webhookId, c.req.valid('query'), page)
  return c.json(toPage(c, page, rows, toDelivery), 200)
})

const again = defineOperation({
  operationId: 'webhooks.redeliver',
  method: 'post',
  path: '/v1/webhooks/{webhookId}/deliveries/{deliveryId}/redeliver',
  tag,
  summary: 'Redeliver an event',
  description: 'Sends the same event with the same `webhook-id`, as a new round of attempts.',
  policy: { ...policy, ...hearing },
  params: idParams('webhookId', 'deliveryId'),
  responses: { 202: { description: 'The new, pending delivery.', schema: WebhookDelivery } },
})

routes.openapi(again, async (c) => {
  const { webhookId, deliveryId } = c.req.valid('param')
  return c.json(sendNow(c, await redeliver(userCtxOf(c), webhookId, deliveryId)), 202)
})

const replay = defineOperation({
  operationId: 'webhooks.replay',
  method: 'post',
  path: '/v1/webhooks/{webhookId}/replay',
  tag,
  summary: 'Replay events',
  description:
    'Sends events of the past to the webhook, oldest first: those that concern you and that it subscribes to, since a time or after an event. Each keeps its `webhook-id`. Events that are still on their way to the webhook are left out, so that a repeated replay does not double them. Up to 1,000 a call, of up to 50,000 events that it looks at: go on with `lastEventId` while `hasMore` is true. Events are kept for 90 days. The webhook must be active; new events are sent before replayed ones.',
  policy: { ...policy, ...hearing },
  params,
  body: ReplayEvents,
  responses: { 202: { description: 'The number of queued deliveries.', schema: WebhookReplay } },
  problems: ['webhook_inactive', 'event_unavailable'],
})

routes.openapi(replay, async (c) => {
  const { webhookId } = c.req.valid('param')
  const { first, ...replayed } = await replayEvents(userCtxOf(c), webhookId, c.req.valid('json'))
  c.executionCtx.waitUntil(enqueueDeliveries(c.env, first))
  return c.json(replayed, 202)
})

const keys = defineOperation({
  operationId: 'webhooks.listKeys',
  method: 'get',
  path: '/.well-known/webhook-keys.json',
  tag,
  summary: 'Get the signing keys of webhooks',
  description: 'The Ed25519 public keys that verify the `v1a` signatures of webhooks (Standard Webhooks).',
  policy: 'public',
  etag: true,
  responses: { 200: { description: 'The keys, newest first.', schema: WebhookKeys } },
})

routes.openapi(keys, async (c) => {
  c.header('Cache-Control', 'public, max-age=300')
  return c.json({ keys: await keysOf(c) }, 200)
})
