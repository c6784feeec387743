import { sql } from 'drizzle-orm'
import { type Context, isStaff, userIdOf } from '../../../core/context.ts'
import { Problem } from '../../../core/problems.ts'
import { isoTime, rowColumns } from '../../../db/json.ts'
import { keyset, oldestFirst, type PageRequest } from '../../../db/keyset.ts'
import { bool, columnsOf, list, nullable, pick, type RowOf, rowsOf, text } from '../../../db/rows.ts'
import { offers, taskCandidates } from '../../../db/schema/work/matching.ts'
import { taskStateEvents } from '../../../db/schema/work/tasks.ts'
import { one } from '../../../db/unit.ts'
import { bookingOfTask } from '../bookings/bookings.ts'
import { taskVisibleTo } from './tasks.ts'

const taskEventRow = columnsOf(taskStateEvents)
export type TaskEventRow = RowOf<typeof taskEventRow>

/** For the owner and staff; its tasker sees the booking's history instead. */
export async function listTaskEvents(
  ctx: Context,
  taskId: string,
  page: PageRequest,
): Promise<TaskEventRow[]> {
  const { after, orderAndLimit } = oldestFirst(page, sql`e.id`)
  const mayRead = isStaff(ctx.actor) ? sql`true` : sql`t.client_id = ${userIdOf(ctx.actor)}::uuid`
  const rows = await ctx.db.read(rowsOf({ mayRead: bool, events: list(taskEventRow) })`
    select ${mayRead} as "mayRead", coalesce((select json_agg(p) from (
             select ${rowColumns(taskStateEvents, 'e')} from task_state_events e
              where e.task_id = t.id and ${after} ${orderAndLimit}) p), '[]') as events
      from tasks t left join lateral ${bookingOfTask} b on true
     where t.id = ${taskId} and ${taskVisibleTo(ctx.actor)}`)
  const { mayRead: allowed, events } = one(rows)
  if (!allowed) throw new Problem('forbidden')
  return events
}

const candidateRow = {
  ...pick(columnsOf(taskCandidates), 'taskerId', 'round', 'rank', 'score', 'explanation', 'createdAt'),
  taskerName: nullable(text),
  offer: nullable(pick(columnsOf(offers), 'id', 'wave', 'status')),
}
export type CandidateRow = RowOf<typeof candidateRow>

/**
 * Lists the taskers who were found for a task, in which order and why, and the outcome for each. Staff only: see the route's
 * policy.
 */
export async function listCandidates(
  ctx: Context,
  taskId: string,
  page: PageRequest,
): Promise<CandidateRow[]> {
  const { after, orderAndLimit } = keyset(page, [
    { by: sql`c.round`, type: 'integer', direction: 'asc' },
    { by: sql`c.rank`, type: 'integer', direction: 'asc' },
    { by: sql`c.tasker_id`, type: 'uuid', direction: 'asc' },
  ])
  const statement = rowsOf({ candidates: list(candidateRow) })`
    select coalesce((select json_agg(p) from (
             select c.tasker_id as "taskerId", u.full_name as "taskerName", c.round, c.rank, c.score, c.explanation,
                    case when o.id is not null then
                      json_build_object('id', o.id, 'wave', o.wave, 'status', o.status) end as offer,
                    ${isoTime(sql`c.created_at`)} as "createdAt"
               from task_candidates c join users u on u.id = c.tasker_id
               left join offers o on o.task_id = c.task_id and o.tasker_id = c.tasker_id and o.round = c.round
              where c.task_id = t.id and ${after} ${orderAndLimit}) p), '[]') as candidates
      from tasks t where t.id = ${taskId}`
  return one(await ctx.db.read(statement)).candidates
}
