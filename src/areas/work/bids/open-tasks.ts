import { type SQL, sql } from 'drizzle-orm'
import type { Context, UserActor } from '../../../core/context.ts'
import { Problem } from '../../../core/problems.ts'
import { fixed, isoTime } from '../../../db/json.ts'
import { keyset, type PageRequest } from '../../../db/keyset.ts'
import {
  bool,
  columnsOf,
  int,
  list,
  nullable,
  number,
  pick,
  type RowOf,
  rowsOf,
  text,
  time,
  uuid,
} from '../../../db/rows.ts'
import { tasks } from '../../../db/schema/work/tasks.ts'
import { one, type Statement } from '../../../db/unit.ts'
import { coarse } from '../tasks/tasks.ts'

/** A task that takes bids, as any active tasker may see it: never the address, and a coarse place. */
const openTaskRow = {
  ...pick(
    columnsOf(tasks),
    'id',
    'category',
    'subcategory',
    'description',
    'city',
    'district',
    'lat',
    'lng',
    'startsAt',
    'flexibilityMinutes',
    'pricingModel',
    'estMinutes',
    'budgetMinAmount',
    'budgetMaxAmount',
    'estMinAmount',
    'estMaxAmount',
    'currency',
    'urgencyLevel',
    'locationType',
    'isRemote',
    'experienceLevel',
    'requirements',
    'skills',
  ),
  title: nullable(text),
  deadline: time,
  postedAt: time,
  /** Sort key of the row in the feed, to the microsecond. */
  postedKey: text,
  distanceKm: nullable(number),
  myBidId: nullable(uuid),
  isInvited: bool,
}
export type OpenTaskRow = RowOf<typeof openTaskRow>

const openTaskColumns = fixed(sql`
  t.id, t.category, t.subcategory, t.title, t.description, t.city, t.district, ${coarse(sql`t.lat`)} as lat, ${coarse(sql`t.lng`)} as lng,
  ${isoTime(sql`t.starts_at`)} as "startsAt", t.flexibility_minutes as "flexibilityMinutes", t.pricing_model as "pricingModel",
  t.est_minutes as "estMinutes", t.budget_min_amount as "budgetMinAmount", t.budget_max_amount as "budgetMaxAmount",
  t.est_min_amount as "estMinAmount", t.est_max_amount as "estMaxAmount", t.currency, t.urgency_level as "urgencyLevel",
  t.location_type as "locationType", t.is_remote as "isRemote", t.experience_level as "experienceLevel", t.requirements, t.skills,
  ${isoTime(sql`t.deadline`)} as deadline, ${isoTime(sql`o.posted_at`)} as "postedAt", o.posted_at::text as "postedKey"`)

/** The columns of task `t`, of its row `o` of the index, for a tasker who works around `center`. */
const columnsFor = (me: string, center: SQL): SQL => sql`${openTaskColumns},
  round(st_distance(o.place, ${center})::numeric / 500) / 2 as "distanceKm",
  (select b.id from bids b where b.task_id = t.id and b.tasker_id = ${me} and b.deleted_at is null order by b.id desc limit 1) as "myBidId",
  exists (select from bid_invitations i where i.task_id = t.id and i.tasker_id = ${me}) as "isInvited"`

/** The service area of the caller, as one row that may be empty. */
const myArea = (me: string): SQL => sql`
  select max(s.radius_km) * 1000 as radius_m,
         max(st_setsrid(st_makepoint(s.center_lng, s.center_lat), 4326)::text)::geography as center
    from tasker_service_areas s where s.tasker_id = ${me}`

const [myCenter, myRadius] = [sql`(select a.center from a)`, sql`(select a.radius_m from a)`]

export interface OpenTaskFilters {
  /** Words of title, description and category. */
  q?: string | undefined
  category?: string | undefined
  city?: string | undefined
  currency?: string | undefined
  /** Wanted by the task, whatever its case. */
  skill?: string | undefined
  /** Only tasks that want a skill of the caller's. */
  mySkills?: boolean | undefined
  /** Only tasks in the caller's service area. */
  inMyArea?: boolean | undefined
  lat?: number | undefined
  lng?: number | undefined
  radiusKm?: number | undefined
  /** Only tasks whose client would spend as much, in minor units. */
  minBudgetAmount?: number | undefined
  isRemote?: boolean | undefined
  postedSince?: string | undefined
}

/** Where nothing else is said of a place. */
const usualRadiusKm = 10

/** Some tasks are open to those alone who are invited. */
const letIn = (me: string): SQL => sql`khidma.is_let_in(t.id, t.invited_only, ${me}::uuid)`

/** Conditions that the caller may know that task `t` takes bids, but for whether they are an active tasker. */
const mayKnow = (me: string): SQL => sql`khidma.takes_bids(t) and ${letIn(me)} and t.client_id <> ${me}::uuid
  and not khidma.blocked_between(t.client_id, ${me}::uuid)`

interface Conditions {
  /** Conditions on rows `o` of the index. */
  ofIndex: SQL[]
  /** Conditions on their tasks `t`. */
  ofTask: SQL[]
}

