import { ctxOf, userCtxOf } from '../../../http/context.ts'
import { tagged } from '../../../http/etag.ts'
import { newRoutes } from '../../../http/mount.ts'
import { defineOperation } from '../../../http/operation.ts'
import { readPage, toPage } from '../../../http/pages.ts'
import { anyUser } from '../../../http/policy.ts'
import { idParams } from '../../../http/schemas.ts'
import { transition } from '../../../http/transition.ts'
import { reportMachine } from './machine.ts'
import {
  createReport,
  dismissReport,
  getReport,
  investigateReport,
  listReports,
  resolveReport,
} from './reports.ts'
import { CreateReport, Report, ReportFilters, ReportPage, toReport } from './schemas.ts'

const params = idParams('reportId')
const reporter = { roles: anyUser, relation: { who: ['reporter'], orStaff: true } } as const
const report = { 200: { description: 'The updated report.', schema: Report } } as const

export const routes = newRoutes()

const create = defineOperation({
  operationId: 'reports.create',
  method: 'post',
  path: '/v1/reports',
  tag: 'Trust',
  summary: 'Report a user or a booking',
  description:
    'Visible to operations staff only; the reported user is not notified. A booking must be one of your own.',
  policy: { roles: anyUser, relation: { who: ['client', 'tasker'], of: 'booking' }, scope: 'trust:write' },
  body: CreateReport,
  responses: { 201: { description: 'The report.', schema: Report } },
  problems: ['not_found'],
})

routes.openapi(create, async (c) => {
  const ctx = userCtxOf(c)
  return c.json(tagged(c, toReport(await createReport(ctx, c.req.valid('json')), ctx.actor)), 201)
})

const list = defineOperation({
  operationId: 'reports.list',
  method: 'get',
  path: '/v1/reports',
  tag: 'Trust',
  summary: 'List reports',
  description: 'Reports that you made, newest first. Staff see all reports.',
  policy: { ...reporter, scope: 'trust:read', permission: 'reports.read' },
  query: ReportFilters,
  responses: { 200: { description: 'A page of reports.', schema: ReportPage } },
})

routes.openapi(list, async (c) => {
  const ctx = ctxOf(c)
  const page = readPage(c)
  const rows = await listReports(ctx, c.req.valid('query'), page)
  return c.json(
    toPage(c, page, rows, (row) => toReport(row, ctx.actor)),
    200,
  )
})

const get = defineOperation({
  operationId: 'reports.get',
  method: 'get',
  path: '/v1/reports/{reportId}',
  tag: 'Trust',
  summary: 'Get a report',
  description: 'Returns a report, to its reporter and to staff.',
  policy: { ...reporter, scope: 'trust:read', permission: 'reports.read' },
  params,
  etag: true,
  responses: { 200: { description: 'The report.', schema: Report } },
})

routes.openapi(get, async (c) => {
  const ctx = ctxOf(c)
  return c.json(tagged(c, toReport(await getReport(ctx, c.req.valid('param').reportId), ctx.actor)), 200)
})

const investigate = transition(reportMachine, 'investigate', {
  operationId: 'reports.investigate',
  path: '/v1/reports/{reportId}/investigate',
  tag: 'Trust',
  summary: 'Investigate a report',
  description: 'Operations staff take up the report.',
  permission: 'reports.manage',
  params,
  responses: report,
})

routes.openapi(investigate, async (c) => {
  const ctx = ctxOf(c)
  const row = await investigateReport(ctx, c.req.valid('param').reportId)
  return c.json(tagged(c, toReport(row, ctx.actor)), 200)
})

const resolve = transition(reportMachine, 'resolve', {
  operationId: 'reports.resolve',
  path: '/v1/reports/{reportId}/resolve',
  tag: 'Trust',
  summary: 'Resolve a report',
  description: 'The report was justified, and the necessary action has been taken.',
  permission: 'reports.manage',
  params,
  responses: report,
})

routes.openapi(resolve, async (c) => {
  const ctx = ctxOf(c)
  const row = await resolveReport(ctx, c.req.valid('param').reportId)
  return c.json(tagged(c, toReport(row, ctx.actor)), 200)
})

const dismiss = transition(reportMachine, 'dismiss', {
  operationId: 'reports.dismiss',
  path: '/v1/reports/{reportId}/dismiss',
  tag: 'Trust',
  summary: 'Dismiss a report',
  description: 'The report requires no action.',
  permission: 'reports.manage',
  params,
  responses: report,
})

routes.openapi(dismiss, async (c) => {
  const ctx = ctxOf(c)
  const row = await dismissReport(ctx, c.req.valid('param').reportId)
  return c.json(tagged(c, toReport(row, ctx.actor)), 200)
})
