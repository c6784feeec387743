import { z } from '@hono/zod-openapi'
import { eventObjectTypes } from '../core/event-objects.ts'
import { type EventTypeName, eventTypes } from '../core/events.ts'
import { Id, Timestamp } from './schemas.ts'

/** Sent by `webhooks.sendTest` alone: it happens to nobody, and is in no list. */
export const testEventType = 'webhook.test'

const names = [...(Object.keys(eventTypes) as EventTypeName[]), testEventType] as const

export const EventType = z.enum(names).openapi('EventType', {
  description: 'Type of the event: the object and what happened to it.',
  example: 'task.posted',
})

const EventObjectType = z.enum(eventObjectTypes).openapi('EventObjectType', {
  description:
    'Type of the object. `x-fetch` has where it is fetched: `{object.id}` and `{data.…}` are taken from the event; a path without `{object.id}` answers what the object is in, or a list that has it.',
  example: 'task',
})

/** The one envelope of every event, whether pushed to a webhook or pulled. */
export const Event = z
  .object({
    id: Id,
    type: EventType,
    createdAt: Timestamp,
    timestamp: Timestamp.openapi({
      description: 'Same as `createdAt`, under the name that Standard Webhooks has for it.',
    }),
    sequence: z.int().openapi({
      example: 4711,
      description: 'Position of the event among all events, with gaps. `events.list` continues after it.',
    }),
    object: z
      .object({
        type: EventObjectType,
        id: Id,
        sequence: z.int().openapi({
          example: 2,
          description:
            '`version` of the object that this event produced, or found, where it changes nothing (reminders, notes).',
        }),
      })
      .openapi('EventObject', { description: 'Object that the event is about.' }),
    webhookId: Id.optional().openapi({
      description:
        'Id of the webhook that the request is for; not in `/v1/events`. Compare it if you verify `v1a`: the key is the same for all webhooks.',
    }),
    sample: z.literal(true).optional().openapi({
      description: 'Only in events that `webhooks.sendTest` sends: nothing happened, the ids are invented.',
    }),
    data: z.record(z.string(), z.unknown()).openapi({
      description: 'Ids and states, never personal data. Fetch the object for details.',
      example: {
        from: 'draft',
        to: 'posted',
        action: 'post',
        party: 'client',
        taskId: '019a2f4e-7c1b-7d3a-9f00-3b5c8e2d1a40',
      },
    }),
  })
  .openapi('Event', { description: 'Envelope of every event, whether pushed to a webhook or pulled.' })
