import { ctxOf, userCtxOf } from '../../../http/context.ts'
import { tagged } from '../../../http/etag.ts'
import { newRoutes } from '../../../http/mount.ts'
import { defineOperation } from '../../../http/operation.ts'
import { readPage, toPage } from '../../../http/pages.ts'
import { anyUser, staff } from '../../../http/policy.ts'
import { idParams } from '../../../http/schemas.ts'
import { transition } from '../../../http/transition.ts'
import {
  appealDispute,
  escalateDispute,
  getDispute,
  investigateDispute,
  listDisputes,
  openDispute,
  refundDispute,
  rejectDispute,
  resolveDispute,
  splitDispute,
  withdrawDispute,
} from './disputes.ts'
import { evidenceRoutes } from './evidence-routes.ts'
import { disputeMachine } from './machine.ts'
import { offerRoutes } from './offer-routes.ts'
import {
  AppealDispute,
  Dispute,
  DisputeFilters,
  DisputePage,
  OpenDispute,
  RefundDispute,
  RejectDispute,
  ResolveDispute,
  SplitDispute,
  toDispute,
} from './schemas.ts'

const params = idParams('disputeId')
const party = {
  roles: anyUser,
  relation: { who: ['client', 'tasker'], of: 'booking', orStaff: true },
} as const
const dispute = { 200: { description: 'The updated dispute.', schema: Dispute } } as const

export const routes = newRoutes()
routes.route('/', evidenceRoutes)
routes.route('/', offerRoutes)

const open = defineOperation({
  operationId: 'disputes.open',
  method: 'post',
  path: '/v1/bookings/{bookingId}/dispute',
  tag: 'Trust',
  summary: 'Open a dispute',
  description:
    'Possible during or after the work, paid or not; for the client, until they or their silence have accepted it (`bookings.acceptWork`). One dispute of a booking is open at a time; a party has some days after the work, and can open so many in all (`disputes.limits`). The other side is to respond, by evidence. The booking, its contract and its task are frozen until it ends.',
  policy: {
    roles: anyUser,
    relation: { who: ['client', 'tasker'], of: 'booking', orStaff: true },
    scope: 'trust:write',
    permission: 'disputes.manage',
  },
  params: idParams('bookingId'),
  body: OpenDispute,
  responses: { 201: { description: 'The dispute.', schema: Dispute } },
  problems: [
    'invalid_transition',
    'dispute_open',
    'dispute_too_late',
    'too_many_disputes',
    'amount_above_paid',
    'work_accepted',
  ],
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
  problems: ['decided_by_you'],
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
  problems: ['already_paid', 'contract_needs_split', 'decided_by_you'],
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
  problems: ['contract_needs_split', 'decided_by_you'],
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
  problems: ['nothing_to_refund', 'amount_above_paid', 'contract_needs_split', 'decided_by_you'],
})

routes.openapi(refund, async (c) => {
  const ctx = ctxOf(c)
  const row = await refundDispute(ctx, c.req.valid('param').disputeId, c.req.valid('json'))
  return c.json(tagged(c, toDispute(row, ctx.actor)), 200)
})

const split = defineOperation({
  operationId: 'disputes.split',
  method: 'post',
  path: '/v1/disputes/{disputeId}/split',
  tag: 'Trust',
  summary: 'Resolve a dispute by a split',
  description:
    'Decides how much of what the dispute is about the tasker gets; the rest is the client’s. Of a contract it is what escrow holds, less commission and what the decision costs, and the contract ends with it. Of a paid booking it is what is in question: the client’s part is refunded, the tasker keeps theirs. Of one that is not paid it is the fare: the tasker’s part is to be paid, or the booking is canceled.',
  policy: { roles: staff, permission: 'disputes.resolve', stepUp: true },
  params,
  body: SplitDispute,
  idempotency: 'required',
  responses: dispute,
  problems: [
    'invalid_transition',
    'nothing_to_split',
    'amount_above_held',
    'arbitration_too_dear',
    'decided_by_you',
  ],
})

routes.openapi(split, async (c) => {
  const ctx = ctxOf(c)
  const { taskerBasisPoints, taskerAmountMinor, arbitrationAmountMinor = 0, note } = c.req.valid('json')
  const row = await splitDispute(ctx, c.req.valid('param').disputeId, {
    taskerBasisPoints,
    taskerAmount: taskerAmountMinor,
    arbitrationAmount: arbitrationAmountMinor,
    note,
  })
  return c.json(tagged(c, toDispute(row, ctx.actor)), 200)
})

const withdraw = transition(disputeMachine, 'withdraw', {
  operationId: 'disputes.withdraw',
  path: '/v1/disputes/{disputeId}/withdraw',
  tag: 'Trust',
  summary: 'Withdraw a dispute',
  description:
    'The side that opened it lets it go: the booking is completed again. Where a contract holds money, agree on a split of it instead (`disputes.offer`).',
  scope: 'trust:write',
  params,
  responses: dispute,
  problems: ['contract_needs_split'],
})

routes.openapi(withdraw, async (c) => {
  const ctx = userCtxOf(c)
  const row = await withdrawDispute(ctx, c.req.valid('param').disputeId)
  return c.json(tagged(c, toDispute(row, ctx.actor)), 200)
})

const appeal = defineOperation({
  operationId: 'disputes.appeal',
  method: 'post',
  path: '/v1/disputes/{disputeId}/appeal',
  tag: 'Trust',
  summary: 'Appeal the decision on a dispute',
  description:
    'Either side can appeal a decision of staff once, until `appealUntil`. The appeal is a dispute of its own, which another member of staff decides; what was done stays done until then.',
  policy: {
    roles: ['client', 'tasker'],
    relation: { who: ['client', 'tasker'] },
    scope: 'trust:write',
  },
  params,
  body: AppealDispute,
  responses: { 201: { description: 'The appeal.', schema: Dispute } },
  problems: [
    'invalid_transition',
    'dispute_open',
    'dispute_not_appealable',
    'appeal_too_late',
    'already_appealed',
  ],
})

routes.openapi(appeal, async (c) => {
  const ctx = userCtxOf(c)
  const row = await appealDispute(ctx, c.req.valid('param').disputeId, c.req.valid('json'))
  return c.json(tagged(c, toDispute(row, ctx.actor)), 201)
})
