import { ctxOf, userCtxOf } from '../../../http/context.ts'
import { tagged } from '../../../http/etag.ts'
import { newRoutes } from '../../../http/mount.ts'
import { defineOperation } from '../../../http/operation.ts'
import { readPage, toPage } from '../../../http/pages.ts'
import { anyUser } from '../../../http/policy.ts'
import { idParams } from '../../../http/schemas.ts'
import { transition } from '../../../http/transition.ts'
import { approveLead, getLead, getLeadOfTask, listLeads, rejectLead } from './leads.ts'
import { leadMachine } from './machine.ts'
import { refundRoutes } from './refund-routes.ts'
import { requestRoutes } from './request-routes.ts'
import { Lead, OpenLead, OpenLeadFilters, OpenLeadPage, RejectLead, toLead, toOpenLead } from './schemas.ts'

const tag = 'Leads'
const params = idParams('leadId')
const readers = { roles: ['client', 'tasker'], scope: 'leads:read' } as const
const approvers = { permission: 'leads.approve', scope: 'leads:write' } as const
const lead = { 200: { description: 'The lead.', schema: Lead } } as const

export const routes = newRoutes()
routes.route('/', requestRoutes)
routes.route('/', refundRoutes)

const list = defineOperation({
  operationId: 'leads.list',
  method: 'get',
  path: '/v1/leads',
  tag,
  summary: 'List open leads',
  description:
    'For active taskers: leads of your categories that can be asked for now, with their price, the newest first. Places are approximate; neither addresses nor clients are disclosed.',
  policy: readers,
  query: OpenLeadFilters,
  responses: { 200: { description: 'A page of leads.', schema: OpenLeadPage } },
  problems: ['not_a_tasker', 'tasker_not_active'],
})

routes.openapi(list, async (c) => {
  const page = readPage(c)
  const rows = await listLeads(userCtxOf(c), c.req.valid('query'), page)
  return c.json(
    toPage(c, page, rows, toOpenLead, ({ openedKey, id }) => [openedKey, id]),
    200,
  )
})

const get = defineOperation({
  operationId: 'leads.get',
  method: 'get',
  path: '/v1/leads/{leadId}',
  tag,
  summary: 'Get an open lead',
  description: 'For active taskers of its category, with the price of a request now and how it comes about.',
  policy: { ...readers, relation: { who: ['tasker'] } },
  params,
  etag: true,
  responses: { 200: { description: 'The lead.', schema: OpenLead } },
})

routes.openapi(get, async (c) =>
  c.json(toOpenLead(await getLead(userCtxOf(c), c.req.valid('param').leadId)), 200),
)

const ofTask = defineOperation({
  operationId: 'tasks.getLead',
  method: 'get',
  path: '/v1/tasks/{taskId}/lead',
  tag,
  summary: 'Get the lead of a task',
  description: 'For the client and staff: whether it was approved, and how many have asked for it.',
  policy: {
    roles: anyUser,
    relation: { who: ['client'], orStaff: true },
    permission: 'leads.read',
    scope: 'leads:read',
  },
  params: idParams('taskId'),
  etag: true,
  responses: lead,
})

routes.openapi(ofTask, async (c) =>
  c.json(tagged(c, toLead(await getLeadOfTask(ctxOf(c), c.req.valid('param').taskId))), 200),
)

const approve = transition(leadMachine, 'approve', {
  operationId: 'leads.approve',
  path: '/v1/leads/{leadId}/approve',
  tag,
  summary: 'Approve a lead (staff)',
  description: 'Taskers of its category can ask for it at once. The case of its approval closes.',
  ...approvers,
  params,
  responses: lead,
})

routes.openapi(approve, async (c) => {
  const row = await approveLead(userCtxOf(c), c.req.valid('param').leadId)
  return c.json(tagged(c, toLead(row)), 200)
})

const reject = transition(leadMachine, 'reject', {
  operationId: 'leads.reject',
  path: '/v1/leads/{leadId}/reject',
  tag,
  summary: 'Reject a lead (staff)',
  description: 'The task is canceled with it. The client reads the reason.',
  ...approvers,
  params,
  body: RejectLead,
  responses: lead,
})

routes.openapi(reject, async (c) => {
  const row = await rejectLead(userCtxOf(c), c.req.valid('param').leadId, c.req.valid('json').reason)
  return c.json(tagged(c, toLead(row)), 200)
})
