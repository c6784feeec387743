import { type SQL, sql } from 'drizzle-orm'
import type { Context, UserActor } from '../../../../core/context.ts'
import { newId } from '../../../../core/ids.ts'
import { rowColumns } from '../../../../db/json.ts'
import { newestFirst, type PageRequest } from '../../../../db/keyset.ts'
import { insertion } from '../../../../db/patch.ts'
import { columnsOf, type RowOf, rowsOf } from '../../../../db/rows.ts'
import { legalHolds } from '../../../../db/schema/people/privacy.ts'
import { one, type Statement } from '../../../../db/unit.ts'

const holdRow = columnsOf(legalHolds)
export type HoldRow = RowOf<typeof holdRow>

/** Hides a hold from the person who is held, staff or not. */
const holdView = (ctx: Context<UserActor>, where: SQL): Statement<HoldRow> =>
  rowsOf(holdRow)`
      select ${rowColumns(legalHolds, 'h')} from legal_holds h where h.user_id <> ${ctx.actor.userId} and ${where}`

/** Put before or after the beginning of an erasure by the database; several may be active at once. */
export async function placeHold(
  ctx: Context<UserActor>,
  { userId, reason }: { userId: string; reason: string },
): Promise<HoldRow> {
  const id = newId(ctx.now.getTime())
  const placedBy = ctx.actor.userId
  const effects = [
    sql`select khidma.refuse(403, 'own_hold') where ${userId}::uuid = ${placedBy}::uuid`,
    sql`insert into legal_holds ${insertion(legalHolds, { id, userId, reason, placedBy })}`,
  ]
  return one(await ctx.db.write(effects, holdView(ctx, sql`h.id = ${id}`)))
}

export interface HoldFilters {
  userId?: string | undefined
  active?: boolean | undefined
}

export function listHolds(
  ctx: Context<UserActor>,
  { userId, active }: HoldFilters,
  page: PageRequest,
): Promise<HoldRow[]> {
  const { after, orderAndLimit } = newestFirst(page, sql`h.id`)
  const conditions = [after]
  if (userId) conditions.push(sql`h.user_id = ${userId}`)
  if (active !== undefined) conditions.push(sql`(h.released_at is null) = ${active}`)
  return ctx.db.read(holdView(ctx, sql`${sql.join(conditions, sql` and `)} ${orderAndLimit}`))
}

export const getHold = async (ctx: Context<UserActor>, id: string): Promise<HoldRow> =>
  one(await ctx.db.read(holdView(ctx, sql`h.id = ${id}`)))

/** A user stays under hold while any of their holds is active. */
export async function releaseHold(ctx: Context<UserActor>, id: string, reason: string): Promise<HoldRow> {
  const releasedBy = ctx.actor.userId
  const release = sql`
    update legal_holds set released_at = now(), released_by = ${releasedBy}, release_reason = ${reason}
     where id = ${id} and user_id <> ${releasedBy}`
  return one(await ctx.db.write([release], holdView(ctx, sql`h.id = ${id}`)))
}
