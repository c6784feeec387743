import { type SQL, sql } from 'drizzle-orm'
import type { Actor, Context, UserActor } from '../../../core/context.ts'
import { newId } from '../../../core/ids.ts'
import { rowColumns } from '../../../db/json.ts'
import type { PageRequest } from '../../../db/keyset.ts'
import { listing } from '../../../db/listing.ts'
import { columnsOf, int, json, nullable, type RowOf, rowsOf, uuid } from '../../../db/rows.ts'
import { disputes } from '../../../db/schema/trust/disputes.ts'
import { one } from '../../../db/unit.ts'
import { bookingVisibleTo, disputeBooking, lockBooking } from '../../work/bookings/bookings.ts'
import type { DisputeStatus } from './machine.ts'

/** How a dispute ended, in `disputes.resolution`. */
export interface Resolution {
  outcome?: 'completed' | 'canceled'
  note?: string
  refundAmount?: number
  /** Parts of what was split: the tasker's, the cost of the decision, and the rest, the client's. */
  taskerAmount?: number
  arbitrationAmount?: number
  clientAmount?: number
  /** Source of the amount that was split: held by a contract, paid, or a fare that was not paid yet. */
  source?: 'escrow' | 'payment' | 'fare'
  amount?: number
  /** The offer that both sides have accepted. */
  offerId?: string
}

const disputeRow = {
  ...columnsOf(disputes),
  resolution: json<Resolution>(),
  clientId: uuid,
  taskerId: uuid,
  /** Null once it is decided. */
  splittableAmount: nullable(int),
}
export type DisputeRow = RowOf<typeof disputeRow>

const disputeView = (actor: Actor, where: SQL, orderAndLimit: SQL = sql``) => rowsOf(disputeRow)`
  select ${rowColumns(disputes, 'd')}, b.client_id as "clientId", b.tasker_id as "taskerId",
         khidma.splittable_amount(d) as "splittableAmount"
    from disputes d join bookings b on b.id = d.booking_id
   where ${bookingVisibleTo(actor)} and (${where}) ${orderAndLimit}`

export const bookingOf = (disputeId: string): SQL =>
  sql`(select booking_id from disputes where id = ${disputeId})`

export interface NewDispute {
  type?: DisputeRow['type'] | undefined
  reason: string
  description?: string | undefined
  amountInQuestion?: number | undefined
}

/**
 * A booking is disputed while the work runs or after it, paid or not, once at a time: before payment the dispute is about the
 * work, afterwards about money, at most the amount paid. The booking and its task are frozen until it ends.
 */
export async function openDispute(
  ctx: Context<UserActor>,
  bookingId: string,
  { type = 'other', reason, description, amountInQuestion }: NewDispute,
): Promise<DisputeRow> {
  const id = newId(ctx.now.getTime())
  const rows = await ctx.db.write(
    [
      sql`select khidma.give_reason(${reason})`,
      // Its trigger refuses strangers. With the row locked nobody pays meanwhile.
      disputeBooking(bookingId),
      sql`insert into disputes (id, booking_id, opened_by, type, reason, description, amount_in_question, currency)
          select ${id}, b.id, ${ctx.actor.userId}, ${type}, ${reason}, ${description ?? null},
                 ${amountInQuestion ?? null}::bigint, b.agreed_rate_currency
            from bookings b where b.id = ${bookingId}`,
    ],
    disputeView(ctx.actor, sql`d.id = ${id}`),
  )
  return one(rows)
}

/** Another dispute about what was decided, by either side: somebody else decides it. */
export async function appealDispute(
  ctx: Context<UserActor>,
  disputeId: string,
  { reason, description }: { reason: string; description?: string | undefined },
): Promise<DisputeRow> {
  const id = newId(ctx.now.getTime())
  const effects = [
    lockBooking(bookingOf(disputeId)),
    sql`select khidma.appeal_dispute(${id}, ${disputeId}, ${reason}, ${description ?? null})`,
  ]
  return one(await ctx.db.write(effects, disputeView(ctx.actor, sql`d.id = ${id}`)))
}

export async function getDispute(ctx: Context, disputeId: string): Promise<DisputeRow> {
  return one(await ctx.db.read(disputeView(ctx.actor, sql`d.id = ${disputeId}`)))
}

export interface DisputeFilters {
  status?: DisputeStatus | undefined
  bookingId?: string | undefined
  clientId?: string | undefined
  taskerId?: string | undefined
}

