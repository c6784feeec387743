import { ctxOf, userCtxOf } from '../../../http/context.ts'
import { tagged } from '../../../http/etag.ts'
import { newRoutes } from '../../../http/mount.ts'
import { defineOperation } from '../../../http/operation.ts'
import { readPage, toPage } from '../../../http/pages.ts'
import { anyUser } from '../../../http/policy.ts'
import { idParams } from '../../../http/schemas.ts'
import { transition } from '../../../http/transition.ts'
import {
  escalateDispute,
  getDispute,
  investigateDispute,
  listDisputes,
  openDispute,
  refundDispute,
  rejectDispute,
  resolveDispute,
} from './disputes.ts'
import { disputeMachine } from './machine.ts'
import {
  Dispute,
  DisputeFilters,
  DisputePage,
  OpenDispute,
  RefundDispute,
  RejectDispute,
  ResolveDispute,
  toDispute,
} from './schemas.ts'

const params = idParams('disputeId')
const party = {
  roles: anyUser,
  relation: { who: ['client', 'tasker'], of: 'booking', orStaff: true },
} as const
const dispute = { 200: { description: 'The updated dispute.', schema: Dispute } } as const

export const routes = newRoutes()

const open = defineOperation({
  operationId: 'disputes.open',
  method: 'post',
  path: '/v1/bookings/{bookingId}/dispute',
  tag: 'Trust',
  summary: 'Open a dispute',
  description:
    'Possible during or after the work, paid or not. A booking can be disputed once. The booking and its task are frozen until operations staff decide.',
  policy: {
    roles: anyUser,
    relation: { who: ['client', 'tasker'], of: 'booking', orStaff: true },
    scope: 'trust:write',
    permission: 'disputes.manage',
  },
  params: idParams('bookingId'),
  body: OpenDispute,
  responses: { 201: { description: 'The dispute.', schema: Dispute } },
  problems: ['invalid_transition', 'already_exists', 'amount_above_paid'],
})

routes.openapi(open, async (c) => {
  const ctx = userCtxOf(c)
  const row = await openDispute(ctx, c.req.valid('param').bookingId, c.req.valid('json'))
  return c.json(tagged(c, toDispute(row, ctx.actor)), 201)
})

const list = defineOperation({
  operationId: 'disputes.list',
  method: 'get',
  path: '/v1/disputes',
  tag: 'Trust',
  summary: 'List disputes',
  description: 'Disputes about your bookings, newest first. Staff see all disputes.',
  policy: { ...party, scope: 'trust:read', permission: 'disputes.read' },
  query: DisputeFilters,
  responses: { 200: { description: 'A page of disputes.', schema: DisputePage } },
})

routes.openapi(list, async (c) => {
  const ctx = ctxOf(c)
  const page = readPage(c)
  const rows = await listDisputes(ctx, c.req.valid('query'), page)
  return c.json(
    toPage(c, page, rows, (row) => toDispute(row, ctx.actor)),
    200,
  )
})

const get = defineOperation({
  operationId: 'disputes.get',
  method: 'get',
  path: '/v1/disputes/{disputeId}',
  tag: 'Trust',
  summary: 'Get a dispute',
  description: 'Returns a dispute, to the parties of the booking and to staff.',
  policy: { ...party, scope: 'trust:read', permission: 'disputes.read' },
  params,
  etag: true,
  responses: { 200: { description: 'The dispute.', schema: Dispute } },
})

routes.openapi(get, async (c) => {
  const ctx = ctxOf(c)
  return c.json(tagged(c, toDispute(await getDispute(ctx, c.req.valid('param').disputeId), ctx.actor)), 200)
})

const investigate = transition(disputeMachine, 'investigate', {
  operationId: 'disputes.investigate',
  path: '/v1/disputes/{disputeId}/investigate',
  tag: 'Trust',
  summary: 'Investigate a dispute',
  description: 'Operations staff take up the dispute.',
  permission: 'disputes.manage',
  params,
  responses: dispute,
})

routes.openapi(investigate, async (c) => {
  const ctx = ctxOf(c)
  const row = await investigateDispute(ctx, c.req.valid('param').disputeId)
  return c.json(tagged(c, toDispute(row, ctx.actor)), 200)
})

const escalate = transition(disputeMachine, 'escalate', {
  operationId: 'disputes.escalate',
  path: '/v1/disputes/{disputeId}/escalate',
  tag: 'Trust',
  summary: 'Escalate a dispute',
  description: 'Passes the decision to a more senior member of staff.',
  permission: 'disputes.manage',
  params,
  responses: dispute,
})

routes.openapi(escalate, async (c) => {
  const ctx = ctxOf(c)
  const row = await escalateDispute(ctx, c.req.valid('param').disputeId)
  return c.json(tagged(c, toDispute(row, ctx.actor)), 200)
})

const resolve = transition(disputeMachine, 'resolve', {
  operationId: 'disputes.resolve',
  path: '/v1/disputes/{disputeId}/resolve',
  tag: 'Trust',
  summary: 'Resolve a dispute',
  description:
    'Moves no money. The booking becomes completed again, and its task settled if it was paid; or the booking is canceled if it was never paid.',
  permission: 'disputes.resolve',
  params,
  body: ResolveDispute,
  responses: dispute,
  problems: ['already_paid'],
})

routes.openapi(resolve, async (c) => {
  const ctx = ctxOf(c)
  const row = await resolveDispute(ctx, c.req.valid('param').disputeId, c.req.valid('json'))
  return c.json(tagged(c, toDispute(row, ctx.actor)), 200)
})

const reject = transition(disputeMachine, 'reject', {
  operationId: 'disputes.reject',
  path: '/v1/disputes/{disputeId}/reject',
  tag: 'Trust',
  summary: 'Reject a dispute',
  description:
    'The dispute was unfounded. The booking becomes completed again, and its task settled if it was paid.',
  permission: 'disputes.resolve',
  params,
  body: RejectDispute,
  responses: dispute,
})

routes.openapi(reject, async (c) => {
  const ctx = ctxOf(c)
  const row = await rejectDispute(ctx, c.req.valid('param').disputeId, c.req.valid('json').note)
  return c.json(tagged(c, toDispute(row, ctx.actor)), 200)
})

const refund = transition(disputeMachine, 'refund', {
  operationId: 'disputes.refund',
  path: '/v1/disputes/{disputeId}/refund',
  tag: 'Trust',
  summary: 'Resolve a dispute with a refund',
  description:
    'Returns up to the amount paid to the wallet of the client, charged to the tasker. The task becomes settled, even after a full refund: the work was done and can be reviewed.',
  permission: 'disputes.resolve',
  stepUp: true,
  params,
  body: RefundDispute,
  idempotency: 'required',
  responses: dispute,
  problems: ['nothing_to_refund', 'amount_above_paid'],
})

routes.openapi(refund, async (c) => {
  const ctx = ctxOf(c)
  const row = await refundDispute(ctx, c.req.valid('param').disputeId, c.req.valid('json'))
  return c.json(tagged(c, toDispute(row, ctx.actor)), 200)
})
