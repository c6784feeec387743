import { Problem } from '../../../core/problems.ts'
import { ctxOf, userCtxOf } from '../../../http/context.ts'
import { newRoutes } from '../../../http/mount.ts'
import { defineOperation } from '../../../http/operation.ts'
import { anyUser } from '../../../http/policy.ts'
import { idParams } from '../../../http/schemas.ts'
import { Booking, toBooking } from '../bookings/schemas.ts'
import { bookHold, bookService } from './direct-bookings.ts'
import {
  BookService,
  BookSlot,
  CheckSlots,
  ExplanationQuery,
  HoldSlot,
  isWindow,
  SlotCheckList,
  SlotExplanation,
  SlotHold,
  SlotList,
  SlotQuery,
  toSlotCheck,
  toSlotExplanation,
  toSlotHold,
  toSlotList,
  windowProblem,
} from './slot-schemas.ts'
import { checkSlots, explainSlot, holdSlot, listSlots, releaseHold, renewHold } from './slots.ts'

const tag = 'Calendar'
const params = idParams('taskerId')
const holdParams = idParams('slotHoldId')
const owner = { roles: ['client', 'tasker'], relation: { who: ['owner'] }, scope: 'calendar:write' } as const

export const slotRoutes = newRoutes()

const list = defineOperation({
  operationId: 'taskers.listSlots',
  method: 'get',
  path: '/v1/taskers/{taskerId}/slots',
  tag,
  summary: 'List the slots of a tasker',
  description:
    'Starts for which the tasker can be booked for so long. Each of them can be held; no other start can, and `slots.explain` says why. Slots that the caller holds are listed.',
  policy: 'public',
  params,
  query: SlotQuery,
  responses: { 200: { description: 'The slots.', schema: SlotList } },
})

slotRoutes.openapi(list, async (c) => {
  const { from, until, minutes, urgent = false } = c.req.valid('query')
  if (!isWindow({ from, until })) throw new Problem('invalid_request', windowProblem)
  const row = await listSlots(ctxOf(c), c.req.valid('param').taskerId, { from, until, minutes, urgent })
  return c.json(toSlotList(row), 200)
})

const explain = defineOperation({
  operationId: 'slots.explain',
  method: 'get',
  path: '/v1/taskers/{taskerId}/slot-explanation',
  tag,
  summary: 'Explain a slot',
  description:
    'Returns the first rule that the slot breaks, when it will not, and the next slot that breaks none. The tasker, and staff who may view calendars, also see hours and what takes up the time.',
  policy: 'public',
  params,
  query: ExplanationQuery,
  responses: { 200: { description: 'The explanation.', schema: SlotExplanation } },
})

slotRoutes.openapi(explain, async (c) => {
  const { startsAt, minutes, urgent = false } = c.req.valid('query')
  const slot = { taskerId: c.req.valid('param').taskerId, startsAt }
  return c.json(toSlotExplanation(await explainSlot(ctxOf(c), slot, { minutes, urgent })), 200)
})

const check = defineOperation({
  operationId: 'slots.check',
  method: 'post',
  path: '/v1/slot-checks',
  tag,
  summary: 'Check slots',
  description: 'Many taskers and starts at once, with a result for each. Nothing is held.',
  policy: { roles: anyUser, scope: 'calendar:read' },
  body: CheckSlots,
  idempotency: 'none',
  responses: { 200: { description: 'The results.', schema: SlotCheckList } },
})

slotRoutes.openapi(check, async (c) => {
  const { slots, minutes, urgent = false } = c.req.valid('json')
  const rows = await checkSlots(ctxOf(c), slots, { minutes, urgent })
  return c.json({ data: rows.map(toSlotCheck) }, 200)
})

const hold = defineOperation({
  operationId: 'slots.hold',
  method: 'post',
  path: '/v1/slot-holds',
  tag,
  summary: 'Hold a slot',
  description:
    'Keeps the slot for you for some minutes, so that nobody else is booked meanwhile. Your booking in that time takes the place of the hold. An earlier hold of yours in that time gives way.',
  policy: { roles: ['client', 'tasker'], scope: 'calendar:write' },
  body: HoldSlot,
  responses: { 201: { description: 'The hold.', schema: SlotHold } },
  problems: ['not_found', 'slot_unavailable', 'hold_limit_reached'],
})

