import { type SQL, sql } from 'drizzle-orm'
import type { Context, UserActor } from '../../../core/context.ts'
import { one } from '../../../db/unit.ts'
import { lockBooking, type PaymentRow, paymentOfBooking } from './payments.ts'

const ofBooking = (bookingId: string): SQL =>
  sql`from payment_intents p where p.booking_id = ${bookingId} and p.purpose = 'booking'`

/** Refuses whoever is not `party` to the payment: strangers 404, others 403. */
const assertParty = (bookingId: string, party: 'client' | 'tasker' | 'ops'): SQL => sql`
  select case when m.party is null then khidma.refuse(404, 'not_found')
              when m.party <> ${party} then khidma.refuse(403, 'forbidden') end
    from (select khidma.party_in_payment_intent(p) as party ${ofBooking(bookingId)}) m`

async function change(
  ctx: Context,
  bookingId: string,
  party: 'client' | 'tasker' | 'ops',
  effects: SQL[],
): Promise<PaymentRow> {
  const all = [
    lockBooking(bookingId),
    assertParty(bookingId, party),
    sql`select khidma.assert_cash_due(${bookingId})`,
    ...effects,
  ]
  return one(await ctx.db.write(all, paymentOfBooking(ctx.actor, bookingId)))
}

/** The tasker has the cash in hand: the receipt of the one who is paid ends every doubt, and settles at once. */
export const confirmCash = (ctx: Context<UserActor>, bookingId: string): Promise<PaymentRow> =>
  change(ctx, bookingId, 'tasker', [
    sql`select khidma.capture_payment(p.id, khidma.fare_of(p.booking_id)) ${ofBooking(bookingId)}`,
  ])

/** The client says that they have paid: the tasker has a day to object, and silence settles it. */
export const reportCash = (ctx: Context<UserActor>, bookingId: string): Promise<PaymentRow> =>
  change(ctx, bookingId, 'client', [
    refuseEnded(bookingId),
    sql`update payment_intents p
           set cash_reported_at = now(),
               settles_at = least(p.settles_at, now() + make_interval(hours => khidma.payment_hours('objection', p.booking_id)))
         where p.booking_id = ${bookingId} and p.purpose = 'booking' and p.cash_reported_at is null`,
    sql`select khidma.emit('payment_intent.cash_reported', 'payment_intent', p.id, p.version,
               jsonb_build_object('bookingId', p.booking_id, 'clientId', p.payer_id, 'taskerId', p.payee_id, 'settlesAt', khidma.iso(p.settles_at)),
               array[p.payer_id, p.payee_id]) ${ofBooking(bookingId)}`,
  ])

/** The tasker was not paid, or not all of it: silence no longer settles it, and staff decide. */
export const objectToCash = (
  ctx: Context<UserActor>,
  bookingId: string,
  reason: string,
): Promise<PaymentRow> =>
  change(ctx, bookingId, 'tasker', [
    refuseEnded(bookingId),
    sql`update payment_intents p set review = 'cash_objection', objection = ${reason}, settles_at = null
         where p.booking_id = ${bookingId} and p.purpose = 'booking'`,
    sql`select khidma.emit('payment_intent.objected', 'payment_intent', p.id, p.version,
               jsonb_build_object('bookingId', p.booking_id, 'clientId', p.payer_id, 'taskerId', p.payee_id),
               array[p.payer_id, p.payee_id]) ${ofBooking(bookingId)}`,
  ])

/** Staff settle for both, with the amount that was paid; the fare unless they name another. */
export const settleCash = (
  ctx: Context<UserActor>,
  bookingId: string,
  { amount, reason }: { amount: number | undefined; reason: string },
): Promise<PaymentRow> =>
  change(ctx, bookingId, 'ops', [
    sql`select khidma.give_reason(${reason})`,
    sql`select khidma.refuse(409, 'fare_unavailable') where coalesce(${amount ?? null}::bigint, khidma.fare_of(${bookingId}), 0) <= 0`,
    sql`select khidma.capture_payment(p.id, coalesce(${amount ?? null}::bigint, khidma.fare_of(p.booking_id))) ${ofBooking(bookingId)}`,
  ])

/** `assert_cash_due` leaves a payment that has ended to its machine, which only a change of its state asks. */
const refuseEnded = (bookingId: string): SQL => sql`
  select khidma.refuse(409, 'invalid_transition', jsonb_build_object('from', p.status, 'to', 'captured'))
    ${ofBooking(bookingId)} and p.status in ('captured', 'canceled')`
