import { z } from '@hono/zod-openapi'
import { ctxOf } from '../../../http/context.ts'
import { expectedVersionOf, tagged } from '../../../http/etag.ts'
import { newRoutes } from '../../../http/mount.ts'
import { defineOperation } from '../../../http/operation.ts'
import { pageQuery, readPage, toPage } from '../../../http/pages.ts'
import { staff } from '../../../http/policy.ts'
import { idParams } from '../../../http/schemas.ts'
import { transition } from '../../../http/transition.ts'
import { taskMachine } from '../tasks/machine.ts'
import {
  AssignTask,
  HoldTask,
  ReassignTask,
  TriageTask,
  UnassignTask,
  UndoAssignment,
} from './act-schemas.ts'
import {
  assignTask,
  failTask,
  holdTask,
  listAssignments,
  reassignTask,
  resumeTask,
  triageTask,
  undoAssignment,
} from './assignments.ts'
import { getTriage } from './queue.ts'
import { AssignmentPage, DispatchedTask, toAssignment, toDispatchedTask } from './schemas.ts'

/** Acts of staff on one task: triage it, give it to a tasker, stop it, give it up. */

const params = idParams('taskId')
const task = { 200: { description: 'The task.', schema: DispatchedTask } } as const
const assigners = { roles: staff, scope: 'dispatch:write', permission: 'tasks.assign' } as const
const taskerProblems = [
  'already_assigned',
  'assignment_conflict',
  'not_assignable',
  'rate_currency_refused',
  'starts_at_refused',
  'tasker_busy',
  'tasker_not_assignable',
] as const

export const assignRoutes = newRoutes()

const get = defineOperation({
  operationId: 'tasks.getTriage',
  method: 'get',
  path: '/v1/tasks/{taskId}/triage',
  tag: 'Dispatch',
  summary: 'Get a task as staff dispatch it',
  description: 'With the notes of staff, the clocks that run, the booking and the newest assignment.',
  policy: { roles: staff, scope: 'dispatch:read', permission: 'dispatch.read' },
  params,
  etag: true,
  responses: task,
})

assignRoutes.openapi(get, async (c) =>
  c.json(tagged(c, toDispatchedTask(await getTriage(ctxOf(c), c.req.valid('param').taskId))), 200),
)

const triage = defineOperation({
  operationId: 'tasks.triage',
  method: 'patch',
  path: '/v1/tasks/{taskId}/triage',
  tag: 'Dispatch',
  summary: 'Triage a task',
  description:
    'Sets the priority and the notes of staff, the estimate of a task without a booking, or the final cost of one that has a booking. Clocks follow the priority.',
  policy: { roles: staff, scope: 'dispatch:write', permission: 'tasks.triage' },
  params,
  body: TriageTask,
  ifMatch: 'optional',
  responses: task,
  problems: ['estimate_agreed', 'final_cost_above_limit', 'no_price_to_set', 'task_over'],
})

assignRoutes.openapi(triage, async (c) => {
  const { estimate, finalCostAmountMinor: finalCost, ...fields } = c.req.valid('json')
  const changes = {
    ...fields,
    finalCost,
    estimate: estimate && { least: estimate.leastAmountMinor, most: estimate.mostAmountMinor },
  }
  const row = await triageTask(ctxOf(c), c.req.valid('param').taskId, changes, expectedVersionOf(c))
  return c.json(tagged(c, toDispatchedTask(row)), 200)
})

const assign = defineOperation({
  operationId: 'tasks.assign',
  method: 'post',
  path: '/v1/tasks/{taskId}/assign',
  tag: 'Dispatch',
  summary: 'Assign a task to a tasker',
  description:
    'Opens the booking of an open task, however it was to be sourced: its search and its offers end. The tasker accepts or declines the booking, and silence returns the task to the queue; where their contract says so, the booking is confirmed at once. A tasker who is not free is refused, with the conflict by name.',
  policy: assigners,
  params,
  body: AssignTask,
  responses: task,
  problems: taskerProblems,
})

assignRoutes.openapi(assign, async (c) => {
  const { taskerId, reason } = c.req.valid('json')
  const row = await assignTask(ctxOf(c), c.req.valid('param').taskId, taskerId, reason)
  return c.json(tagged(c, toDispatchedTask(row)), 200)
})

const reassign = defineOperation({
  operationId: 'tasks.reassign',
  method: 'post',
  path: '/v1/tasks/{taskId}/reassign',
  tag: 'Dispatch',
  summary: 'Reassign a task to another tasker',
  description:
    'Takes a task whose work has not begun from its tasker, and assigns it to another. The old booking is canceled without a fee, and a payment that was reserved is released.',
  policy: assigners,
  params,
  body: ReassignTask,
  responses: task,
  problems: [...taskerProblems, 'not_reassignable'],
})

