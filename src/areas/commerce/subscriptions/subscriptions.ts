import { type SQL, sql } from 'drizzle-orm'
import { type Context, isStaff, type UserActor, userIdOf } from '../../../core/context.ts'
import { newId } from '../../../core/ids.ts'
import { isoTime, rowColumns } from '../../../db/json.ts'
import { newestFirst, type PageRequest } from '../../../db/keyset.ts'
import { listing } from '../../../db/listing.ts'
import {
  bool,
  columnsOf,
  int,
  json,
  list,
  nullable,
  oneOf,
  type RowOf,
  rowsOf,
  text,
  time,
  uuid,
} from '../../../db/rows.ts'
import {
  type Cycle,
  chargeOutcomes,
  type PlanFeatures,
  subscriptionCharges,
  subscriptions,
} from '../../../db/schema/commerce/subscriptions.ts'
import { one, type Statement } from '../../../db/unit.ts'
import { isAdmitted } from '../../people/companies/members.ts'
import { lockAccount } from '../../people/profiles/own-rows.ts'
import type { SubscriptionStatus } from './machine.ts'

const subscriptionRow = { ...columnsOf(subscriptions), features: json<PlanFeatures>(), isInForce: bool }
export type SubscriptionRow = RowOf<typeof subscriptionRow>

/** `isInForce`: whether the plan gives what it gives now. */
const subscriptionView = (where: SQL): Statement<SubscriptionRow> => rowsOf(subscriptionRow)`
  select ${rowColumns(subscriptions, 's')},
         (s.status in ('trialing', 'active') or s.status = 'past_due' and s.grace_until > khidma.clock_of(s)) as "isInForce"
    from subscriptions s where ${where}`

const ownOf = (ctx: Context<UserActor>, id: string): SQL =>
  sql`s.id = ${id} and s.user_id = ${ctx.actor.userId}`

export function listOwnSubscriptions(ctx: Context<UserActor>, page: PageRequest): Promise<SubscriptionRow[]> {
  const { after, orderAndLimit } = newestFirst(page, sql`s.id`)
  return ctx.db.read(subscriptionView(sql`s.user_id = ${ctx.actor.userId} and ${after} ${orderAndLimit}`))
}

export interface SubscriptionFilters {
  status?: SubscriptionStatus | undefined
  planId?: string | undefined
  userId?: string | undefined
}

export function listSubscriptions(
  ctx: Context,
  { status, planId, userId }: SubscriptionFilters,
  page: PageRequest,
): Promise<SubscriptionRow[]> {
  const { within, orderAndLimit } = listing(page, 's')
  const conditions = [within]
  if (status) conditions.push(sql`s.status = ${status}`)
  if (planId) conditions.push(sql`s.plan_id = ${planId}`)
  if (userId) conditions.push(sql`s.user_id = ${userId}`)
  return ctx.db.read(subscriptionView(sql`${sql.join(conditions, sql` and `)} ${orderAndLimit}`))
}

/** Condition that the caller may read a subscription `s`: its owner, and staff. */
const isReadable = (ctx: Context): SQL =>
  isStaff(ctx.actor)
    ? sql`true`
    : sql`(s.user_id = ${userIdOf(ctx.actor)} or ${isAdmitted(ctx.actor, sql`s.user_id`, 'subscribe')})`

export async function getSubscription(ctx: Context, id: string): Promise<SubscriptionRow> {
  return one(await ctx.db.read(subscriptionView(sql`s.id = ${id} and ${isReadable(ctx)}`)))
}

export interface Choice {
  planId: string
  cycle: Cycle
}

export async function subscribe(
  ctx: Context<UserActor>,
  { planId, cycle, storedMethodId }: Choice & { storedMethodId: string | null },
): Promise<SubscriptionRow> {
  const id = newId(ctx.now.getTime())
  const effects = [
    ...lockAccount(ctx.actor.userId),
    sql`select khidma.open_subscription(${id}, ${planId}, ${cycle}, ${storedMethodId}::uuid)`,
  ]
  return one(await ctx.db.write(effects, subscriptionView(ownOf(ctx, id))))
}

const changed = async (ctx: Context<UserActor>, id: string, effects: SQL[]): Promise<SubscriptionRow> =>
  one(
    await ctx.db.write(
      [...lockAccount(ctx.actor.userId), sql`select khidma.lock_subscription(${id})`, ...effects],
      subscriptionView(ownOf(ctx, id)),
    ),
  )

export interface SubscriptionPatch {
  storedMethodId?: string | null | undefined
  cancelsAtPeriodEnd?: boolean | undefined
}

