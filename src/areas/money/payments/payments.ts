import { type SQL, sql } from 'drizzle-orm'
import type { Actor, Context, UserActor } from '../../../core/context.ts'
import { newId } from '../../../core/ids.ts'
import { Problem } from '../../../core/problems.ts'
import { rowColumns } from '../../../db/json.ts'
import type { PageRequest } from '../../../db/keyset.ts'
import { listing } from '../../../db/listing.ts'
import { columnsOf, int, nullable, oneOf, type RowOf, rowsOf, uuid } from '../../../db/rows.ts'
import { paymentIntents } from '../../../db/schema/money/payments.ts'
import { one, type Statement } from '../../../db/unit.ts'
import { bookingVisibleTo, lockBooking } from '../../work/bookings/bookings.ts'
import { bookingMachine } from '../../work/bookings/machine.ts'
import { ofPlatform, post } from '../ledger/posting.ts'

const paymentRow = {
  ...columnsOf(paymentIntents),
  clientId: uuid,
  taskerId: uuid,
  bookingStatus: oneOf(bookingMachine.states),
  /** Amount that the tasker is to receive; null before completion and after capture. */
  amountDue: nullable(int),
  amountRefunded: int,
}
export type PaymentRow = RowOf<typeof paymentRow>

/** A booking's payment as its `get` shows it; `p` is the payment, `b` the booking. */
const paymentView = (actor: Actor, where: SQL, orderAndLimit: SQL = sql``): Statement<PaymentRow> => rowsOf(
  paymentRow,
)`
  select ${rowColumns(paymentIntents, 'p')}, b.client_id as "clientId", b.tasker_id as "taskerId",
         b.status as "bookingStatus",
         case when b.status = 'completed' and p.status in ('requires_action', 'authorized')
           then khidma.fare_of(b.id) end as "amountDue",
         coalesce((select sum(l.amount) from ledger_entries e join ledger_lines l on l.entry_id = e.id
                    where e.booking_id = b.id and e.entry_type = 'refund' and l.amount > 0), 0)::bigint as "amountRefunded"
    from payment_intents p join bookings b on b.id = p.booking_id
   where ${bookingVisibleTo(actor)} and ${where} ${orderAndLimit}`

export async function getPayment(ctx: Context, bookingId: string): Promise<PaymentRow> {
  return one(await ctx.db.read(paymentView(ctx.actor, sql`b.id = ${bookingId}`)))
}

export interface PaymentFilters {
  status?: PaymentRow['status'] | undefined
  bookingId?: string | undefined
  clientId?: string | undefined
  taskerId?: string | undefined
}

export function listPayments(
  ctx: Context,
  { status, bookingId, clientId, taskerId }: PaymentFilters,
  page: PageRequest,
): Promise<PaymentRow[]> {
  const { within, orderAndLimit } = listing(page, 'p')
  const conditions = [within]
  if (status) conditions.push(sql`p.status = ${status}`)
  if (bookingId) conditions.push(sql`p.booking_id = ${bookingId}`)
  if (clientId) conditions.push(sql`b.client_id = ${clientId}`)
  if (taskerId) conditions.push(sql`b.tasker_id = ${taskerId}`)
  return ctx.db.read(paymentView(ctx.actor, sql.join(conditions, sql` and `), orderAndLimit))
}

/** The client says how they pay. Wallet and card wait for their gateways. */
export async function createPayment(
  ctx: Context<UserActor>,
  bookingId: string,
  method: 'cash' | 'wallet' | 'card',
): Promise<PaymentRow> {
  if (method !== 'cash') throw new Problem('payment_method_unavailable')
  const id = newId(ctx.now.getTime())
  const rows = await ctx.db.write(
    [
      lockBooking(bookingId),
      // Strangers and the tasker pass this by: the trigger on the insert refuses them.
      sql`select khidma.refuse(409, 'booking_not_payable', jsonb_build_object('status', b.status)) from bookings b
           where b.id = ${bookingId} and b.client_id = ${ctx.actor.userId}
             and b.status not in ('accepted', 'confirmed', 'in_progress', 'completed')`,
      sql`insert into payment_intents (id, booking_id, method, provider, currency)
          select ${id}, b.id, ${method}, 'cash', b.agreed_rate_currency from bookings b where b.id = ${bookingId}`,
    ],
    paymentView(ctx.actor, sql`b.id = ${bookingId}`),
  )
  return one(rows)
}