assignRoutes.openapi(reassign, async (c) => {
  const { taskerId, reason } = c.req.valid('json')
  const row = await reassignTask(ctxOf(c), c.req.valid('param').taskId, taskerId, reason)
  return c.json(tagged(c, toDispatchedTask(row)), 200)
})

const unassign = defineOperation({
  operationId: 'tasks.unassign',
  method: 'post',
  path: '/v1/tasks/{taskId}/unassign',
  tag: 'Dispatch',
  summary: 'Return a task to the queue',
  description: 'Takes a task whose work has not begun from its tasker. It waits in the queue then.',
  policy: assigners,
  params,
  body: UnassignTask,
  responses: task,
  problems: ['not_reassignable'],
})

assignRoutes.openapi(unassign, async (c) => {
  const row = await reassignTask(ctxOf(c), c.req.valid('param').taskId, null, c.req.valid('json').reason)
  return c.json(tagged(c, toDispatchedTask(row)), 200)
})

const history = defineOperation({
  operationId: 'tasks.listAssignments',
  method: 'get',
  path: '/v1/tasks/{taskId}/assignments',
  tag: 'Dispatch',
  summary: 'List the assignments of a task',
  description: 'Who assigned it to whom and when, and what became of it. Newest first.',
  policy: { roles: staff, scope: 'dispatch:read', permission: 'dispatch.read' },
  params,
  query: z.object(pageQuery),
  responses: { 200: { description: 'A page of assignments.', schema: AssignmentPage } },
})

assignRoutes.openapi(history, async (c) => {
  const page = readPage(c)
  const rows = await listAssignments(ctxOf(c), c.req.valid('param').taskId, page)
  return c.json(toPage(c, page, rows, toAssignment), 200)
})

const undo = defineOperation({
  operationId: 'assignments.undo',
  method: 'post',
  path: '/v1/assignments/{assignmentId}/undo',
  tag: 'Dispatch',
  summary: 'Take back the last assignment of a task',
  description:
    'Within `assignment.undo_minutes`, and while the tasker has not answered: who had the task before has it again, as far as they had got, by a new assignment; where nobody had, the task is in the queue.',
  policy: assigners,
  params: idParams('assignmentId'),
  body: UndoAssignment,
  responses: task,
  problems: [...taskerProblems, 'not_reassignable', 'undo_refused'],
})

assignRoutes.openapi(undo, async (c) => {
  const row = await undoAssignment(ctxOf(c), c.req.valid('param').assignmentId, c.req.valid('json').reason)
  return c.json(tagged(c, toDispatchedTask(row)), 200)
})

const stop = { scope: 'dispatch:write', permission: 'tasks.fail', params, responses: task } as const

const hold = transition(taskMachine, 'hold', {
  operationId: 'tasks.hold',
  path: '/v1/tasks/{taskId}/hold',
  tag: 'Dispatch',
  summary: 'Put a task on hold',
  description:
    'From the confirmation until the work is completed. The booking stays as it is, and nobody can report that the other side has not appeared; the clock for the start stands still. Both parties are told the reason.',
  body: HoldTask,
  ...stop,
})

assignRoutes.openapi(hold, async (c) => {
  const row = await holdTask(ctxOf(c), c.req.valid('param').taskId, c.req.valid('json').reason)
  return c.json(tagged(c, toDispatchedTask(row)), 200)
})

const resume = transition(taskMachine, 'resume', {
  operationId: 'tasks.resume',
  path: '/v1/tasks/{taskId}/resume',
  tag: 'Dispatch',
  summary: 'Resume a task',
  description: 'The task goes on where its booking stands: confirmed, or at work.',
  body: HoldTask,
  ...stop,
})

assignRoutes.openapi(resume, async (c) => {
  const row = await resumeTask(ctxOf(c), c.req.valid('param').taskId, c.req.valid('json').reason)
  return c.json(tagged(c, toDispatchedTask(row)), 200)
})

const fail = transition(taskMachine, 'fail', {
  operationId: 'tasks.fail',
  path: '/v1/tasks/{taskId}/fail',
  tag: 'Dispatch',
  summary: 'End a task as failed',
  description:
    'For work that has begun and cannot be carried out. The booking is canceled without a fee, and what was reserved for its payment is released. Both parties are told the reason.',
  body: HoldTask,
  ...stop,
  problems: ['work_not_begun'],
})

assignRoutes.openapi(fail, async (c) => {
  const row = await failTask(ctxOf(c), c.req.valid('param').taskId, c.req.valid('json').reason)
  return c.json(tagged(c, toDispatchedTask(row)), 200)
})
