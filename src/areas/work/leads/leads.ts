import { type SQL, sql } from 'drizzle-orm'
import type { Context, UserActor } from '../../../core/context.ts'
import { Problem } from '../../../core/problems.ts'
import { fixed, isoTime, rowColumns } from '../../../db/json.ts'
import { keyset, type PageRequest } from '../../../db/keyset.ts'
import {
  columnsOf,
  int,
  json,
  list,
  nullable,
  pick,
  type RowOf,
  rowsOf,
  text,
  time,
  uuid,
} from '../../../db/rows.ts'
import { type LeadPrice, leads } from '../../../db/schema/work/leads.ts'
import { tasks } from '../../../db/schema/work/tasks.ts'
import { one, type Statement } from '../../../db/unit.ts'
import { readableByClient } from '../bids/asking.ts'
import { coarse } from '../tasks/tasks.ts'

/** An open lead, as any tasker of its category may see it: never the address, nor the client. */
const openLeadRow = {
  id: uuid,
  taskId: uuid,
  ...pick(
    columnsOf(tasks),
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
    'currency',
    'isRemote',
    'skills',
  ),
  title: nullable(text),
  deadline: time,
  openedAt: time,
  /** Sort key of the row in the feed, to the microsecond. */
  openedKey: text,
  price: json<LeadPrice>(),
  seats: int,
  seatsTaken: int,
  myRequestId: nullable(uuid),
}
export type OpenLeadRow = RowOf<typeof openLeadRow>

const openLeadColumns = fixed(sql`
  l.id, t.id as "taskId", t.category, t.subcategory, t.title, t.description, t.city, t.district, ${coarse(sql`t.lat`)} as lat,
  ${coarse(sql`t.lng`)} as lng, ${isoTime(sql`t.starts_at`)} as "startsAt", t.flexibility_minutes as "flexibilityMinutes",
  t.pricing_model as "pricingModel", t.est_minutes as "estMinutes", t.budget_min_amount as "budgetMinAmount",
  t.budget_max_amount as "budgetMaxAmount", t.currency, t.is_remote as "isRemote", t.skills, ${isoTime(sql`t.deadline`)} as deadline,
  ${isoTime(sql`l.opened_at`)} as "openedAt", l.opened_at::text as "openedKey", khidma.price_of_lead(l) as price,
  khidma.config_of_task('leads.seats', t.id)::int as seats,
  (select count(*)::int from claims c where c.limit_id = 'leads.seats' and c.subject = t.id and c.status <> 'returned') as "seatsTaken"`)

const openLeadsOf = (me: string, where: SQL, orderAndLimit = sql``): SQL => sql`
  select ${openLeadColumns},
         (select r.id from lead_requests r where r.lead_id = l.id and r.tasker_id = ${me} order by r.id desc limit 1) as "myRequestId"
    from leads l join tasks t on t.id = l.task_id
   where l.status = 'open' and khidma.takes_lead_requests(t, l) and khidma.is_lead_for(t, ${me}::uuid) and ${where} ${orderAndLimit}`

export interface LeadFilters {
  category?: string | undefined
  city?: string | undefined
}

/** Open leads of the caller's categories, the newest first. Taskers who may not work see none: what is listed can be asked for. */
export async function listLeads(
  ctx: Context<UserActor>,
  { category, city }: LeadFilters,
  page: PageRequest,
): Promise<OpenLeadRow[]> {
  const me = ctx.actor.userId
  const { after, orderAndLimit } = keyset(page, [
    { by: sql`l.opened_at`, type: 'timestamptz', direction: 'desc' },
    { by: sql`l.id`, type: 'uuid', direction: 'desc' },
  ])
  const conditions = [after]
  if (category) conditions.push(sql`${category} in (t.category, t.subcategory)`)
  if (city) conditions.push(sql`lower(t.city) = lower(${city})`)
  const { status, found } = one(
    await ctx.db.read(rowsOf({ status: nullable(text), found: list(openLeadRow) })`
      select (select p.status from tasker_profiles p where p.user_id = ${me}) as status,
             coalesce((select json_agg(f) from (${openLeadsOf(me, sql.join(conditions, sql` and `), orderAndLimit)}) f), '[]') as found`),
  )
  if (status === null) throw new Problem('not_a_tasker')
  if (status !== 'active' && status !== 'at_risk')
    throw new Problem('tasker_not_active', { values: { status } })
  return found
}

/** With its price now, which a request freezes. */
export async function getLead(ctx: Context<UserActor>, leadId: string): Promise<OpenLeadRow> {
  const me = ctx.actor.userId
  const active = sql`exists (select from tasker_profiles p where p.user_id = ${me} and p.status in ('active', 'at_risk'))`
  return one(await ctx.db.read(rowsOf(openLeadRow)`${openLeadsOf(me, sql`l.id = ${leadId} and ${active}`)}`))
}

const leadRow = { ...columnsOf(leads), seats: int, requests: int }
export type LeadRow = RowOf<typeof leadRow>

const leadView = (where: SQL): Statement<LeadRow> => rowsOf(leadRow)`
  select ${rowColumns(leads, 'l')}, khidma.config_of_task('leads.seats', t.id)::int as seats,
         (select count(*)::int from lead_requests r where r.lead_id = l.id) as requests
    from leads l join tasks t on t.id = l.task_id where ${where}`

/** The latest search of a task, for its client and staff. */
export async function getLeadOfTask(ctx: Context, taskId: string): Promise<LeadRow> {
  return one(
    await ctx.db.read(
      leadView(sql`t.id = ${taskId} and ${readableByClient(ctx)} order by l.round desc limit 1`),
    ),
  )
}

export async function approveLead(ctx: Context<UserActor>, leadId: string): Promise<LeadRow> {
  const effects = [lockTaskOf(leadId), sql`update leads set status = 'open' where id = ${leadId}`]
  return one(await ctx.db.write(effects, leadView(sql`l.id = ${leadId}`)))
}

/** The task is canceled with it, with the reason. */
export async function rejectLead(ctx: Context<UserActor>, leadId: string, reason: string): Promise<LeadRow> {
  const effects = [
    lockTaskOf(leadId),
    sql`update leads set status = 'rejected', reject_reason = ${reason} where id = ${leadId}`,
  ]
  return one(await ctx.db.write(effects, leadView(sql`l.id = ${leadId}`)))
}

const lockTaskOf = (leadId: string): SQL =>
  sql`select from tasks where id = (select l.task_id from leads l where l.id = ${leadId}) for update`