export const updateSubscription = (
  ctx: Context<UserActor>,
  id: string,
  { storedMethodId, cancelsAtPeriodEnd }: SubscriptionPatch,
  expectedVersion: number | null,
): Promise<SubscriptionRow> =>
  changed(ctx, id, [
    sql`select khidma.assert_version(s.version, ${expectedVersion}) from subscriptions s where s.id = ${id}`,
    sql`select khidma.refuse(409, 'subscription_ended') from subscriptions s where s.id = ${id} and s.status = 'ended'`,
    ...(storedMethodId === undefined
      ? []
      : [
          sql`select khidma.refuse_method(${ctx.actor.userId}::uuid, ${storedMethodId}::uuid)`,
          sql`update subscriptions set stored_method_id = ${storedMethodId}::uuid where id = ${id}`,
        ]),
    ...(cancelsAtPeriodEnd === undefined
      ? []
      : [
          cancelsAtPeriodEnd
            ? sql`select khidma.cancel_subscription(${id}, 'period_end')`
            : sql`update subscriptions set cancels_at_period_end = false where id = ${id}`,
        ]),
  ])

/** One that has nothing left to use ends now, whatever was asked for: no more is tried, and what was open is void. */
export const cancelSubscription = (
  ctx: Context<UserActor>,
  id: string,
  when: 'now' | 'period_end',
): Promise<SubscriptionRow> => changed(ctx, id, [sql`select khidma.cancel_subscription(${id}, ${when})`])

export const pauseSubscription = (
  ctx: Context<UserActor>,
  id: string,
  until: string | null,
): Promise<SubscriptionRow> =>
  changed(ctx, id, [sql`select khidma.pause_subscription(${id}, ${until}::timestamptz)`])

export const resumeSubscription = (ctx: Context<UserActor>, id: string): Promise<SubscriptionRow> =>
  changed(ctx, id, [sql`select khidma.resume_own_subscription(${id})`])

export const changePlan = (
  ctx: Context<UserActor>,
  id: string,
  { planId, cycle }: Choice,
  when: 'now' | 'period_end',
): Promise<SubscriptionRow> =>
  changed(ctx, id, [sql`select khidma.change_subscription(${id}, ${planId}, ${cycle}, ${when})`])

const costsRow = { due: int, unused: int, currency: text, periodEnd: time }
export type ChangeCosts = RowOf<typeof costsRow>

/** The costs of a change now. */
export async function previewChange(
  ctx: Context<UserActor>,
  id: string,
  { planId, cycle }: Choice,
): Promise<ChangeCosts> {
  return one(
    await ctx.db.read(rowsOf(costsRow)`
      select c.due, c.unused, s.currency, ${isoTime(sql`c.period_end`)} as "periodEnd"
        from subscriptions s cross join lateral khidma.sold_plan(${planId}, ${cycle}, s.user_id) p
       cross join lateral khidma.change_costs(s, p, ${cycle}) c where ${ownOf(ctx, id)}`),
  )
}

/** Tries an open charge again, with the method of now. */
export const payNow = (ctx: Context<UserActor>, id: string): Promise<SubscriptionRow> =>
  changed(ctx, id, [sql`select khidma.pay_subscription(${id})`])

const attemptRow = {
  id: uuid,
  at: time,
  orderId: nullable(uuid),
  outcome: nullable(oneOf(chargeOutcomes)),
  failureCode: nullable(text),
}
const chargeRow = { ...columnsOf(subscriptionCharges), attempted: list(attemptRow) }
const timelineRow = {
  id: uuid,
  now: time,
  status: oneOf(['pending', 'trialing', 'active', 'past_due', 'paused', 'ended']),
  periodEnd: time,
  cancelsAtPeriodEnd: bool,
  graceUntil: nullable(time),
  fallsTo: nullable(uuid),
  charges: list(chargeRow),
}
export type TimelineRow = RowOf<typeof timelineRow>

/** The last charges with every attempt at them, and what is due next. */
export async function getTimeline(ctx: Context, id: string): Promise<TimelineRow> {
  return one(
    await ctx.db.read(rowsOf(timelineRow)`
      select s.id, ${isoTime(sql`khidma.clock_of(s)`)} as now, s.status, ${isoTime(sql`s.period_end`)} as "periodEnd",
             s.cancels_at_period_end as "cancelsAtPeriodEnd", ${isoTime(sql`s.grace_until`)} as "graceUntil", p.falls_to as "fallsTo",
             (select coalesce(json_agg(x order by x.id desc), '[]') from (
                select ${rowColumns(subscriptionCharges, 'c')},
                       (select coalesce(json_agg(json_build_object('id', a.id, 'at', ${isoTime(sql`a.at`)}, 'orderId', a.document_id,
                                 'outcome', a.outcome, 'failureCode', a.failure_code) order by a.id), '[]')
                          from subscription_attempts a where a.charge_id = c.id) as attempted
                  from subscription_charges c where c.subscription_id = s.id order by c.id desc limit 24) x) as charges
        from subscriptions s join plans p on p.id = s.plan_id where s.id = ${id} and ${isReadable(ctx)}`),
  )
}
