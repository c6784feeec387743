import { type SQL, sql } from 'drizzle-orm'
import { type Actor, type Context, isStaff, type UserActor, userIdOf } from '../../../core/context.ts'
import { newId } from '../../../core/ids.ts'
import { fixed, isoTime } from '../../../db/json.ts'
import type { PageRequest } from '../../../db/keyset.ts'
import { listing } from '../../../db/listing.ts'
import { assignments, insertion } from '../../../db/patch.ts'
import { columnsOf, nullable, omit, type RowOf, rowsOf, text, uuid } from '../../../db/rows.ts'
import { tasks } from '../../../db/schema/work/tasks.ts'
import { one } from '../../../db/unit.ts'
import { amountFor, priceBandOf } from '../../money/pricing/price-estimates.ts'
import { isActive, slugsStand } from '../../supply/catalog/categories.ts'
import { cancelBookingOf, refuseHigherFee } from '../bookings/bookings.ts'
import type { TaskState } from './machine.ts'

/** A task as its caller may see it: the address is for its client, its tasker and staff. */
const taskRow = {
  ...omit(columnsOf(tasks), 'location', 'priceBandId'),
  address: nullable(text),
  bookingId: nullable(uuid),
  /** The booking's tasker. */
  taskerId: nullable(uuid),
}
export type TaskRow = RowOf<typeof taskRow>

export type StructuredInputs = Record<string, string | number | boolean | string[]>

export interface TaskFields {
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
}

export type NewTask = TaskFields & { category: string; city: string; startsAt: string; estMinutes: number }

/** Condition that the caller sees all of task `t`, whose booking (or none) is `b`. */
const fullyVisibleTo = (actor: Actor): SQL => {
  if (isStaff(actor) || actor.kind === 'system') return sql`true`
  const me = sql`${userIdOf(actor)}::uuid`
  return sql`(t.client_id = ${me} or coalesce(b.tasker_id = ${me} and b.status <> 'offered', false))`
}

/** And who sees that it is there: a tasker with an open offer too. */
export const taskVisibleTo = (
  actor: Actor,
): SQL => sql`(${fullyVisibleTo(actor)} or exists (select from offers o
  where o.task_id = t.id and o.tasker_id = ${userIdOf(actor)}::uuid and o.status = 'pending'))`

/** To about a kilometre. */
export const coarse = (degrees: SQL): SQL => sql`round((${degrees})::numeric, 2)::double precision`

const taskColumns = fixed(sql`
         t.id, t.client_id as "clientId", t.sourcing, t.category, t.subcategory, t.description,
         case when full_view then t.address end as address, t.city, t.district,
         case when full_view then t.lat else ${coarse(sql`t.lat`)} end as lat,
         case when full_view then t.lng else ${coarse(sql`t.lng`)} end as lng,
         ${isoTime(sql`t.starts_at`)} as "startsAt", t.flexibility_minutes as "flexibilityMinutes",
         t.pricing_model as "pricingModel", t.est_minutes as "estMinutes", t.est_min_amount as "estMinAmount",
         t.est_max_amount as "estMaxAmount", t.currency, t.structured_inputs as "structuredInputs", t.state, t.version,
         ${isoTime(sql`t.created_at`)} as "createdAt", ${isoTime(sql`t.updated_at`)} as "updatedAt",
         b.id as "bookingId", b.tasker_id as "taskerId"`)

const taskView = (actor: Actor, where: SQL, orderAndLimit: SQL = sql``) => rowsOf(taskRow)`
  select ${taskColumns}
    from tasks t left join bookings b on b.task_id = t.id
   cross join lateral (select ${fullyVisibleTo(actor)}) seen (full_view)
   where ${taskVisibleTo(actor)} and (${where}) ${orderAndLimit}`

const theTask = (ctx: Context, taskId: string) => taskView(ctx.actor, sql`t.id = ${taskId}`)

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
}

