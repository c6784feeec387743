import { type SQL, sql } from 'drizzle-orm'
import { type Actor, type Context, isStaff, type UserActor, userIdOf } from '../../../core/context.ts'
import { rowColumns } from '../../../db/json.ts'
import type { PageRequest } from '../../../db/keyset.ts'
import { listing } from '../../../db/listing.ts'
import { columnsOf, int, json, nullable, oneOf, type RowOf, rowsOf } from '../../../db/rows.ts'
import { paymentIntents } from '../../../db/schema/money/payments.ts'
import { one, type Statement } from '../../../db/unit.ts'
import type { NextAction } from '../../../providers/payments/gateway.ts'
import { isAdmitted } from '../../people/companies/members.ts'
import { lockBooking } from '../../work/bookings/bookings.ts'
import { bookingMachine } from '../../work/bookings/machine.ts'

export { lockBooking }

const paymentRow = {
  ...columnsOf(paymentIntents),
  nextAction: nullable(json<NextAction>()),
  bookingStatus: nullable(oneOf(bookingMachine.states)),
  /** Owed by the payer now; null before completion and after capture. */
  amountDue: nullable(int),
}
export type PaymentRow = RowOf<typeof paymentRow>

/** Payments `p` that somebody may see. */
export const visibleTo = (actor: Actor): SQL =>
  isStaff(actor) || actor.kind === 'system'
    ? sql`true`
    : sql`${userIdOf(actor)}::uuid in (p.payer_id, p.payee_id)`

/** Visibility of a single payment: people of a company see those of the orders that they may buy for it. */
const visibleAlone = (actor: Actor): SQL =>
  sql`(${visibleTo(actor)} or p.order_id is not null and khidma.buys_for(p.payer_id, ${userIdOf(actor)}))`

/** The same where one payment is asked for by its id: other people of the company are refused. */
const admitsTo = (actor: Actor): SQL =>
  sql`(${visibleTo(actor)} or p.order_id is not null and ${isAdmitted(actor, sql`p.payer_id`, 'buy')})`

/** A payment as its `get` shows it; `p` is the payment, `b` its booking, if any. */
export const paymentView = (
  actor: Actor,
  where: SQL,
  orderAndLimit: SQL = sql``,
  visible: SQL = visibleAlone(actor),
): Statement<PaymentRow> => rowsOf(paymentRow)`
  select ${rowColumns(paymentIntents, 'p')}, b.status as "bookingStatus",
         case when p.status not in ('requires_action', 'authorized', 'failed') then null
              when p.purpose = 'booking' then case when b.status = 'completed' then khidma.fare_of(b.id) end
              else p.amount end as "amountDue"
    from payment_intents p left join bookings b on b.id = p.booking_id
   where ${visible} and ${where} ${orderAndLimit}`

export const paymentOfBooking = (actor: Actor, bookingId: string): Statement<PaymentRow> =>
  paymentView(actor, sql`p.booking_id = ${bookingId} and p.purpose = 'booking'`)

export async function getPaymentById(ctx: Context, id: string): Promise<PaymentRow> {
  return one(await ctx.db.read(paymentView(ctx.actor, sql`p.id = ${id}`, sql``, admitsTo(ctx.actor))))
}

export async function getPayment(ctx: Context, bookingId: string): Promise<PaymentRow> {
  return one(await ctx.db.read(paymentOfBooking(ctx.actor, bookingId)))
}

export interface PaymentFilters {
  status?: PaymentRow['status'] | undefined
  purpose?: PaymentRow['purpose'] | undefined
  /** Only payments that staff must look at. */
  review?: boolean | undefined
  /** Ours or the gateway's, of the payment or of a call. */
  reference?: string | undefined
  bookingId?: string | undefined
  clientId?: string | undefined
  taskerId?: string | undefined
}

export function listPayments(
  ctx: Context,
  { status, purpose, review, reference, bookingId, clientId, taskerId }: PaymentFilters,
  page: PageRequest,
): Promise<PaymentRow[]> {
  const { within, orderAndLimit } = listing(page, 'p')
  const conditions = [within]
  if (status) conditions.push(sql`p.status = ${status}`)
  if (purpose) conditions.push(sql`p.purpose = ${purpose}`)
  if (review === true) conditions.push(sql`p.review is not null`)
  if (reference)
    conditions.push(sql`(p.provider_reference = ${reference} or p.id in (
      select t.intent_id from payment_transactions t where ${reference} in (t.reference, t.gateway_reference)))`)
  if (bookingId) conditions.push(sql`p.booking_id = ${bookingId}`)
  if (clientId) conditions.push(sql`p.payer_id = ${clientId}`)
  if (taskerId) conditions.push(sql`p.payee_id = ${taskerId}`)
  return ctx.db.read(
    paymentView(ctx.actor, sql.join([visibleTo(ctx.actor), ...conditions], sql` and `), orderAndLimit),
  )
}

/** The client says how they pay. Another method than before begins the payment anew; what was authorised is released. */
export async function choosePayment(
  ctx: Context<UserActor>,
  bookingId: string,
  method: 'cash' | 'wallet' | 'usual',
): Promise<PaymentRow> {
  const chosen = {
    cash: sql`select khidma.choose_method(${bookingId}, 'cash')`,
    wallet: sql`select khidma.pay_from_wallet(${bookingId})`,
    usual: sql`select khidma.choose_usual_method(${bookingId})`,
  }[method]
  const rows = await ctx.db.write([lockBooking(bookingId), chosen], paymentOfBooking(ctx.actor, bookingId))
  return one(rows)
}
