import { z } from '@hono/zod-openapi'
import { ctxOf, userCtxOf } from '../../../../http/context.ts'
import { newRoutes } from '../../../../http/mount.ts'
import { defineOperation } from '../../../../http/operation.ts'
import { pageQuery, readPage, toPage } from '../../../../http/pages.ts'
import { anyUser } from '../../../../http/policy.ts'
import { idParams } from '../../../../http/schemas.ts'
import { Booking, toBooking } from '../schemas.ts'
import { acceptWork, arrive, runLate, setOut } from './presence.ts'
import { addNote, addProof, listNotes, listProofs } from './proofs.ts'
import {
  AddBookingNote,
  AddBookingProof,
  ArriveAtBooking,
  BookingNote,
  BookingNotePage,
  BookingProof,
  BookingProofPage,
  DemandStartCode,
  ReportDelay,
  StartCode,
  toBookingNote,
  toBookingProof,
} from './schemas.ts'
import { demandStartCode, getStartCode } from './start-codes.ts'

/** Operations on the course of a booking between its states: getting there, proof, notes, acceptance. */
export const lifeRoutes = newRoutes()

const params = idParams('bookingId')
const party = { roles: anyUser, relation: { who: ['client', 'tasker'], orStaff: true } } as const
const side = { roles: ['client', 'tasker'], relation: { who: ['client', 'tasker'] } } as const
const byTasker = {
  roles: ['client', 'tasker'],
  relation: { who: ['tasker'] },
  scope: 'bookings:write',
} as const
const byClient = {
  roles: ['client', 'tasker'],
  relation: { who: ['client'] },
  scope: 'bookings:write',
} as const
const booking = { 200: { description: 'The booking.', schema: Booking } } as const

const onTheWay = defineOperation({
  operationId: 'bookings.setOut',
  method: 'post',
  path: '/v1/bookings/{bookingId}/on-the-way',
  tag: 'Bookings',
  summary: 'Say that you are on the way',
  description: 'Tells the client that the tasker has set out. Repeating it changes nothing.',
  policy: byTasker,
  params,
  responses: booking,
  problems: ['booking_not_at_stage'],
})

lifeRoutes.openapi(onTheWay, async (c) => {
  const ctx = ctxOf(c)
  return c.json(toBooking(await setOut(ctx, c.req.valid('param').bookingId), ctx.actor), 200)
})

const late = defineOperation({
  operationId: 'bookings.reportDelay',
  method: 'post',
  path: '/v1/bookings/{bookingId}/report-delay',
  tag: 'Bookings',
  summary: 'Say that you are running late',
  description: 'Tells the client by how many minutes the tasker will be late. The last word counts.',
  policy: byTasker,
  params,
  body: ReportDelay,
  responses: booking,
  problems: ['booking_not_at_stage'],
})

lifeRoutes.openapi(late, async (c) => {
  const ctx = ctxOf(c)
  const { minutes } = c.req.valid('json')
  return c.json(toBooking(await runLate(ctx, c.req.valid('param').bookingId, minutes), ctx.actor), 200)
})

const arrival = defineOperation({
  operationId: 'bookings.arrive',
  method: 'post',
  path: '/v1/bookings/{bookingId}/arrive',
  tag: 'Bookings',
  summary: 'Say that you have arrived',
  description:
    'Tells the client that the tasker is there. A position has to be near enough to the place of the task; only its distance is kept. Repeating it changes nothing.',
  policy: byTasker,
  params,
  body: ArriveAtBooking,
  responses: booking,
  problems: ['booking_not_at_stage', 'position_required', 'too_far_away'],
})

lifeRoutes.openapi(arrival, async (c) => {
  const ctx = ctxOf(c)
  const { position } = c.req.valid('json')
  return c.json(toBooking(await arrive(ctx, c.req.valid('param').bookingId, position), ctx.actor), 200)
})

const startCode = defineOperation({
  operationId: 'bookings.getStartCode',
  method: 'get',
  path: '/v1/bookings/{bookingId}/start-code',
  tag: 'Bookings',
  summary: 'Get the start code of a booking',
  description:
    'Returns the code that the client shows to the tasker at the door. It changes every half minute; nobody else can read it.',
  policy: { ...byClient, scope: 'bookings:read' },
  params,
  responses: { 200: { description: 'The code.', schema: StartCode } },
  problems: ['booking_not_at_stage'],
})

lifeRoutes.openapi(startCode, async (c) =>
  c.json(await getStartCode(userCtxOf(c), c.req.valid('param').bookingId), 200),
)

