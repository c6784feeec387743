import { type SQL, sql } from 'drizzle-orm'
import type { Actor, Context, UserActor } from '../../../core/context.ts'
import { newId } from '../../../core/ids.ts'
import { rowColumns } from '../../../db/json.ts'
import type { PageRequest } from '../../../db/keyset.ts'
import { listing } from '../../../db/listing.ts'
import { columnsOf, json, type RowOf, rowsOf, uuid } from '../../../db/rows.ts'
import { disputes } from '../../../db/schema/trust/disputes.ts'
import { one } from '../../../db/unit.ts'
import { openRefund } from '../../money/payments/refunds.ts'
import { bookingVisibleTo, disputeBooking, lockBooking } from '../../work/bookings/bookings.ts'
import type { DisputeStatus } from './machine.ts'

/** How a dispute ended, in `disputes.resolution`. */
export interface Resolution {
  outcome?: 'completed' | 'canceled'
  note?: string
  refundAmount?: number
}

const disputeRow = {
  ...columnsOf(disputes),
  resolution: json<Resolution>(),
  clientId: uuid,
  taskerId: uuid,
}
export type DisputeRow = RowOf<typeof disputeRow>

const disputeView = (actor: Actor, where: SQL, orderAndLimit: SQL = sql``) => rowsOf(disputeRow)`
  select ${rowColumns(disputes, 'd')}, b.client_id as "clientId", b.tasker_id as "taskerId"
    from disputes d join bookings b on b.id = d.booking_id
   where ${bookingVisibleTo(actor)} and (${where}) ${orderAndLimit}`

const bookingOf = (disputeId: string): SQL => sql`(select booking_id from disputes where id = ${disputeId})`

/**
 * A booking is disputed once, while the work runs or after it, paid or not: before payment the dispute is about the
 * work, afterwards about money, at most the amount paid. The booking and its task are frozen until ops has decided.
 */
export async function openDispute(
  ctx: Context<UserActor>,
  bookingId: string,
  { reason, amountInQuestion }: { reason: string; amountInQuestion?: number | undefined },
): Promise<DisputeRow> {
  const rows = await ctx.db.write(
    [
      sql`select khidma.give_reason(${reason})`,
      // Its trigger refuses strangers. With the row locked nobody pays meanwhile.
      disputeBooking(bookingId),
      ...(amountInQuestion === undefined ? [] : [refuseMoreThanPaid(sql`${bookingId}`, amountInQuestion)]),
      sql`insert into disputes (id, booking_id, opened_by, reason, amount_in_question, currency)
          select ${newId(ctx.now.getTime())}, b.id, ${ctx.actor.userId}, ${reason},
                 ${amountInQuestion ?? null}::bigint, b.agreed_rate_currency
            from bookings b where b.id = ${bookingId}`,
    ],
    disputeView(ctx.actor, sql`b.id = ${bookingId}`),
  )
  return one(rows)
}

/** Refuses an amount above what was paid, which is nothing for a booking without a captured payment. */
const refuseMoreThanPaid = (bookingId: SQL, amount: number): SQL => sql`
  select khidma.refuse(422, 'amount_above_paid', jsonb_build_object('maximum', coalesce(p.amount_captured, 0)))
    from bookings b left join payment_intents p on p.booking_id = b.id and p.purpose = 'booking' and p.status = 'captured'
   where b.id = ${bookingId} and ${amount}::bigint > coalesce(p.amount_captured, 0)`

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
  status: 'resolved' | 'rejected' | 'refunded',
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
    refuseMoreThanPaid(bookingOf(disputeId), amount),
    openRefund({
      id: newId(ctx.now.getTime()),
      payment: sql`p.id`,
      amount: sql`${amount}::bigint`,
      reason: 'dispute',
      destination: 'original',
      note: note ?? null,
      dispute: disputeId,
      from: sql`(select i.id from payment_intents i where i.booking_id = ${bookingOf(disputeId)} and i.purpose = 'booking') p`,
    }),
  ])
}
