import { z } from '@hono/zod-openapi'
import { ctxOf, userCtxOf } from '../../../http/context.ts'
import { newRoutes } from '../../../http/mount.ts'
import { defineOperation } from '../../../http/operation.ts'
import { pageQuery, readPage, toPage } from '../../../http/pages.ts'
import { anyUser, staff } from '../../../http/policy.ts'
import { idParams } from '../../../http/schemas.ts'
import { transition } from '../../../http/transition.ts'
import {
  acceptChange,
  listBookingChanges,
  proposeChange,
  rejectChange,
  withdrawChange,
} from './booking-changes.ts'
import { listBookingEvents } from './booking-events.ts'
import {
  cancelBooking,
  completeBooking,
  confirmBooking,
  getBooking,
  listBookings,
  reportNoShow,
} from './bookings.ts'
import { previewCancellation, waiveFee } from './cancellation-fees.ts'
import { BookingChange, BookingChangePage, ProposeBookingChange, toBookingChange } from './change-schemas.ts'
import { lifeRoutes } from './life/routes.ts'
import { StartBooking } from './life/schemas.ts'
import { startBooking } from './life/start-codes.ts'
import { bookingChangeMachine, bookingMachine } from './machine.ts'
import { CancellationPreview, toCancellationPreview } from './price-schemas.ts'
import {
  Booking,
  BookingEventPage,
  BookingFilters,
  BookingPage,
  CancelBooking,
  ReportNoShow,
  toBooking,
  toBookingEvent,
  WaiveFee,
} from './schemas.ts'

const params = idParams('bookingId')
const party = { roles: anyUser, relation: { who: ['client', 'tasker'], orStaff: true } } as const
/** Staff speak for neither side. */
const side = { roles: ['client', 'tasker'], relation: { who: ['client', 'tasker'] } } as const
const booking = { 200: { description: 'The updated booking.', schema: Booking } } as const

export const routes = newRoutes()

routes.route('/', lifeRoutes)

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
  problems: ['booking_lapsed'],
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
  description:
    'The tasker has arrived and starts working. Billable time starts now. Where `startCodeRequired` is true, the code that the client shows is needed; after a few wrong ones none is taken for a while.',
  scope: 'bookings:write',
  params,
  body: StartBooking,
  responses: booking,
  problems: [
    'booking_lapsed',
    'contract_decides',
    'start_code_blocked',
    'start_code_refused',
    'start_code_required',
  ],
})

routes.openapi(start, async (c) => {
  const ctx = ctxOf(c)
  const { startCode } = c.req.valid('json')
  return c.json(toBooking(await startBooking(ctx, c.req.valid('param').bookingId, startCode), ctx.actor), 200)
})

const complete = transition(bookingMachine, 'complete', {
  operationId: 'bookings.complete',
  path: '/v1/bookings/{bookingId}/complete',
  tag: 'Bookings',
  summary: 'Complete the work',
  description:
    'The tasker has finished. The fare is due from now on. Some categories demand photos of before and after the work (`bookings.addProof`).',
  scope: 'bookings:write',
  params,
  responses: booking,
  problems: ['contract_decides', 'proof_missing'],
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
    'Possible until the work starts, for either party and for operations staff. The task and any outstanding payment are canceled with it. Parties may owe a fee, by the terms that the booking was agreed under: ask `bookings.previewCancellation`, and send the fee that was shown in `acceptFeeMinor`.',
  scope: 'bookings:write',
  permission: 'bookings.manage',
  params,
  body: CancelBooking,
  responses: booking,
  problems: ['booking_in_dispute', 'cancellation_fee_higher'],
})

routes.openapi(cancel, async (c) => {
  const ctx = ctxOf(c)
  const { reason, acceptFeeMinor } = c.req.valid('json')
  const row = await cancelBooking(ctx, c.req.valid('param').bookingId, reason, acceptFeeMinor)
  return c.json(toBooking(row, ctx.actor), 200)
})

const preview = defineOperation({
  operationId: 'bookings.previewCancellation',
  method: 'get',
  path: '/v1/bookings/{bookingId}/cancellation',
  tag: 'Bookings',
  summary: 'Preview a cancellation',
  description:
    'Returns what canceling the booking would cost you now, until when it is free, and which rule decides. `bookings.cancel` charges exactly that.',
  policy: { ...party, scope: 'bookings:read', permission: 'bookings.read' },
  params,
  responses: { 200: { description: 'What a cancellation would cost.', schema: CancellationPreview } },
})

routes.openapi(preview, async (c) => {
  const ctx = userCtxOf(c)
  const row = await previewCancellation(ctx, c.req.valid('param').bookingId)
  return c.json(toCancellationPreview(row, ctx.actor), 200)
})

const noShow = defineOperation({
  operationId: 'bookings.reportNoShow',
  method: 'post',
  path: '/v1/bookings/{bookingId}/report-no-show',
  tag: 'Bookings',
  summary: 'Report that the other side did not appear',
  description:
    'Cancels a confirmed booking whose work has not started, from `noShowFrom` on. The side that did not appear may owe a fee, by the terms that the booking was agreed under; staff can waive it. Photos (`mediaIds`) are evidence that both sides and staff see; more can follow (`bookings.addProof`).',
  policy: { ...side, scope: 'bookings:write' },
  params,
  body: ReportNoShow,
  responses: booking,
  problems: ['already_exists', 'invalid_transition', 'media_refused', 'no_show_too_early', 'task_on_hold'],
})

