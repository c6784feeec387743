import { type SQL, sql } from 'drizzle-orm'
import type { Context, UserActor } from '../../../core/context.ts'
import { type EventEnvelope, type EventRow, toEnvelope } from '../../../core/events.ts'
import { newId } from '../../../core/ids.ts'
import { isoTime, rowColumns } from '../../../db/json.ts'
import type { PageRequest } from '../../../db/keyset.ts'
import { listing } from '../../../db/listing.ts'
import { columnsOf, json, list, nullable, type RowOf, rowsOf, uuid } from '../../../db/rows.ts'
import { type WebhookAttempt, webhookDeliveries } from '../../../db/schema/platform/webhooks.ts'
import { one, type Statement } from '../../../db/unit.ts'
import type { Sample } from './samples.ts'

const deliveryRow = columnsOf(webhookDeliveries)
export type DeliveryRow = RowOf<typeof deliveryRow>

const deliveryView = (where: SQL): Statement<DeliveryRow> =>
  rowsOf(deliveryRow)`select ${rowColumns(webhookDeliveries, 'd')} from webhook_deliveries d where ${where}`

const ownSubscription = (ctx: Context<UserActor>, id: string): SQL =>
  sql`s.id = ${id} and s.user_id = ${ctx.actor.userId}`

export interface DeliveryFilter {
  status?: string | undefined
  /** Type of the event. */
  type?: string | undefined
  eventId?: string | undefined
}

/** Null where the subscription is not the caller's: an empty list of one's own is something else than a stranger's. */
export async function listDeliveries(
  ctx: Context<UserActor>,
  subscriptionId: string,
  { status, type, eventId }: DeliveryFilter,
  page: PageRequest,
): Promise<DeliveryRow[]> {
  const { within, orderAndLimit } = listing(page, 'd')
  const conditions = [
    sql`d.subscription_id = s.id and ${within}`,
    ...(status ? [sql`d.status = ${status}`] : []),
    ...(type ? [sql`d.event_type = ${type}`] : []),
    ...(eventId ? [sql`d.event_id = ${eventId}`] : []),
    // A member of staff who may no longer read every event does not read here what was never sent to them either.
    sql`khidma.may_hear(s.user_id, d.event_id)`,
  ]
  const [found] = await ctx.db.read(rowsOf({ deliveries: list(deliveryRow) })`
    select (select coalesce(json_agg(x), '[]') from (
             ${deliveryView(sql`${sql.join(conditions, sql` and `)} ${orderAndLimit}`)}) x) as deliveries
      from webhook_subscriptions s where ${ownSubscription(ctx, subscriptionId)}`)
  return one(found ? [found] : []).deliveries
}

/** The first round of an event to those that subscribe to it; a second run of this finds what the first wrote. */
export const planDeliveries = (event: EventRow, subscriptions: string[]): SQL[] =>
  subscriptions.length === 0
    ? []
    : [
        sql`insert into webhook_deliveries (id, subscription_id, event_id, event_type, payload)
            select d.id, d."subscriptionId", ${event.id}, ${event.type}, ${JSON.stringify(toEnvelope(event))}::jsonb
              from jsonb_to_recordset(${JSON.stringify(
                subscriptions.map((subscriptionId) => ({ id: newId(), subscriptionId })),
              )}::jsonb) as d (id uuid, "subscriptionId" uuid)
              join webhook_subscriptions s on s.id = d."subscriptionId"
            on conflict (subscription_id, event_id, round) do nothing`,
      ]

/** As JSON: ids of the deliveries of an event that nobody has tried yet. */
export const plannedDeliveries = (eventId: string): SQL => sql`
  (select coalesce(json_agg(d.id), '[]') from webhook_deliveries d
    where d.event_id = ${eventId} and d.round = 1 and d.status = 'pending')`

/** The same event once more, as a round of its own; also to an endpoint that was switched off. Only what its owner may still hear. */
export async function redeliver(
  ctx: Context<UserActor>,
  subscriptionId: string,
  deliveryId: string,
): Promise<DeliveryRow> {
  const id = newId(ctx.now.getTime())
  const again = sql`insert into webhook_deliveries (id, subscription_id, event_id, round, cause, event_type, payload)
    select ${id}, d.subscription_id, d.event_id,
           (select max(o.round) + 1 from webhook_deliveries o where o.subscription_id = d.subscription_id and o.event_id = d.event_id),
           'redelivery', d.event_type, d.payload
      from webhook_deliveries d join webhook_subscriptions s on s.id = d.subscription_id
     where d.id = ${deliveryId} and ${ownSubscription(ctx, subscriptionId)} and khidma.may_hear(s.user_id, d.event_id)`
  const lock = sql`select from webhook_subscriptions s where ${ownSubscription(ctx, subscriptionId)} for update`
  return one(await ctx.db.write([lock, again], deliveryView(sql`d.id = ${id}`)))
}

