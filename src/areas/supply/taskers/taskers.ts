import { type SQL, sql } from 'drizzle-orm'
import { type Actor, type Context, isStaff, userIdOf } from '../../../core/context.ts'
import { open, seal } from '../../../core/crypto.ts'
import { Problem } from '../../../core/problems.ts'
import { isoTime } from '../../../db/json.ts'
import { keyset, type PageRequest } from '../../../db/keyset.ts'
import { int, list, nullable, number, oneOf, type RowOf, rowsOf, text, time, uuid } from '../../../db/rows.ts'
import { planBadges } from '../../../db/schema/commerce/subscriptions.ts'
import { one } from '../../../db/unit.ts'
import { personColumns, shownPerson } from '../../people/profiles/shown.ts'
import { taskerMachine } from './machine.ts'
import { categoriesOf, hourlyRate, hourlyRateOf, serviceArea, skillsOf } from './profiles.ts'

/** Tasker as everybody may see them. */
const taskerRow = {
  id: uuid,
  name: nullable(text),
  ...shownPerson,
  categories: list(text),
  skills: list(text),
  /** Coarse: the centre of an area is often a home. */
  serviceArea: nullable(serviceArea),
  hourlyRate: nullable(hourlyRate),
  ratingAvg: nullable(number),
  ratingCount: int,
  bookingsCompleted: int,
  planBadge: nullable(oneOf(planBadges)),
  memberSince: time,
  /** Null for who is neither staff nor the tasker. */
  status: nullable(oneOf(taskerMachine.states)),
}
export type TaskerRow = RowOf<typeof taskerRow>

const foundTaskerRow = {
  ...taskerRow,
  distanceKm: number,
  /** Sort key of the row in the list, in metres. Never shown: three such distances name a home. */
  distanceM: number,
}
export type FoundTaskerRow = RowOf<typeof foundTaskerRow>

/** About a kilometre. */
const coarse = (degrees: SQL): SQL => sql`round((${degrees})::numeric, 2)::double precision`

const seesStatus = (actor: Actor): SQL =>
  isStaff(actor) ? sql`true` : sql`coalesce(p.user_id = ${userIdOf(actor)}::uuid, false)`

const publicColumns = (actor: Actor): SQL => sql`
  p.user_id as id, u.full_name as name, coalesce(p.bio, shown.bio) as bio, shown."avatarUrl", shown.languages, shown.badge, khidma.features_now(p.user_id) ->> 'badge' as "planBadge", ${categoriesOf} as categories, ${skillsOf} as skills,
  case when a.tasker_id is not null then json_build_object('lat', ${coarse(sql`a.center_lat`)},
    'lng', ${coarse(sql`a.center_lng`)}, 'radiusKm', a.radius_km) end as "serviceArea",
  ${hourlyRateOf} as "hourlyRate", case when p.rating_count > 0 then p.rating_avg end as "ratingAvg",
  p.rating_count as "ratingCount", p.bookings_completed as "bookingsCompleted",
  ${isoTime(sql`p.created_at`)} as "memberSince", case when ${seesStatus(actor)} then p.status end as status`

const joins = sql`join users u on u.id = p.user_id left join tasker_service_areas a on a.tasker_id = p.user_id
  cross join lateral ${personColumns(sql`p.user_id`, 'shown')}`

/** Returns a tasker. One who cannot be booked is visible to staff and to themselves only. */
export async function getTasker(ctx: Context, taskerId: string): Promise<TaskerRow> {
  const statement = rowsOf(taskerRow)`
    select ${publicColumns(ctx.actor)} from tasker_profiles p ${joins}
     where p.user_id = ${taskerId}
       and ((p.status in ('active', 'at_risk') and u.status = 'active') or ${seesStatus(ctx.actor)})
       and not khidma.blocked_between(p.user_id, ${userIdOf(ctx.actor)}::uuid)`
  return one(await ctx.db.read(statement))
}

export interface TaskerQuestion {
  category: string
  lat: number
  lng: number
  radiusKm: number
}

/** How many a search looks at, at most: then its last page is a short scan too. */
const searchDepth = 1_000

/**
 * Lists the taskers who serve this place, nearest first: one nearest-neighbour scan of the match index, which holds active
 * taskers only. The profiles are joined to the page alone.
 */
export async function searchTaskers(
  ctx: Context,
  { category, lat, lng, radiusKm }: TaskerQuestion,
  page: PageRequest,
): Promise<FoundTaskerRow[]> {
  const here = sql`st_setsrid(st_makepoint(${lng}, ${lat}), 4326)::geography`
  const { after, orderAndLimit } = keyset(await openPosition(ctx, page), [
    { by: sql`near.distance`, type: 'double precision', direction: 'asc' },
    { by: sql`near.tasker_id`, type: 'uuid', direction: 'asc' },
  ])
  const shown = sql`st_setsrid(st_makepoint(${coarse(sql`a.center_lng`)}, ${coarse(sql`a.center_lat`)}), 4326)::geography`
  return ctx.db.read(rowsOf(foundTaskerRow)`
    select ${publicColumns(ctx.actor)}, round(st_distance(${shown}, ${here})::numeric / 1000, 1) as "distanceKm",
           found.distance as "distanceM"
      from (select near.tasker_id, near.distance
              from (select m.tasker_id, m.radius_m, m.center <-> ${here} as distance from match_index m
                     where m.category = ${category} order by m.center <-> ${here} limit ${searchDepth}) near
             where near.distance <= least(near.radius_m, ${radiusKm * 1_000}::double precision) and ${after}
               and not khidma.blocked_between(near.tasker_id, ${userIdOf(ctx.actor)}::uuid)
             ${orderAndLimit}) found
      join tasker_profiles p on p.user_id = found.tasker_id ${joins}
     order by found.distance, found.tasker_id`)
}

const purpose = 'tasker search position'

/** Sorted by a secret value: the cursor carries it encrypted. */
export async function sealPosition(ctx: Context, { distanceM, id }: FoundTaskerRow): Promise<string[]> {
  return [await seal(ctx.secrets.encryptionKeys, purpose, String(distanceM)), id]
}

async function openPosition(ctx: Context, { limit, after }: PageRequest): Promise<PageRequest> {
  const [sealed, id] = after ?? []
  if (sealed === undefined || id === undefined) return { limit, after: null }
  // A cursor under a key that was thrown away since is as invalid as one that we never made.
  const distance = await open(ctx.secrets.encryptionKeys, purpose, sealed).catch(() => {
    throw new Problem('invalid_cursor')
  })
  return { limit, after: [distance, id] }
}