/**
 * The tasker has the cash in hand. In one transaction: the intent is captured (its trigger settles the task), the fare
 * is posted as owed to the tasker and as paid out in the same breath, and the commission as owed by the tasker.
 */
export async function confirmCash(ctx: Context<UserActor>, bookingId: string): Promise<PaymentRow> {
  const rows = await ctx.db.write(
    [
      lockBooking(bookingId),
      refuseUnlessDue(bookingId, ctx.actor.userId),
      sql`update payment_intents set status = 'captured', amount_captured = khidma.fare_of(booking_id)
           where booking_id = ${bookingId}`,
      ...postCash(bookingId, ctx.now),
    ],
    paymentView(ctx.actor, sql`b.id = ${bookingId}`),
  )
  return one(rows)
}

/** Says why to the booking's tasker only: others are refused by the trigger on the intent. */
const refuseUnlessDue = (bookingId: string, taskerId: string): SQL => sql`
  select case when p.method <> 'cash' then khidma.refuse(409, 'payment_not_cash')
              when p.status = 'requires_action' and b.status <> 'completed' then khidma.refuse(409, 'payment_not_due')
              when p.status = 'requires_action' and coalesce(khidma.fare_of(b.id), 0) <= 0
                then khidma.refuse(409, 'fare_unavailable') end
    from bookings b join payment_intents p on p.booking_id = b.id
   where b.id = ${bookingId} and b.tasker_id = ${taskerId}`

/** The postings of a fare paid in cash. Their references come from the payment, so that they post once. */
function postCash(bookingId: string, now: Date): SQL[] {
  const newEntry = () => newId(now.getTime())
  const fact = { bookingId: sql`p.booking_id`, reference: sql`'payment:' || p.id`, currency: sql`p.currency` }
  const fare = sql`p.amount_captured`
  const commission = sql`khidma.commission_of(${fare}, b.commission_basis_points, b.commission_minimum, b.commission_maximum)`
  const captured = sql`from payment_intents p join bookings b on b.id = p.booking_id
    where p.booking_id = ${bookingId} and p.status = 'captured'`
  const cash = { account: 'client_cash', owner: sql`b.client_id` } as const
  const payable = { account: 'tasker_payable', owner: sql`b.tasker_id` } as const
  const owedFee = { account: 'commission_receivable', owner: sql`b.tasker_id` } as const
  const income = { account: 'platform_fee', owner: ofPlatform } as const
  const capture = [
    { ...cash, amount: sql`-${fare}` },
    { ...payable, amount: fare },
  ]
  const payout = [
    { ...payable, amount: sql`-${fare}` },
    { ...cash, amount: fare },
  ]
  const fee = [
    { ...owedFee, amount: sql`-(${commission})` },
    { ...income, amount: commission },
  ]
  return [
    sql`select ${post({ id: newEntry(), type: 'capture', ...fact, lines: capture })} ${captured}`,
    sql`select ${post({ id: newEntry(), type: 'payout', ...fact, lines: payout })} ${captured}`,
    sql`insert into payouts (id, tasker_id, booking_id, amount, currency, status, provider, provider_reference, paid_at)
        select ${newEntry()}, b.tasker_id, b.id, ${fare}, p.currency, 'paid', 'cash', p.id::text, now() ${captured}`,
    sql`select ${post({ id: newEntry(), type: 'fee', ...fact, lines: fee })} ${captured} and ${commission} > 0`,
  ]
}
