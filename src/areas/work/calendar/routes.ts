import { ctxOf, userCtxOf } from '../../../http/context.ts'
import { newRoutes } from '../../../http/mount.ts'
import { defineOperation } from '../../../http/operation.ts'
import { anyUser } from '../../../http/policy.ts'
import { idParams } from '../../../http/schemas.ts'
import { urlRulesOf } from '../../platform/webhooks/url-guard.ts'
import { getAgenda, listVisits } from './agenda.ts'
import {
  AddExternalCalendar,
  Agenda,
  AgendaQuery,
  CalendarFeed,
  ExternalCalendar,
  ExternalCalendarList,
  FeedParams,
  toAgenda,
  toCalendarFeed,
  toExternalCalendar,
  toVisit,
  VisitList,
} from './agenda-schemas.ts'
import { addExternalCalendar, listExternalCalendars, removeExternalCalendar } from './external-calendars.ts'
import { readFeed, revokeFeed, rotateFeed } from './feeds.ts'
import { scheduleRoutes } from './schedule-routes.ts'
import { slotRoutes } from './slot-routes.ts'

const tasker = { roles: ['client', 'tasker'], relation: { who: ['tasker'] } } as const
const tag = 'Calendar'

export const routes = newRoutes()
routes.route('/', scheduleRoutes)
routes.route('/', slotRoutes)

const agenda = defineOperation({
  operationId: 'me.getAgenda',
  method: 'get',
  path: '/v1/me/agenda',
  tag,
  summary: 'Get your day',
  description: 'A day of your calendar, in its zone: hours, visits, holds, absences and imported busy times.',
  policy: { ...tasker, scope: 'calendar:read' },
  query: AgendaQuery,
  responses: { 200: { description: 'The day.', schema: Agenda } },
  problems: ['not_a_tasker'],
})

routes.openapi(agenda, async (c) =>
  c.json(toAgenda(await getAgenda(userCtxOf(c), c.req.valid('query').day)), 200),
)

const visits = defineOperation({
  operationId: 'bookings.listVisits',
  method: 'get',
  path: '/v1/bookings/{bookingId}/visits',
  tag: 'Bookings',
  summary: 'List the visits of a booking',
  description: 'One for an ordinary booking; more where work recurs or takes several days.',
  policy: {
    roles: anyUser,
    relation: { who: ['client', 'tasker'], orStaff: true },
    scope: 'bookings:read',
    permission: 'bookings.read',
  },
  params: idParams('bookingId'),
  responses: { 200: { description: 'The visits.', schema: VisitList } },
})

routes.openapi(visits, async (c) => {
  const rows = await listVisits(ctxOf(c), c.req.valid('param').bookingId)
  return c.json({ data: rows.map(toVisit) }, 200)
})

const rotate = defineOperation({
  operationId: 'me.rotateCalendarFeed',
  method: 'post',
  path: '/v1/me/calendar-feed',
  tag,
  summary: 'Get a link to your calendar',
  description:
    'A secret link by which other programs read your calendar (iCalendar). It names the kind of work, and no clients or places. A new link takes the place of the one before.',
  policy: tasker,
  idempotency: 'none',
  responses: { 201: { description: 'The link.', schema: CalendarFeed } },
  problems: ['not_a_tasker'],
})

routes.openapi(rotate, async (c) => c.json(toCalendarFeed(await rotateFeed(userCtxOf(c))), 201))

const revoke = defineOperation({
  operationId: 'me.revokeCalendarFeed',
  method: 'delete',
  path: '/v1/me/calendar-feed',
  tag,
  summary: 'Revoke the link to your calendar',
  description: 'The link opens nothing any more.',
  policy: tasker,
  responses: { 204: { description: 'Revoked.' } },
  problems: ['not_a_tasker'],
})

routes.openapi(revoke, async (c) => {
  await revokeFeed(userCtxOf(c))
  return c.body(null, 204)
})

const feed = defineOperation({
  operationId: 'calendarFeeds.get',
  method: 'get',
  path: '/v1/calendar-feeds/{feedToken}',
  tag,
  summary: 'Read a calendar by its link',
  description: 'An iCalendar file, for programs that subscribe to calendars. The link is all that it needs.',
  policy: 'public',
  params: FeedParams,
  responses: { 200: { description: 'The calendar.', fileTypes: ['text/calendar'] } },
  problems: ['not_found'],
})

routes.openapi(feed, async (c) =>
  c.body(await readFeed(ctxOf(c), c.req.valid('param').feedToken), 200, {
    'content-type': 'text/calendar; charset=utf-8',
    'cache-control': 'private, max-age=900',
  }),
)

const listExternal = defineOperation({
  operationId: 'me.listExternalCalendars',
  method: 'get',
  path: '/v1/me/external-calendars',
  tag,
  summary: 'List your external calendars',
  description: 'Calendars elsewhere whose busy times are taken over, and how fresh the copies are.',
  policy: { ...tasker, scope: 'calendar:read' },
  responses: { 200: { description: 'The calendars.', schema: ExternalCalendarList } },
  problems: ['not_a_tasker'],
})

routes.openapi(listExternal, async (c) =>
  c.json({ data: (await listExternalCalendars(userCtxOf(c))).map(toExternalCalendar) }, 200),
)

const addExternal = defineOperation({
  operationId: 'me.addExternalCalendar',
  method: 'post',
  path: '/v1/me/external-calendars',
  tag,
  summary: 'Add an external calendar',
  description:
    'Its busy times, and nothing else of it, are taken over every hour: you are not booked then. It is fetched first within a few minutes. Bookings that exist stay.',
  policy: tasker,
  body: AddExternalCalendar,
  responses: { 201: { description: 'The calendar.', schema: ExternalCalendar } },
  problems: ['not_a_tasker', 'calendar_address_refused', 'limit_reached'],
})

routes.openapi(addExternal, async (c) => {
  const row = await addExternalCalendar(userCtxOf(c), c.req.valid('json'), urlRulesOf(c.env))
  return c.json(toExternalCalendar(row), 201)
})

const removeExternal = defineOperation({
  operationId: 'me.removeExternalCalendar',
  method: 'delete',
  path: '/v1/me/external-calendars/{externalCalendarId}',
  tag,
  summary: 'Remove an external calendar',
  description: 'Its busy times no longer take up your time.',
  policy: tasker,
  params: idParams('externalCalendarId'),
  responses: { 204: { description: 'Removed.' } },
  problems: ['not_a_tasker'],
})

routes.openapi(removeExternal, async (c) => {
  await removeExternalCalendar(userCtxOf(c), c.req.valid('param').externalCalendarId)
  return c.body(null, 204)
})
