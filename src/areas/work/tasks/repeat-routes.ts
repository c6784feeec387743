import { ctxOf, userCtxOf } from '../../../http/context.ts'
import { expectedVersionOf, tagged } from '../../../http/etag.ts'
import { newRoutes } from '../../../http/mount.ts'
import { defineOperation } from '../../../http/operation.ts'
import { readPage, toPage } from '../../../http/pages.ts'
import { anyUser } from '../../../http/policy.ts'
import { idParams } from '../../../http/schemas.ts'
import { PageOnly } from '../../people/profiles/schemas.ts'
import {
  CreateTaskSeries,
  CreateTaskTemplate,
  TaskSeries,
  TaskSeriesPage,
  TaskTemplate,
  TaskTemplatePage,
  toSeries,
  toTemplate,
  UpdateTaskSeries,
  UpdateTaskTemplate,
} from './repeat-schemas.ts'
import { CopyTask, Task, toTask } from './schemas.ts'
import { createSeries, endSeries, getSeries, listSeries, updateSeries } from './series.ts'
import {
  createTemplate,
  deleteTemplate,
  getTemplate,
  listTemplates,
  updateTemplate,
  useTemplate,
} from './templates.ts'

const tag = 'Repeated tasks'
const clients = ['client', 'tasker'] as const
const own = { who: ['owner'] } as const
const ofTemplate = idParams('templateId')
const ofSeries = idParams('seriesId')
const account = ['account_suspended', 'account_closed'] as const

export const repeatRoutes = newRoutes()

const listAll = defineOperation({
  operationId: 'taskTemplates.list',
  method: 'get',
  path: '/v1/task-templates',
  tag,
  summary: 'List your templates',
  description: 'Names under which you keep tasks to do them again. Most recently added first.',
  policy: { roles: clients, scope: 'tasks:read' },
  query: PageOnly,
  responses: { 200: { description: 'A page of templates.', schema: TaskTemplatePage } },
})

repeatRoutes.openapi(listAll, async (c) => {
  const page = readPage(c)
  return c.json(toPage(c, page, await listTemplates(userCtxOf(c), page), toTemplate), 200)
})

const create = defineOperation({
  operationId: 'taskTemplates.create',
  method: 'post',
  path: '/v1/task-templates',
  tag,
  summary: 'Keep a task as a template',
  description:
    'Up to 50. The template is the task as it is: a draft that is changed later changes what is created from it.',
  policy: { roles: clients, scope: 'tasks:write' },
  body: CreateTaskTemplate,
  responses: { 201: { description: 'The template.', schema: TaskTemplate } },
  problems: [...account, 'unknown_task', 'task_archived', 'already_exists', 'limit_reached'],
})

repeatRoutes.openapi(create, async (c) => {
  const row = await createTemplate(userCtxOf(c), c.req.valid('json'))
  return c.json(tagged(c, toTemplate(row)), 201)
})

const get = defineOperation({
  operationId: 'taskTemplates.get',
  method: 'get',
  path: '/v1/task-templates/{templateId}',
  tag,
  summary: 'Get a template',
  description: 'Returns one of your templates.',
  policy: { roles: clients, relation: own, scope: 'tasks:read' },
  params: ofTemplate,
  etag: true,
  responses: { 200: { description: 'The template.', schema: TaskTemplate } },
})

repeatRoutes.openapi(get, async (c) => {
  const row = await getTemplate(userCtxOf(c), c.req.valid('param').templateId)
  return c.json(tagged(c, toTemplate(row)), 200)
})

const update = defineOperation({
  operationId: 'taskTemplates.update',
  method: 'patch',
  path: '/v1/task-templates/{templateId}',
  tag,
  summary: 'Update a template',
  description: 'Changes the fields that are sent.',
  policy: { roles: clients, relation: own, scope: 'tasks:write' },
  params: ofTemplate,
  body: UpdateTaskTemplate,
  ifMatch: 'optional',
  responses: { 200: { description: 'The updated template.', schema: TaskTemplate } },
  problems: ['unknown_task', 'task_archived', 'already_exists'],
})

repeatRoutes.openapi(update, async (c) => {
  const { templateId } = c.req.valid('param')
  const row = await updateTemplate(userCtxOf(c), templateId, c.req.valid('json'), expectedVersionOf(c))
  return c.json(tagged(c, toTemplate(row)), 200)
})

const remove = defineOperation({
  operationId: 'taskTemplates.delete',
  method: 'delete',
  path: '/v1/task-templates/{templateId}',
  tag,
  summary: 'Delete a template',
  description: 'The task stays, and so do those that were created from it.',
  policy: { roles: clients, relation: own, scope: 'tasks:write' },
  params: ofTemplate,
  ifMatch: 'optional',
  responses: { 204: { description: 'Deleted.' } },
})

