import { z } from '@hono/zod-openapi'
import { newArea } from '../../../http/area.ts'
import { ctxOf, userCtxOf } from '../../../http/context.ts'
import { expectedVersionOf, tagged } from '../../../http/etag.ts'
import { defineOperation } from '../../../http/operation.ts'
import { pageQuery, readPage, toPage } from '../../../http/pages.ts'
import { anyUser, staff } from '../../../http/policy.ts'
import { idParams } from '../../../http/schemas.ts'
import { endMatching, startMatching } from '../matching/matcher.ts'
import {
  CancelTask,
  CandidatePage,
  CreateTask,
  Task,
  TaskEventPage,
  TaskFilters,
  TaskPage,
  toCandidate,
  toTask,
  toTaskEvent,
  UpdateTask,
} from './schemas.ts'
import { listCandidates, listTaskEvents } from './task-history.ts'
import { cancelTask, createTask, getTask, listTasks, postTask, updateTask } from './tasks.ts'

const params = idParams('taskId')
const readers = {
  roles: anyUser,
  relation: 'its client, its tasker, a tasker with an open offer; staff see all',
  scope: 'tasks:read',
} as const
const one = { 200: { description: 'The task as it now stands.', schema: Task } } as const
const estMinutesUsual = 60

export const taskRoutes = newArea()

const create = defineOperation({
  operationId: 'tasks.create',
  method: 'post',
  path: '/v1/tasks',
  tag: 'Tasks',
  summary: 'Draft a task',
  description:
    'What is to be done, where and when. The estimate follows from the price band of its category in its city. Nobody sees the draft until you post it.',
  policy: { roles: ['client', 'tasker'], scope: 'tasks:write' },
  body: CreateTask,
  responses: { 201: { description: 'The draft.', schema: Task } },
  problems: ['unknown_category', 'starts_at_refused', 'price_unavailable'],
})

taskRoutes.openapi(create, async (c) => {
  const ctx = userCtxOf(c)
  const { estMinutes = estMinutesUsual, ...fields } = c.req.valid('json')
  const row = await createTask(ctx, { ...fields, estMinutes })
  return c.json(tagged(c, toTask(row, ctx.actor)), 201)
})

const list = defineOperation({
  operationId: 'tasks.list',
  method: 'get',
  path: '/v1/tasks',
  tag: 'Tasks',
  summary: 'List tasks',
  description: 'The tasks you asked for and those you are booked for, newest first. Staff see all.',
  policy: {
    roles: anyUser,
    relation: 'their client or their tasker; staff see all',
    scope: 'tasks:read',
    permission: 'tasks.read',
  },
  query: TaskFilters,
  responses: { 200: { description: 'A page of tasks.', schema: TaskPage } },
})

taskRoutes.openapi(list, async (c) => {
  const ctx = ctxOf(c)
  const page = readPage(c)
  const rows = await listTasks(ctx, c.req.valid('query'), page)
  return c.json(
    toPage(c, page, rows, (row) => toTask(row, ctx.actor)),
    200,
  )
})

const get = defineOperation({
  operationId: 'tasks.get',
  method: 'get',
  path: '/v1/tasks/{taskId}',
  tag: 'Tasks',
  summary: 'Get a task',
  description:
    'A tasker with an open offer sees where it is only roughly; the address comes with the booking.',
  policy: { ...readers, permission: 'tasks.read' },
  params,
  etag: true,
  responses: { 200: { description: 'The task.', schema: Task } },
})

taskRoutes.openapi(get, async (c) => {
  const ctx = ctxOf(c)
  return c.json(tagged(c, toTask(await getTask(ctx, c.req.valid('param').taskId), ctx.actor)), 200)
})

const update = defineOperation({
  operationId: 'tasks.update',
  method: 'patch',
  path: '/v1/tasks/{taskId}',
  tag: 'Tasks',
  summary: 'Change a draft',
  description: 'Changes the fields that are sent, of a draft. The estimate follows.',
  policy: {
    roles: anyUser,
    relation: 'its client, or ops',
    scope: 'tasks:write',
    permission: 'tasks.manage',
  },
  params,
  body: UpdateTask,
  ifMatch: 'optional',
  responses: one,
  problems: ['not_editable', 'unknown_category', 'starts_at_refused', 'price_unavailable'],
})