export function listTasks(
  ctx: Context,
  { state, role, clientId, taskerId }: TaskFilters,
  page: PageRequest,
): Promise<TaskRow[]> {
  const { within, orderAndLimit } = listing(page, 't')
  const me = userIdOf(ctx.actor)
  const conditions = [within]
  if (state) conditions.push(sql`t.state = ${state}`)
  if (clientId) conditions.push(sql`t.client_id = ${clientId}`)
  const bookedFor = (userId: string | null) => sql`select task_id from bookings where tasker_id = ${userId}`
  if (taskerId) conditions.push(sql`t.id in (${bookedFor(taskerId)})`)
  const asClient = sql`select id from tasks where client_id = ${me}`
  const asTasker = bookedFor(me)
  if (role === 'client') conditions.push(sql`t.client_id = ${me}`)
  else if (role === 'tasker') conditions.push(sql`t.id in (${asTasker})`)
  // By two indexes, rather than by asking every task there is whose it may be.
  else if (!isStaff(ctx.actor)) conditions.push(sql`t.id in (${asClient} union all ${asTasker})`)
  return ctx.db.read(taskView(ctx.actor, sql.join(conditions, sql` and `), orderAndLimit))
}

export async function createTask(ctx: Context<UserActor>, fields: NewTask): Promise<TaskRow> {
  const id = newId(ctx.now.getTime())
  const { category, subcategory, city, estMinutes, startsAt } = fields
  const band = priceBandOf(sql`c.slug = ${subcategory ?? category}`, city)
  const row = {
    id,
    clientId: ctx.actor.userId,
    ...valuesOf({ ...unsaid, ...fields }),
    ...estimateFrom(estMinutes),
  }
  const effects = [
    slugsStand([category]),
    refuseStraySubcategory(sql`${category}`, sql`${subcategory ?? null}::text`),
    refuseUnplannable(sql`${startsAt}::timestamptz`),
    sql`insert into tasks ${insertion(tasks, row, sql`(${band}) band`)}`,
    sql`select khidma.refuse(404, 'price_unavailable') where not exists (select from tasks where id = ${id})`,
  ]
  return one(await ctx.db.write(effects, theTask(ctx, id)))
}

/** Values of what a new task leaves out, so that every creation is one and the same statement (`src/db/plans.ts`). */
const unsaid = {
  subcategory: null,
  district: null,
  flexibilityMinutes: 0,
  pricingModel: 'hourly',
  structuredInputs: {},
} as const

/** Drafts only. What the price hangs on takes the price along. */
export async function updateTask(
  ctx: Context,
  taskId: string,
  fields: TaskFields,
  expectedVersion: number | null,
): Promise<TaskRow> {
  const effects = [refuseUnknown(taskId), lockDraft(ctx, taskId, expectedVersion)]
  const now = (value: string | number | null | undefined, column: string): SQL =>
    value === undefined
      ? sql`(select t.${sql.raw(column)} from tasks t where t.id = ${taskId})`
      : sql`${value}::${sql.raw(column === 'est_minutes' ? 'int' : 'text')}`
  const category = now(fields.category, 'category')
  const subcategory = now(fields.subcategory, 'subcategory')
  const band = priceBandOf(sql`c.slug = coalesce(${subcategory}, ${category})`, now(fields.city, 'city'))
  const { estMinutes, startsAt } = fields
  const isRecategorised = fields.category !== undefined || fields.subcategory !== undefined
  const isRepriced = isRecategorised || fields.city !== undefined || estMinutes !== undefined

  if (startsAt !== undefined) effects.push(refuseUnplannable(sql`${startsAt}::timestamptz`))
  if (isRecategorised) effects.push(slugsStand([category]), refuseStraySubcategory(category, subcategory))
  if (isRepriced) effects.push(refusePriceless(band))
  const estimate = isRepriced ? estimateFrom(now(estMinutes, 'est_minutes')) : {}
  const changes = assignments(tasks, { ...valuesOf(fields), ...estimate })
  const fromBand = isRepriced ? sql`from (${band}) band` : sql``
  if (changes) effects.push(sql`update tasks set ${changes} ${fromBand} where tasks.id = ${taskId}`)
  return one(await ctx.db.write(effects, theTask(ctx, taskId)))
}

