import { ctxOf, userCtxOf } from '../../../http/context.ts'
import { tagged } from '../../../http/etag.ts'
import { newRoutes } from '../../../http/mount.ts'
import { defineOperation } from '../../../http/operation.ts'
import { readPage, toPage } from '../../../http/pages.ts'
import { anyUser } from '../../../http/policy.ts'
import { idParams } from '../../../http/schemas.ts'
import { transition } from '../../../http/transition.ts'
import { leadRequestMachine } from './machine.ts'
import {
  acceptRequest,
  declineRequest,
  getLeadRequest,
  listLeadRequests,
  listRequestsOfTask,
  replyToRequest,
  requestLead,
  withdrawRequest,
} from './requests.ts'
import {
  DeclineRequest,
  LeadRequest,
  LeadRequestFilters,
  LeadRequestPage,
  ReplyToRequest,
  RequestLead,
  TaskLeadRequestFilters,
  toLeadRequest,
} from './schemas.ts'

/** Requests of taskers, and the answers of clients. */
export const requestRoutes = newRoutes()

const tag = 'Leads'
const params = idParams('leadRequestId')
const scope = 'leads:write'
const request = { 200: { description: 'The request.', schema: LeadRequest } } as const

const create = defineOperation({
  operationId: 'leadRequests.create',
  method: 'post',
  path: '/v1/leads/{leadId}/requests',
  tag,
  summary: 'Ask for a lead',
  description:
    'Takes a seat and holds the credits. They are spent when the client replies or accepts, and free again when the client declines, does not answer in time, or the task ends in any way.',
  policy: { roles: ['client', 'tasker'], relation: { who: ['tasker'] }, scope },
  params: idParams('leadId'),
  body: RequestLead,
  idempotency: 'required',
  responses: { 201: { description: 'The request.', schema: LeadRequest } },
  problems: [
    'contacts_refused',
    'debt_cap_reached',
    'insufficient_credits',
    'lead_closed',
    'lead_price_changed',
    'lead_request_declined',
    'lead_request_exists',
    'limit_reached',
    'tasker_not_active',
  ],
})

requestRoutes.openapi(create, async (c) => {
  const ctx = userCtxOf(c)
  const { amountMinor: amount, minutes = null, ...terms } = c.req.valid('json')
  const row = await requestLead(ctx, c.req.valid('param').leadId, { amount, minutes, ...terms })
  return c.json(toLeadRequest(row, ctx.actor), 201)
})

const list = defineOperation({
  operationId: 'leadRequests.list',
  method: 'get',
  path: '/v1/lead-requests',
  tag,
  summary: 'List requests for leads',
  description:
    'Requests that you made as a tasker, newest first. Staff see all. Clients use `tasks.listLeadRequests`.',
  policy: {
    roles: anyUser,
    relation: { who: ['tasker'], orStaff: true },
    scope: 'leads:read',
    permission: 'leads.read',
  },
  query: LeadRequestFilters,
  responses: { 200: { description: 'A page of requests.', schema: LeadRequestPage } },
})

requestRoutes.openapi(list, async (c) => {
  const [ctx, page] = [ctxOf(c), readPage(c)]
  const rows = await listLeadRequests(ctx, c.req.valid('query'), page)
  return c.json(
    toPage(c, page, rows, (row) => toLeadRequest(row, ctx.actor)),
    200,
  )
})

const ofTask = defineOperation({
  operationId: 'tasks.listLeadRequests',
  method: 'get',
  path: '/v1/tasks/{taskId}/lead-requests',
  tag,
  summary: 'List the requests for a task',
  description: 'For its client and staff: taskers who ask for it, with their price, newest first.',
  policy: {
    roles: anyUser,
    relation: { who: ['client'], orStaff: true },
    scope: 'leads:read',
    permission: 'leads.read',
  },
  params: idParams('taskId'),
  query: TaskLeadRequestFilters,
  responses: { 200: { description: 'A page of requests.', schema: LeadRequestPage } },
})

