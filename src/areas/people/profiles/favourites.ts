import { type SQL, sql } from 'drizzle-orm'
import type { Context, UserActor } from '../../../core/context.ts'
import { newId } from '../../../core/ids.ts'
import { isoTime } from '../../../db/json.ts'
import { newestFirst, type PageRequest } from '../../../db/keyset.ts'
import { bool, int, list, nullable, number, type RowOf, rowsOf, text, time, uuid } from '../../../db/rows.ts'
import { one } from '../../../db/unit.ts'
import { lockAccount } from './own-rows.ts'

const favouriteRow = {
  id: uuid,
  taskerId: uuid,
  name: nullable(text),
  categories: list(text),
  ratingAvg: nullable(number),
  ratingCount: int,
  /** Whether they can be booked now. */
  bookable: bool,
  createdAt: time,
}
export type FavouriteRow = RowOf<typeof favouriteRow>

const favouritesLimit = 200

const bookable = sql`(p.status in ('active', 'at_risk') and u.status = 'active')`

const favouriteView = (where: SQL, orderAndLimit: SQL = sql``) => rowsOf(favouriteRow)`
  select f.id, f.tasker_id as "taskerId", u.full_name as name,
         coalesce((select json_agg(c.category order by c.category) from tasker_categories c
                    where c.tasker_id = f.tasker_id), '[]') as categories,
         case when p.rating_count > 0 then p.rating_avg end as "ratingAvg", p.rating_count as "ratingCount",
         ${bookable} as bookable, ${isoTime(sql`f.created_at`)} as "createdAt"
    from favourite_taskers f join users u on u.id = f.tasker_id join tasker_profiles p on p.user_id = f.tasker_id
   where ${where} ${orderAndLimit}`

export function listFavourites(ctx: Context<UserActor>, page: PageRequest): Promise<FavouriteRow[]> {
  const { after, orderAndLimit } = newestFirst(page, sql`f.id`)
  return ctx.db.read(
    favouriteView(
      sql`f.client_id = ${ctx.actor.userId} and not khidma.blocked_between(f.client_id, f.tasker_id) and ${after}`,
      orderAndLimit,
    ),
  )
}

/**
 * Adds a favourite. An existing favourite stays one. Only a tasker who can be booked becomes one: any other does not exist
 * for the caller.
 */
export async function addFavourite(ctx: Context<UserActor>, taskerId: string): Promise<FavouriteRow> {
  const me = ctx.actor.userId
  const known = sql`exists (select from favourite_taskers f where f.client_id = ${me} and f.tasker_id = ${taskerId})`
  const effects = [
    ...lockAccount(me),
    sql`select khidma.refuse(403, 'forbidden') where ${me}::uuid = ${taskerId}::uuid`,
    sql`select khidma.refuse(404, 'not_found') where khidma.blocked_between(${me}::uuid, ${taskerId}::uuid) or not ${known} and not exists (
          select from tasker_profiles p join users u on u.id = p.user_id where p.user_id = ${taskerId} and ${bookable})`,
    sql`select khidma.refuse(409, 'limit_reached', jsonb_build_object('limit', ${favouritesLimit}::int))
          from favourite_taskers f where f.client_id = ${me} and not ${known} having count(*) >= ${favouritesLimit}`,
    sql`insert into favourite_taskers (id, client_id, tasker_id)
        values (${newId(ctx.now.getTime())}, ${me}, ${taskerId}) on conflict (client_id, tasker_id) do nothing`,
  ]
  const view = favouriteView(sql`f.client_id = ${me} and f.tasker_id = ${taskerId}`)
  return one(await ctx.db.write(effects, view))
}

export async function removeFavourite(ctx: Context<UserActor>, taskerId: string): Promise<void> {
  const mine = sql`f.client_id = ${ctx.actor.userId} and f.tasker_id = ${taskerId}`
  await ctx.db.write([
    sql`select khidma.refuse(404, 'not_found') where not exists (select from favourite_taskers f where ${mine})`,
    sql`delete from favourite_taskers f where ${mine}`,
  ])
}
