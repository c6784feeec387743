import { type SQL, sql } from 'drizzle-orm'
import { type Context, isStaff, type UserActor, userIdOf } from '../../../core/context.ts'
import { newId } from '../../../core/ids.ts'
import { rowColumns } from '../../../db/json.ts'
import type { PageRequest } from '../../../db/keyset.ts'
import { listing } from '../../../db/listing.ts'
import { columnsOf, type RowOf, rowsOf } from '../../../db/rows.ts'
import { type LeadRefundReason, leadRefunds } from '../../../db/schema/work/leads.ts'
import { one, type Statement } from '../../../db/unit.ts'
import type { LeadRefundStatus } from './machine.ts'

const refundRow = columnsOf(leadRefunds)
export type LeadRefundRow = RowOf<typeof refundRow>

/** Visible to its tasker and staff. */
const refundView = (ctx: Context, where: SQL): Statement<LeadRefundRow> => rowsOf(refundRow)`
  select ${rowColumns(leadRefunds, 'f')} from lead_refunds f
   where ${isStaff(ctx.actor) ? sql`true` : sql`f.tasker_id = ${userIdOf(ctx.actor)}::uuid`} and ${where}`

export async function askRefund(
  ctx: Context<UserActor>,
  requestId: string,
  { reason, note = null }: { reason: LeadRefundReason; note?: string | null | undefined },
): Promise<LeadRefundRow> {
  const id = newId(ctx.now.getTime())
  const ask = sql`select khidma.ask_lead_refund(${id}, ${requestId}, ${reason}, ${note})`
  return one(await ctx.db.write([ask], refundView(ctx, sql`f.id = ${id}`)))
}

export async function getRefund(ctx: Context, id: string): Promise<LeadRefundRow> {
  return one(await ctx.db.read(refundView(ctx, sql`f.id = ${id}`)))
}

export interface LeadRefundFilters {
  status?: LeadRefundStatus | undefined
  requestId?: string | undefined
  taskerId?: string | undefined
}

export function listRefunds(
  ctx: Context,
  { status, requestId, taskerId }: LeadRefundFilters,
  page: PageRequest,
): Promise<LeadRefundRow[]> {
  const { within, orderAndLimit } = listing(page, 'f')
  const conditions = [within]
  if (status) conditions.push(sql`f.status = ${status}`)
  if (requestId) conditions.push(sql`f.request_id = ${requestId}`)
  if (taskerId) conditions.push(sql`f.tasker_id = ${taskerId}`)
  return ctx.db.read(refundView(ctx, sql`${sql.join(conditions, sql` and `)} ${orderAndLimit}`))
}

export async function decideRefund(
  ctx: Context<UserActor>,
  id: string,
  status: 'approved' | 'rejected',
  note: string | undefined,
): Promise<LeadRefundRow> {
  const decide = sql`select khidma.decide_lead_refund(${id}, ${status}, ${note ?? null})`
  return one(await ctx.db.write([decide], refundView(ctx, sql`f.id = ${id}`)))
}
