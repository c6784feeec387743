import { type SQL, sql } from 'drizzle-orm'
import { type Actor, type Context, isStaff, userIdOf } from '../../../core/context.ts'
import { isoTime, rowColumns } from '../../../db/json.ts'
import type { PageRequest } from '../../../db/keyset.ts'
import { listing } from '../../../db/listing.ts'
import {
  bool,
  columnsOf,
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
import { paymentIntents } from '../../../db/schema/money/payments.ts'
import { bookingDeadlines, bookings } from '../../../db/schema/work/bookings.ts'
import { tasks } from '../../../db/schema/work/tasks.ts'
import { one, type Statement } from '../../../db/unit.ts'
import { clientPreferences, personShown, preferencesOf, shownPerson } from '../../people/profiles/shown.ts'
import { evidence } from './life/evidence.ts'
import type { BookingStatus } from './machine.ts'

const bookedTask = pick(
  columnsOf(tasks),
  'category',
  'description',
  'address',
  'city',
  'district',
  'lat',
  'lng',
  'startsAt',
  'pricingModel',
  'estMinutes',
  'estMinAmount',
  'estMaxAmount',
  'currency',
  'state',
)

/** The price of a booking, as `khidma.explained_fare` tells it. Amounts are minor units of `currency`. */
export interface ExplainedFare {
  pricingModel: 'hourly' | 'fixed'
  currency: string
  rateAmount: number | null
  agreedMinutes: number
  minimumMinutes: number
  maximumAmount: number | null
  estimate: { leastAmount: number; expectedAmount: number; mostAmount: number | null } | null
  final: {
    workedMinutes: number
    billedMinutes: number | null
    baseAmount: number
    amount: number
    rule: FareRule
  } | null
  /** Part of the estimate and of the fare, beside the work. */
  addonsAmount: number
  addonsMinutes: number
  commission: {
    basisPoints: number
    minimumAmount: number
    maximumAmount: number | null
    amount: number | null
  }
}

export const fareRules = ['fixed', 'time', 'minimum', 'maximum', 'final_cost'] as const
export type FareRule = (typeof fareRules)[number]

/** A booking with what both of its parties need to see of it: the task, each other, the chat, how it is paid. */
export const bookingRow = {
  ...columnsOf(bookings),
  scheduledFrom: time,
  scheduledUntil: time,
  /** Null for a canceled booking. */
  fare: nullable(json<ExplainedFare>()),
  /** Null while nobody can be reported missing. */
  noShowFrom: nullable(time),
  clientName: nullable(text),
  clientShown: shownPerson,
  taskerName: nullable(text),
  taskerShown: shownPerson,
  /** Null while the booking is only offered, and once it is canceled. */
  clientPreferences: nullable(clientPreferences),
  /** Null while the booking is only offered. */
  conversationId: nullable(uuid),
  task: bookedTask,
  payment: nullable(pick(columnsOf(paymentIntents), 'id', 'method', 'status')),
  /** The latest one. */
  disputeId: nullable(uuid),
  /** Those that are open, the next one first. */
  deadlines: list(pick(columnsOf(bookingDeadlines), 'kind', 'dueAt')),
  /** Its time to be confirmed, or started, is over: it lapses as soon as the sweep finds it. */
  isOver: bool,
}
export type BookingRow = RowOf<typeof bookingRow>

/** Condition that a booking `b` is visible: to its two parties, staff, and the system. To others it does not exist. */
export function bookingVisibleTo(actor: Actor): SQL {
  if (isStaff(actor) || actor.kind === 'system') return sql`true`
  return sql`${userIdOf(actor)}::uuid in (b.client_id, b.tasker_id)`
}

/**
 * Bookings as their `get` shows them, `b` being the booking in `where`; `orderAndLimit` for lists. The result of every
 * write on a booking, so that `get` and write never tell different things.
 */
export const bookingView = (
  actor: Actor,
  where: SQL,
  orderAndLimit: SQL = sql``,
): Statement<BookingRow> => rowsOf(bookingRow)`
  select ${rowColumns(bookings, 'b')},
         ${isoTime(sql`lower(b.scheduled_during)`)} as "scheduledFrom",
         ${isoTime(sql`upper(b.scheduled_during)`)} as "scheduledUntil",
         khidma.explained_fare(b, t.pricing_model) as fare,
         case when b.status = 'confirmed' then ${isoTime(sql`khidma.no_show_from(b)`)} end as "noShowFrom",
         client.full_name as "clientName", tasker.full_name as "taskerName",
         ${personShown(sql`b.client_id`)} as "clientShown", ${personShown(sql`b.tasker_id`)} as "taskerShown",
         case when b.status not in ('offered', 'canceled') then ${preferencesOf(sql`b.client_id`)} end as "clientPreferences",
         chat.id as "conversationId",
         json_build_object('category', t.category, 'description', t.description, 'address', t.address, 'city', t.city,
           'district', t.district, 'lat', t.lat, 'lng', t.lng, 'startsAt', ${isoTime(sql`t.starts_at`)},
           'pricingModel', t.pricing_model, 'estMinutes', t.est_minutes, 'estMinAmount', t.est_min_amount,
           'estMaxAmount', t.est_max_amount, 'currency', t.currency, 'state', t.state) as task,
         case when pay.id is not null
           then json_build_object('id', pay.id, 'method', pay.method, 'status', pay.status) end as payment,
         d.id as "disputeId", due.deadlines, due."isOver"
    from bookings b
    join tasks t on t.id = b.task_id
    join users client on client.id = b.client_id
    join users tasker on tasker.id = b.tasker_id
    left join conversations chat on chat.booking_id = b.id
    left join payment_intents pay on pay.booking_id = b.id and pay.purpose = 'booking'
    left join lateral (select x.id from disputes x where x.booking_id = b.id order by x.id desc limit 1) d on true
   cross join lateral (
     select coalesce(json_agg(json_build_object('kind', l.kind, 'dueAt', ${isoTime(sql`l.due_at`)}) order by l.due_at), '[]') as deadlines,
            coalesce(bool_or(l.kind in ('confirmation', 'start') and l.due_at <= now()), false) as "isOver"
       from booking_deadlines l where l.booking_id = b.id and l.outcome is null) due
   where ${bookingVisibleTo(actor)} and (${where}) ${orderAndLimit}`

export type BookingParty = 'client' | 'tasker' | 'ops'

/** Returns the caller's party to a booking, as the machines' tables name it. */
export function bookingPartyOf(
  actor: Actor,
  booking: { clientId: string; taskerId: string },
): BookingParty | null {
  if (isStaff(actor)) return 'ops'
  const userId = userIdOf(actor)
  if (userId === booking.clientId) return 'client'
  return userId === booking.taskerId ? 'tasker' : null
}

export async function getBooking(ctx: Context, bookingId: string): Promise<BookingRow> {
  return one(await ctx.db.read(bookingView(ctx.actor, sql`b.id = ${bookingId}`)))
}

export interface BookingFilters {
  status?: BookingStatus | undefined
  /** Only bookings in which the caller has this part. */
  role?: 'client' | 'tasker' | undefined
  taskId?: string | undefined
  clientId?: string | undefined
  taskerId?: string | undefined
}

export function listBookings(
  ctx: Context,
  { status, role, taskId, clientId, taskerId }: BookingFilters,
  page: PageRequest,
): Promise<BookingRow[]> {
  const { within, orderAndLimit } = listing(page, 'b')
  const me = userIdOf(ctx.actor)
  const conditions = [within]
  if (status) conditions.push(sql`b.status = ${status}`)
  if (taskId) conditions.push(sql`b.task_id = ${taskId}`)
  if (clientId) conditions.push(sql`b.client_id = ${clientId}`)
  if (taskerId) conditions.push(sql`b.tasker_id = ${taskerId}`)
  if (role === 'client') conditions.push(sql`b.client_id = ${me}`)
  if (role === 'tasker') conditions.push(sql`b.tasker_id = ${me}`)
  return ctx.db.read(bookingView(ctx.actor, sql.join(conditions, sql` and `), orderAndLimit))
}

/**
 * First effect of every write that reads a booking's state before it changes something else (payment, dispute). All of
 * them lock the booking before its task, payment or dispute, so that none waits for another in a circle.
 */
export const lockBooking = (bookingId: string | SQL): SQL =>
  sql`select from bookings where id = ${bookingId} for update`

/** The booking that a task has, if any; the machine refuses one whose work has started. */
export const cancelBookingOf = (taskId: string, reason: string): SQL =>
  sql`update bookings set status = 'canceled', cancel_reason = ${reason} where task_id = ${taskId} and status <> 'canceled'`

/**
 * The booking `b` of task `t`: the newest of its present search, as it has another only when those before are canceled. For a
 * `left join lateral … on true`.
 */
export const bookingOfTask = sql`(select * from bookings b where b.task_id = t.id and b.task_round = t.round order by b.id desc limit 1)`

/** The triggers refuse strangers and the wrong state, and take the task along. */
export const disputeBooking = (bookingId: string): SQL =>
  sql`update bookings set status = 'disputed' where id = ${bookingId}`

/** The triggers refuse strangers (404), the other party (403) and the wrong state (409), and take the task along. */
async function move(
  ctx: Context,
  bookingId: string,
  changes: SQL,
  { reason, before = [], after = [] }: { reason?: string; before?: SQL[]; after?: SQL[] } = {},
): Promise<BookingRow> {
  const effects = [...before, sql`update bookings set ${changes} where id = ${bookingId}`, ...after]
  if (reason !== undefined) effects.unshift(sql`select khidma.give_reason(${reason})`)
  return one(await ctx.db.write(effects, bookingView(ctx.actor, sql`b.id = ${bookingId}`)))
}

/** An offered booking is taken by the tasker whom staff, a series or the client have chosen. What makes somebody no tasker to book may have come since. */
export const acceptBooking = (ctx: Context, bookingId: string): Promise<BookingRow> => {
  const mine = sql`b.id = ${bookingId} and b.tasker_id = ${userIdOf(ctx.actor)}::uuid and b.status = 'offered'`
  return move(ctx, bookingId, sql`status = 'accepted'`, {
    before: [
      ...forItsTasker(ctx, bookingId),
      sql`select khidma.refuse(403, 'tasker_not_active', jsonb_build_object('status', p.status))
            from bookings b join tasker_profiles p on p.user_id = b.tasker_id where ${mine} and p.status not in ('active', 'at_risk')`,
      sql`select khidma.assert_below_debt_cap(b.tasker_id) from bookings b where ${mine}`,
    ],
  })
}

export const declineBooking = (ctx: Context, bookingId: string, reason: string): Promise<BookingRow> =>
  move(ctx, bookingId, sql`status = 'canceled', cancel_reason = ${reason}`, {
    reason,
    before: forItsTasker(ctx, bookingId),
  })

/** The client may end an offered booking as well, and accept one by other ways: not by these. */
const forItsTasker = (ctx: Context, bookingId: string): SQL[] => [
  lockBooking(bookingId),
  sql`select khidma.refuse(403, 'forbidden') from bookings b
       where b.id = ${bookingId} and b.client_id = ${userIdOf(ctx.actor)}::uuid`,
]

export const confirmBooking = (ctx: Context, bookingId: string): Promise<BookingRow> =>
  move(ctx, bookingId, sql`status = 'confirmed', confirmed_at = now()`)

export const completeBooking = (ctx: Context, bookingId: string): Promise<BookingRow> =>
  move(ctx, bookingId, sql`status = 'completed', completed_at = now()`)

/** The fee of it is written by the trigger `b_set_fee`. */
export const cancelBooking = (
  ctx: Context,
  bookingId: string,
  reason: string,
  acceptFee?: number,
): Promise<BookingRow> =>
  move(ctx, bookingId, sql`status = 'canceled', cancel_reason = ${reason}`, {
    reason,
    before: refuseHigherFee(sql`b.id = ${bookingId}`, acceptFee),
  })

/**
 * Effects that refuse a cancellation which costs the caller more than they accept. They lock the booking `b` of `which`: the fee cannot
 * rise before the cancellation that follows in the same transaction, at the same instant.
 */
export const refuseHigherFee = (which: SQL, acceptFee: number | undefined): SQL[] =>
  acceptFee === undefined
    ? []
    : [
        sql`select from bookings b where ${which} for update`,
        sql`select khidma.refuse(409, 'cancellation_fee_higher', jsonb_build_object('fee', f.amount, 'currency', b.agreed_rate_currency))
              from bookings b
             cross join lateral khidma.cancellation_fee(b.id, khidma.party_in_booking(b), now()) f
             where ${which} and f.amount > ${acceptFee}::bigint`,
      ]

/** The side that calls has waited for the other in vain. The trigger `b_set_fee` refuses it before its time, and writes the fee. */
export const reportNoShow = (
  ctx: Context,
  bookingId: string,
  reason: string,
  mediaIds: readonly string[] = [],
): Promise<BookingRow> =>
  move(
    ctx,
    bookingId,
    sql`status = 'canceled', cancel_reason = ${reason},
        no_show_by = case khidma.party_in_booking(bookings) when 'client' then 'tasker' when 'tasker' then 'client' end`,
    { reason, after: evidence(ctx, bookingId, mediaIds) },
  )
