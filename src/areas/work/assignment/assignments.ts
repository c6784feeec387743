import { type SQL, sql } from 'drizzle-orm'
import type { Context, UserActor } from '../../../core/context.ts'
import { isProblemCode, type ProblemCode } from '../../../core/problems.ts'
import { isoTime, rowColumns } from '../../../db/json.ts'
import { newestFirst, type PageRequest } from '../../../db/keyset.ts'
import {
  columnsOf,
  int,
  json,
  list,
  nullable,
  oneOf,
  pick,
  type RowOf,
  rowsOf,
  text,
  time,
  uuid,
} from '../../../db/rows.ts'
import { assignmentStatus } from '../../../db/schema/enums.ts'
import { assignments } from '../../../db/schema/work/assignment.ts'
import type { taskPriorities } from '../../../db/schema/work/tasks.ts'
import { one } from '../../../db/unit.ts'
import { entriesOf } from '../../index.ts'
import * as effects from '../tasks/tasks.ts'
import type { AssignmentStatus } from './machine.ts'
import { type DispatchedTask, theDispatchedTask } from './queue.ts'

/**
 * Verbs by which staff give tasks to taskers. The rules are functions of the database (drizzle/sql/work/assignment/assign.sql), as many at once and one
 * alone go by the same. All lock the bookings of the task before the task.
 */

const dispatched = async (ctx: Context, taskId: string, effect: SQL): Promise<DispatchedTask> =>
  one(await ctx.db.write([effect], theDispatchedTask(taskId)))

export const assignTask = (
  ctx: Context,
  taskId: string,
  taskerId: string,
  reason: string | undefined,
): Promise<DispatchedTask> =>
  dispatched(ctx, taskId, sql`select khidma.assign_task(${taskId}, ${taskerId}, ${reason ?? null})`)

/** `taskerId` null: to nobody, so that the task waits in the queue. */
export const reassignTask = (
  ctx: Context,
  taskId: string,
  taskerId: string | null,
  reason: string,
): Promise<DispatchedTask> =>
  dispatched(ctx, taskId, sql`select khidma.reassign_task(${taskId}, ${taskerId}::uuid, ${reason})`)

export const undoAssignment = async (
  ctx: Context,
  assignmentId: string,
  reason: string,
): Promise<DispatchedTask> => {
  const ofTask = sql`(select a.task_id from assignments a where a.id = ${assignmentId})`
  return one(
    await ctx.db.write(
      [sql`select khidma.undo_assignment(${assignmentId}, ${reason})`],
      theDispatchedTask(ofTask),
    ),
  )
}

/** Acts of staff on the work itself: `tasks.ts` has the effects. */
const stopped =
  (effectsOf: (taskId: string, reason: string) => SQL[]) =>
  async (ctx: Context, taskId: string, reason: string): Promise<DispatchedTask> =>
    one(await ctx.db.write(effectsOf(taskId, reason), theDispatchedTask(taskId)))

export const holdTask = stopped(effects.holdTask)
export const resumeTask = stopped(effects.resumeTask)
export const failTask = stopped(effects.failTask)

export interface TriageFields {
  priority?: (typeof taskPriorities)[number] | undefined
  internalNotes?: string | null | undefined
  /** Minor units of the task's currency. */
  estimate?: { least: number; most: number } | undefined
  finalCost?: number | null | undefined
}

export const triageTask = (
  ctx: Context,
  taskId: string,
  fields: TriageFields,
  expectedVersion: number | null,
): Promise<DispatchedTask> =>
  dispatched(
    ctx,
    taskId,
    sql`select khidma.triage_task(${taskId}, ${JSON.stringify(fields)}::jsonb, ${expectedVersion})`,
  )

const itemResult = {
  taskId: uuid,
  code: nullable(text),
  details: nullable(json<Record<string, string | number>>()),
  broken: nullable(text),
}

export interface ItemResult {
  taskId: string
  /** Null where it is done. */
  code: ProblemCode | null
  values: Record<string, string | number>
}

export type BulkItem = { taskId: string; taskerId: string } | { taskId: string; priority: string }

const constraintProblems: Record<string, string | readonly string[]> = entriesOf('constraints')

