import { z } from '@hono/zod-openapi'
import { eventTypes } from '../../../core/events.ts'
import { Event, EventType } from '../../../http/event-schema.ts'
import { createdQuery } from '../../../http/list-query.ts'
import { pageOf, pageQuery } from '../../../http/pages.ts'
import { Id, Timestamp, Version } from '../../../http/schemas.ts'
import type { DeliveryRow } from './deliveries.ts'
import type { WebhookRow } from './webhooks.ts'

const machineNames = [...new Set(Object.keys(eventTypes).map((type) => type.split('.')[0] as string))]

/** An event type, every event of an object type, or everything. */
const EventPattern = z
  .enum([...Object.keys(eventTypes), ...machineNames.map((name) => `${name}.*`), '*'])
  .openapi('EventPattern', { example: 'booking.*', description: 'An event type, `<object>.*` or `*`.' })

const Url = z.string().trim().min(1).max(2_000).openapi({
  example: 'https://hooks.partner.com/khidma',
  description: 'https, on port 443, with a public host name. Redirects are not followed.',
})

const fields = {
  url: Url,
  events: z
    .array(EventPattern)
    .min(1)
    .max(50)
    .openapi({ example: ['booking.*', 'task.posted'], description: 'Events to send.' }),
}

export const Webhook = z
  .object({
    id: Id,
    ...fields,
    active: z.boolean().openapi({
      example: true,
      description:
        'If false, nothing is sent. An endpoint that takes nothing for three days or responds with 410 is deactivated.',
    }),
    failingSince: Timestamp.nullable().openapi({
      description:
        'Time of the first failed attempt since the last successful one; null if the last one succeeded.',
    }),
    previousSecretUntil: Timestamp.nullable().openapi({
      description: 'Until this time, events are also signed with the secret before the last rotation.',
    }),
    version: Version,
    createdAt: Timestamp,
    updatedAt: Timestamp,
  })
  .openapi('Webhook', { description: 'A subscription of a URL to events.' })

export const WebhookWithSecret = Webhook.extend({
  secret: z.string().openapi({
    example: 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw',
    description: 'For verifying signatures (Standard Webhooks). Shown only now.',
  }),
}).openapi('WebhookWithSecret')

export const WebhookPage = pageOf(Webhook, 'WebhookPage')

export const CreateWebhook = z.strictObject(fields).openapi('CreateWebhook', {
  example: { url: 'https://hooks.partner.com/khidma', events: ['booking.*', 'task.posted'] },
})

export const UpdateWebhook = z
  .strictObject({
    url: Url.optional(),
    events: fields.events.optional(),
    active: z.boolean().optional().openapi({ description: 'Whether events are sent.' }),
  })
  .openapi('UpdateWebhook', { example: { active: true } })

const DeliveryStatus = z
  .enum(['pending', 'delivered', 'failed'])
  .openapi({ example: 'delivered', description: 'Status of the delivery.' })

export const WebhookDelivery = z
  .object({
    id: Id,
    eventId: Id,
    eventType: z.string().openapi({ example: 'task.posted', description: 'Type of the event.' }),
    payload: Event.openapi({ description: 'Event as it is sent.' }),
    round: z
      .int()
      .openapi({ example: 1, description: '1 for the original delivery; incremented by every redelivery.' }),
    status: DeliveryStatus,
    attempts: z.int().openapi({ example: 1, description: 'Number of attempts so far.' }),
    attemptLog: z
      .array(
        z
          .object({
            at: Timestamp,
            status: z
              .int()
              .nullable()
              .openapi({ example: 200, description: 'HTTP status of the response; null if there was none.' }),
            durationMs: z.int().openapi({ example: 84, description: 'Duration in milliseconds.' }),
            error: z
              .string()
              .optional()
              .openapi({ description: 'What went wrong if there was no response.' }),
          })
          .openapi('WebhookAttempt', {
            example: { at: '2026-11-21T08:30:00.000Z', status: 200, durationMs: 84 },
          }),
      )
      .openapi({ description: 'One entry per attempt.' }),
    responseStatus: z
      .int()
      .nullable()
      .openapi({ example: 200, description: 'HTTP status of the last response; null if there was none.' }),
    responseBody: z
      .string()
      .nullable()
      .openapi({ example: 'ok', description: 'First 1,000 characters of the last response.' }),
    nextAttemptAt: Timestamp.nullable().openapi({
      description: 'Time of the next attempt; null if there will be none.',
    }),
    deliveredAt: Timestamp.nullable().openapi({ description: 'Time of the successful attempt.' }),
    createdAt: Timestamp,
  })
  .openapi('WebhookDelivery', { description: 'A delivery of an event to a webhook.' })

export const WebhookDeliveryPage = pageOf(WebhookDelivery, 'WebhookDeliveryPage')

export const DeliveryFilters = z.object({
  ...pageQuery,
  ...createdQuery,
  status: DeliveryStatus.optional().openapi({ description: 'Only deliveries with this status.' }),
  type: EventType.optional().openapi({ description: 'Only deliveries of events of this type.' }),
})

export function toWebhook(row: WebhookRow): z.infer<typeof Webhook> {
  const { id, url, events, active, failingSince, previousSecretUntil, version, createdAt, updatedAt } = row
  return { id, url, events, active, failingSince, previousSecretUntil, version, createdAt, updatedAt }
}

export function toDelivery(row: DeliveryRow): z.infer<typeof WebhookDelivery> {
  const { subscriptionId: _subscription, takenUntil: _takenUntil, parked: _parked, ...delivery } = row
  return {
    ...delivery,
    payload: row.payload as z.infer<typeof Event>,
    status: row.status as z.infer<typeof DeliveryStatus>,
    nextAttemptAt: row.status === 'pending' ? row.nextAttemptAt : null,
  }
}