function conditionsOf(me: string, filters: OpenTaskFilters): Conditions {
  const { category, city, currency, skill, mySkills, inMyArea, lat, lng, radiusKm, minBudgetAmount } = filters
  const { isRemote, postedSince, q } = filters
  if ((lat === undefined) !== (lng === undefined))
    throw new Problem('invalid_request', {
      errors: [
        { pointer: `query/${lat === undefined ? 'lat' : 'lng'}`, message: 'is required', code: 'required' },
      ],
    })
  const ofIndex = [sql`o.deadline > now()`]
  if (category) ofIndex.push(sql`${category} in (o.category, o.subcategory)`)
  if (currency) ofIndex.push(sql`o.currency = ${currency}`)
  if (skill) ofIndex.push(sql`o.skills @> array[lower(${skill})]`)
  if (mySkills)
    ofIndex.push(sql`o.skills && array(select lower(s.skill) from tasker_skills s where s.tasker_id = ${me})`)
  if (inMyArea) ofIndex.push(sql`st_dwithin(o.place, ${myCenter}, ${myRadius})`)
  if (lat !== undefined)
    ofIndex.push(sql`st_dwithin(o.place, st_setsrid(st_makepoint(${lng}, ${lat}), 4326)::geography,
      ${(radiusKm ?? usualRadiusKm) * 1_000}::double precision)`)
  if (minBudgetAmount !== undefined) ofIndex.push(sql`o.most_amount >= ${minBudgetAmount}`)
  if (isRemote !== undefined) ofIndex.push(sql`o.is_remote = ${isRemote}`)
  if (postedSince !== undefined) ofIndex.push(sql`o.posted_at >= ${postedSince}::timestamptz`)
  const ofTask: SQL[] = []
  if (q) ofTask.push(sql`khidma.matches_text(t.search_vector, ${q})`)
  if (city) ofTask.push(sql`lower(t.city) = lower(${city})`)
  return { ofIndex, ofTask }
}

const standing = { status: nullable(text) }

/** Taskers who may not work see no feed: what is listed can be bid on. */
function refuseInactive(status: string | null): void {
  if (status === null) throw new Problem('not_a_tasker')
  if (status !== 'active' && status !== 'at_risk')
    throw new Problem('tasker_not_active', { values: { status } })
}

/**
 * The tasks that take bids, the newest posted first. What the index tells is asked first, and sorted (`offset 0` keeps that apart); whether the caller
 * may know of a task, which takes many look-ups, is then asked in that order until the page is full, however many match.
 */
export async function listOpenTasks(
  ctx: Context<UserActor>,
  filters: OpenTaskFilters,
  page: PageRequest,
): Promise<OpenTaskRow[]> {
  const me = ctx.actor.userId
  const { after, orderAndLimit } = keyset(page, [
    { by: sql`o.posted_at`, type: 'timestamptz', direction: 'desc' },
    { by: sql`o.task_id`, type: 'uuid', direction: 'desc' },
  ])
  const { ofIndex, ofTask } = conditionsOf(me, filters)
  const tasksToo = ofTask.length > 0 ? sql` join tasks t on t.id = o.task_id` : sql``
  const matches = sql`select o.* from open_tasks o${tasksToo}
    where ${sql.join([...ofIndex, ...ofTask, after], sql` and `)} order by o.posted_at desc, o.task_id desc offset 0`
  const feed = sql`with a as materialized (${myArea(me)})
    select ${columnsFor(me, myCenter)} from (${matches}) o join tasks t on t.id = o.task_id
     where ${mayKnow(me)} ${orderAndLimit}`
  const { status, tasks: found } = one(
    await ctx.db.read(rowsOf({ ...standing, tasks: list(openTaskRow) })`
      select (select p.status from tasker_profiles p where p.user_id = ${me}) as status,
             coalesce((select json_agg(f) from (${feed}) f), '[]') as tasks`),
  )
  refuseInactive(status)
  return found
}

/** With the amounts of the other bids where bidding is open, the lowest first and without names; null where it is sealed. */
const openTaskDetail = { ...openTaskRow, otherAmounts: nullable(list(int)) }
export type OpenTaskDetail = RowOf<typeof openTaskDetail>

const detailFor = (me: string, taskId: string): Statement<OpenTaskDetail> => rowsOf(openTaskDetail)`
  with a as materialized (${myArea(me)})
  select ${columnsFor(me, myCenter)},
         case when khidma.config_of_task('bids.open', t.id) = 'true'::jsonb then
           coalesce((select json_agg(b.amount order by b.amount) from bids b
                      where b.task_id = t.id and b.tasker_id <> ${me}::uuid and b.status in ('pending', 'awarded')), '[]') end as "otherAmounts"
    from open_tasks o join tasks t on t.id = o.task_id
   where o.task_id = ${taskId} and ${mayBid(me)}`

/** Condition that the caller may know that task `t` takes bids: an active tasker, and not its client. */
export const mayBid = (me: string): SQL => sql`(${mayKnow(me)}
  and exists (select from tasker_profiles p where p.user_id = ${me} and p.status in ('active', 'at_risk')))`

export async function getOpenTask(ctx: Context<UserActor>, taskId: string): Promise<OpenTaskDetail> {
  return one(await ctx.db.read(detailFor(ctx.actor.userId, taskId)))
}
