import { ctxOf, userCtxOf } from '../../../http/context.ts'
import { tagged } from '../../../http/etag.ts'
import { newRoutes } from '../../../http/mount.ts'
import { defineOperation } from '../../../http/operation.ts'
import { readPage, toPage } from '../../../http/pages.ts'
import { anyUser, staff } from '../../../http/policy.ts'
import { idParams } from '../../../http/schemas.ts'
import { transition } from '../../../http/transition.ts'
import { reportMachine } from './machine.ts'
import {
  addReportEvidence,
  createReport,
  dismissReport,
  getReport,
  investigateReport,
  listReports,
  resolveBySuspension,
  resolveReport,
} from './reports.ts'
import {
  AddReportEvidence,
  CreateReport,
  DismissReport,
  Report,
  ReportFilters,
  ReportPage,
  ResolveBySuspension,
  ResolveReport,
  toReport,
} from './schemas.ts'

const params = idParams('reportId')
const reporter = { roles: anyUser, relation: { who: ['reporter'], orStaff: true } } as const
const report = { 200: { description: 'The updated report.', schema: Report } } as const

export const routes = newRoutes()

const create = defineOperation({
  operationId: 'reports.create',
  method: 'post',
  path: '/v1/reports',
  tag: 'Trust',
  summary: 'Report a user, or something that you see',
  description:
    'A user, a booking of your own, or a review, message or task that you can see: staff keep a copy of it as it is now. Visible to operations staff only; the reported user is not notified.',
  policy: { roles: anyUser, relation: { who: ['client', 'tasker'], of: 'booking' }, scope: 'trust:write' },
  body: CreateReport,
  responses: { 201: { description: 'The report.', schema: Report } },
  problems: ['not_found', 'media_refused', 'limit_reached'],
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

const addEvidence = defineOperation({
  operationId: 'reports.addEvidence',
  method: 'post',
  path: '/v1/reports/{reportId}/evidence',
  tag: 'Trust',
  summary: 'Add a file to a report',
  description:
    'A file of yours that shows what happened, while the report is not decided; up to 10. Staff alone read it.',
  policy: { roles: anyUser, relation: { who: ['reporter'] }, scope: 'trust:write' },
  params,
  body: AddReportEvidence,
  responses: { 200: { description: 'The report with its files.', schema: Report } },
  problems: ['report_decided', 'media_refused', 'limit_reached'],
})

routes.openapi(addEvidence, async (c) => {
  const ctx = userCtxOf(c)
  const row = await addReportEvidence(ctx, c.req.valid('param').reportId, c.req.valid('json').mediaId)
  return c.json(tagged(c, toReport(row, ctx.actor)), 200)
})

const investigate = transition(reportMachine, 'investigate', {
  operationId: 'reports.investigate',
  path: '/v1/reports/{reportId}/investigate',
  tag: 'Trust',
  summary: 'Investigate a report',
  description: 'Operations staff take up the report, and its case unless a colleague has it.',
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
  description:
    'The report was justified, and the necessary action has been taken. The reporter is notified, and reads the outcome and the answer.',
  permission: 'reports.manage',
  params,
  body: ResolveReport,
  responses: report,
})

routes.openapi(resolve, async (c) => {
  const ctx = ctxOf(c)
  const row = await resolveReport(ctx, c.req.valid('param').reportId, c.req.valid('json') ?? {})
  return c.json(tagged(c, toReport(row, ctx.actor)), 200)
})

const dismiss = transition(reportMachine, 'dismiss', {
  operationId: 'reports.dismiss',
  path: '/v1/reports/{reportId}/dismiss',
  tag: 'Trust',
  summary: 'Dismiss a report',
  description:
    'The report requires no action. The reporter is notified, and reads the outcome and the answer.',
  permission: 'reports.manage',
  params,
  body: DismissReport,
  responses: report,
})

routes.openapi(dismiss, async (c) => {
  const ctx = ctxOf(c)
  const row = await dismissReport(ctx, c.req.valid('param').reportId, c.req.valid('json') ?? {})
  return c.json(tagged(c, toReport(row, ctx.actor)), 200)
})

const suspension = defineOperation({
  operationId: 'reports.resolveBySuspension',
  method: 'post',
  path: '/v1/reports/{reportId}/resolve-by-suspension',
  tag: 'Trust',
  summary: 'Resolve a report by suspending the account',
  description:
    'Suspends the account of the reported user, as `users.suspend` does, and resolves the report: both, or neither. Needs `reports.manage` as well.',
  policy: { roles: staff, permission: 'users.manage', stepUp: true },
  params,
  body: ResolveBySuspension,
  responses: report,
  problems: [
    'invalid_transition',
    'nobody_reported',
    'account_not_in_state',
    'last_admin',
    'not_held',
    'own_account',
  ],
})

routes.openapi(suspension, async (c) => {
  const ctx = userCtxOf(c)
  const row = await resolveBySuspension(ctx, c.req.valid('param').reportId, c.req.valid('json'))
  return c.json(tagged(c, toReport(row, ctx.actor)), 200)
})
