import { z } from '@hono/zod-openapi'
import { ctxOf, userCtxOf } from '../../../http/context.ts'
import { expectedVersionOf, tagged } from '../../../http/etag.ts'
import { newRoutes } from '../../../http/mount.ts'
import { defineOperation } from '../../../http/operation.ts'
import { pageQuery, readPage, toPage } from '../../../http/pages.ts'
import { anyUser, staff } from '../../../http/policy.ts'
import { idParams } from '../../../http/schemas.ts'
import { transition } from '../../../http/transition.ts'
import { taskMachine } from './machine.ts'
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
  relation: { who: ['client', 'tasker', 'offered_tasker'], orStaff: true },
  scope: 'tasks:read',
} as const
const one = { 200: { description: 'The updated task.', schema: Task } } as const
const estMinutesUsual = 60

export const routes = newRoutes()

const create = defineOperation({
  operationId: 'tasks.create',
  method: 'post',
  path: '/v1/tasks',
  tag: 'Tasks',
  summary: 'Create a draft task',
  description:
    'Describes what is to be done, where and when. The estimate follows from the price band of the category in the city. The draft is private until it is posted.',
  policy: { roles: ['client', 'tasker'], scope: 'tasks:write' },
  body: CreateTask,
  responses: { 201: { description: 'The draft.', schema: Task } },
  problems: ['unknown_category', 'starts_at_refused', 'price_unavailable'],
})

routes.openapi(create, async (c) => {
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
  description: 'Tasks that you posted or are booked for, newest first. Staff see all tasks.',
  policy: {
    roles: anyUser,
    relation: { who: ['client', 'tasker'], orStaff: true },
    scope: 'tasks:read',
    permission: 'tasks.read',
  },
  query: TaskFilters,
  responses: { 200: { description: 'A page of tasks.', schema: TaskPage } },
})

routes.openapi(list, async (c) => {
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
    'A tasker with an open offer sees only an approximate location; the address is disclosed with the booking.',
  policy: { ...readers, permission: 'tasks.read' },
  params,
  etag: true,
  responses: { 200: { description: 'The task.', schema: Task } },
})

routes.openapi(get, async (c) => {
  const ctx = ctxOf(c)
  return c.json(tagged(c, toTask(await getTask(ctx, c.req.valid('param').taskId), ctx.actor)), 200)
})

const update = defineOperation({
  operationId: 'tasks.update',
  method: 'patch',
  path: '/v1/tasks/{taskId}',
  tag: 'Tasks',
  summary: 'Update a draft task',
  description: 'Changes the fields that are sent. The estimate is updated. Only drafts can be changed.',
  policy: {
    roles: anyUser,
    relation: { who: ['client'], orStaff: true },
    scope: 'tasks:write',
    permission: 'tasks.manage',
  },
  params,
  body: UpdateTask,
  ifMatch: 'optional',
  responses: one,
  problems: ['not_editable', 'unknown_category', 'starts_at_refused', 'price_unavailable'],
})

routes.openapi(update, async (c) => {
  const ctx = ctxOf(c)
  const { taskId } = c.req.valid('param')
  const row = await updateTask(ctx, taskId, c.req.valid('json'), expectedVersionOf(c))
  return c.json(tagged(c, toTask(row, ctx.actor)), 200)
})

const post = transition(taskMachine, 'post', {
  operationId: 'tasks.post',
  path: '/v1/tasks/{taskId}/post',
  tag: 'Tasks',
  summary: 'Post a task',
  description:
    'Starts the search for a tasker at once: the best three nearby receive an offer, then the next ones, and the first to accept gets the booking. A task that no tasker accepts expires.',
  scope: 'tasks:write',
  params,
  responses: one,
  problems: ['starts_at_refused'],
})

routes.openapi(post, async (c) => {
  const ctx = ctxOf(c)
  const row = await postTask(ctx, c.req.valid('param').taskId)
  return c.json(tagged(c, toTask(row, ctx.actor)), 200)
})

const cancel = transition(taskMachine, 'cancel', {
  operationId: 'tasks.cancel',
  path: '/v1/tasks/{taskId}/cancel',
  tag: 'Tasks',
  summary: 'Cancel a task',
  description:
    'Possible until the work starts. Open offers are withdrawn, and a booking is canceled with the task, with the fee that `bookings.previewCancellation` tells. Taskers cancel the booking instead.',
  scope: 'tasks:write',
  permission: 'tasks.manage',
  params,
  body: CancelTask,
  responses: one,
  problems: ['booking_in_dispute', 'cancellation_fee_higher'],
})

routes.openapi(cancel, async (c) => {
  const ctx = ctxOf(c)
  const { reason, acceptFeeMinor } = c.req.valid('json')
  const row = await cancelTask(ctx, c.req.valid('param').taskId, reason, acceptFeeMinor)
  return c.json(tagged(c, toTask(row, ctx.actor)), 200)
})

const listEvents = defineOperation({
  operationId: 'tasks.listEvents',
  method: 'get',
  path: '/v1/tasks/{taskId}/events',
  tag: 'Tasks',
  summary: 'List the history of a task',
  description: 'All changes of state, oldest first, with actor and reason.',
  policy: {
    roles: anyUser,
    relation: { who: ['client'], orStaff: true },
    scope: 'tasks:read',
    permission: 'tasks.read',
  },
  params,
  query: z.object({ ...pageQuery }),
  responses: { 200: { description: 'A page of the history.', schema: TaskEventPage } },
})

routes.openapi(listEvents, async (c) => {
  const page = readPage(c)
  const rows = await listTaskEvents(ctxOf(c), c.req.valid('param').taskId, page)
  return c.json(toPage(c, page, rows, toTaskEvent), 200)
})

const candidates = defineOperation({
  operationId: 'tasks.listCandidates',
  method: 'get',
  path: '/v1/tasks/{taskId}/candidates',
  tag: 'Tasks',
  summary: 'List the candidates of a task',
  description:
    'Taskers found by matching, best first, with the parts of their score and the outcome of their offer.',
  policy: { roles: staff, scope: 'tasks:read', permission: 'tasks.read' },
  params,
  query: z.object({ ...pageQuery }),
  responses: { 200: { description: 'A page of candidates.', schema: CandidatePage } },
})

routes.openapi(candidates, async (c) => {
  const page = readPage(c)
  const rows = await listCandidates(ctxOf(c), c.req.valid('param').taskId, page)
  return c.json(
    toPage(c, page, rows, toCandidate, (row) => [String(row.rank), row.taskerId]),
    200,
  )
})
