import { z } from '@hono/zod-openapi'
import { ctxOf, userCtxOf } from '../../../http/context.ts'
import { expectedVersionOf, tagged } from '../../../http/etag.ts'
import { newRoutes } from '../../../http/mount.ts'
import { defineOperation } from '../../../http/operation.ts'
import { pageQuery, readPage, toPage } from '../../../http/pages.ts'
import { anyUser, staff } from '../../../http/policy.ts'
import { idParams } from '../../../http/schemas.ts'
import { transition } from '../../../http/transition.ts'
import { deleteTask, restoreTask } from './deletion.ts'
import { copyTask, createTask, updateTask } from './drafts.ts'
import { taskMachine } from './machine.ts'
import { photoRoutes } from './photo-routes.ts'
import { repeatRoutes } from './repeat-routes.ts'
import { rematchTask, repostTask } from './rounds.ts'
import {
  ArchivedTask,
  CancelTask,
  CandidatePage,
  CopyTask,
  CreateTask,
  PostAgain,
  Task,
  TaskEventPage,
  TaskFilters,
  TaskPage,
  TaskSearch,
  toArchivedTask,
  toCandidate,
  toTask,
  toTaskEvent,
  UpdateTask,
} from './schemas.ts'
import { getArchivedTask } from './task-archive.ts'
import { listCandidates, listTaskEvents } from './task-history.ts'
import { searchTasks } from './task-search.ts'
import { cancelTask, getTask, listTasks, postTask } from './tasks.ts'

const params = idParams('taskId')
const readers = {
  roles: anyUser,
  relation: { who: ['client', 'tasker', 'offered_tasker'], orStaff: true },
  scope: 'tasks:read',
} as const
const one = { 200: { description: 'The updated task.', schema: Task } } as const
const estMinutesUsual = 60

export const routes = newRoutes()

routes.route('/', photoRoutes)
routes.route('/', repeatRoutes)

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
  problems: [
    'unknown_category',
    'starts_at_refused',
    'price_unavailable',
    'address_refused',
    'addon_refused',
    'inputs_refused',
  ],
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
  problems: [
    'not_editable',
    'task_deleted',
    'unknown_category',
    'starts_at_refused',
    'price_unavailable',
    'address_refused',
    'addon_refused',
    'inputs_refused',
  ],
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
    'Starts the search for a tasker at once: the best three nearby receive an offer, then the next ones, and the first to accept gets the booking. A task that no tasker accepts expires. With sourcing `bid` it needs a title and a deadline, taskers bid on it, and it expires with its deadline. With sourcing `lead` the same holds once staff have approved it. Every required question of the category must be answered.',
  scope: 'tasks:write',
  params,
  responses: one,
  problems: [
    'deadline_refused',
    'starts_at_refused',
    'title_required',
    'unknown_category',
    'inputs_refused',
    'task_deleted',
  ],
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
  problems: ['booking_in_dispute', 'cancellation_fee_higher', 'task_deleted'],
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
    toPage(c, page, rows, toCandidate, (row) => [String(row.round), String(row.rank), row.taskerId]),
    200,
  )
})

const repost = transition(taskMachine, 'repost', {
  operationId: 'tasks.repost',
  path: '/v1/tasks/{taskId}/repost',
  tag: 'Tasks',
  summary: 'Post an expired task again',
  description:
    'Starts another search, with the history and the price of the task. Taskers who declined it are not asked again.',
  scope: 'tasks:write',
  params,
  body: PostAgain,
  responses: one,
  problems: ['deadline_refused', 'starts_at_refused', 'title_required', 'unknown_category'],
})

routes.openapi(repost, async (c) => {
  const ctx = ctxOf(c)
  const row = await repostTask(ctx, c.req.valid('param').taskId, c.req.valid('json'))
  return c.json(tagged(c, toTask(row, ctx.actor)), 200)
})

const rematch = transition(taskMachine, 'rematch', {
  operationId: 'tasks.rematch',
  path: '/v1/tasks/{taskId}/rematch',
  tag: 'Tasks',
  summary: 'Find another tasker',
  description:
    'Posts a task whose tasker has canceled again, first in line: whoever is offered it is asked about no other task meanwhile. Taskers who canceled or declined it are not asked again. With `autoRematch` it happens by itself.',
  scope: 'tasks:write',
  params,
  body: PostAgain,
  responses: one,
  problems: ['deadline_refused', 'starts_at_refused', 'title_required', 'unknown_category'],
})

