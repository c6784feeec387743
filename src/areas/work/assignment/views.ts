import { sql } from 'drizzle-orm'
import type { Context, UserActor } from '../../../core/context.ts'
import { newId } from '../../../core/ids.ts'
import { rowColumns } from '../../../db/json.ts'
import { newestFirst, type PageRequest } from '../../../db/keyset.ts'
import { assignments, insertion } from '../../../db/patch.ts'
import { columnsOf, type RowOf, rowsOf } from '../../../db/rows.ts'
import { dispatchViews } from '../../../db/schema/work/assignment.ts'
import { one, type Statement } from '../../../db/unit.ts'

const viewRow = columnsOf(dispatchViews)
export type DispatchViewRow = RowOf<typeof viewRow>

export interface ViewFields {
  name?: string | undefined
  filters?: Record<string, unknown> | undefined
  isShared?: boolean | undefined
}

/** More than anybody can look through. */
export const viewLimit = 50

const viewOf = (viewId: string): Statement<DispatchViewRow> =>
  rowsOf(viewRow)`select ${rowColumns(dispatchViews, 'v')} from dispatch_views v where v.id = ${viewId}`

const isVisible = ({ actor }: Context<UserActor>) => sql`(v.owner_id = ${actor.userId} or v.is_shared)`

export const getView = async (ctx: Context<UserActor>, viewId: string): Promise<DispatchViewRow> =>
  one(
    await ctx.db.read(
      rowsOf(
        viewRow,
      )`select ${rowColumns(dispatchViews, 'v')} from dispatch_views v where v.id = ${viewId} and ${isVisible(ctx)}`,
    ),
  )

/** Own ones, and those that colleagues share. */
export function listViews(ctx: Context<UserActor>, page: PageRequest): Promise<DispatchViewRow[]> {
  const { after, orderAndLimit } = newestFirst(page, sql`v.id`)
  return ctx.db.read(rowsOf(viewRow)`
    select ${rowColumns(dispatchViews, 'v')} from dispatch_views v
     where ${isVisible(ctx)} and ${after} ${orderAndLimit}`)
}

export async function createView(ctx: Context<UserActor>, fields: ViewFields): Promise<DispatchViewRow> {
  const [id, ownerId] = [newId(ctx.now.getTime()), ctx.actor.userId]
  const effects = [
    sql`select pg_advisory_xact_lock(hashtextextended('dispatch_views:' || ${ownerId}, 0))`,
    sql`select khidma.refuse(409, 'limit_reached', jsonb_build_object('limit', ${viewLimit}::int))
         where (select count(*) from dispatch_views v where v.owner_id = ${ownerId}) >= ${viewLimit}`,
    sql`insert into dispatch_views ${insertion(dispatchViews, { id, ownerId, ...valuesOf(fields) })}`,
  ]
  return one(await ctx.db.write(effects, viewOf(id)))
}

export async function updateView(
  ctx: Context<UserActor>,
  viewId: string,
  fields: ViewFields,
  expectedVersion: number | null,
): Promise<DispatchViewRow> {
  const changes = assignments(dispatchViews, valuesOf(fields))
  const effects = [
    ...lockOwn(ctx, viewId),
    sql`select khidma.assert_version(v.version, ${expectedVersion}) from dispatch_views v where v.id = ${viewId}`,
  ]
  if (changes) effects.push(sql`update dispatch_views set ${changes} where id = ${viewId}`)
  return one(await ctx.db.write(effects, viewOf(viewId)))
}

export async function deleteView(ctx: Context<UserActor>, viewId: string): Promise<void> {
  await ctx.db.write([...lockOwn(ctx, viewId), sql`delete from dispatch_views where id = ${viewId}`])
}

const valuesOf = ({ filters, ...columns }: ViewFields) => ({
  ...columns,
  filters: filters && sql`${JSON.stringify(filters)}::jsonb`,
})

/** A view that a colleague shares is theirs to change: 403. One that they do not share is not there: 404. */
const lockOwn = (ctx: Context<UserActor>, viewId: string) => [
  sql`select from dispatch_views v where v.id = ${viewId} for update`,
  sql`select khidma.refuse(404, 'not_found') where not exists (
        select from dispatch_views v where v.id = ${viewId} and ${isVisible(ctx)})`,
  sql`select khidma.refuse(403, 'forbidden') from dispatch_views v where v.id = ${viewId} and v.owner_id <> ${ctx.actor.userId}`,
]
