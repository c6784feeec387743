import { z } from '@hono/zod-openapi'
import { ctxOf } from '../../../http/context.ts'
import { newRoutes } from '../../../http/mount.ts'
import { defineOperation } from '../../../http/operation.ts'
import { pageQuery, readPage, toPage } from '../../../http/pages.ts'
import { anyUser } from '../../../http/policy.ts'
import { idParams } from '../../../http/schemas.ts'
import { transition } from '../../../http/transition.ts'
import { listBookingEvents } from './booking-events.ts'
import {
  cancelBooking,
  completeBooking,
  confirmBooking,
  getBooking,
  listBookings,
  startBooking,
} from './bookings.ts'
import { bookingMachine } from './machine.ts'
import {
  Booking,
  BookingEventPage,
  BookingFilters,
  BookingPage,
  CancelBooking,
  toBooking,
  toBookingEvent,
} from './schemas.ts'

const params = idParams('bookingId')
const party = { roles: anyUser, relation: { who: ['client', 'tasker'], orStaff: true } } as const
const booking = { 200: { description: 'The updated booking.', schema: Booking } } as const

export const routes = newRoutes()

const list = defineOperation({
  operationId: 'bookings.list',
  method: 'get',
  path: '/v1/bookings',
  tag: 'Bookings',
  summary: 'List bookings',
  description: 'Bookings that you are a party to, newest first. Staff see all bookings.',
  policy: { ...party, scope: 'bookings:read', permission: 'bookings.read' },
  query: BookingFilters,
  responses: { 200: { description: 'A page of bookings.', schema: BookingPage } },
})

routes.openapi(list, async (c) => {
  const { actor } = ctxOf(c)
  const page = readPage(c)
  const rows = await listBookings(ctxOf(c), c.req.valid('query'), page)
  return c.json(
    toPage(c, page, rows, (row) => toBooking(row, actor)),
    200,
  )
})

const get = defineOperation({
  operationId: 'bookings.get',
  method: 'get',
  path: '/v1/bookings/{bookingId}',
  tag: 'Bookings',
  summary: 'Get a booking',
  description: 'Returns a booking with its task, its parties and its payment.',
  policy: { ...party, scope: 'bookings:read', permission: 'bookings.read' },
  params,
  etag: true,
  responses: { 200: { description: 'The booking.', schema: Booking } },
})

routes.openapi(get, async (c) => {
  const ctx = ctxOf(c)
  return c.json(toBooking(await getBooking(ctx, c.req.valid('param').bookingId), ctx.actor), 200)
})

const listEvents = defineOperation({
  operationId: 'bookings.listEvents',
  method: 'get',
  path: '/v1/bookings/{bookingId}/events',
  tag: 'Bookings',
  summary: 'List the history of a booking',
  description: 'All changes of status, oldest first, with actor and reason.',
  policy: { ...party, scope: 'bookings:read', permission: 'bookings.read' },
  params,
  query: z.object({ ...pageQuery }),
  responses: { 200: { description: 'A page of the history.', schema: BookingEventPage } },
})

routes.openapi(listEvents, async (c) => {
  const page = readPage(c)
  const rows = await listBookingEvents(ctxOf(c), c.req.valid('param').bookingId, page)
  return c.json(toPage(c, page, rows, toBookingEvent), 200)
})

const confirm = transition(bookingMachine, 'confirm', {
  operationId: 'bookings.confirm',
  path: '/v1/bookings/{bookingId}/confirm',
  tag: 'Bookings',
  summary: 'Confirm a booking',
  description: 'The client accepts the tasker. The task is confirmed as well.',
  scope: 'bookings:write',
  params,
  responses: booking,
})

routes.openapi(confirm, async (c) => {
  const ctx = ctxOf(c)
  return c.json(toBooking(await confirmBooking(ctx, c.req.valid('param').bookingId), ctx.actor), 200)
})

const start = transition(bookingMachine, 'start', {
  operationId: 'bookings.start',
  path: '/v1/bookings/{bookingId}/start',
  tag: 'Bookings',
  summary: 'Start the work',
  description: 'The tasker has arrived and starts working. Billable time starts now.',
  scope: 'bookings:write',
  params,
  responses: booking,
})

routes.openapi(start, async (c) => {
  const ctx = ctxOf(c)
  return c.json(toBooking(await startBooking(ctx, c.req.valid('param').bookingId), ctx.actor), 200)
})

const complete = transition(bookingMachine, 'complete', {
  operationId: 'bookings.complete',
  path: '/v1/bookings/{bookingId}/complete',
  tag: 'Bookings',
  summary: 'Complete the work',
  description: 'The tasker has finished. The fare is due from now on.',
  scope: 'bookings:write',
  params,
  responses: booking,
})

routes.openapi(complete, async (c) => {
  const ctx = ctxOf(c)
  return c.json(toBooking(await completeBooking(ctx, c.req.valid('param').bookingId), ctx.actor), 200)
})

const cancel = transition(bookingMachine, 'cancel', {
  operationId: 'bookings.cancel',
  path: '/v1/bookings/{bookingId}/cancel',
  tag: 'Bookings',
  summary: 'Cancel a booking',
  description:
    'Possible until the work starts, for either party and for operations staff. The task and any outstanding payment are canceled with it.',
  scope: 'bookings:write',
  permission: 'bookings.manage',
  params,
  body: CancelBooking,
  responses: booking,
  problems: ['booking_in_dispute'],
})

routes.openapi(cancel, async (c) => {
  const ctx = ctxOf(c)
  const row = await cancelBooking(ctx, c.req.valid('param').bookingId, c.req.valid('json').reason)
  return c.json(toBooking(row, ctx.actor), 200)
})
