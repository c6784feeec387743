import { type SQL, sql } from 'drizzle-orm'
import type { Context, UserActor } from '../../../../core/context.ts'
import { newId } from '../../../../core/ids.ts'
import { rowColumns } from '../../../../db/json.ts'
import type { PageRequest } from '../../../../db/keyset.ts'
import { listing } from '../../../../db/listing.ts'
import { columnsOf, int, type RowOf, rowsOf } from '../../../../db/rows.ts'
import { erasureRequests } from '../../../../db/schema/people/privacy.ts'
import { one, type Statement } from '../../../../db/unit.ts'
import type { ErasureStatus } from '../machine.ts'

/** Erasure requests until they are due. The work of the job after that is in `erasing.ts`. */

const erasureRow = columnsOf(erasureRequests)
export type ErasureRow = RowOf<typeof erasureRow>

const erasureView = (where: SQL): Statement<ErasureRow> =>
  rowsOf(erasureRow)`select ${rowColumns(erasureRequests, 'r')} from erasure_requests r where ${where}`

/** Their last one: there is never more than one open. */
const lastOf = (userId: string): Statement<ErasureRow> =>
  erasureView(
    sql`r.id = (select e.id from erasure_requests e where e.user_id = ${userId} order by e.id desc limit 1)`,
  )

export interface ErasureWish {
  reason: string | undefined
  /** Says what becomes of their wallets; without it, money in them is an obstacle. */
  balance?: 'donate' | 'forfeit' | undefined
  graceDays: number
}

/** Refused while there is work or money of theirs under way: they end it first, or wait for its end. */
export async function requestErasure(
  ctx: Context,
  userId: string,
  { reason, balance, graceDays }: ErasureWish,
): Promise<ErasureRow> {
  const id = newId(ctx.now.getTime())
  const effects = [
    sql`select khidma.assert_erasable(${userId}, ${balance ?? null}::text)`,
    sql`insert into erasure_requests (id, user_id, reason, balance, scheduled_for, next_at)
        select ${id}, ${userId}, ${reason ?? null}, ${balance ?? null}, t.due, t.due from (select now() + make_interval(days => ${graceDays})) t (due)`,
  ]
  return one(await ctx.db.write(effects, erasureView(sql`r.id = ${id}`)))
}

export async function getOwnErasure(ctx: Context<UserActor>): Promise<ErasureRow> {
  return one(await ctx.db.read(lastOf(ctx.actor.userId)))
}

/** Once it has begun nothing is done in their name any more, so that there is nothing to refuse here. */
export async function cancelErasure(ctx: Context<UserActor>): Promise<ErasureRow> {
  const { userId } = ctx.actor
  const cancel = sql`
    update erasure_requests set status = 'canceled', canceled_at = now()
     where user_id = ${userId} and status in ('scheduled', 'deferred')`
  return one(await ctx.db.write([cancel], lastOf(userId)))
}

/** Begun, looked over, or to be taken a day ago, and not done: something keeps failing. It takes minutes otherwise. */
const isOverdue = sql`(r.status = 'running' and r.started_at < now() - interval '1 day'
  or r.status = 'wiped' and r.wiped_at < now() - interval '1 day'
  or r.status in ('scheduled', 'deferred') and r.next_at < now() - interval '1 day')`

export async function countOverdueErasures(ctx: Context): Promise<number> {
  const rows = await ctx.db.read(
    rowsOf({ overdue: int })`select count(*)::int as overdue from erasure_requests r where ${isOverdue}`,
  )
  return one(rows).overdue
}

export interface ErasureFilters {
  status?: ErasureStatus | undefined
  overdue?: boolean | undefined
  userId?: string | undefined
}

export function listErasures(
  ctx: Context,
  { status, userId, overdue }: ErasureFilters,
  page: PageRequest,
): Promise<ErasureRow[]> {
  const { within, orderAndLimit } = listing(page, 'r')
  const conditions = [within]
  if (status) conditions.push(sql`r.status = ${status}`)
  if (userId) conditions.push(sql`r.user_id = ${userId}`)
  if (overdue !== undefined) conditions.push(sql`${isOverdue} = ${overdue}`)
  return ctx.db.read(erasureView(sql`${sql.join(conditions, sql` and `)} ${orderAndLimit}`))
}

export async function getErasure(ctx: Context, id: string): Promise<ErasureRow> {
  return one(await ctx.db.read(erasureView(sql`r.id = ${id}`)))
}