routes.openapi(rematch, async (c) => {
  const ctx = ctxOf(c)
  const row = await rematchTask(ctx, c.req.valid('param').taskId, c.req.valid('json'))
  return c.json(tagged(c, toTask(row, ctx.actor)), 200)
})

const copy = defineOperation({
  operationId: 'tasks.copy',
  method: 'post',
  path: '/v1/tasks/{taskId}/copy',
  tag: 'Tasks',
  summary: 'Do a task again',
  description:
    'Drafts a task like one of yours, with its photos and add-ons, at another time. The price is that of today; add-ons that are no longer offered are left out.',
  policy: { roles: ['client', 'tasker'], relation: { who: ['client'] }, scope: 'tasks:write' },
  params,
  body: CopyTask,
  responses: { 201: { description: 'The draft.', schema: Task } },
  problems: ['starts_at_refused', 'price_unavailable', 'task_archived'],
})

routes.openapi(copy, async (c) => {
  const ctx = userCtxOf(c)
  const row = await copyTask(ctx, c.req.valid('param').taskId, c.req.valid('json').startsAt)
  return c.json(tagged(c, toTask(row, ctx.actor)), 201)
})

const clientOrStaff = {
  roles: anyUser,
  relation: { who: ['client'], orStaff: true },
  scope: 'tasks:write',
  permission: 'tasks.manage',
} as const

const remove = defineOperation({
  operationId: 'tasks.delete',
  method: 'delete',
  path: '/v1/tasks/{taskId}',
  tag: 'Tasks',
  summary: 'Delete a task',
  description:
    'Hides a draft or a task that has ended from every list, with its photos and add-ons. It can be restored. A booking of it stays, and so does what the ledger says. Repeating the request changes nothing.',
  policy: clientOrStaff,
  params,
  ifMatch: 'optional',
  responses: { 204: { description: 'Deleted.' } },
  problems: ['not_deletable'],
})

routes.openapi(remove, async (c) => {
  await deleteTask(ctxOf(c), c.req.valid('param').taskId, expectedVersionOf(c))
  return c.body(null, 204)
})

const restore = defineOperation({
  operationId: 'tasks.restore',
  method: 'post',
  path: '/v1/tasks/{taskId}/restore',
  tag: 'Tasks',
  summary: 'Restore a task',
  description:
    'Restores a deleted task together with everything that was deleted with it. Has no effect on a task that is not deleted.',
  policy: clientOrStaff,
  params,
  responses: one,
})

routes.openapi(restore, async (c) => {
  const ctx = ctxOf(c)
  const row = await restoreTask(ctx, c.req.valid('param').taskId)
  return c.json(tagged(c, toTask(row, ctx.actor)), 200)
})

const archived = defineOperation({
  operationId: 'tasks.getArchived',
  method: 'get',
  path: '/v1/tasks/{taskId}/archive',
  tag: 'Tasks',
  summary: 'Get the words of an archived task',
  description:
    'Five years after its end a task loses its words and its exact place; they can be read here by its client, and by staff, until the account of the client is erased.',
  policy: {
    roles: anyUser,
    relation: { who: ['client'], orStaff: true },
    scope: 'tasks:read',
    permission: 'tasks.read_archive',
  },
  params,
  etag: true,
  responses: { 200: { description: 'The words of the task.', schema: ArchivedTask } },
})

routes.openapi(archived, async (c) => {
  const ctx = ctxOf(c)
  return c.json(toArchivedTask(await getArchivedTask(ctx, c.req.valid('param').taskId), ctx.actor), 200)
})

const search = defineOperation({
  operationId: 'tasks.search',
  method: 'get',
  path: '/v1/task-search',
  tag: 'Tasks',
  summary: 'Search tasks',
  description:
    'Full-text search over all tasks that are not deleted: words of the title count most, then those of the description, then the names of the category. Of many matches the newest 500 are ranked, the best first.',
  policy: { roles: staff, scope: 'tasks:read', permission: 'tasks.read' },
  query: TaskSearch,
  responses: { 200: { description: 'A page of tasks.', schema: TaskPage } },
})

routes.openapi(search, async (c) => {
  const ctx = ctxOf(c)
  const page = readPage(c)
  const rows = await searchTasks(ctx, c.req.valid('query'), page)
  const body = toPage(
    c,
    page,
    rows,
    ({ rank: _rank, ...row }) => toTask(row, ctx.actor),
    (row) => [String(row.rank), row.id],
  )
  return c.json(body, 200)
})
