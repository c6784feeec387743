import { ctxOf, userCtxOf } from '../../../http/context.ts'
import { tagged } from '../../../http/etag.ts'
import { newRoutes } from '../../../http/mount.ts'
import { defineOperation } from '../../../http/operation.ts'
import { readPage, toPage } from '../../../http/pages.ts'
import { anyUser } from '../../../http/policy.ts'
import { idParams } from '../../../http/schemas.ts'
import { transition } from '../../../http/transition.ts'
import { leadRefundMachine } from './machine.ts'
import {
  AskLeadRefund,
  LeadRefund,
  LeadRefundFilters,
  LeadRefundPage,
  RejectLeadRefund,
  toLeadRefund,
} from './refund-schemas.ts'
import { askRefund, decideRefund, getRefund, listRefunds } from './refunds.ts'

/** Credits of leads that were none. */
export const refundRoutes = newRoutes()

const tag = 'Leads'
const params = idParams('leadRefundId')
const deciders = { permission: 'leads.refund', scope: 'leads:write' } as const
const readers = {
  roles: anyUser,
  relation: { who: ['tasker'], orStaff: true },
  scope: 'leads:read',
  permission: 'leads.read',
} as const
const refund = { 200: { description: 'The refund.', schema: LeadRefund } } as const

const create = defineOperation({
  operationId: 'leadRefunds.create',
  method: 'post',
  path: '/v1/lead-requests/{leadRequestId}/refunds',
  tag,
  summary: 'Ask for the credits of a lead',
  description:
    'For its tasker, within `leads.refund_days` after the credits were spent, and not for work that has begun. Staff decide, or a rule by the reason (`leads.refund_automatic`). A month has a limit of `leads.refunds_a_month`; one that is rejected counts.',
  policy: { roles: ['client', 'tasker'], relation: { who: ['tasker'] }, scope: 'leads:write' },
  params: idParams('leadRequestId'),
  body: AskLeadRefund,
  idempotency: 'required',
  responses: { 201: { description: 'The refund.', schema: LeadRefund } },
  problems: ['lead_refund_exists', 'lead_refund_refused', 'limit_reached'],
})

refundRoutes.openapi(create, async (c) => {
  const ctx = userCtxOf(c)
  const row = await askRefund(ctx, c.req.valid('param').leadRequestId, c.req.valid('json'))
  return c.json(toLeadRefund(row, ctx.actor), 201)
})

const list = defineOperation({
  operationId: 'leadRefunds.list',
  method: 'get',
  path: '/v1/lead-refunds',
  tag,
  summary: 'List refunds of leads',
  description: 'Refunds that you have asked for, newest first. Staff see all.',
  policy: readers,
  query: LeadRefundFilters,
  responses: { 200: { description: 'A page of refunds.', schema: LeadRefundPage } },
})

refundRoutes.openapi(list, async (c) => {
  const [ctx, page] = [ctxOf(c), readPage(c)]
  const rows = await listRefunds(ctx, c.req.valid('query'), page)
  return c.json(
    toPage(c, page, rows, (row) => toLeadRefund(row, ctx.actor)),
    200,
  )
})

const get = defineOperation({
  operationId: 'leadRefunds.get',
  method: 'get',
  path: '/v1/lead-refunds/{leadRefundId}',
  tag,
  summary: 'Get a refund of a lead',
  description: 'For its tasker and staff.',
  policy: readers,
  params,
  etag: true,
  responses: refund,
})

refundRoutes.openapi(get, async (c) => {
  const ctx = ctxOf(c)
  return c.json(
    tagged(c, toLeadRefund(await getRefund(ctx, c.req.valid('param').leadRefundId), ctx.actor)),
    200,
  )
})

const approve = transition(leadRefundMachine, 'approve', {
  operationId: 'leadRefunds.approve',
  path: '/v1/lead-refunds/{leadRefundId}/approve',
  tag,
  summary: 'Approve a refund of a lead (staff)',
  description: 'The credits are the tasker’s again, for as long as they had left when they were spent.',
  ...deciders,
  params,
  responses: refund,
})

refundRoutes.openapi(approve, async (c) => {
  const ctx = userCtxOf(c)
  const row = await decideRefund(ctx, c.req.valid('param').leadRefundId, 'approved', undefined)
  return c.json(tagged(c, toLeadRefund(row, ctx.actor)), 200)
})

const reject = transition(leadRefundMachine, 'reject', {
  operationId: 'leadRefunds.reject',
  path: '/v1/lead-refunds/{leadRefundId}/reject',
  tag,
  summary: 'Reject a refund of a lead (staff)',
  description: 'The credits stay spent. The tasker reads the reason.',
  ...deciders,
  params,
  body: RejectLeadRefund,
  responses: refund,
})

refundRoutes.openapi(reject, async (c) => {
  const ctx = userCtxOf(c)
  const { reason } = c.req.valid('json')
  const row = await decideRefund(ctx, c.req.valid('param').leadRefundId, 'rejected', reason)
  return c.json(tagged(c, toLeadRefund(row, ctx.actor)), 200)
})
