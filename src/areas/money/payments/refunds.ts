import { type SQL, sql } from 'drizzle-orm'
import type { Actor, Context, UserActor } from '../../../core/context.ts'
import { newId } from '../../../core/ids.ts'
import { rowColumns } from '../../../db/json.ts'
import type { PageRequest } from '../../../db/keyset.ts'
import { listing } from '../../../db/listing.ts'
import { columnsOf, nullable, type RowOf, rowsOf, uuid } from '../../../db/rows.ts'
import { type refundReasons, refunds } from '../../../db/schema/money/payments.ts'
import { one, type Statement } from '../../../db/unit.ts'
import { visibleTo } from './payments.ts'

export type RefundReason = (typeof refundReasons)[number]

const refundRow = { ...columnsOf(refunds), bookingId: nullable(uuid), payerId: uuid, payeeId: nullable(uuid) }
export type RefundRow = RowOf<typeof refundRow>

const refundView = (actor: Actor, where: SQL, orderAndLimit: SQL = sql``): Statement<RefundRow> => rowsOf(
  refundRow,
)`
  select ${rowColumns(refunds, 'r')}, p.booking_id as "bookingId", p.payer_id as "payerId", p.payee_id as "payeeId"
    from refunds r join payment_intents p on p.id = r.intent_id
   where ${visibleTo(actor)}
     and ${where} ${orderAndLimit}`

export interface NewRefund {
  /** Null: all that is left. */
  amount: number | null
  reason: RefundReason
  destination: 'original' | 'wallet'
  note?: string | undefined
}

/** Gives back a part of a captured payment, or the rest of it. */
export async function createRefund(
  ctx: Context<UserActor>,
  paymentId: string,
  { amount, reason, destination, note }: NewRefund,
): Promise<RefundRow> {
  const id = newId(ctx.now.getTime())
  const effects = [
    sql`select khidma.refuse(404, 'not_found') where not exists (select from payment_intents p where p.id = ${paymentId})`,
    openRefund({
      id,
      payment: sql`p.id`,
      amount: sql`${amount}::bigint`,
      reason,
      destination,
      note: note ?? null,
      from: sql`(select * from payment_intents i where i.id = ${paymentId} for update) p`,
    }),
  ]
  return one(await ctx.db.write(effects, refundView(ctx.actor, sql`r.id = ${id}`)))
}

export interface RefundEffect {
  id: string
  payment: SQL
  amount: SQL
  reason: RefundReason
  destination: 'original' | 'wallet'
  note: string | null
  dispute?: string
  from: SQL
}

/** Effect that opens a refund, for the transactions of others. */
export const openRefund = ({
  id,
  payment,
  amount,
  reason,
  destination,
  note,
  dispute,
  from,
}: RefundEffect): SQL => sql`
  select khidma.open_refund(${id}, ${payment}, ${amount}, ${reason}, ${destination}, ${note}, ${dispute ?? null}::uuid) from ${from}`

export async function getRefund(ctx: Context, refundId: string): Promise<RefundRow> {
  return one(await ctx.db.read(refundView(ctx.actor, sql`r.id = ${refundId}`)))
}

export interface RefundFilters {
  status?: RefundRow['status'] | undefined
  paymentId?: string | undefined
  bookingId?: string | undefined
}

export function listRefunds(
  ctx: Context,
  { status, paymentId, bookingId }: RefundFilters,
  page: PageRequest,
): Promise<RefundRow[]> {
  const { within, orderAndLimit } = listing(page, 'r')
  const conditions = [within]
  if (status) conditions.push(sql`r.status = ${status}`)
  if (paymentId) conditions.push(sql`r.intent_id = ${paymentId}`)
  if (bookingId) conditions.push(sql`p.booking_id = ${bookingId}`)
  return ctx.db.read(refundView(ctx.actor, sql.join(conditions, sql` and `), orderAndLimit))
}