slotRoutes.openapi(hold, async (c) => {
  const { taskerId, startsAt, minutes, urgent = false } = c.req.valid('json')
  const row = await holdSlot(userCtxOf(c), { taskerId, startsAt }, { minutes, urgent })
  return c.json(toSlotHold(row), 201)
})

const renew = defineOperation({
  operationId: 'slots.renew',
  method: 'post',
  path: '/v1/slot-holds/{slotHoldId}/renew',
  tag,
  summary: 'Renew a hold',
  description: 'Continues your hold, up to the longest time that a hold can last.',
  policy: owner,
  params: holdParams,
  responses: { 200: { description: 'The hold.', schema: SlotHold } },
  problems: ['hold_ended'],
})

slotRoutes.openapi(renew, async (c) =>
  c.json(toSlotHold(await renewHold(userCtxOf(c), c.req.valid('param').slotHoldId)), 200),
)

const book = defineOperation({
  operationId: 'slots.book',
  method: 'post',
  path: '/v1/slot-holds/{slotHoldId}/book',
  tag,
  summary: 'Book a held slot',
  description:
    'Asks the tasker of the slot directly: your draft is posted for its start, and the booking is offered to them. They accept or decline it, until `bookings.answer_hours` have passed; if they do not take it, matching looks for another tasker. The booking takes the place of the hold.',
  policy: owner,
  params: holdParams,
  body: BookSlot,
  responses: { 201: { description: 'The offered booking.', schema: Booking } },
  problems: [
    'hold_ended',
    'hold_too_short',
    'slot_unavailable',
    'unknown_task',
    'task_deleted',
    'task_not_matched',
    'not_editable',
    'starts_at_refused',
    'unknown_category',
    'inputs_refused',
    'rate_currency_refused',
  ],
})

slotRoutes.openapi(book, async (c) => {
  const ctx = userCtxOf(c)
  const row = await bookHold(ctx, c.req.valid('param').slotHoldId, c.req.valid('json').taskId)
  return c.json(toBooking(row, ctx.actor), 201)
})

const service = defineOperation({
  operationId: 'services.book',
  method: 'post',
  path: '/v1/services/{serviceId}/book',
  tag,
  summary: 'Book a service',
  description:
    'Asks the tasker of an active service of a listed profile directly, as `slots.book` does: a task is posted for the start, which must be a slot of theirs for the duration of the service and its extras, and the booking is offered to them. Price, duration and extras are those of the service now, and stay with the task (`service`). A price `from` is the least: a higher one is agreed by `bookings.proposeChange`.',
  policy: { roles: ['client', 'tasker'], scope: 'calendar:write' },
  params: idParams('serviceId'),
  body: BookService,
  responses: { 201: { description: 'The offered booking.', schema: Booking } },
  problems: [
    'not_found',
    'service_unavailable',
    'party_closed',
    'slot_unavailable',
    'quantity_refused',
    'unknown_extra',
    'address_refused',
    'starts_at_refused',
    'unknown_category',
    'inputs_refused',
  ],
})

slotRoutes.openapi(service, async (c) => {
  const ctx = userCtxOf(c)
  const { startsAt, quantity, extraIds, ...details } = c.req.valid('json')
  const order = { startsAt, quantity, extraIds: [...new Set(extraIds)], details }
  return c.json(toBooking(await bookService(ctx, c.req.valid('param').serviceId, order), ctx.actor), 201)
})

const release = defineOperation({
  operationId: 'slots.release',
  method: 'delete',
  path: '/v1/slot-holds/{slotHoldId}',
  tag,
  summary: 'Release a hold',
  description: 'Gives the slot back. Of a hold that has ended, nothing changes.',
  policy: owner,
  params: holdParams,
  responses: { 204: { description: 'Released.' } },
})

slotRoutes.openapi(release, async (c) => {
  await releaseHold(userCtxOf(c), c.req.valid('param').slotHoldId)
  return c.body(null, 204)
})
