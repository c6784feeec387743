import { z } from '@hono/zod-openapi'
import { problemText } from '../../../core/i18n.ts'
import type { Call } from '../../../http/app-env.ts'
import { ctxOf, userCtxOf } from '../../../http/context.ts'
import { expectedVersionOf, tagged } from '../../../http/etag.ts'
import { newRoutes } from '../../../http/mount.ts'
import { defineOperation } from '../../../http/operation.ts'
import { pageQuery, readPage, toPage } from '../../../http/pages.ts'
import { staff } from '../../../http/policy.ts'
import { idParams } from '../../../http/schemas.ts'
import { AssignMany, BulkResult, SetPriorities } from './act-schemas.ts'
import { dispatchMany, type ItemResult } from './assignments.ts'
import { dispatchBoard } from './board.ts'
import { BoardQuery, DispatchBoard } from './board-schemas.ts'
import { listQueue } from './queue.ts'
import {
  CreateDispatchView,
  DispatchedTaskPage,
  DispatchView,
  DispatchViewPage,
  QueueFilters,
  queueKeyOf,
  toDispatchedTask,
  toDispatchView,
  UpdateDispatchView,
} from './schemas.ts'
import { createView, deleteView, getView, listViews, updateView } from './views.ts'

/** The desk of those who dispatch: the queue, its views, the board, and what they do to many tasks at once. */

const readers = { roles: staff, scope: 'dispatch:read', permission: 'dispatch.read' } as const
const params = idParams('viewId')

export const dispatchRoutes = newRoutes()

const queue = defineOperation({
  operationId: 'dispatch.listQueue',
  method: 'get',
  path: '/v1/dispatch/queue',
  tag: 'Dispatch',
  summary: 'List the queue',
  description:
    'Tasks that are open or under way, by priority, then by age, with their clocks, the booking and the newest assignment.',
  policy: readers,
  query: QueueFilters,
  responses: { 200: { description: 'A page of the queue.', schema: DispatchedTaskPage } },
})

dispatchRoutes.openapi(queue, async (c) => {
  const page = readPage(c)
  const rows = await listQueue(ctxOf(c), c.req.valid('query'), page)
  return c.json(toPage(c, page, rows, toDispatchedTask, queueKeyOf), 200)
})

const board = defineOperation({
  operationId: 'dispatch.getBoard',
  method: 'get',
  path: '/v1/dispatch/board',
  tag: 'Dispatch',
  summary: 'Get the board of a day',
  description:
    'Taskers of a city with their hours and visits on a day, the conflicts of each visit by name, and the open tasks that nobody has.',
  policy: readers,
  query: BoardQuery,
  responses: { 200: { description: 'The board.', schema: DispatchBoard } },
})

dispatchRoutes.openapi(board, async (c) => c.json(await dispatchBoard(ctxOf(c), c.req.valid('query')), 200))

const assignMany = defineOperation({
  operationId: 'dispatch.assignMany',
  method: 'post',
  path: '/v1/dispatch/assignments',
  tag: 'Dispatch',
  summary: 'Assign many tasks',
  description:
    'Assigns each task to its tasker, as `tasks.assign` does. Each has an outcome of its own: what is refused undoes nothing of the others.',
  policy: { roles: staff, scope: 'dispatch:write', permission: 'tasks.assign' },
  body: AssignMany,
  responses: { 200: { description: 'The outcome of each.', schema: BulkResult } },
})

dispatchRoutes.openapi(assignMany, async (c) => {
  const { items, reason } = c.req.valid('json')
  return c.json(await outcomesIn(c, await dispatchMany(ctxOf(c), items, reason)), 200)
})

const setPriorities = defineOperation({
  operationId: 'dispatch.setPriorities',
  method: 'post',
  path: '/v1/dispatch/priorities',
  tag: 'Dispatch',
  summary: 'Set the priority of many tasks',
  description:
    'Sets the priority of each task, as `tasks.triage` does. Each has an outcome of its own: what is refused undoes nothing of the others.',
  policy: { roles: staff, scope: 'dispatch:write', permission: 'tasks.triage' },
  body: SetPriorities,
  responses: { 200: { description: 'The outcome of each.', schema: BulkResult } },
})

