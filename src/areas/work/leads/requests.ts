import { type SQL, sql } from 'drizzle-orm'
import { type Actor, type Context, isStaff, type UserActor, userIdOf } from '../../../core/context.ts'
import { newId } from '../../../core/ids.ts'
import { isoTime, rowColumns } from '../../../db/json.ts'
import { newestFirst, type PageRequest } from '../../../db/keyset.ts'
import { listing } from '../../../db/listing.ts'
import {
  columnsOf,
  json,
  list,
  nullable,
  oneOf,
  pick,
  type RowOf,
  rowsOf,
  text,
  uuid,
} from '../../../db/rows.ts'
import { type LeadPrice, leadRequests } from '../../../db/schema/work/leads.ts'
import { tasks } from '../../../db/schema/work/tasks.ts'
import { one, type Statement } from '../../../db/unit.ts'
import { readableByClient } from '../bids/asking.ts'
import { refuseContacts } from '../bids/moderated.ts'
import { openBooking } from '../bookings/openings.ts'
import { type LeadRequestStatus, leadRequestMachine } from './machine.ts'

const requestRow = {
  ...columnsOf(leadRequests),
  price: json<LeadPrice>(),
  /** The status at this instant: past its time a request has expired, before the sweep writes it down. */
  statusNow: oneOf(leadRequestMachine.states),
  clientId: uuid,
  bookingId: nullable(uuid),
  conversationId: nullable(uuid),
  task: {
    ...pick(columnsOf(tasks), 'id', 'category', 'city', 'startsAt', 'pricingModel', 'state'),
    title: nullable(text),
  },
}
export type LeadRequestRow = RowOf<typeof requestRow>

const requestColumns: SQL = sql`
  ${rowColumns(leadRequests, 'r')}, khidma.lead_request_status_now(r) as "statusNow", t.client_id as "clientId",
  case when r.status = 'accepted' then (select b.id from bookings b
    where b.task_id = r.task_id and b.tasker_id = r.tasker_id and b.task_round = l.round order by b.id desc limit 1) end as "bookingId",
  (select c.id from conversations c where c.lead_request_id = r.id) as "conversationId",
  json_build_object('id', t.id, 'title', t.title, 'category', t.category, 'city', t.city, 'startsAt', ${isoTime(sql`t.starts_at`)},
    'pricingModel', t.pricing_model, 'state', t.state) as task`

/** Visible to its tasker, the client and staff. To others it does not exist. */
function visibleTo(actor: Actor): SQL {
  if (isStaff(actor) || actor.kind === 'system') return sql`true`
  return sql`${userIdOf(actor)}::uuid in (r.tasker_id, t.client_id)`
}

const requestView = (actor: Actor, where: SQL, orderAndLimit = sql``): Statement<LeadRequestRow> =>
  rowsOf(requestRow)`
  select ${requestColumns} from lead_requests r join leads l on l.id = r.lead_id join tasks t on t.id = r.task_id
   where ${visibleTo(actor)} and ${where} ${orderAndLimit}`

const theRequest = (actor: Actor, id: string): Statement<LeadRequestRow> =>
  requestView(actor, sql`r.id = ${id}`)

/** Returns the caller's party to a request, as its machine names it. */
export function partyOf(
  actor: Actor,
  { clientId, taskerId }: { clientId: string; taskerId: string },
): string | null {
  if (isStaff(actor)) return 'ops'
  const userId = userIdOf(actor)
  if (userId === taskerId) return 'tasker'
  return userId === clientId ? 'client' : null
}

export async function getLeadRequest(ctx: Context, id: string): Promise<LeadRequestRow> {
  return one(await ctx.db.read(theRequest(ctx.actor, id)))
}

export interface LeadRequestFilters {
  status?: LeadRequestStatus | undefined
  taskId?: string | undefined
}

/** The caller's own, as their tasker; staff see all. */
export function listLeadRequests(
  ctx: Context,
  { status, taskId }: LeadRequestFilters,
  page: PageRequest,
): Promise<LeadRequestRow[]> {
  const { within, orderAndLimit } = listing(page, 'r')
  const conditions = [within]
  if (!isStaff(ctx.actor)) conditions.push(sql`r.tasker_id = ${userIdOf(ctx.actor)}::uuid`)
  if (status) conditions.push(sql`khidma.lead_request_status_now(r) = ${status}`)
  if (taskId) conditions.push(sql`r.task_id = ${taskId}`)
  return ctx.db.read(requestView(ctx.actor, sql.join(conditions, sql` and `), orderAndLimit))
}

