import { type SQL, sql } from 'drizzle-orm'
import { type Actor, type Context, isStaff, userIdOf } from '../../../core/context.ts'
import { fixed, isoTime } from '../../../db/json.ts'
import type { PageRequest } from '../../../db/keyset.ts'
import { listing } from '../../../db/listing.ts'
import {
  bool,
  columnsOf,
  int,
  list,
  nullable,
  omit,
  type RowOf,
  rowsOf,
  text,
  uuid,
} from '../../../db/rows.ts'
import { type experienceLevels, type locationTypes, tasks } from '../../../db/schema/work/tasks.ts'
import { one } from '../../../db/unit.ts'
import { isActive } from '../../supply/catalog/categories.ts'
import { bookingOfTask, cancelBookingOf, refuseHigherFee } from '../bookings/bookings.ts'
import type { ChosenAddon } from './chosen-addons.ts'
import type { TaskState } from './machine.ts'

/** A task as its caller may see it: the address is for its client, its tasker and staff. */
export const taskRow = {
  ...omit(
    columnsOf(tasks),
    'location',
    'priceBandId',
    'internalNotes',
    'assignedTo',
    'assignedAt',
    'finalCostAmount',
    'inputsVersion',
    'firstInLine',
    'searchVector',
    'ladder',
    'rung',
  ),
  address: nullable(text),
  photos: list({ id: uuid, mediaId: uuid, caption: nullable(text), isPrimary: bool }),
  addons: list({ addonId: uuid, quantity: int, priceAmount: int, minutes: int }),
  bookingId: nullable(uuid),
  /** The booking's tasker. */
  taskerId: nullable(uuid),
}
export type TaskRow = RowOf<typeof taskRow>

export type StructuredInputs = Record<string, string | number | boolean | string[]>

export interface TaskFields {
  title?: string | null | undefined
  /** Minor units of the task's currency. */
  budgetMinAmount?: number | null | undefined
  budgetMaxAmount?: number | null | undefined
  urgencyLevel?: number | undefined
  locationType?: (typeof locationTypes)[number] | undefined
  isRemote?: boolean | undefined
  /** Local date and time on the wall of `timezone`. */
  preferredDate?: string | null | undefined
  preferredTime?: string | null | undefined
  timezone?: string | null | undefined
  /** RFC 3339, UTC. */
  deadline?: string | null | undefined
  experienceLevel?: (typeof experienceLevels)[number] | null | undefined
  requirements?: string[] | undefined
  skills?: string[] | undefined
  clientNotes?: string | null | undefined
  category?: string | undefined
  subcategory?: string | null | undefined
  description?: string | undefined
  address?: string | undefined
  city?: string | undefined
  district?: string | null | undefined
  lat?: number | undefined
  lng?: number | undefined
  /** RFC 3339, UTC. */
  startsAt?: string | undefined
  flexibilityMinutes?: number | undefined
  pricingModel?: 'hourly' | 'fixed' | undefined
  estMinutes?: number | undefined
  structuredInputs?: StructuredInputs | undefined
  /** A saved address in place of `address`, `city`, `district`, `lat` and `lng`: those are copied from it. */
  addressId?: string | undefined
  /** All that are wanted, in place of those before. */
  addons?: ChosenAddon[] | undefined
  autoRematch?: boolean | undefined
}

export type NewTask = TaskFields & {
  sourcing?: 'match' | 'bid' | 'lead' | 'assign' | undefined
  category: string
  startsAt: string
  estMinutes: number
}

/** Condition that the caller sees all of task `t`, whose booking (or none) is `b`. */
const fullyVisibleTo = (actor: Actor): SQL => {
  if (isStaff(actor) || actor.kind === 'system') return sql`true`
  const me = sql`${userIdOf(actor)}::uuid`
  return sql`(t.client_id = ${me} or coalesce(b.tasker_id = ${me} and b.status <> 'offered', false))`
}