/** The same for many tasks: each has an outcome of its own, and what is refused undoes nothing of the others. */
export async function dispatchMany(
  ctx: Context,
  items: BulkItem[],
  reason: string | undefined,
): Promise<ItemResult[]> {
  // The results are handed on within the transaction: the statement that reads them must not do the work again.
  const work = sql`
    select set_config('khidma.results', coalesce((
      select json_agg(json_build_object('taskId', r.task_id, 'code', r.code, 'details', r.details, 'broken', r.broken) order by r.place)
        from khidma.dispatch_many(${JSON.stringify(items)}::jsonb, ${reason ?? null}) r), '[]')::text, true)`
  const rows = await ctx.db.write(
    [work],
    rowsOf({ results: list(itemResult) })`select current_setting('khidma.results')::json as results`,
  )
  return one(rows).results.map(({ taskId, code, details, broken }) => ({
    taskId,
    code: codeOf(code, broken),
    values: details ?? {},
  }))
}

function codeOf(code: string | null, broken: string | null): ProblemCode | null {
  if (code === null && broken === null) return null
  const meant = broken === null ? undefined : constraintProblems[broken]
  const found = code ?? (typeof meant === 'string' ? meant : meant?.[0])
  // A constraint that no area declares is our own bug, as anywhere.
  if (found === undefined || !isProblemCode(found))
    throw new Error(`No problem is meant by ${broken ?? code}`)
  return found
}

const assignmentRow = {
  ...columnsOf(assignments),
  taskerName: nullable(text),
  assignedByName: nullable(text),
}
export type AssignmentRow = RowOf<typeof assignmentRow>

/** For staff alone: the route's policy says so. */
export async function listAssignments(
  ctx: Context,
  taskId: string,
  page: PageRequest,
): Promise<AssignmentRow[]> {
  const { after, orderAndLimit } = newestFirst(page, sql`a.id`)
  const rows = await ctx.db.read(
    rowsOf({ assignments: list(assignmentRow) })`
      select coalesce((select json_agg(p) from (
               select ${rowColumns(assignments, 'a')}, k.full_name as "taskerName", s.full_name as "assignedByName"
                 from assignments a join users k on k.id = a.tasker_id left join users s on s.id = a.assigned_by
                where a.task_id = t.id and ${after} ${orderAndLimit}) p), '[]') as assignments
        from tasks t where t.id = ${taskId}`,
  )
  return one(rows).assignments
}

const ownAssignment = {
  ...pick(columnsOf(assignments), 'id', 'taskId', 'bookingId', 'mode', 'endedAt', 'createdAt'),
  status: oneOf(assignmentStatus.enumValues),
  expiresAt: nullable(time),
  category: text,
  title: nullable(text),
  city: text,
  startsAt: time,
  estMinutes: nullable(int),
}
export type OwnAssignmentRow = RowOf<typeof ownAssignment>

/** Past its deadline a pending assignment has expired, before the sweep writes it down. */
const statusNow = sql`case when a.status = 'pending' and a.expires_at <= now() then 'expired' else a.status::text end`

export function listOwnAssignments(
  ctx: Context<UserActor>,
  { status }: { status?: AssignmentStatus | undefined },
  page: PageRequest,
): Promise<OwnAssignmentRow[]> {
  const { after, orderAndLimit } = newestFirst(page, sql`a.id`)
  const withStatus = status ? sql`${statusNow} = ${status}` : sql`true`
  return ctx.db.read(rowsOf(ownAssignment)`
    select a.id, a.task_id as "taskId", a.booking_id as "bookingId", a.mode, ${statusNow} as status,
           ${isoTime(sql`a.expires_at`)} as "expiresAt", ${isoTime(sql`a.ended_at`)} as "endedAt",
           ${isoTime(sql`a.created_at`)} as "createdAt", t.category, t.title, t.city, ${isoTime(sql`t.starts_at`)} as "startsAt",
           t.est_minutes as "estMinutes"
      from assignments a join tasks t on t.id = a.task_id
     where a.tasker_id = ${ctx.actor.userId} and ${withStatus} and ${after} ${orderAndLimit}`)
}