/** An event that never happened, marked as such, for this subscription alone: a sample of a type or, without one, `webhook.test`. */
export async function sendTestEvent(
  ctx: Context<UserActor>,
  subscriptionId: string,
  type: string,
  sample: Sample | null,
): Promise<DeliveryRow> {
  const [id, eventId] = [newId(ctx.now.getTime()), newId(ctx.now.getTime())]
  const object = sample
    ? sql`${JSON.stringify(sample.object)}::jsonb`
    : sql`jsonb_build_object('type', 'webhook', 'id', s.id, 'sequence', s.version)`
  const test = sql`insert into webhook_deliveries (id, subscription_id, event_id, cause, event_type, payload)
    select ${id}, s.id, ${eventId}, 'test', ${type}, jsonb_build_object('id', ${eventId}::text, 'type', ${type}::text,
           'createdAt', ${isoTime(sql`now()`)}, 'timestamp', ${isoTime(sql`now()`)}, 'sequence', 0, 'sample', true,
           'object', ${object}, 'data', ${JSON.stringify(sample?.data ?? {})}::jsonb)
      from webhook_subscriptions s where ${ownSubscription(ctx, subscriptionId)}`
  return one(await ctx.db.write([test], deliveryView(sql`d.id = ${id}`)))
}

export interface TakenDelivery {
  id: string
  eventId: string
  payload: EventEnvelope
  /** This attempt counted. */
  attempts: number
  webhookId: string
  url: string
  /** Time until the attempt may begin, where the endpoint has a rate. */
  waitMs: number
  /** Pauses in a row that the endpoint has called for, before this attempt. */
  throttles: number
  /** Sealed. */
  headers: string | null
  secret: string
  previousSecret: string | null
}

/** Endpoints whose last attempt timed out have a queue of their own. */
export type Speed = 'fast' | 'slow'

/** A delivery that is not taken leaves its place to the one that is woken. */
export type Taking =
  | { kind: 'taken'; delivery: TakenDelivery }
  | { kind: 'not_due'; inSeconds: number; woken?: string }
  | { kind: 'slow'; woken?: string }
  | { kind: 'over'; woken?: string }

/** Takes a pending delivery whose time has come, and for which there is a place, for one attempt (`khidma.take_delivery`). */
export async function takeDelivery(ctx: Context, deliveryId: string, speed: Speed): Promise<Taking> {
  const rows = await ctx.db.write(
    [
      sql`select set_config('khidma.taken', khidma.take_delivery(${deliveryId}, ${speed === 'slow'})::text, true)`,
    ],
    rowsOf({ taking: json<Taking>() })`select current_setting('khidma.taken')::json as taking`,
  )
  return one(rows).taking
}

/** Ends an attempt that failed before anything was sent: the delivery has its next one, or fails without it. Its endpoint's record stays as it was. */
export async function recordOwnFailure(
  ctx: Context,
  { id, attempts }: Pick<TakenDelivery, 'id' | 'attempts'>,
  retrySeconds: number | null,
): Promise<void> {
  const entry: WebhookAttempt = {
    at: ctx.now.toISOString(),
    status: null,
    durationMs: 0,
    error: 'not sent: a failure on our side',
  }
  await ctx.db.write([
    sql`update webhook_deliveries
           set status = case when ${retrySeconds}::int is null then 'failed' else 'pending' end,
               attempt_log = attempt_log || jsonb_build_array(${JSON.stringify(entry)}::jsonb),
               next_attempt_at = now() + make_interval(secs => coalesce(${retrySeconds}::int, 0)), taken_until = null
         where id = ${id} and attempts = ${attempts}::int and status = 'pending'`,
  ])
}

export interface AttemptResult {
  outcome: 'delivered' | 'retry' | 'failed' | 'gone'
  responseStatus: number | null
  responseBody: string | null
  attempt: WebhookAttempt
  retrySeconds: number | null
  timedOut: boolean
  /** The pause that the endpoint asks or calls for, for all that is sent to it. */
  pauseSeconds: number | null
  /** It only calls for one: how long is ours to say. */
  throttled: boolean
}

/** The delivery that waited for the place, if any. The outcome of an attempt that another has followed is not stored. */
export async function recordAttempt(
  ctx: Context,
  { id, attempts }: Pick<TakenDelivery, 'id' | 'attempts'>,
  result: AttemptResult,
): Promise<string | null> {
  const recorded = sql`khidma.record_attempt(${id}, ${attempts}::int, ${result.outcome}, ${result.responseStatus}::int,
      ${result.responseBody}, ${JSON.stringify(result.attempt)}::jsonb, ${result.retrySeconds}::int,
      ${result.timedOut}, ${result.pauseSeconds}::int, ${result.throttled})`
  const rows = await ctx.db.write(
    [sql`select set_config('khidma.taken', coalesce(${recorded}::text, ''), true)`],
    rowsOf({ woken: nullable(uuid) })`select nullif(current_setting('khidma.taken'), '')::uuid as woken`,
  )
  return one(rows).woken
}