/** And who sees that it is there: whoever is asked about it too. `khidma.may_see_task` is the same question without a caller. */
export const taskVisibleTo = (actor: Actor): SQL =>
  sql`(${fullyVisibleTo(actor)} or khidma.is_asked_about_task(t.id, ${userIdOf(actor)}::uuid))`

/** To about a kilometre. */
export const coarse = (degrees: SQL): SQL => sql`round((${degrees})::numeric, 2)::double precision`

/** For a select list, over `taskSource`. */
export const taskColumns = fixed(sql`
         t.id, t.client_id as "clientId", t.sourcing, t.category, t.subcategory, t.title, t.description,
         t.budget_min_amount as "budgetMinAmount", t.budget_max_amount as "budgetMaxAmount", t.priority,
         t.urgency_level as "urgencyLevel", t.location_type as "locationType", t.is_remote as "isRemote",
         t.preferred_date as "preferredDate", to_char(t.preferred_time, 'HH24:MI') as "preferredTime", t.timezone,
         ${isoTime(sql`t.deadline`)} as deadline, t.experience_level as "experienceLevel", t.requirements, t.skills,
         case when full_view then t.client_notes end as "clientNotes",
         case when full_view then t.address end as address, t.city, t.district,
         case when full_view then t.lat else ${coarse(sql`t.lat`)} end as lat,
         case when full_view then t.lng else ${coarse(sql`t.lng`)} end as lng,
         ${isoTime(sql`t.starts_at`)} as "startsAt", t.flexibility_minutes as "flexibilityMinutes",
         t.pricing_model as "pricingModel", t.est_minutes as "estMinutes", t.est_min_amount as "estMinAmount",
         t.est_max_amount as "estMaxAmount", t.currency, t.structured_inputs as "structuredInputs", t.state, t.version,
         ${isoTime(sql`t.created_at`)} as "createdAt", ${isoTime(sql`t.updated_at`)} as "updatedAt",
         b.id as "bookingId", b.tasker_id as "taskerId", case when full_view then t.address_id end as "addressId",
         t.addons_amount as "addonsAmount", t.addons_minutes as "addonsMinutes", t.round, t.auto_rematch as "autoRematch",
         ${isoTime(sql`t.climbs_at`)} as "climbsAt", t.invited_only as "invitedOnly",
         t.copied_from as "copiedFrom", t.series_id as "seriesId", t.series_day as "seriesDay",
         t.service_id as "serviceId", t.service_terms as "serviceTerms",
         ${isoTime(sql`t.deleted_at`)} as "deletedAt", ${isoTime(sql`t.restored_at`)} as "restoredAt",
         coalesce((select json_agg(json_build_object('id', p.id, 'mediaId', p.media_id, 'caption', p.caption, 'isPrimary', p.is_primary)
                                   order by p.sort_order, p.id)
            from task_photos p where p.task_id = t.id and (p.deleted_at is null or p.deleted_at = t.deleted_at)), '[]') as photos,
         coalesce((select json_agg(json_build_object('addonId', x.addon_id, 'quantity', x.quantity, 'priceAmount', x.price_amount,
                                                     'minutes', x.minutes) order by x.id)
            from task_addons x where x.task_id = t.id and (x.deleted_at is null or x.deleted_at = t.deleted_at)), '[]') as addons`)

/** Tasks `t` with their booking `b`, as the caller may see them. */
export const taskSource = (actor: Actor): SQL => sql`
  tasks t left join lateral ${bookingOfTask} b on true
   cross join lateral (select ${fullyVisibleTo(actor)}) seen (full_view)`

export const taskView = (actor: Actor, where: SQL, orderAndLimit: SQL = sql``) => rowsOf(taskRow)`
  select ${taskColumns} from ${taskSource(actor)}
   where ${taskVisibleTo(actor)} and (${where}) ${orderAndLimit}`

export const theTask = (ctx: Context, taskId: string) => taskView(ctx.actor, sql`t.id = ${taskId}`)

