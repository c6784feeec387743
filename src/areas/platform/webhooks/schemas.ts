import { z } from '@hono/zod-openapi'
import { eventTypes } from '../../../core/events.ts'
import { valueTexts } from '../../../core/value-texts.ts'
import { Event, EventType } from '../../../http/event-schema.ts'
import { changedQuery, ListTime, relatedId } from '../../../http/list-query.ts'
import { pageOf, pageQuery } from '../../../http/pages.ts'
import { Id, Timestamp, Version } from '../../../http/schemas.ts'
import type { DeliveryRow } from './deliveries.ts'
import { replayLimit } from './replays.ts'
import type { PublicKey } from './signatures.ts'
import type { WebhookRow } from './webhooks.ts'

const machineNames = [...new Set(Object.keys(eventTypes).map((type) => type.split('.')[0] as string))]

/** An event type, every event of an object type, or everything. */
const EventPattern = z
  .enum([...Object.keys(eventTypes), ...machineNames.map((name) => `${name}.*`), '*'])
  .openapi('EventPattern', { example: 'booking.*', description: 'An event type, `<object>.*` or `*`.' })

const Url = z.string().trim().min(1).max(2_000).openapi({
  example: 'https://hooks.partner.com/khidma',
  description:
    'https, on port 443, with a public host name that is not ours. Redirects are not followed. Shown as a URL parser writes it, such as `https://partner.com/` for `https://partner.com`.',
})

const fields = {
  url: Url,
  events: z
    .array(EventPattern)
    .min(1)
    .max(50)
    .openapi({ example: ['booking.*', 'task.posted'], description: 'Events to send.' }),
}

const Description = z
  .string()
  .trim()
  .min(1)
  .max(200)
  .nullable()
  .openapi({ example: 'Orders, production', description: 'Note for yourself.' })

const MaxPerSecond = z.int().min(1).max(100).nullable().openapi({
  example: 10,
  description:
    'Attempts that begin in a second at most, evenly spaced; null for no limit of your own. Events above it wait and are sent later: none is lost.',
})

export const WebhookHeader = z
  .strictObject({
    name: z
      .string()
      .max(64)
      .regex(/^[A-Za-z0-9](-?[A-Za-z0-9])*$/, valueTexts.headerName)
      .openapi({ example: 'Authorization', description: 'Name, in any case.' }),
    value: z
      .string()
      .max(1_000)
      .regex(/^[!-~]([ -~]*[!-~])?$/, valueTexts.headerValue)
      .openapi({ example: 'Bearer 8f14e45fceea167a', description: 'Value. It is never shown again.' }),
  })
  .openapi('WebhookHeader', {
    example: { name: 'Authorization', value: 'Bearer 8f14e45fceea167a' },
    description:
      'A header that we add to each request. Allowed: `Authorization`, `API-Key`, `ApiKey`, `CF-Access-Client-Id`, `CF-Access-Client-Secret`, and names that begin with `X-` but those that proxies and frameworks trust, such as `X-Forwarded-For`.',
  })

const Headers = z
  .array(WebhookHeader)
  .max(10)
  .openapi({
    example: [{ name: 'Authorization', value: 'Bearer 8f14e45fceea167a' }],
    description:
      'All custom headers of each request: what is sent replaces what was there. Stored encrypted. A change of `url` to another host removes them unless they are sent along.',
  })

const settings = {
  description: Description.optional(),
  maxPerSecond: MaxPerSecond.optional(),
  headers: Headers.optional(),
}