requestRoutes.openapi(ofTask, async (c) => {
  const [ctx, page] = [ctxOf(c), readPage(c)]
  const rows = await listRequestsOfTask(ctx, c.req.valid('param').taskId, page)
  return c.json(
    toPage(c, page, rows, (row) => toLeadRequest(row, ctx.actor)),
    200,
  )
})

const get = defineOperation({
  operationId: 'leadRequests.get',
  method: 'get',
  path: '/v1/lead-requests/{leadRequestId}',
  tag,
  summary: 'Get a request for a lead',
  description: 'For its tasker and for the client of its task.',
  policy: {
    roles: anyUser,
    relation: { who: ['tasker', 'client'], orStaff: true },
    scope: 'leads:read',
    permission: 'leads.read',
  },
  params,
  etag: true,
  responses: request,
})

requestRoutes.openapi(get, async (c) => {
  const ctx = ctxOf(c)
  const row = await getLeadRequest(ctx, c.req.valid('param').leadRequestId)
  return c.json(tagged(c, toLeadRequest(row, ctx.actor)), 200)
})

const reply = transition(leadRequestMachine, 'reply', {
  operationId: 'leadRequests.reply',
  path: '/v1/lead-requests/{leadRequestId}/reply',
  tag,
  summary: 'Reply to a request',
  description:
    'Your first words to the tasker, whose credits are spent with them. The ways to reach each other open with the acceptance.',
  scope,
  params,
  body: ReplyToRequest,
  responses: request,
  problems: ['bidder_unavailable', 'contacts_refused', 'lead_closed', 'lead_request_over'],
})

requestRoutes.openapi(reply, async (c) => {
  const ctx = userCtxOf(c)
  const row = await replyToRequest(ctx, c.req.valid('param').leadRequestId, c.req.valid('json').text)
  return c.json(tagged(c, toLeadRequest(row, ctx.actor)), 200)
})

const accept = transition(leadRequestMachine, 'accept', {
  operationId: 'leadRequests.accept',
  path: '/v1/lead-requests/{leadRequestId}/accept',
  tag,
  summary: 'Accept a request',
  description:
    'Makes the booking at the price of the request. The other requests end, and what was held for them is free again.',
  scope,
  params,
  responses: request,
  problems: [
    'bidder_unavailable',
    'lead_closed',
    'lead_request_over',
    'offer_taken',
    'slot_unavailable',
    'tasker_busy',
  ],
})

requestRoutes.openapi(accept, async (c) => {
  const ctx = userCtxOf(c)
  const row = await acceptRequest(ctx, c.req.valid('param').leadRequestId)
  return c.json(tagged(c, toLeadRequest(row, ctx.actor)), 200)
})

const decline = transition(leadRequestMachine, 'decline', {
  operationId: 'leadRequests.decline',
  path: '/v1/lead-requests/{leadRequestId}/decline',
  tag,
  summary: 'Decline a request',
  description: 'What is held for it is free again. The tasker cannot ask for this task another time.',
  scope,
  params,
  body: DeclineRequest,
  responses: request,
  problems: ['contacts_refused'],
})

requestRoutes.openapi(decline, async (c) => {
  const ctx = userCtxOf(c)
  const row = await declineRequest(ctx, c.req.valid('param').leadRequestId, c.req.valid('json').reason)
  return c.json(tagged(c, toLeadRequest(row, ctx.actor)), 200)
})

const withdraw = transition(leadRequestMachine, 'withdraw', {
  operationId: 'leadRequests.withdraw',
  path: '/v1/lead-requests/{leadRequestId}/withdraw',
  tag,
  summary: 'Withdraw a request',
  description: 'Takes your request back. What is held for it is free again; credits that are spent are not.',
  scope,
  params,
  responses: request,
})

requestRoutes.openapi(withdraw, async (c) => {
  const ctx = userCtxOf(c)
  const row = await withdrawRequest(ctx, c.req.valid('param').leadRequestId)
  return c.json(tagged(c, toLeadRequest(row, ctx.actor)), 200)
})
