import { z } from '@hono/zod-openapi'
import { eventTypes } from '../../../core/events.ts'
import { pageOf, pageQuery } from '../../../http/pages.ts'
import { Id, Timestamp } from '../../../http/schemas.ts'
import type { DeliveryRow } from './deliveries.ts'
import type { WebhookRow } from './webhooks.ts'

const machineNames = [...new Set(Object.keys(eventTypes).map((type) => type.split('.')[0] as string))]

/** An event type, every event of an object type, or everything. */
const EventPattern = z
  .enum([...Object.keys(eventTypes), ...machineNames.map((name) => `${name}.*`), '*'])
  .openapi('EventPattern', { example: 'booking.*', description: 'An event type, `<object>.*`, or `*`.' })

const Url = z.string().trim().min(1).max(2_000).openapi({
  example: 'https://hooks.partner.com/khidma',
  description: 'https on port 443 at a public host name. Redirects are not followed.',
})

const fields = {
  url: Url,
  events: z
    .array(EventPattern)
    .min(1)
    .max(50)
    .openapi({ example: ['booking.*', 'task.posted'] }),
}

export const Webhook = z
  .object({
    id: Id,
    ...fields,
    active: z.boolean().openapi({
      example: true,
      description: 'False: nothing is sent. An endpoint that fails too long, or says 410, is switched off.',
    }),
    failures: z.int().openapi({ example: 0, description: 'Deliveries in a row that ran out of attempts.' }),
    previousSecretUntil: Timestamp.nullable().openapi({
      description: 'Until then events are signed with the secret before the last rotation as well.',
    }),
    version: z.int().openapi({ example: 1 }),
    createdAt: Timestamp,
    updatedAt: Timestamp,
  })
  .openapi('Webhook')

export const WebhookWithSecret = Webhook.extend({
  secret: z.string().openapi({
    example: 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw',
    description: 'Verifies signatures by Standard Webhooks. Shown now and never again.',
  }),
}).openapi('WebhookWithSecret')

export const WebhookPage = pageOf(Webhook, 'WebhookPage')

export const CreateWebhook = z.strictObject(fields).openapi('CreateWebhook', {
  example: { url: 'https://hooks.partner.com/khidma', events: ['booking.*', 'task.posted'] },
})

export const UpdateWebhook = z
  .strictObject({ url: Url.optional(), events: fields.events.optional(), active: z.boolean().optional() })
  .openapi('UpdateWebhook', { example: { active: true } })

const DeliveryStatus = z.enum(['pending', 'delivered', 'failed']).openapi({ example: 'delivered' })

export const WebhookDelivery = z
  .object({
    id: Id,
    eventId: Id,
    eventType: z.string().openapi({ example: 'booking.confirmed' }),
    round: z
      .int()
      .openapi({ example: 1, description: '1 for the event itself; each redelivery is one more.' }),
    status: DeliveryStatus,
    attempts: z.int().openapi({ example: 1 }),
    attemptLog: z
      .array(
        z
          .object({
            at: Timestamp,
            status: z.int().nullable().openapi({ example: 200 }),
            durationMs: z.int().openapi({ example: 84 }),
            error: z.string().optional(),
          })
          .openapi('WebhookAttempt', {
            example: { at: '2026-11-21T08:30:00.000Z', status: 200, durationMs: 84 },
          }),
      )
      .openapi({ description: 'One entry an attempt.' }),
    responseStatus: z.int().nullable().openapi({ example: 200 }),
    responseBody: z
      .string()
      .nullable()
      .openapi({ example: 'ok', description: 'Its first 1,000 characters.' }),
    nextAttemptAt: Timestamp.nullable().openapi({ description: 'Null when there will be none.' }),
    deliveredAt: Timestamp.nullable(),
    createdAt: Timestamp,
  })
  .openapi('WebhookDelivery')

export const WebhookDeliveryPage = pageOf(WebhookDelivery, 'WebhookDeliveryPage')

export const DeliveryFilters = z.object({
  ...pageQuery,
  status: DeliveryStatus.optional().openapi({ description: 'Only deliveries in this state.' }),
})

export function toWebhook(row: WebhookRow): z.infer<typeof Webhook> {
  const { id, url, events, active, failures, previousSecretUntil, version, createdAt, updatedAt } = row
  return { id, url, events, active, failures, previousSecretUntil, version, createdAt, updatedAt }
}

export function toDelivery(row: DeliveryRow): z.infer<typeof WebhookDelivery> {
  const { subscriptionId: _subscription, payload: _payload, ...delivery } = row
  return {
    ...delivery,
    status: row.status as z.infer<typeof DeliveryStatus>,
    nextAttemptAt: row.status === 'pending' ? row.nextAttemptAt : null,
  }
}
