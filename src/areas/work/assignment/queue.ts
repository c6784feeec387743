import { type SQL, sql } from 'drizzle-orm'
import type { Context } from '../../../core/context.ts'
import { isoTime } from '../../../db/json.ts'
import { keyset, type PageRequest } from '../../../db/keyset.ts'
import {
  bool,
  columnsOf,
  int,
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
import { assignmentStatus, bookingStatus } from '../../../db/schema/enums.ts'
import { clockKinds } from '../../../db/schema/work/assignment.ts'
import { type taskPriorities, tasks } from '../../../db/schema/work/tasks.ts'
import { one, type Statement } from '../../../db/unit.ts'
import { bookingOfTask } from '../bookings/bookings.ts'

/** States in which a task is in the queue of staff: open, and not over. */
export const queueStates = ['posted', 'matching', 'accepted', 'confirmed', 'in_progress', 'on_hold'] as const

const person = { id: uuid, name: nullable(text) }

const clockRow = {
  kind: oneOf(clockKinds),
  dueAt: time,
  pausedAt: nullable(time),
  isLate: bool,
}

/** A task as those who dispatch it see it. */
export const dispatchedTask = {
  ...pick(
    columnsOf(tasks),
    'id',
    'sourcing',
    'category',
    'subcategory',
    'title',
    'description',
    'city',
    'district',
    'startsAt',
    'estMinutes',
    'pricingModel',
    'estMinAmount',
    'estMaxAmount',
    'finalCostAmount',
    'currency',
    'priority',
    'urgencyLevel',
    'clientNotes',
    'internalNotes',
    'assignedAt',
    'state',
    'createdAt',
    'updatedAt',
    'version',
  ),
  /** Place in the order of priorities, the most urgent being 0. */
  rank: int,
  client: { ...person },
  assignedTo: nullable({ ...person }),
  booking: nullable({ id: uuid, status: oneOf(bookingStatus.enumValues) }),
  /** The newest assignment. */
  assignment: nullable({
    id: uuid,
    status: oneOf(assignmentStatus.enumValues),
    expiresAt: nullable(time),
  }),
  clocks: list(clockRow),
}
export type DispatchedTask = RowOf<typeof dispatchedTask>

/** The index `idx_tasks_queue` is on this. */
const rank = sql`(case t.priority when 'urgent' then 0 when 'high' then 1 when 'normal' then 2 else 3 end)`
const isQueued = sql.raw(`t.state in (${queueStates.map((state) => `'${state}'`).join(', ')})`)
const runningClocks = sql`task_clocks c where c.task_id = t.id and c.ended_at is null`

const taskView = (where: SQL, orderAndLimit: SQL = sql``): Statement<DispatchedTask> => rowsOf(
  dispatchedTask,
)`
  select t.id, t.sourcing, t.category, t.subcategory, t.title, t.description, t.city, t.district,
         ${isoTime(sql`t.starts_at`)} as "startsAt", t.est_minutes as "estMinutes", t.pricing_model as "pricingModel",
         t.est_min_amount as "estMinAmount", t.est_max_amount as "estMaxAmount", t.final_cost_amount as "finalCostAmount", t.currency,
         t.priority, t.urgency_level as "urgencyLevel", t.client_notes as "clientNotes", t.internal_notes as "internalNotes",
         ${isoTime(sql`t.assigned_at`)} as "assignedAt", t.state, ${isoTime(sql`t.created_at`)} as "createdAt",
         ${isoTime(sql`t.updated_at`)} as "updatedAt", t.version, ${rank} as rank,
         json_build_object('id', u.id, 'name', u.full_name) as client,
         case when a.id is not null then json_build_object('id', a.id, 'name', a.full_name) end as "assignedTo",
         case when b.id is not null then json_build_object('id', b.id, 'status', b.status) end as booking,
         case when g.id is not null
           then json_build_object('id', g.id, 'status', g.status, 'expiresAt', ${isoTime(sql`g.expires_at`)}) end as assignment,
         coalesce((select json_agg(json_build_object('kind', c.kind, 'dueAt', ${isoTime(sql`c.due_at`)},
                                     'pausedAt', ${isoTime(sql`c.paused_at`)},
                                     'isLate', c.breached_at is not null or khidma.is_late(c)) order by c.due_at)
                     from ${runningClocks}), '[]') as clocks
    from tasks t join users u on u.id = t.client_id
    left join users a on a.id = t.assigned_to
    left join lateral ${bookingOfTask} b on true
    left join lateral (select * from assignments n where n.task_id = t.id order by n.id desc limit 1) g on true
   where ${where} ${orderAndLimit}`

export const theDispatchedTask = (taskId: string | SQL): Statement<DispatchedTask> =>
  taskView(sql`t.id = ${taskId}`)

export const getTriage = async (ctx: Context, taskId: string): Promise<DispatchedTask> =>
  one(await ctx.db.read(theDispatchedTask(taskId)))

export interface QueueFilters {
  sourcing?: (typeof tasks.sourcing.enumValues)[number] | undefined
  state?: (typeof queueStates)[number] | undefined
  city?: string | undefined
  category?: string | undefined
  priority?: (typeof taskPriorities)[number] | undefined
  /** At least so urgent to the client. */
  urgencyLevel?: number | undefined
  assignedTo?: string | undefined
  isUnassigned?: boolean | undefined
  isLate?: boolean | undefined
}

/** The most urgent first, then the oldest. */
export function listQueue(
  ctx: Context,
  { sourcing, state, city, category, priority, urgencyLevel, assignedTo, isUnassigned, isLate }: QueueFilters,
  page: PageRequest,
): Promise<DispatchedTask[]> {
  const { after, orderAndLimit } = keyset(page, [
    { by: rank, type: 'integer', direction: 'asc' },
    { by: sql`t.id`, type: 'uuid', direction: 'asc' },
  ])
  const conditions = [after, isQueued]
  if (sourcing) conditions.push(sql`t.sourcing = ${sourcing}`)
  if (state) conditions.push(sql`t.state = ${state}`)
  if (city) conditions.push(sql`t.city = ${city}`)
  if (category) conditions.push(sql`t.category = ${category}`)
  if (priority) conditions.push(sql`t.priority = ${priority}`)
  if (urgencyLevel) conditions.push(sql`t.urgency_level >= ${urgencyLevel}`)
  if (assignedTo) conditions.push(sql`t.assigned_to = ${assignedTo}`)
  if (isUnassigned !== undefined) conditions.push(sql`(t.assigned_to is null) = ${isUnassigned}`)
  if (isLate !== undefined)
    conditions.push(
      sql`exists (select from ${runningClocks} and (c.breached_at is not null or khidma.is_late(c))) = ${isLate}`,
    )
  return ctx.db.read(taskView(sql.join(conditions, sql` and `), orderAndLimit))
}