/** Returns the caller's party to a task, as its machine names it. */
export function taskPartyOf(
  actor: Actor,
  task: { clientId: string; taskerId: string | null },
): 'client' | 'tasker' | 'ops' | null {
  if (isStaff(actor)) return 'ops'
  const userId = userIdOf(actor)
  if (userId === task.clientId) return 'client'
  return userId !== null && userId === task.taskerId ? 'tasker' : null
}

export async function getTask(ctx: Context, taskId: string): Promise<TaskRow> {
  return one(await ctx.db.read(theTask(ctx, taskId)))
}

export interface TaskFilters {
  state?: TaskState | undefined
  /** Only tasks in which the caller has this part. */
  role?: 'client' | 'tasker' | undefined
  clientId?: string | undefined
  taskerId?: string | undefined
  /** Those that were deleted, in place of the others: for their client and staff. */
  deleted?: boolean | undefined
}

export function listTasks(
  ctx: Context,
  { state, role, clientId, taskerId, deleted = false }: TaskFilters,
  page: PageRequest,
): Promise<TaskRow[]> {
  const { within, orderAndLimit } = listing(page, 't')
  const me = userIdOf(ctx.actor)
  const isHere = deleted ? sql`t.deleted_at is not null` : sql`t.deleted_at is null`
  const conditions = [within, isHere]
  if (deleted && !isStaff(ctx.actor)) conditions.push(sql`t.client_id = ${me}`)
  if (state) conditions.push(sql`t.state = ${state}`)
  if (clientId) conditions.push(sql`t.client_id = ${clientId}`)
  const bookedFor = (userId: string | null) => sql`select task_id from bookings where tasker_id = ${userId}`
  if (taskerId) conditions.push(sql`t.id in (${bookedFor(taskerId)})`)
  const asClient = sql`select t.id from tasks t where t.client_id = ${me} and ${isHere}`
  const asTasker = bookedFor(me)
  if (role === 'client') conditions.push(sql`t.client_id = ${me}`)
  else if (role === 'tasker') conditions.push(sql`t.id in (${asTasker})`)
  // By two indexes, rather than by asking every task there is whose it may be.
  else if (!isStaff(ctx.actor)) conditions.push(sql`t.id in (${asClient} union all ${asTasker})`)
  return ctx.db.read(taskView(ctx.actor, sql.join(conditions, sql` and `), orderAndLimit))
}

/** Strangers, other parties and other states are refused by the trigger. */
export const postTask = async (ctx: Context, taskId: string): Promise<TaskRow> =>
  one(await ctx.db.write(postingOf(ctx, taskId), theTask(ctx, taskId)))

/** Posts a draft of the caller. */
export function postingOf(ctx: Context, taskId: string): SQL[] {
  const mine = sql`t.id = ${taskId} and t.client_id = ${userIdOf(ctx.actor)} and t.state = 'draft' and t.deleted_at is null`
  return [
    sql`select khidma.refuse(422, 'starts_at_refused') from tasks t where ${mine} and t.starts_at <= now()`,
    refuseInactiveCategory(mine),
    refuseUnbiddable(mine),
    sql`update tasks t set state = 'posted', inputs_version = case when ${mine}
          then khidma.check_inputs(t.category, t.subcategory, t.structured_inputs, true) else t.inputs_version end
         where t.id = ${taskId}`,
  ]
}

/** Moves a draft to the start of a time. */
export const startAt = (taskId: string, startsAt: SQL): SQL =>
  sql`update tasks t set starts_at = ${startsAt} where t.id = ${taskId} and t.starts_at <> ${startsAt}`

/** Strangers pass this by: for them the result is empty, and that is 404. */
export const refuseUnknown = (taskId: string): SQL =>
  sql`select khidma.refuse(404, 'not_found') where not exists (select from tasks where id = ${taskId})`

/** Taskers who bid need to know what is wanted, and until when. */
export const refuseUnbiddable = (which: SQL): SQL => sql`
  select case when t.title is null then khidma.refuse(422, 'title_required')
              when t.deadline is null or t.deadline <= now() or t.deadline > t.starts_at then khidma.refuse(422, 'deadline_refused') end
    from tasks t where ${which} and t.sourcing in ('bid', 'lead')`