dispatchRoutes.openapi(setPriorities, async (c) => {
  const { items } = c.req.valid('json')
  return c.json(await outcomesIn(c, await dispatchMany(ctxOf(c), items, undefined)), 200)
})

async function outcomesIn(c: Call, rows: ItemResult[]): Promise<z.infer<typeof BulkResult>> {
  const results = rows.map(async ({ taskId, code, values }) => {
    if (code === null) return { taskId, outcome: 'done' as const, code, detail: null }
    const { detail } = await problemText(code, c.get('locale'), values)
    return { taskId, outcome: 'refused' as const, code, detail }
  })
  return { results: await Promise.all(results) }
}

const views = defineOperation({
  operationId: 'dispatchViews.list',
  method: 'get',
  path: '/v1/dispatch/views',
  tag: 'Dispatch',
  summary: 'List saved views',
  description: 'Filters of the queue that you have saved, and those that colleagues share. Newest first.',
  policy: readers,
  query: z.object(pageQuery),
  responses: { 200: { description: 'A page of views.', schema: DispatchViewPage } },
})

dispatchRoutes.openapi(views, async (c) => {
  const page = readPage(c)
  return c.json(toPage(c, page, await listViews(userCtxOf(c), page), toDispatchView), 200)
})

const create = defineOperation({
  operationId: 'dispatchViews.create',
  method: 'post',
  path: '/v1/dispatch/views',
  tag: 'Dispatch',
  summary: 'Save a view',
  description: 'Saves filters of the queue under a name, for yourself or for all.',
  policy: { ...readers, scope: 'dispatch:write' },
  body: CreateDispatchView,
  responses: { 201: { description: 'The view.', schema: DispatchView } },
  problems: ['already_exists', 'limit_reached'],
})

dispatchRoutes.openapi(create, async (c) => {
  const row = await createView(userCtxOf(c), c.req.valid('json'))
  return c.json(tagged(c, toDispatchView(row)), 201)
})

const get = defineOperation({
  operationId: 'dispatchViews.get',
  method: 'get',
  path: '/v1/dispatch/views/{viewId}',
  tag: 'Dispatch',
  summary: 'Get a saved view',
  description: 'A view of your own, or one that a colleague shares.',
  policy: { ...readers, relation: { who: ['owner'] } },
  params,
  etag: true,
  responses: { 200: { description: 'The view.', schema: DispatchView } },
})

dispatchRoutes.openapi(get, async (c) =>
  c.json(tagged(c, toDispatchView(await getView(userCtxOf(c), c.req.valid('param').viewId))), 200),
)

const update = defineOperation({
  operationId: 'dispatchViews.update',
  method: 'patch',
  path: '/v1/dispatch/views/{viewId}',
  tag: 'Dispatch',
  summary: 'Change a view',
  description: 'Changes the fields that are sent. `filters` replaces all filters of the view.',
  policy: { ...readers, scope: 'dispatch:write', relation: { who: ['owner'] } },
  params,
  body: UpdateDispatchView,
  ifMatch: 'optional',
  responses: { 200: { description: 'The changed view.', schema: DispatchView } },
  problems: ['already_exists'],
})

dispatchRoutes.openapi(update, async (c) => {
  const { viewId } = c.req.valid('param')
  const row = await updateView(userCtxOf(c), viewId, c.req.valid('json'), expectedVersionOf(c))
  return c.json(tagged(c, toDispatchView(row)), 200)
})

const remove = defineOperation({
  operationId: 'dispatchViews.delete',
  method: 'delete',
  path: '/v1/dispatch/views/{viewId}',
  tag: 'Dispatch',
  summary: 'Delete a view',
  description: 'Deletes a view that you have saved.',
  policy: { ...readers, scope: 'dispatch:write', relation: { who: ['owner'] } },
  params,
  responses: { 204: { description: 'The view is deleted.' } },
})

dispatchRoutes.openapi(remove, async (c) => {
  await deleteView(userCtxOf(c), c.req.valid('param').viewId)
  return c.body(null, 204)
})
