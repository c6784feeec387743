import { z } from '@hono/zod-openapi'
import { eventTypes, toEnvelope } from '../../../core/events.ts'
import { userCtxOf } from '../../../http/context.ts'
import { Event, EventType } from '../../../http/event-schema.ts'
import { createdTimes, orderOf, relatedId } from '../../../http/list-query.ts'
import { newRoutes } from '../../../http/mount.ts'
import { defineOperation } from '../../../http/operation.ts'
import { pageOf, pageQuery, readPage, toPage } from '../../../http/pages.ts'
import { anyUser } from '../../../http/policy.ts'
import { idParams, queryInteger } from '../../../http/schemas.ts'
import { getEvent, listEvents } from './events.ts'

const EventPage = pageOf(Event, 'EventPage')

const EventFilters = z.object({
  ...pageQuery,
  ...createdTimes,
  order: orderOf('Without it, the oldest first. Consumers that must miss none read in this order.'),
  after: queryInteger(0, Number.MAX_SAFE_INTEGER).optional().openapi({
    description:
      '`sequence` of the last event that you have. It stays valid after that event is deleted. If omitted, the list starts with the oldest event available.',
    example: 0,
  }),
  type: z
    .union([EventType, z.array(EventType).max(Object.keys(eventTypes).length)])
    .optional()
    .openapi({
      type: 'array',
      items: { $ref: '#/components/schemas/EventType' },
      maxItems: Object.keys(eventTypes).length,
      description: 'Only events of these types: the parameter can be repeated.',
      example: ['task.posted'],
    }),
  objectId: relatedId('Only events of this object (`object.id`).'),
})

export const routes = newRoutes()

const list = defineOperation({
  operationId: 'events.list',
  method: 'get',
  path: '/v1/events',
  tag: 'Events',
  summary: 'List events',
  description:
    'Events that concern you (for staff: all events), in a stable order: new events are always added at the end. Keep the `sequence` of the last event and pass it as `after` to get the next ones. Webhooks push the same envelopes. Events are kept for 90 days; a client that polls at least that often misses none. A client that comes later continues with the oldest event available and should refetch the objects that it holds copies of.',
  policy: {
    permission: 'events.read',
    roles: anyUser,
    relation: { who: ['recipient'], orStaff: true },
    scope: 'events:read',
  },
  query: EventFilters,
  responses: { 200: { description: 'A page of events.', schema: EventPage } },
})

routes.openapi(list, async (c) => {
  const page = readPage(c)
  const { after, type, objectId } = c.req.valid('query')
  const types = type === undefined ? undefined : [type].flat()
  const rows = await listEvents(userCtxOf(c), { after, types, objectId }, page)
  return c.json(
    toPage(c, page, rows, toEnvelope, (row) => [row.xid, String(row.seq)]),
    200,
  )
})

const get = defineOperation({
  operationId: 'events.get',
  method: 'get',
  path: '/v1/events/{eventId}',
  tag: 'Events',
  summary: 'Get an event',
  description:
    'Returns an event that concerns you (for staff: any event), as `events.list` and webhooks show it. Events are kept for 90 days.',
  policy: {
    permission: 'events.read',
    roles: anyUser,
    relation: { who: ['recipient'], orStaff: true },
    scope: 'events:read',
  },
  params: idParams('eventId'),
  etag: true,
  responses: { 200: { description: 'The event.', schema: Event } },
})

routes.openapi(get, async (c) =>
  c.json(toEnvelope(await getEvent(userCtxOf(c), c.req.valid('param').eventId)), 200),
)