/** A category may have gone since the tasks `t` of `which` were drafted. */
export const refuseInactiveCategory = (which: SQL): SQL => sql`
  select khidma.refuse(422, 'unknown_category') from tasks t where ${which} and not exists (
    select from task_categories c where c.slug = coalesce(t.subcategory, t.category) and ${isActive(sql`c.id`)})`

/**
 * With its booking where there is one (whose trigger takes the task along), else by itself. The locks make sure that
 * "there is none" still holds when the task changes: whoever accepts an offer locks the task first.
 */
export async function cancelTask(
  ctx: Context,
  taskId: string,
  reason: string,
  acceptFee?: number,
): Promise<TaskRow> {
  const booked = sql`select from bookings b where b.task_id = ${taskId}`
  const effects = [
    sql`${booked} for update`,
    sql`select from tasks where id = ${taskId} for update`,
    // The booking's tasker may cancel the booking, and has an operation for it.
    sql`select khidma.refuse(403, 'forbidden') from bookings b
         where b.task_id = ${taskId} and b.status <> 'canceled' and b.tasker_id = ${userIdOf(ctx.actor)}::uuid`,
    ...refuseHigherFee(sql`b.task_id = ${taskId} and b.status <> 'canceled'`, acceptFee),
    sql`select khidma.give_reason(${reason})`,
    sql`update tasks set state = 'canceled_by_client'
         where id = ${taskId} and not exists (${booked} and b.status not in ('offered', 'canceled'))`,
    cancelBookingOf(taskId, reason),
  ]
  return one(await ctx.db.write(effects, theTask(ctx, taskId)))
}

/** The search for its tasker begins; a task that is sourced otherwise, or no longer posted, stays as it is. */
export const beginMatching = (taskId: string, round: number): SQL =>
  sql`update tasks set state = 'matching'
       where id = ${taskId} and round = ${round} and state = 'posted' and sourcing = 'match' and ${isUnbooked(sql`tasks.id`)}`

/** Condition that no tasker has the task, or is asked directly whether they take it. */
export const isUnbooked = (taskId: SQL): SQL =>
  sql`not exists (select from bookings b where b.task_id = ${taskId} and b.status <> 'canceled')`

/** Nobody took them. `which` is a condition on the table itself. */
export const expireTasks = (which: SQL): SQL =>
  sql`update tasks set state = 'expired' where ${which} and state in ('posted', 'matching')`

/**
 * Effects by which staff stop, continue or give up the work on a task, with the reason that its parties read. The booking is locked first. It
 * stays as it is while the task is on hold, and a task goes on in the state of its booking; one that fails takes its booking along.
 */
export const holdTask = (taskId: string, reason: string): SQL[] => [
  ...lockWithBooking(taskId, reason),
  sql`update tasks set state = 'on_hold' where id = ${taskId}`,
]

export const resumeTask = (taskId: string, reason: string): SQL[] => [
  ...lockWithBooking(taskId, reason),
  sql`update tasks t set state = case when exists (select from bookings b where b.task_id = t.id and b.status = 'confirmed')
                                      then 'confirmed' else 'in_progress' end::task_state where t.id = ${taskId}`,
]

export const failTask = (taskId: string, reason: string): SQL[] => [
  ...lockWithBooking(taskId, reason),
  sql`update tasks set state = 'failed' where id = ${taskId}`,
  // The booking of work that never began is canceled instead: that has a fee policy, and an operation.
  sql`select khidma.refuse(409, 'work_not_begun') from bookings b where b.task_id = ${taskId} and b.status = 'confirmed'`,
]

const lockWithBooking = (taskId: string, reason: string): SQL[] => [
  sql`select from bookings where task_id = ${taskId} for update`,
  refuseUnknown(taskId),
  sql`select khidma.give_reason(${reason})`,
]
