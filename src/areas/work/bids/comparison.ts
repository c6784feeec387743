import { type SQL, sql } from 'drizzle-orm'
import type { Context, UserActor } from '../../../core/context.ts'
import { isoTime } from '../../../db/json.ts'
import { type KeyColumn, keyset, type PageRequest } from '../../../db/keyset.ts'
import { int, list, nullable, number, type RowOf, rowsOf, text, time } from '../../../db/rows.ts'
import { one } from '../../../db/unit.ts'
import { readableByClient } from './asking.ts'
import { bidColumns, bidRow } from './bids.ts'
import type { BidStatus } from './machine.ts'

/** A bid as the client compares it with the others, beside facts of its tasker and the client's own marks. */
const comparedRow = {
  ...bidRow,
  taskerName: nullable(text),
  ratingAvg: nullable(number),
  ratingCount: int,
  bookingsCompleted: int,
  acceptanceRate: number,
  completionRate: number,
  /** From the middle of the tasker's service area, both coarse; rounded to half a kilometre. */
  distanceKm: nullable(number),
  /** How long after the posting of the task the bid was made. */
  minutesAfterPosting: nullable(int),
  shortlistedAt: nullable(time),
  archivedAt: nullable(time),
  sortKey: nullable(text),
}
export type ComparedRow = RowOf<typeof comparedRow>

const point = (lng: string, lat: string): SQL =>
  sql.raw(
    `st_setsrid(st_makepoint(round(${lng}::numeric, 2)::float8, round(${lat}::numeric, 2)::float8), 4326)::geography`,
  )

const distanceKm = sql`round(st_distance(${point('a.center_lng', 'a.center_lat')}, ${point('t.lng', 't.lat')})::numeric / 500) / 2`

const comparedColumns: SQL = sql`
  ${bidColumns}, u.full_name as "taskerName", case when p.rating_count > 0 then p.rating_avg end as "ratingAvg",
  p.rating_count as "ratingCount", p.bookings_completed as "bookingsCompleted", p.acceptance_rate as "acceptanceRate",
  p.completion_rate as "completionRate", ${distanceKm} as "distanceKm",
  (select round(extract(epoch from b.created_at - max(e.created_at)) / 60)::int from task_state_events e
    where e.task_id = b.task_id and e.to_state = 'posted' and e.created_at <= b.created_at) as "minutesAfterPosting",
  ${isoTime(sql`m.shortlisted_at`)} as "shortlistedAt", ${isoTime(sql`m.archived_at`)} as "archivedAt"`

const joined = sql`
  join users u on u.id = b.tasker_id join tasker_profiles p on p.user_id = b.tasker_id
  left join tasker_service_areas a on a.tasker_id = b.tasker_id left join bid_marks m on m.bid_id = b.id`

/** Orders of the comparison: what is best comes first, and what is not known comes last. */
const orders = {
  newest: null,
  price: { by: sql`b.amount`, type: 'bigint', direction: 'asc' },
  rating: {
    by: sql`case when p.rating_count > 0 then p.rating_avg else 0 end::float8`,
    type: 'double precision',
    direction: 'desc',
  },
  distance: { by: sql`coalesce(${distanceKm}, 100000)::float8`, type: 'double precision', direction: 'asc' },
} as const satisfies Record<string, KeyColumn | null>
export type BidOrder = keyof typeof orders
export const bidOrders = Object.keys(orders) as [BidOrder, ...BidOrder[]]

export interface ComparisonFilters {
  sort?: BidOrder | undefined
  status?: BidStatus | undefined
  shortlisted?: boolean | undefined
  /** Archived bids are left out unless they are asked for. */
  archived?: boolean | undefined
}

/** One row for the task that holds the page, so that an unknown task (404) differs from one without bids. */
export async function compareBids(
  ctx: Context,
  taskId: string,
  { sort = 'newest', status, shortlisted, archived = false }: ComparisonFilters,
  page: PageRequest,
): Promise<ComparedRow[]> {
  const order = orders[sort]
  const byId = { by: sql`b.id`, type: 'uuid', direction: 'desc' } as const
  const { after, orderAndLimit } = keyset(page, order ? [order, byId] : [byId])
  const conditions = [after, sql`(m.archived_at is not null) = ${archived}`]
  if (status) conditions.push(sql`khidma.bid_status_now(b, t.deadline) = ${status}`)
  if (shortlisted !== undefined) conditions.push(sql`(m.shortlisted_at is not null) = ${shortlisted}`)
  const found = sql`
    select ${comparedColumns}, ${order ? order.by : sql`null`}::text as "sortKey" from bids b ${joined}
     where b.task_id = t.id and b.deleted_at is null and ${sql.join(conditions, sql` and `)} ${orderAndLimit}`
  const rows = await ctx.db.read(rowsOf({ bids: list(comparedRow) })`
    select coalesce((select json_agg(f) from (${found}) f), '[]') as bids
      from tasks t where t.id = ${taskId} and ${readableByClient(ctx)}`)
  return one(rows).bids
}

/** The key of a row in the order that it is listed in. */
export const comparedKey = ({ sortKey, id }: ComparedRow): string[] =>
  sortKey === null ? [id] : [sortKey, id]

const marks = {
  shortlist: { shortlisted: sql`now()`, archived: sql`null` },
  unshortlist: { shortlisted: sql`null`, archived: sql`m.archived_at` },
  archive: { shortlisted: sql`null`, archived: sql`now()` },
  unarchive: { shortlisted: sql`m.shortlisted_at`, archived: sql`null` },
}
export type Mark = keyof typeof marks

/** The client's own note, of which the tasker learns nothing: the bid itself stays as it is. */
export async function markBid(ctx: Context<UserActor>, bidId: string, mark: Mark): Promise<ComparedRow> {
  const { shortlisted, archived } = marks[mark]
  const effects = [
    sql`select khidma.lock_bid(${bidId}::uuid, 'client')`,
    sql`insert into bid_marks (bid_id) values (${bidId}) on conflict (bid_id) do nothing`,
    sql`update bid_marks m set shortlisted_at = ${shortlisted}, archived_at = ${archived}, updated_at = now() where m.bid_id = ${bidId}`,
  ]
  const result = rowsOf(comparedRow)`
    select f.* from (select ${comparedColumns}, null::text as "sortKey" from bids b join tasks t on t.id = b.task_id ${joined}
                      where b.id = ${bidId}) f`
  return one(await ctx.db.write(effects, result))
}
