import { ctxOf, userCtxOf } from '../../../http/context.ts'
import { newRoutes } from '../../../http/mount.ts'
import { defineOperation } from '../../../http/operation.ts'
import { readPage, toPage } from '../../../http/pages.ts'
import { idParams } from '../../../http/schemas.ts'
import { transition } from '../../../http/transition.ts'
import { acceptBooking, declineBooking } from '../bookings/bookings.ts'
import { bookingMachine } from '../bookings/machine.ts'
import { Booking, toBooking } from '../bookings/schemas.ts'
import { DeclineBooking } from './act-schemas.ts'
import { listOwnAssignments } from './assignments.ts'
import { OwnAssignmentFilters, OwnAssignmentPage, toOwnAssignment } from './schemas.ts'

/** Answers of taskers to the tasks that were assigned to them. */

const params = idParams('bookingId')
const booking = { 200: { description: 'The updated booking.', schema: Booking } } as const

export const answerRoutes = newRoutes()

const listMine = defineOperation({
  operationId: 'assignments.listMine',
  method: 'get',
  path: '/v1/me/assignments',
  tag: 'Bookings',
  summary: 'List the tasks assigned to you',
  description: 'Tasks that staff assigned to you, newest first, with the time that you have to answer.',
  policy: { roles: ['client', 'tasker'], relation: { who: ['tasker'] }, scope: 'bookings:read' },
  query: OwnAssignmentFilters,
  responses: { 200: { description: 'A page of assignments.', schema: OwnAssignmentPage } },
})

answerRoutes.openapi(listMine, async (c) => {
  const page = readPage(c)
  const rows = await listOwnAssignments(userCtxOf(c), c.req.valid('query'), page)
  return c.json(toPage(c, page, rows, toOwnAssignment), 200)
})

const accept = transition(bookingMachine, 'accept', {
  operationId: 'bookings.accept',
  path: '/v1/bookings/{bookingId}/accept',
  tag: 'Bookings',
  summary: 'Accept an offered booking',
  description:
    'The tasker takes the booking that was offered to them, and its conversation opens. The client still has to confirm.',
  scope: 'bookings:write',
  params,
  responses: booking,
  problems: ['assignment_expired', 'booking_lapsed', 'debt_cap_reached', 'tasker_busy', 'tasker_not_active'],
})

answerRoutes.openapi(accept, async (c) => {
  const ctx = ctxOf(c)
  return c.json(toBooking(await acceptBooking(ctx, c.req.valid('param').bookingId), ctx.actor), 200)
})

const decline = transition(bookingMachine, 'decline', {
  operationId: 'bookings.decline',
  path: '/v1/bookings/{bookingId}/decline',
  tag: 'Bookings',
  summary: 'Decline an offered booking',
  description: 'The task goes back to those who offered it. Nothing is due.',
  scope: 'bookings:write',
  params,
  body: DeclineBooking,
  responses: booking,
  problems: ['assignment_expired'],
})

answerRoutes.openapi(decline, async (c) => {
  const ctx = ctxOf(c)
  const row = await declineBooking(ctx, c.req.valid('param').bookingId, c.req.valid('json').reason)
  return c.json(toBooking(row, ctx.actor), 200)
})