/** Those for a task. One row for the task that holds the page, so that an unknown task (404) differs from one without requests. */
export async function listRequestsOfTask(
  ctx: Context,
  taskId: string,
  page: PageRequest,
): Promise<LeadRequestRow[]> {
  const { after, orderAndLimit } = newestFirst(page, sql`r.id`)
  const found = sql`
    select ${requestColumns} from lead_requests r join leads l on l.id = r.lead_id where r.task_id = t.id and ${after} ${orderAndLimit}`
  const rows = await ctx.db.read(rowsOf({ requests: list(requestRow) })`
    select coalesce((select json_agg(f) from (${found}) f), '[]') as requests
      from tasks t where t.id = ${taskId} and ${readableByClient(ctx)}`)
  return one(rows).requests
}

export interface LeadRequestTerms {
  message: string
  /** For an hour or for the whole, as the task is priced; minor units of the task's currency. */
  amount: number
  minutes: number | null
  /** Price that the tasker has seen. */
  credits: number
}

/** Takes a seat, freezes the price and holds the credits. */
export async function requestLead(
  ctx: Context<UserActor>,
  leadId: string,
  { message, amount, minutes, credits }: LeadRequestTerms,
): Promise<LeadRequestRow> {
  refuseContacts({ message })
  const id = newId(ctx.now.getTime())
  const request = sql`
    select khidma.request_lead(${id}, ${leadId}, ${ctx.actor.userId}, ${message}, ${amount}, ${minutes}::int, ${credits})`
  return one(await ctx.db.write([request], theRequest(ctx.actor, id)))
}

/** The client's first words: the credits are spent, and the conversation of the two opens with them. Contacts open with the acceptance alone. */
export async function replyToRequest(
  ctx: Context<UserActor>,
  id: string,
  reply: string,
): Promise<LeadRequestRow> {
  refuseContacts({ text: reply })
  const effects = [
    sql`select khidma.begin_lead_answer(${id}::uuid)`,
    sql`update lead_requests set status = 'replied', reply = ${reply} where id = ${id}`,
  ]
  return one(await ctx.db.write(effects, theRequest(ctx.actor, id)))
}

/**
 * The client accepts: the credits are spent, and the booking is made, at the price and for the minutes of the request. Once it is there,
 * triggers move the task, close the lead and end the other requests, in this transaction.
 */
export async function acceptRequest(ctx: Context<UserActor>, id: string): Promise<LeadRequestRow> {
  const effects = [
    sql`select khidma.begin_lead_answer(${id}::uuid)`,
    sql`update lead_requests set status = 'accepted' where id = ${id}`,
    openBooking(sql`
      select ${newId(ctx.now.getTime())}::uuid, r.task_id, r.tasker_id, null::bigint, null::text, 'accepted', r.amount, r.minutes
        from lead_requests r where r.id = ${id} and r.accepted_at = now()`),
  ]
  return one(await ctx.db.write(effects, theRequest(ctx.actor, id)))
}

export async function declineRequest(
  ctx: Context<UserActor>,
  id: string,
  reason: string,
): Promise<LeadRequestRow> {
  refuseContacts({ reason })
  const effects = [
    sql`select khidma.lock_lead_request(${id}::uuid, 'client')`,
    sql`update lead_requests set status = 'rejected', declined_at = now(), decline_reason = ${reason} where id = ${id}`,
  ]
  return one(await ctx.db.write(effects, theRequest(ctx.actor, id)))
}

export async function withdrawRequest(ctx: Context<UserActor>, id: string): Promise<LeadRequestRow> {
  const effects = [
    sql`select khidma.lock_lead_request(${id}::uuid, 'tasker')`,
    sql`update lead_requests set status = 'withdrawn' where id = ${id}`,
  ]
  return one(await ctx.db.write(effects, theRequest(ctx.actor, id)))
}