const demand = defineOperation({
  operationId: 'bookings.demandStartCode',
  method: 'put',
  path: '/v1/bookings/{bookingId}/start-code',
  tag: 'Bookings',
  summary: 'Demand the start code, or do without it',
  description:
    'The client decides whether the work starts only by their code, until it has started. Where the category demands it, they cannot do without.',
  policy: byClient,
  params,
  body: DemandStartCode,
  responses: booking,
  problems: ['booking_not_at_stage', 'start_code_demanded'],
})

lifeRoutes.openapi(demand, async (c) => {
  const ctx = ctxOf(c)
  const { isRequired } = c.req.valid('json')
  return c.json(
    toBooking(await demandStartCode(ctx, c.req.valid('param').bookingId, isRequired), ctx.actor),
    200,
  )
})

const accept = defineOperation({
  operationId: 'bookings.acceptWork',
  method: 'post',
  path: '/v1/bookings/{bookingId}/accept-work',
  tag: 'Bookings',
  summary: 'Accept the work',
  description:
    'The client is content with the completed work. Who is not opens a dispute (`disputes.open`) before the deadline `acceptance`; silence accepts the work then. Repeating it changes nothing.',
  policy: byClient,
  params,
  responses: booking,
  problems: ['booking_not_at_stage'],
})

lifeRoutes.openapi(accept, async (c) => {
  const ctx = ctxOf(c)
  return c.json(toBooking(await acceptWork(ctx, c.req.valid('param').bookingId), ctx.actor), 200)
})

const prove = defineOperation({
  operationId: 'bookings.addProof',
  method: 'post',
  path: '/v1/bookings/{bookingId}/proofs',
  tag: 'Bookings',
  summary: 'Add a photo to a booking',
  description:
    'Photos of the place before and after the work, by the tasker; or evidence about a side that did not appear, by either side. Both sides and staff see them, and nobody takes them back.',
  policy: { ...side, scope: 'bookings:write' },
  params,
  body: AddBookingProof,
  responses: { 201: { description: 'The photo.', schema: BookingProof } },
  problems: ['already_exists', 'booking_not_at_stage', 'media_refused', 'too_many_proofs'],
})

lifeRoutes.openapi(prove, async (c) => {
  const row = await addProof(userCtxOf(c), c.req.valid('param').bookingId, c.req.valid('json'))
  return c.json(toBookingProof(row), 201)
})

const proofs = defineOperation({
  operationId: 'bookings.listProofs',
  method: 'get',
  path: '/v1/bookings/{bookingId}/proofs',
  tag: 'Bookings',
  summary: 'List the photos of a booking',
  description: 'Photos of before and after the work, and evidence of absence. Oldest first.',
  policy: { ...party, scope: 'bookings:read', permission: 'bookings.read' },
  params,
  query: z.object(pageQuery),
  responses: { 200: { description: 'A page of photos.', schema: BookingProofPage } },
})

lifeRoutes.openapi(proofs, async (c) => {
  const page = readPage(c)
  const rows = await listProofs(ctxOf(c), c.req.valid('param').bookingId, page)
  return c.json(toPage(c, page, rows, toBookingProof), 200)
})

const note = defineOperation({
  operationId: 'bookings.addNote',
  method: 'post',
  path: '/v1/bookings/{bookingId}/notes',
  tag: 'Bookings',
  summary: 'Add a note about the progress',
  description:
    'The tasker writes how the work goes on; both sides and staff read it. Notes stay as they are.',
  policy: byTasker,
  params,
  body: AddBookingNote,
  responses: { 201: { description: 'The note.', schema: BookingNote } },
  problems: ['booking_not_at_stage'],
})

lifeRoutes.openapi(note, async (c) => {
  const row = await addNote(userCtxOf(c), c.req.valid('param').bookingId, c.req.valid('json').text)
  return c.json(toBookingNote(row), 201)
})

const notes = defineOperation({
  operationId: 'bookings.listNotes',
  method: 'get',
  path: '/v1/bookings/{bookingId}/notes',
  tag: 'Bookings',
  summary: 'List the notes about the progress',
  description: 'Notes of the tasker about the work, with their dates. Oldest first.',
  policy: { ...party, scope: 'bookings:read', permission: 'bookings.read' },
  params,
  query: z.object(pageQuery),
  responses: { 200: { description: 'A page of notes.', schema: BookingNotePage } },
})

lifeRoutes.openapi(notes, async (c) => {
  const page = readPage(c)
  const rows = await listNotes(ctxOf(c), c.req.valid('param').bookingId, page)
  return c.json(toPage(c, page, rows, toBookingNote), 200)
})