const valuesOf = ({ startsAt, structuredInputs, ...columns }: TaskFields) => ({
  ...columns,
  startsAt: startsAt === undefined ? undefined : sql`${startsAt}::timestamptz`,
  structuredInputs:
    structuredInputs === undefined ? undefined : sql`${JSON.stringify(structuredInputs)}::jsonb`,
})

const estimateFrom = (minutes: SQL | number) => ({
  priceBandId: sql`band.id::text`,
  estMinAmount: amountFor(minutes, sql`band.min_amount`),
  estMaxAmount: amountFor(minutes, sql`band.max_amount`),
  currency: sql`band.currency`,
})

/** Strangers pass this by: for them the result is empty, and that is 404. */
const refuseUnknown = (taskId: string): SQL =>
  sql`select khidma.refuse(404, 'not_found') where not exists (select from tasks where id = ${taskId})`

const lockDraft = (ctx: Context, taskId: string, expectedVersion: number | null): SQL => sql`
  select case when not ${isStaff(ctx.actor)}::boolean and t.client_id <> ${userIdOf(ctx.actor)}::uuid
              then khidma.refuse(case when ${taskVisibleTo(ctx.actor)} then 403 else 404 end,
                                 case when ${taskVisibleTo(ctx.actor)} then 'forbidden' else 'not_found' end)
              when t.state <> 'draft' then khidma.refuse(409, 'not_editable')
              else khidma.assert_version(t.version, ${expectedVersion}) end
    from tasks t left join bookings b on b.task_id = t.id where t.id = ${taskId} for update of t`

const refuseStraySubcategory = (category: SQL, subcategory: SQL): SQL => sql`
  select khidma.refuse(422, 'unknown_category', '{"field":"subcategory"}') where ${subcategory} is not null and not exists (
    select from task_categories s join task_categories c on c.id = s.parent_id
     where s.slug = ${subcategory} and c.slug = ${category} and ${isActive(sql`s.id`)})`

const refuseUnplannable = (startsAt: SQL): SQL => sql`
  select khidma.refuse(422, 'starts_at_refused') where ${startsAt} <= now() or ${startsAt} > now() + interval '1 year'`

const refusePriceless = (band: SQL): SQL =>
  sql`select khidma.refuse(404, 'price_unavailable') where not exists (${band})`

/** Strangers, other parties and other states are refused by the trigger. */
export async function postTask(ctx: Context, taskId: string): Promise<TaskRow> {
  const effects = [
    sql`select khidma.refuse(422, 'starts_at_refused') from tasks t
         where t.id = ${taskId} and t.client_id = ${userIdOf(ctx.actor)} and t.state = 'draft' and t.starts_at <= now()`,
    sql`update tasks set state = 'posted' where id = ${taskId}`,
  ]
  return one(await ctx.db.write(effects, theTask(ctx, taskId)))
}

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
         where b.task_id = ${taskId} and b.tasker_id = ${userIdOf(ctx.actor)}::uuid`,
    ...refuseHigherFee(sql`b.task_id = ${taskId}`, acceptFee),
    sql`select khidma.give_reason(${reason})`,
    sql`update tasks set state = 'canceled_by_client'
         where id = ${taskId} and not exists (${booked} and b.status <> 'offered')`,
    cancelBookingOf(taskId, reason),
  ]
  return one(await ctx.db.write(effects, theTask(ctx, taskId)))
}

/** The search for its tasker begins; a task that is sourced otherwise, or no longer posted, stays as it is. */
export const beginMatching = (taskId: string): SQL =>
  sql`update tasks set state = 'matching' where id = ${taskId} and state = 'posted' and sourcing = 'match'`

/** Nobody took them. `which` is a condition on the table itself. */
export const expireTasks = (which: SQL): SQL =>
  sql`update tasks set state = 'expired' where ${which} and state in ('posted', 'matching')`