export function listDisputes(
  ctx: Context,
  { status, bookingId, clientId, taskerId }: DisputeFilters,
  page: PageRequest,
): Promise<DisputeRow[]> {
  const { within, orderAndLimit } = listing(page, 'd')
  const conditions = [within]
  if (status) conditions.push(sql`d.status = ${status}`)
  if (bookingId) conditions.push(sql`d.booking_id = ${bookingId}`)
  if (clientId) conditions.push(sql`b.client_id = ${clientId}`)
  if (taskerId) conditions.push(sql`b.tasker_id = ${taskerId}`)
  return ctx.db.read(disputeView(ctx.actor, sql.join(conditions, sql` and `), orderAndLimit))
}

async function move(ctx: Context, disputeId: string, status: 'investigating' | 'escalated') {
  const effects = [sql`update disputes set status = ${status} where id = ${disputeId}`]
  return one(await ctx.db.write(effects, disputeView(ctx.actor, sql`d.id = ${disputeId}`)))
}

export const investigateDispute = (ctx: Context, disputeId: string): Promise<DisputeRow> =>
  move(ctx, disputeId, 'investigating')
export const escalateDispute = (ctx: Context, disputeId: string): Promise<DisputeRow> =>
  move(ctx, disputeId, 'escalated')

/** Ends the dispute, and with it the booking's part in it (`after_dispute_…`). `effects` are what it does to the books. */
async function end(
  ctx: Context,
  disputeId: string,
  status: 'resolved' | 'rejected' | 'refunded' | 'withdrawn',
  resolution: Resolution,
  effects: SQL[] = [],
): Promise<DisputeRow> {
  const all = [
    lockBooking(bookingOf(disputeId)),
    sql`select khidma.give_reason(${resolution.note ?? null})`,
    sql`update disputes set status = ${status}, resolution = ${JSON.stringify(resolution)}::jsonb where id = ${disputeId}`,
    ...effects,
  ]
  return one(await ctx.db.write(all, disputeView(ctx.actor, sql`d.id = ${disputeId}`)))
}

export const resolveDispute = (
  ctx: Context,
  disputeId: string,
  { outcome = 'completed', note }: { outcome?: Resolution['outcome'] | undefined; note?: string | undefined },
): Promise<DisputeRow> => end(ctx, disputeId, 'resolved', { outcome, ...(note && { note }) })

export const rejectDispute = (ctx: Context, disputeId: string, note?: string): Promise<DisputeRow> =>
  end(ctx, disputeId, 'rejected', { ...(note && { note }) })

/** Its opener lets it go. The other side is a party, and may not. */
export const withdrawDispute = (ctx: Context<UserActor>, disputeId: string): Promise<DisputeRow> =>
  end(ctx, disputeId, 'withdrawn', {}, [
    sql`select khidma.refuse(403, 'forbidden') from disputes d
         where d.id = ${disputeId} and d.opened_by <> ${ctx.actor.userId}::uuid`,
  ])

/**
 * Refunds the payment: to the method that paid where a gateway can, else into the client's wallet. It comes from what the platform
 * still owes the tasker as far as that reaches; the rest becomes the tasker's debt.
 */
export function refundDispute(
  ctx: Context,
  disputeId: string,
  { amount, note }: { amount: number; note?: string | undefined },
): Promise<DisputeRow> {
  return end(ctx, disputeId, 'refunded', { refundAmount: amount, ...(note && { note }) }, [
    sql`select khidma.refuse(409, 'nothing_to_refund') from disputes d
         where d.id = ${disputeId} and not khidma.is_paid(d.booking_id)`,
    sql`select khidma.refund_booking(d.booking_id, ${amount}::bigint, 'dispute', 'original', ${note ?? null}, d.id)
          from disputes d where d.id = ${disputeId}`,
  ])
}

export interface Split {
  /** A share of what is held, in basis points, or an amount. */
  taskerBasisPoints?: number | undefined
  taskerAmount?: number | undefined
  arbitrationAmount: number
  note?: string | undefined
}

/**
 * Splits what the dispute is about between the sides: what the contract holds, what was paid, or the fare that is not paid yet. A share is
 * one of what is left once the decision is paid, rounded half up; the rest is the client's.
 */
export async function splitDispute(
  ctx: Context,
  disputeId: string,
  { taskerBasisPoints, taskerAmount, arbitrationAmount, note }: Split,
): Promise<DisputeRow> {
  const effects = [
    lockBooking(bookingOf(disputeId)),
    sql`select from contracts where booking_id = ${bookingOf(disputeId)} for update`,
    sql`select khidma.decide_split(${disputeId}, ${taskerBasisPoints ?? null}, ${taskerAmount ?? null}, ${arbitrationAmount}, ${note ?? null})`,
  ]
  return one(await ctx.db.write(effects, disputeView(ctx.actor, sql`d.id = ${disputeId}`)))
}
