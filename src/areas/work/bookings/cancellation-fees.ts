import { sql } from 'drizzle-orm'
import { type Context, isStaff, type UserActor } from '../../../core/context.ts'
import { newId } from '../../../core/ids.ts'
import { isoTime } from '../../../db/json.ts'
import { int, nullable, oneOf, type RowOf, rowsOf, text, time, uuid } from '../../../db/rows.ts'
import { bookingStatus } from '../../../db/schema/enums.ts'
import { one } from '../../../db/unit.ts'
import { type BookingRow, bookingView, bookingVisibleTo, lockBooking } from './bookings.ts'

/** As `khidma.cancellation_fee` names them, which explains each; `no_show` is no cancellation. */
export const cancellationRules = [
  'staff',
  'not_confirmed',
  'no_fee',
  'early_notice',
  'just_confirmed',
  'late_notice',
] as const

const previewRow = {
  bookingId: uuid,
  clientId: uuid,
  taskerId: uuid,
  status: oneOf(bookingStatus.enumValues),
  feeAmount: int,
  payer: nullable(oneOf(['client', 'tasker'] as const)),
  currency: text,
  rule: oneOf(cancellationRules),
  freeUntil: nullable(time),
  expectedFare: nullable(int),
  basisPoints: nullable(int),
  minimumAmount: nullable(int),
  maximumAmount: nullable(int),
}
export type CancellationPreviewRow = RowOf<typeof previewRow>

/** Tells the caller what a cancellation would cost them now, by the function that decides it. */
export async function previewCancellation(
  ctx: Context<UserActor>,
  bookingId: string,
): Promise<CancellationPreviewRow> {
  // As `khidma.party_in_booking` decides for the cancellation itself: staff are no side, even of their own booking.
  const party = isStaff(ctx.actor)
    ? sql`null::text`
    : sql`case ${ctx.actor.userId}::uuid when b.client_id then 'client' when b.tasker_id then 'tasker' end`
  return one(
    await ctx.db.read(rowsOf(previewRow)`
      select b.id as "bookingId", b.client_id as "clientId", b.tasker_id as "taskerId", b.status, f.amount as "feeAmount", f.payer,
             b.agreed_rate_currency as currency, f.rule, ${isoTime(sql`f.free_until`)} as "freeUntil",
             f.estimate as "expectedFare", (f.terms ->> 'basisPoints')::int as "basisPoints",
             (f.terms ->> 'minimum')::bigint as "minimumAmount", (f.terms ->> 'maximum')::bigint as "maximumAmount"
        from bookings b
       cross join lateral khidma.cancellation_fee(b.id, ${party}, now()) f
       where b.id = ${bookingId} and ${bookingVisibleTo(ctx.actor)}`),
  )
}

/** Ends the payer's obligation for good: what was paid goes back, and what is owed is owed no longer. The booking keeps the amount, and who waived it and why. */
export async function waiveFee(
  ctx: Context<UserActor>,
  bookingId: string,
  reason: string,
): Promise<BookingRow> {
  const booking = sql`from bookings b where b.id = ${bookingId}`
  const effects = [
    lockBooking(bookingId),
    sql`select khidma.refuse(409, 'no_fee_to_waive') ${booking} and (b.cancellation_fee_payer is null or b.fee_waived_at is not null)`,
    sql`select khidma.give_reason(${reason})`,
    sql`update bookings set fee_waived_at = now(), fee_waived_by = ${ctx.actor.userId}, fee_waive_reason = ${reason}
         where id = ${bookingId}`,
    sql`select khidma.give_back_fee(${bookingId}, ${newId(ctx.now.getTime())})`,
    sql`select khidma.emit('booking.fee_waived', 'booking', b.id, b.version,
          jsonb_build_object('bookingId', b.id, 'taskId', b.task_id, 'clientId', b.client_id, 'taskerId', b.tasker_id,
            'userId', case b.cancellation_fee_payer when 'client' then b.client_id else khidma.earner_of(b) end),
          array[b.client_id, b.tasker_id]) ${booking}`,
  ]
  return one(await ctx.db.write(effects, bookingView(ctx.actor, sql`b.id = ${bookingId}`)))
}