export const Webhook = z
  .object({
    id: Id,
    ...fields,
    description: Description,
    maxPerSecond: MaxPerSecond,
    headerNames: z.array(z.string()).openapi({
      example: ['authorization'],
      description: 'Names of the custom headers, in lower case. Their values are not shown.',
    }),
    publicKeys: z.array(z.string()).openapi({
      example: ['whpk_11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo='],
      description:
        'Ed25519 keys that verify the `v1a` signatures (Standard Webhooks), newest first; two while one replaces the other. The same for all webhooks, as in `/.well-known/webhook-keys.json`.',
    }),
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
      description:
        'Until this time, events are also signed with the secret before the last rotation, and there is no other rotation.',
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

export const CreateWebhook = z.strictObject({ ...fields, ...settings }).openapi('CreateWebhook', {
  example: {
    url: 'https://hooks.partner.com/khidma',
    events: ['booking.*', 'task.posted'],
    description: 'Orders, production',
    maxPerSecond: 10,
    headers: [{ name: 'Authorization', value: 'Bearer 8f14e45fceea167a' }],
  },
})

export const UpdateWebhook = z
  .strictObject({
    url: Url.optional(),
    events: fields.events.optional(),
    ...settings,
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
    round: z.int().openapi({
      example: 1,
      description: '1 for the first delivery; incremented by every redelivery and replay.',
    }),
    cause: z.enum(['event', 'redelivery', 'replay', 'test']).openapi({
      example: 'event',
      description:
        'Cause: the event itself, or `webhooks.redeliver`, `webhooks.replay`, `webhooks.sendTest`.',
    }),
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
    updatedAt: Timestamp,
  })
  .openapi('WebhookDelivery', { description: 'A delivery of an event to a webhook.' })

export const WebhookDeliveryPage = pageOf(WebhookDelivery, 'WebhookDeliveryPage')

export const DeliveryFilters = z.object({
  ...pageQuery,
  ...changedQuery,
  status: DeliveryStatus.optional().openapi({ description: 'Only deliveries with this status.' }),
  type: EventType.optional().openapi({ description: 'Only deliveries of events of this type.' }),
  eventId: relatedId('Only deliveries of this event.'),
})

export const SendTestEvent = z
  .strictObject({
    type: EventType.optional().openapi({
      description: 'Type of the event; `webhook.test` if omitted. It need not be one of `events`.',
    }),
  })
  .openapi('SendTestEvent', { example: { type: 'task.posted' } })

export const ReplayEvents = z
  .strictObject({
    since: ListTime.optional().openapi({
      description: 'Events at or after this time. Before the oldest event available: all events available.',
    }),
    sinceEventId: Id.optional().openapi({
      description: 'Events after this one: the last event that you have.',
    }),
    until: ListTime.optional().openapi({ description: 'Only events before this time.' }),
    types: z
      .array(EventType)
      .min(1)
      .max(50)
      .optional()
      .openapi({
        example: ['booking.confirmed'],
        description: 'Only events of these types, of those that the webhook subscribes to.',
      }),
    onlyUndelivered: z.boolean().optional().openapi({
      example: true,
      description:
        'If true, only events that the webhook has not taken: they failed, or were never sent to it. Deliveries are kept for 30 days: what was taken before that counts as not taken.',
    }),
  })
  .refine(({ since, sinceEventId }) => (since === undefined) !== (sinceEventId === undefined), {
    message: valueTexts.sinceOrEvent,
    path: ['since'],
  })
  .openapi('ReplayEvents', { example: { since: '2026-11-21T08:00:00.000Z', onlyUndelivered: true } })

export const WebhookReplay = z
  .object({
    queued: z.int().openapi({
      example: 42,
      description: `Number of deliveries that were queued, at most ${replayLimit.toLocaleString('en')}.`,
    }),
    lastEventId: Id.nullable().openapi({
      description:
        'Where to go on: the last event that was queued or, where `hasMore` is true and fewer were found than one call queues, the last that was looked at. Null if there was none.',
    }),
    hasMore: z.boolean().openapi({
      example: false,
      description:
        'If true, there may be more events: replay again with `lastEventId` as `sinceEventId`. Also where nothing was queued: a call looks at a limited number of events.',
    }),
  })
  .openapi('WebhookReplay', {
    description: 'Result of a replay.',
    example: { queued: 42, lastEventId: '019a2f4e-7c1b-7d3a-9f00-3b5c8e2d1a40', hasMore: false },
  })

export const WebhookKeys = z
  .object({
    keys: z
      .array(
        z.object({
          kid: z.string().openapi({ example: '2026-11', description: 'Key id.' }),
          publicKey: z.string().openapi({
            example: 'whpk_11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=',
            description: '`whpk_` and the Ed25519 key in Base64 (Standard Webhooks).',
          }),
        }),
      )
      .openapi({ description: 'Public keys, newest first.' }),
  })
  .openapi('WebhookKeys', {
    example: {
      keys: [{ kid: '2026-11', publicKey: 'whpk_11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=' }],
    },
  })

export function toWebhook(row: WebhookRow, keys: PublicKey[]): z.infer<typeof Webhook> {
  const { id, url, events, active, failingSince, previousSecretUntil, version, createdAt, updatedAt } = row
  const { description, maxPerSecond, headerNames } = row
  return {
    id,
    url,
    events,
    description,
    maxPerSecond,
    headerNames,
    publicKeys: keys.map(({ publicKey }) => publicKey),
    active,
    failingSince,
    previousSecretUntil,
    version,
    createdAt,
    updatedAt,
  }
}

export function toDelivery(row: DeliveryRow): z.infer<typeof WebhookDelivery> {
  const { subscriptionId, takenUntil: _takenUntil, parked: _parked, ...delivery } = row
  return {
    ...delivery,
    payload: { ...row.payload, webhookId: subscriptionId } as z.infer<typeof Event>,
    cause: row.cause as z.infer<typeof WebhookDelivery>['cause'],
    status: row.status as z.infer<typeof DeliveryStatus>,
    nextAttemptAt: row.status === 'pending' ? row.nextAttemptAt : null,
  }
}