taskRoutes.openapi(update, async (c) => {
  const ctx = ctxOf(c)
  const { taskId } = c.req.valid('param')
  const row = await updateTask(ctx, taskId, c.req.valid('json'), expectedVersionOf(c))
  return c.json(tagged(c, toTask(row, ctx.actor)), 200)
})

const post = defineOperation({
  operationId: 'tasks.post',
  method: 'post',
  path: '/v1/tasks/{taskId}/post',
  tag: 'Tasks',
  summary: 'Post a task',
  description:
    'The search for a tasker begins at once: the best three nearby get an offer, then the next, and the first who accepts has the booking. A task that nobody takes expires.',
  policy: { roles: ['client', 'tasker'], relation: 'its client', scope: 'tasks:write' },
  params,
  responses: one,
  problems: ['invalid_transition', 'starts_at_refused'],
})

taskRoutes.openapi(post, async (c) => {
  const ctx = ctxOf(c)
  const row = await postTask(ctx, c.req.valid('param').taskId)
  c.executionCtx.waitUntil(startMatching(c.env, row.id))
  return c.json(tagged(c, toTask(row, ctx.actor)), 200)
})

const cancel = defineOperation({
  operationId: 'tasks.cancel',
  method: 'post',
  path: '/v1/tasks/{taskId}/cancel',
  tag: 'Tasks',
  summary: 'Cancel a task',
  description:
    'Before the work has started. Open offers are withdrawn; a booking is canceled along with it. Taskers cancel the booking instead.',
  policy: {
    roles: anyUser,
    relation: 'its client, or ops',
    scope: 'tasks:write',
    permission: 'tasks.manage',
  },
  params,
  body: CancelTask,
  responses: one,
  problems: ['invalid_transition'],
})

taskRoutes.openapi(cancel, async (c) => {
  const ctx = ctxOf(c)
  const row = await cancelTask(ctx, c.req.valid('param').taskId, c.req.valid('json').reason)
  c.executionCtx.waitUntil(endMatching(c.env, row.id))
  return c.json(tagged(c, toTask(row, ctx.actor)), 200)
})

const listEvents = defineOperation({
  operationId: 'tasks.listEvents',
  method: 'get',
  path: '/v1/tasks/{taskId}/events',
  tag: 'Tasks',
  summary: "List a task's history",
  description: 'Every change of its state, oldest first: who made it, and why.',
  policy: {
    roles: anyUser,
    relation: 'its client; staff see all',
    scope: 'tasks:read',
    permission: 'tasks.read',
  },
  params,
  query: z.object({ ...pageQuery }),
  responses: { 200: { description: 'A page of its history.', schema: TaskEventPage } },
})

taskRoutes.openapi(listEvents, async (c) => {
  const page = readPage(c)
  const rows = await listTaskEvents(ctxOf(c), c.req.valid('param').taskId, page)
  return c.json(toPage(c, page, rows, toTaskEvent), 200)
})

const candidates = defineOperation({
  operationId: 'tasks.listCandidates',
  method: 'get',
  path: '/v1/tasks/{taskId}/candidates',
  tag: 'Tasks',
  summary: "List a task's candidates",
  description: 'Who matching found, best first, with the parts of the score and what became of the offer.',
  policy: { roles: staff, scope: 'tasks:read', permission: 'tasks.read' },
  params,
  query: z.object({ ...pageQuery }),
  responses: { 200: { description: 'A page of candidates.', schema: CandidatePage } },
})

taskRoutes.openapi(candidates, async (c) => {
  const page = readPage(c)
  const rows = await listCandidates(ctxOf(c), c.req.valid('param').taskId, page)
  return c.json(
    toPage(c, page, rows, toCandidate, (row) => [String(row.rank), row.taskerId]),
    200,
  )
})