repeatRoutes.openapi(remove, async (c) => {
  await deleteTemplate(userCtxOf(c), c.req.valid('param').templateId, expectedVersionOf(c))
  return c.body(null, 204)
})

const use = defineOperation({
  operationId: 'taskTemplates.createTask',
  method: 'post',
  path: '/v1/task-templates/{templateId}/tasks',
  tag,
  summary: 'Draft a task from a template',
  description: 'As `tasks.copy` does it: at the price of today.',
  policy: { roles: clients, relation: own, scope: 'tasks:write' },
  params: ofTemplate,
  body: CopyTask,
  responses: { 201: { description: 'The draft.', schema: Task } },
  problems: ['starts_at_refused', 'price_unavailable', 'task_archived'],
})

repeatRoutes.openapi(use, async (c) => {
  const ctx = userCtxOf(c)
  const row = await useTemplate(ctx, c.req.valid('param').templateId, c.req.valid('json').startsAt)
  return c.json(tagged(c, toTask(row, ctx.actor)), 201)
})

const listRunning = defineOperation({
  operationId: 'taskSeries.list',
  method: 'get',
  path: '/v1/task-series',
  tag,
  summary: 'List your series',
  description: 'Tasks of yours that come back, with their next days. Most recently added first.',
  policy: { roles: clients, scope: 'tasks:read' },
  query: PageOnly,
  responses: { 200: { description: 'A page of series.', schema: TaskSeriesPage } },
})

repeatRoutes.openapi(listRunning, async (c) => {
  const page = readPage(c)
  return c.json(toPage(c, page, await listSeries(userCtxOf(c), page), toSeries), 200)
})

const begin = defineOperation({
  operationId: 'taskSeries.create',
  method: 'post',
  path: '/v1/task-series',
  tag,
  summary: 'Let a task come back',
  description:
    'Up to 20 that run. `daysAhead` days before each of its days (7 by default) a copy of the task is posted at the price of that day, and offered to the tasker whom the series keeps; matching looks for another if they decline or are not free. Times are those of the clock on the wall: a change to or from summer time moves none.',
  policy: { roles: clients, scope: 'tasks:write' },
  body: CreateTaskSeries,
  responses: { 201: { description: 'The series.', schema: TaskSeries } },
  problems: [...account, 'unknown_task', 'task_archived', 'starts_at_refused', 'limit_reached'],
})

repeatRoutes.openapi(begin, async (c) => {
  const row = await createSeries(userCtxOf(c), c.req.valid('json'))
  return c.json(tagged(c, toSeries(row)), 201)
})

const getOne = defineOperation({
  operationId: 'taskSeries.get',
  method: 'get',
  path: '/v1/task-series/{seriesId}',
  tag,
  summary: 'Get a series',
  description: 'With its next days, and the tasks that exist for them already.',
  policy: {
    roles: anyUser,
    relation: { who: ['owner'], orStaff: true },
    scope: 'tasks:read',
    permission: 'tasks.read',
  },
  params: ofSeries,
  etag: true,
  responses: { 200: { description: 'The series.', schema: TaskSeries } },
})

repeatRoutes.openapi(getOne, async (c) => {
  const row = await getSeries(ctxOf(c), c.req.valid('param').seriesId)
  // By its bytes: its next days change without its version.
  return c.json(toSeries(row), 200)
})

const change = defineOperation({
  operationId: 'taskSeries.update',
  method: 'patch',
  path: '/v1/task-series/{seriesId}',
  tag,
  summary: 'Update a series',
  description:
    'Changes the fields that are sent: to pause it, send `pauses`. Days that have their task already keep it; cancel that task if it is not wanted.',
  policy: { roles: clients, relation: own, scope: 'tasks:write' },
  params: ofSeries,
  body: UpdateTaskSeries,
  ifMatch: 'optional',
  responses: { 200: { description: 'The updated series.', schema: TaskSeries } },
  problems: ['unknown_task', 'task_archived', 'series_ended', 'series_end_refused'],
})

repeatRoutes.openapi(change, async (c) => {
  const { seriesId } = c.req.valid('param')
  const row = await updateSeries(userCtxOf(c), seriesId, c.req.valid('json'), expectedVersionOf(c))
  return c.json(tagged(c, toSeries(row)), 200)
})

const end = defineOperation({
  operationId: 'taskSeries.end',
  method: 'post',
  path: '/v1/task-series/{seriesId}/end',
  tag,
  summary: 'End a series',
  description: 'No further task is posted; those that exist stay.',
  policy: { roles: clients, relation: own, scope: 'tasks:write' },
  params: ofSeries,
  ifMatch: 'optional',
  responses: { 200: { description: 'The series that has ended.', schema: TaskSeries } },
  problems: ['series_ended'],
})

repeatRoutes.openapi(end, async (c) => {
  const row = await endSeries(userCtxOf(c), c.req.valid('param').seriesId, expectedVersionOf(c))
  return c.json(tagged(c, toSeries(row)), 200)
})