routes.openapi(noShow, async (c) => {
  const ctx = ctxOf(c)
  const { reason, mediaIds } = c.req.valid('json')
  const row = await reportNoShow(ctx, c.req.valid('param').bookingId, reason, mediaIds)
  return c.json(toBooking(row, ctx.actor), 200)
})

const waive = defineOperation({
  operationId: 'bookings.waiveFee',
  method: 'post',
  path: '/v1/bookings/{bookingId}/waive-fee',
  tag: 'Bookings',
  summary: 'Waive the fee of a booking',
  description:
    'Releases the side that owes the fee for the early end of a booking, and notifies it. The amount stays on record.',
  policy: { roles: staff, scope: 'bookings:write', permission: 'bookings.manage' },
  params,
  body: WaiveFee,
  responses: booking,
  problems: ['no_fee_to_waive'],
})

routes.openapi(waive, async (c) => {
  const ctx = userCtxOf(c)
  const row = await waiveFee(ctx, c.req.valid('param').bookingId, c.req.valid('json').reason)
  return c.json(toBooking(row, ctx.actor), 200)
})

const listChanges = defineOperation({
  operationId: 'bookings.listChanges',
  method: 'get',
  path: '/v1/bookings/{bookingId}/changes',
  tag: 'Bookings',
  summary: 'List the proposed changes of a booking',
  description:
    'Changes of price, duration or start that either side proposed, with their outcome. Newest first.',
  policy: { ...party, scope: 'bookings:read', permission: 'bookings.read' },
  params,
  query: z.object(pageQuery),
  responses: { 200: { description: 'A page of changes.', schema: BookingChangePage } },
})

routes.openapi(listChanges, async (c) => {
  const ctx = ctxOf(c)
  const page = readPage(c)
  const rows = await listBookingChanges(ctx, c.req.valid('param').bookingId, page)
  return c.json(
    toPage(c, page, rows, (row) => toBookingChange(row, ctx.actor)),
    200,
  )
})

const propose = defineOperation({
  operationId: 'bookings.proposeChange',
  method: 'post',
  path: '/v1/bookings/{bookingId}/changes',
  tag: 'Bookings',
  summary: 'Propose a change of a booking',
  description:
    'Proposes another price, duration or start to the other side, until the work is completed. Nothing changes until it accepts. A booking has one proposed change at a time.',
  policy: { ...side, scope: 'bookings:write' },
  params,
  body: ProposeBookingChange,
  responses: { 201: { description: 'The proposed change.', schema: BookingChange } },
  problems: [
    'booking_change_pending',
    'booking_not_changeable',
    'booking_started',
    'contract_decides',
    'no_change_proposed',
    'starts_at_refused',
  ],
})

routes.openapi(propose, async (c) => {
  const ctx = userCtxOf(c)
  const { rateAmountMinor: rateAmount, minutes, startsAt, reason } = c.req.valid('json')
  const terms = { rateAmount, minutes, startsAt }
  const row = await proposeChange(ctx, c.req.valid('param').bookingId, terms, reason)
  return c.json(toBookingChange(row, ctx.actor), 201)
})

const answered = { 200: { description: 'The change.', schema: BookingChange } } as const
const changeParams = idParams('bookingId', 'changeId')

const accept = transition(bookingChangeMachine, 'accept', {
  operationId: 'bookings.acceptChange',
  path: '/v1/bookings/{bookingId}/changes/{changeId}/accept',
  tag: 'Bookings',
  summary: 'Accept a proposed change',
  description:
    'Moves the price, the limit and the time of the booking to the proposed terms at once. Refused where the tasker has another booking at the new time, and a new start also where it has passed or the work has begun.',
  scope: 'bookings:write',
  params: changeParams,
  responses: answered,
  problems: ['booking_change_expired', 'booking_started', 'starts_at_refused', 'tasker_busy'],
})

routes.openapi(accept, async (c) => {
  const ctx = ctxOf(c)
  return c.json(toBookingChange(await acceptChange(ctx, c.req.valid('param')), ctx.actor), 200)
})

const reject = transition(bookingChangeMachine, 'reject', {
  operationId: 'bookings.rejectChange',
  path: '/v1/bookings/{bookingId}/changes/{changeId}/reject',
  tag: 'Bookings',
  summary: 'Reject a proposed change',
  description: 'The booking stays as it was agreed.',
  scope: 'bookings:write',
  params: changeParams,
  responses: answered,
  problems: ['booking_change_expired'],
})

routes.openapi(reject, async (c) => {
  const ctx = ctxOf(c)
  return c.json(toBookingChange(await rejectChange(ctx, c.req.valid('param')), ctx.actor), 200)
})

const withdraw = transition(bookingChangeMachine, 'withdraw', {
  operationId: 'bookings.withdrawChange',
  path: '/v1/bookings/{bookingId}/changes/{changeId}/withdraw',
  tag: 'Bookings',
  summary: 'Withdraw a proposed change',
  description: 'Takes back your proposal before it is answered.',
  scope: 'bookings:write',
  params: changeParams,
  responses: answered,
  problems: ['booking_change_expired'],
})

routes.openapi(withdraw, async (c) => {
  const ctx = ctxOf(c)
  return c.json(toBookingChange(await withdrawChange(ctx, c.req.valid('param')), ctx.actor), 200)
})
