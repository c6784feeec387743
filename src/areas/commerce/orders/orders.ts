import { type SQL, sql } from 'drizzle-orm'
import { type Actor, type Context, isStaff, type UserActor, userIdOf } from '../../../core/context.ts'
import { newId } from '../../../core/ids.ts'
import { rowColumns } from '../../../db/json.ts'
import type { PageRequest } from '../../../db/keyset.ts'
import { listing } from '../../../db/listing.ts'
import { columnsOf, int, json, nullable, oneOf, pick, type RowOf, rowsOf, uuid } from '../../../db/rows.ts'
import { orders, priceDocuments } from '../../../db/schema/commerce/orders.ts'
import { one, type Statement } from '../../../db/unit.ts'
import { isGatewayMethod, payByGateway } from '../../money/gateways/paying.ts'
import type { FurtherChoice } from '../../money/payments/further.ts'
import { type PaymentRow, paymentView } from '../../money/payments/payments.ts'
import { isAdmitted, listForCompany } from '../../people/companies/members.ts'
import { type OrderStatus, orderMachine } from './machine.ts'

const orderRow = {
  ...columnsOf(orders),
  /** The status at this instant: past its deadline an order has expired, before the sweep writes it down. */
  statusNow: oneOf(orderMachine.states),
  document: pick(columnsOf(priceDocuments), 'country', 'currency', 'price'),
  paymentId: nullable(uuid),
  /** Given back of its payment. */
  refunded: int,
  /** Units that were refunded, by the number of their line. */
  refundedUnits: json<Record<string, number>>(),
}
export type OrderRow = RowOf<typeof orderRow>

const statusNow = sql`case when o.status = 'pending' and o.expires_at <= now() then 'expired' else o.status::text end`

const visibleTo = (actor: Actor): SQL =>
  isStaff(actor) || actor.kind === 'system' ? sql`true` : sql`o.user_id = ${userIdOf(actor)}::uuid`

/** Visibility of a single order: people of a company see what they may buy for it, and others of them are refused. */
const visibleAlone = (actor: Actor): SQL =>
  sql`(${visibleTo(actor)} or ${isAdmitted(actor, sql`o.user_id`, 'buy')})`

const orderView = (where: SQL, orderAndLimit: SQL = sql``): Statement<OrderRow> => rowsOf(orderRow)`
  select ${rowColumns(orders, 'o')}, ${statusNow} as "statusNow",
         json_build_object('country', d.country, 'currency', d.currency, 'price', d.price) as document,
         (select p.id from payment_intents p where p.order_id = o.id and p.status <> 'canceled') as "paymentId",
         (select coalesce(sum(p.amount_refunded), 0)::bigint from payment_intents p where p.order_id = o.id and p.status = 'captured') as refunded,
         (select coalesce(json_object_agg(i.line, r.units), '{}')
            from (select x.item_id, max(x.last_unit) as units from order_refunds x where x.order_id = o.id group by 1) r
            join order_items i on i.id = r.item_id) as "refundedUnits"
    from orders o join price_documents d on d.id = o.document_id
   where ${where} ${orderAndLimit}`

const theOrder = (actor: Actor, id: string) => orderView(sql`o.id = ${id} and ${visibleAlone(actor)}`)

/** The quote becomes the order by being pointed at. */
export async function placeOrder(
  ctx: Context<UserActor>,
  quoteId: string,
  expectedVersion: number | null,
): Promise<OrderRow> {
  const id = newId(ctx.now.getTime())
  const effects = [sql`select khidma.place_order(${id}::uuid, ${quoteId}::uuid, ${expectedVersion}::int)`]
  return one(await ctx.db.write(effects, theOrder(ctx.actor, id)))
}

export async function getOrder(ctx: Context, id: string): Promise<OrderRow> {
  return one(await ctx.db.read(theOrder(ctx.actor, id)))
}

export interface OrderFilters {
  status?: OrderStatus | undefined
  userId?: string | undefined
}

export function listOrders(
  ctx: Context,
  { status, userId }: OrderFilters,
  page: PageRequest,
): Promise<OrderRow[]> {
  const { within, orderAndLimit } = listing(page, 'o')
  const conditions = [visibleTo(ctx.actor), within]
  if (status) conditions.push(sql`${statusNow} = ${status}`)
  if (userId) conditions.push(sql`o.user_id = ${userId}`)
  return ctx.db.read(orderView(sql.join(conditions, sql` and `), orderAndLimit))
}

export function listCompanyOrders(
  ctx: Context<UserActor>,
  companyId: string,
  { status }: Pick<OrderFilters, 'status'>,
  page: PageRequest,
): Promise<OrderRow[]> {
  const { within, orderAndLimit } = listing(page, 'o')
  const conditions = [sql`o.user_id = ${companyId}`, within]
  if (status) conditions.push(sql`${statusNow} = ${status}`)
  const rows = orderView(sql.join(conditions, sql` and `), orderAndLimit)
  return listForCompany(ctx, { companyId, ability: 'buy' }, orderRow, rows)
}

const lockOrder = (ctx: Context, id: string): SQL =>
  sql`select khidma.refuse(404, 'not_found') where not exists (
        select from orders o where o.id = ${id} and ${visibleAlone(ctx.actor)} for update)`

/** Its discounts are free for others, and its payment is given up. */
export async function cancelOrder(ctx: Context, id: string, reason: string | null): Promise<OrderRow> {
  const effects = [
    lockOrder(ctx, id),
    sql`select khidma.refuse(409, 'order_closed') from orders o where o.id = ${id} and o.status = 'pending' and o.expires_at <= now()`,
    sql`update orders set status = 'canceled', reason = ${reason} where id = ${id}`,
  ]
  return one(await ctx.db.write(effects, theOrder(ctx.actor, id)))
}

export interface Refund {
  reason: string
  /** Units of lines; null: all that is left. */
  lines: { line: number; quantity: number }[] | null
  /** Although some of what it gave is spent. */
  evenIfUsed: boolean
  /** With the subscription that it has paid for. */
  endsSubscription: boolean
}

export async function refundOrder(ctx: Context, id: string, refund: Refund): Promise<OrderRow> {
  const { lines, reason, evenIfUsed, endsSubscription } = refund
  const refundId = newId(ctx.now.getTime())
  const effects = [
    sql`select khidma.refund_order(${refundId}::uuid, ${id}::uuid, ${lines && JSON.stringify(lines)}::jsonb, ${reason},
                                   ${evenIfUsed}::boolean, ${endsSubscription}::boolean)`,
  ]
  return one(await ctx.db.write(effects, theOrder(ctx.actor, id)))
}

/** Pays all that it costs: from the wallet at once, or through a gateway. */
export async function payOrder(
  ctx: Context<UserActor>,
  id: string,
  choice: Omit<FurtherChoice, 'amount'>,
): Promise<PaymentRow> {
  const { method, requestKey, saveMethod, storedMethodId } = choice
  const open = [
    sql`select khidma.open_order_payment(${requestKey}, ${id}::uuid, ${method}::payment_method, ${saveMethod}::boolean, ${storedMethodId}::uuid)`,
  ]
  const payment = sql`p.order_id = ${id} and p.request_key = ${requestKey}`
  if (isGatewayMethod(method)) return payByGateway(ctx, { open, payment }, { ...choice, method })
  return one(await ctx.db.write(open, paymentView(ctx.actor, payment)))
}
