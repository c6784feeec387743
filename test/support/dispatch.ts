import { sql } from 'drizzle-orm'
import { api, type Caller, database } from './api.ts'
import { anOps, aPostedTask, aTasker, ok, type PostedTask, type TaskOptions, theOps } from './story.ts'

/** Tasks that staff assign, by the API. */

export const aQueuedTask = (options: TaskOptions = {}): Promise<PostedTask> =>
  aPostedTask({ sourcing: 'assign', ...options })

/** A tasker to whom an assigned task belongs without a question. */
export async function aDirectTasker(options: Parameters<typeof aTasker>[0] = {}): Promise<Caller> {
  const tasker = await aTasker(options)
  const body = { assignmentMode: 'direct' }
  await ok(api(`/v1/taskers/${tasker.userId}/assignment-mode`, { as: await theOps(), method: 'PUT', body }))
  return tasker
}

export const dispatch = (as: Caller, taskId: string, action: string, body: object) =>
  api(`/v1/tasks/${taskId}/${action}`, { as, body })

export interface AssignedStory extends PostedTask {
  ops: Caller
  tasker: Caller
  bookingId: string
  assignmentId: string
}

/** Assigned to a tasker, who has not answered unless `isDirect`. */
export async function anAssignedTask({
  isDirect = false,
  ...options
}: TaskOptions & { isDirect?: boolean } = {}): Promise<AssignedStory> {
  const [posted, ops] = [await aQueuedTask(options), await anOps()]
  const tasker = isDirect ? await aDirectTasker() : await aTasker()
  const { body } = await ok(dispatch(ops, posted.taskId, 'assign', { taskerId: tasker.userId }))
  return { ...posted, ops, tasker, bookingId: body.booking.id, assignmentId: body.assignment.id }
}

export const triageOf = async (as: Caller, taskId: string) =>
  (await ok(api(`/v1/tasks/${taskId}/triage`, { as }))).body

export const assignmentsOf = async (as: Caller, taskId: string) =>
  (await ok(api(`/v1/tasks/${taskId}/assignments`, { as }))).body.data

/** The time of the tasker to answer is over. */
export const passAnswerDeadline = (assignmentId: string) =>
  database().write([
    sql`update assignments set expires_at = now() - interval '1 second' where id = ${assignmentId}`,
  ])

/** All instants of the task's clocks are so many minutes earlier. */
export const advanceClocks = (taskId: string, minutes: number) =>
  database().write([
    sql`update task_clocks set base_at = base_at - make_interval(mins => ${minutes}), due_at = due_at - make_interval(mins => ${minutes}),
               paused_at = paused_at - make_interval(mins => ${minutes}) where task_id = ${taskId} and ended_at is null`,
  ])
