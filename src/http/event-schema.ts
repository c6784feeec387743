import { z } from '@hono/zod-openapi'
import { type EventTypeName, eventTypes } from '../core/events.ts'
import { Id, Timestamp } from './schemas.ts'

const names = Object.keys(eventTypes) as [EventTypeName, ...EventTypeName[]]

export const EventType = z.enum(names).openapi('EventType', { example: 'task.posted' })

/** The one envelope of every event, whether pushed to a webhook or pulled. */
export const Event = z
  .object({
    id: Id,
    type: EventType,
    createdAt: Timestamp,
    sequence: z.int().openapi({
      example: 4711,
      description: 'Grows over all events; `events.list` continues after it. It may have gaps.',
    }),
    object: z
      .object({
        type: z.string().openapi({ example: 'task' }),
        id: Id,
        sequence: z
          .int()
          .openapi({ example: 2, description: 'The `version` of the object that this event made.' }),
      })
      .openapi('EventObject'),
    data: z.record(z.string(), z.unknown()).openapi({
      description: 'Ids and states, never personal data. Fetch the object for more.',
      example: {
        from: 'draft',
        to: 'posted',
        action: 'post',
        party: 'client',
        taskId: '019a2f4e-7c1b-7d3a-9f00-3b5c8e2d1a40',
      },
    }),
  })
  .openapi('Event')
