import { type SQL, sql } from 'drizzle-orm'
import { type Actor, type Context, isStaff, type UserActor, userIdOf } from '../../../core/context.ts'
import { newId } from '../../../core/ids.ts'
import { isoTime, rowColumns } from '../../../db/json.ts'
import type { PageRequest } from '../../../db/keyset.ts'
import { listing } from '../../../db/listing.ts'
import { assignments } from '../../../db/patch.ts'
import {
  columnsOf,
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
import { bids, type ProposedMilestone } from '../../../db/schema/work/bids.ts'
import { tasks } from '../../../db/schema/work/tasks.ts'
import { textArray } from '../../../db/sql.ts'
import { one, type Statement } from '../../../db/unit.ts'
import { type BidStatus, bidMachine } from './machine.ts'
import { refuseContacts } from './moderated.ts'

const bidTask = {
  ...pick(
    columnsOf(tasks),
    'id',
    'category',
    'city',
    'district',
    'startsAt',
    'pricingModel',
    'estMinutes',
    'currency',
    'state',
  ),
  title: nullable(text),
  deadline: nullable(time),
}

/** A bid as both of its parties see it; `b` is the bid and `t` its task. */
export const bidRow = {
  ...columnsOf(bids),
  /** The status at this instant: past its time a bid has expired, before the sweep writes it down. */
  statusNow: oneOf(bidMachine.states),
  clientId: uuid,
  bookingId: nullable(uuid),
  portfolioMediaIds: list(uuid),
  task: bidTask,
}
export type BidRow = RowOf<typeof bidRow>

export const bidColumns: SQL = sql`
  ${rowColumns(bids, 'b')}, khidma.bid_status_now(b, t.deadline) as "statusNow", t.client_id as "clientId",
  (select k.id from bookings k where k.bid_id = b.id) as "bookingId",
  coalesce((select json_agg(f.media_id order by f.position) from bid_portfolio f where f.bid_id = b.id), '[]') as "portfolioMediaIds",
  json_build_object('id', t.id, 'title', t.title, 'category', t.category, 'city', t.city, 'district', t.district,
    'startsAt', ${isoTime(sql`t.starts_at`)}, 'deadline', ${isoTime(sql`t.deadline`)}, 'pricingModel', t.pricing_model,
    'estMinutes', t.est_minutes, 'currency', t.currency, 'state', t.state) as task`

/** Condition that a bid `b` on task `t` is visible: to its tasker, the client and staff. To others it does not exist. */
export function bidVisibleTo(actor: Actor): SQL {
  if (isStaff(actor) || actor.kind === 'system') return sql`true`
  return sql`${userIdOf(actor)}::uuid in (b.tasker_id, t.client_id)`
}

export const bidView = (actor: Actor, where: SQL, orderAndLimit: SQL = sql``): Statement<BidRow> => rowsOf(
  bidRow,
)`
  select ${bidColumns} from bids b join tasks t on t.id = b.task_id
   where b.deleted_at is null and ${bidVisibleTo(actor)} and (${where}) ${orderAndLimit}`

export const theBid = (actor: Actor, bidId: string): Statement<BidRow> => bidView(actor, sql`b.id = ${bidId}`)

/** Returns the caller's party to a bid, as its machine names it. */
export function bidPartyOf(actor: Actor, bid: { clientId: string; taskerId: string }): string | null {
  if (isStaff(actor)) return 'ops'
  const userId = userIdOf(actor)
  if (userId === bid.taskerId) return 'tasker'
  return userId === bid.clientId ? 'client' : null
}

export async function getBid(ctx: Context, bidId: string): Promise<BidRow> {
  return one(await ctx.db.read(theBid(ctx.actor, bidId)))
}

export interface BidFilters {
  status?: BidStatus | undefined
  taskId?: string | undefined
  taskerId?: string | undefined
}

/** The caller's own, as their tasker; staff see all. Clients compare those of one task (`comparison.ts`). */
export function listBids(
  ctx: Context,
  { status, taskId, taskerId }: BidFilters,
  page: PageRequest,
): Promise<BidRow[]> {
  const { within, orderAndLimit } = listing(page, 'b')
  const conditions = [within]
  if (!isStaff(ctx.actor)) conditions.push(sql`b.tasker_id = ${userIdOf(ctx.actor)}::uuid`)
  if (status) conditions.push(sql`khidma.bid_status_now(b, t.deadline) = ${status}`)
  if (taskId) conditions.push(sql`b.task_id = ${taskId}`)
  if (taskerId) conditions.push(sql`b.tasker_id = ${taskerId}`)
  return ctx.db.read(bidView(ctx.actor, sql.join(conditions, sql` and `), orderAndLimit))
}

export interface BidTerms {
  /** For an hour or for the whole, as the task is priced; minor units of the task's currency. */
  amount: number
  minutes: number
  message: string
  milestones: ProposedMilestone[]
  upfrontBasisPoints: number
  /** Uploaded files of the tasker's own. */
  portfolioMediaIds: string[]
}

/** Texts of a bid, by the field of the request that they came in. */
function refuseTexts({ message, milestones }: Partial<BidTerms>): void {
  refuseContacts({ message, milestones: milestones?.map(({ title }) => title).join('\n') })
}

const milestonesJson = (milestones: ProposedMilestone[]): SQL => sql`${JSON.stringify(milestones)}::jsonb`

/**
 * Effects that make a bid. The task, then the tasker, are locked before anything is read: the task cannot be won, canceled or expire while
 * the bid is made. The seat under the limit of the day is taken in the same transaction.
 */
const bidding = (
  { actor: { userId: me } }: Context<UserActor>,
  taskId: string,
  id: string,
  made: SQL[],
): SQL[] => [
  sql`select from tasks where id = ${taskId} for update`,
  sql`select from tasker_profiles where user_id = ${me} for update`,
  sql`select khidma.refuse_bid(${taskId}::uuid, ${me}::uuid)`,
  ...made,
  sql`select khidma.claim('bids.a_day', ${me}::uuid, ${id}::uuid, khidma.bids_a_day(${taskId}::uuid, ${me}::uuid),
             khidma.end_of_day_of(${me}::uuid))`,
]

export async function createBid(
  ctx: Context<UserActor>,
  taskId: string,
  { portfolioMediaIds, ...terms }: BidTerms,
): Promise<BidRow> {
  refuseTexts(terms)
  const me = ctx.actor.userId
  const id = newId(ctx.now.getTime())
  const effects = bidding(ctx, taskId, id, [
    sql`insert into bids (id, task_id, tasker_id, amount, currency, minutes, message, milestones, upfront_basis_points)
        select ${id}, t.id, ${me}::uuid, ${terms.amount}, t.currency, ${terms.minutes}, ${terms.message},
               ${milestonesJson(terms.milestones)}, ${terms.upfrontBasisPoints}
          from tasks t where t.id = ${taskId}`,
    sql`select khidma.refuse_milestones(${id}::uuid)`,
    ...showPortfolio(id, me, portfolioMediaIds),
  ])
  return one(await ctx.db.write(effects, theBid(ctx.actor, id)))
}

/** The price is worked out as for an offer of matching, and nothing is written: one tap. */
export async function bidAtOwnRate(ctx: Context<UserActor>, taskId: string): Promise<BidRow> {
  const id = newId(ctx.now.getTime())
  return one(
    await ctx.db.write(
      bidding(ctx, taskId, id, [
        sql`select khidma.bid_at_own_rate(${id}::uuid, ${taskId}::uuid, ${ctx.actor.userId}::uuid)`,
      ]),
      theBid(ctx.actor, id),
    ),
  )
}

/** Files of others are refused as if they did not exist; the trigger refuses those that were not uploaded. */
const showPortfolio = (bidId: string, me: string, mediaIds: string[]): SQL[] => [
  sql`delete from bid_portfolio where bid_id = ${bidId}`,
  sql`insert into bid_portfolio (bid_id, position, media_id)
      select ${bidId}::uuid, f.position, m.id from unnest(${textArray(mediaIds)}::uuid[]) with ordinality f (id, position)
        join media_files m on m.id = f.id and m.user_id = ${me}::uuid and m.kind in ('image', 'document')`,
  sql`select khidma.refuse(422, 'media_refused', '{"field": "portfolioMediaIds"}')
       where (select count(*) from bid_portfolio where bid_id = ${bidId}) <> ${mediaIds.length}`,
]

/** Pending bids only. New terms end a counter-offer, which was made for the old ones. */
export async function updateBid(
  ctx: Context<UserActor>,
  bidId: string,
  { portfolioMediaIds, milestones, ...fields }: { [K in keyof BidTerms]?: BidTerms[K] | undefined },
  expectedVersion: number | null,
): Promise<BidRow> {
  refuseTexts({ ...(fields.message && { message: fields.message }), ...(milestones && { milestones }) })
  const changesTerms = fields.amount !== undefined || fields.minutes !== undefined
  const changes = assignments(bids, {
    ...fields,
    ...(milestones && { milestones: milestonesJson(milestones) }),
    affirmedAt: sql`now()`,
    ...(changesTerms && noCounter),
  })
  const effects = [
    sql`select khidma.begin_change_of_bid(${bidId}::uuid, 'tasker', ${expectedVersion}::int)`,
    sql`update bids set ${changes} where id = ${bidId}`,
    sql`select khidma.refuse_milestones(${bidId}::uuid)`,
    ...(portfolioMediaIds ? showPortfolio(bidId, ctx.actor.userId, portfolioMediaIds) : []),
    sql`select khidma.tell_of_bid(${bidId}::uuid, 'bid.updated')`,
  ]
  return one(await ctx.db.write(effects, theBid(ctx.actor, bidId)))
}

export const noCounter = { counterAmount: sql`null`, counterMinutes: sql`null`, counteredAt: sql`null` }

/** From `pending`, or an award that the tasker does not accept. */
export async function withdrawBid(ctx: Context<UserActor>, bidId: string): Promise<BidRow> {
  const effects = [
    sql`select khidma.lock_bid(${bidId}::uuid, 'tasker')`,
    sql`update bids set status = 'withdrawn' where id = ${bidId}`,
  ]
  return one(await ctx.db.write(effects, theBid(ctx.actor, bidId)))
}
