import { type SQL, sql } from 'drizzle-orm'
import { type Actor, type Context, userIdOf } from '../../../core/context.ts'
import { moderate } from '../../../core/moderation.ts'
import { Problem } from '../../../core/problems.ts'
import { isoTime } from '../../../db/json.ts'
import { type KeyColumn, keyset, type PageRequest } from '../../../db/keyset.ts'
import {
  bool,
  int,
  json,
  list,
  nullable,
  number,
  omit,
  type RowOf,
  rowsOf,
  text,
  time,
  uuid,
} from '../../../db/rows.ts'
import { one } from '../../../db/unit.ts'
import { type Attributes, professionOf, tagOf } from '../professions/kinds/index.ts'
import { areaRow } from '../professions/role-profiles.ts'

export const sorts = ['nearest', 'rating', 'price'] as const
export type Sort = (typeof sorts)[number]

export interface DirectoryFilters {
  q?: string | undefined
  profession?: string | undefined
  category?: string | undefined
  /** `name:value`, by commas. */
  attributes?: string | undefined
  lat?: number | undefined
  lng?: number | undefined
  radiusKm?: number | undefined
  city?: string | undefined
  district?: string | undefined
  language?: string | undefined
  currency?: string | undefined
  minPriceAmount?: number | undefined
  maxPriceAmount?: number | undefined
  minRating?: number | undefined
  minExperienceYears?: number | undefined
}

const usualRadiusKm = 10

function refuse(field: string, message: string): never {
  throw new Problem('invalid_request', { errors: [{ pointer: `query/${field}`, message }] })
}

/** Conditions of attribute filters on entry `e`: all of them hold. Names and kinds are those of the profession. */
function attributeConditions(profession: string | undefined, attributes: string): SQL[] {
  const kinds = professionOf(profession ?? '')?.attributes
  if (!kinds) return refuse('attributes', 'needs profession')
  return attributes.split(',').map((pair) => {
    const [name = '', ...rest] = pair.split(':')
    const value = rest.join(':').trim()
    const kind = Object.hasOwn(kinds, name) ? kinds[name]?.kind : undefined
    if (value === '' || kind === undefined || kind === 'text' || kind === 'price')
      return refuse('attributes', 'has an attribute that the profession does not filter by')
    if (kind !== 'number') return sql`e.tags @> array[${tagOf(name, value)}]`
    const [, from, to] = /^(\d{1,9})?\.\.(\d{1,9})?$/.exec(value) ?? []
    if (from === undefined && to === undefined)
      return refuse('attributes', 'has a range that is not like 2..5, ..5 or 2..')
    const its = sql`(e.attributes ->> ${name})::numeric`
    return sql`${its} >= ${Number(from ?? 0)} and ${its} <= ${Number(to ?? 999_999_999)}`
  })
}

/**
 * The place, as geography. In a subquery, so that no plan is made for its value: statistics of circles all over the world say that
 * almost none are near it, and Postgres would sort all of a city instead of reading the index in order.
 */
const hereOf = (lat: number, lng: number): SQL =>
  sql`(select st_setsrid(st_makepoint(${lng}, ${lat}), 4326)::geography)`

/** Two people with a block between them do not find each other. Those with one are read once a search, not once a match. */
const notBlocked = (actor: Actor): SQL => sql`e.tasker_id <> all (array(${blockedWith(actor)}))`

const blockedWith = (actor: Actor): SQL => sql`
  select k.blocked_id from user_blocks k where k.blocker_id = ${userIdOf(actor)} union all
  select k.blocker_id from user_blocks k where k.blocked_id = ${userIdOf(actor)}`

/** A tasker whom staff keep from transacting cannot be booked meanwhile. It ends by the instant, so that entries cannot leave it out. */
const mayTransact = sql`(e.restricted_until is null or e.restricted_until <= now())`

/** Everybody whom this caller can book. */
const bookableBy = (actor: Actor): SQL[] =>
  actor.kind === 'user' ? [mayTransact, notBlocked(actor)] : [mayTransact]

/** Conditions on what entries and their circles both have, of row `r`: near a place few circles are left, whose entries are then read. */
function commonConditions(r: SQL, filters: DirectoryFilters): SQL[] {
  const { profession, currency, minPriceAmount, maxPriceAmount, minRating, minExperienceYears } = filters
  const conditions: SQL[] = []
  if (profession) conditions.push(sql`${r}.profession = ${profession}`)
  if (currency) conditions.push(sql`${r}.price_currency = ${currency}`)
  if (minPriceAmount !== undefined) conditions.push(sql`${r}.price_amount >= ${minPriceAmount}`)
  if (maxPriceAmount !== undefined) conditions.push(sql`${r}.price_amount <= ${maxPriceAmount}`)
  if (minRating !== undefined) conditions.push(sql`${r}.rating_avg >= ${minRating}`)
  if (minExperienceYears !== undefined) conditions.push(sql`${r}.experience_years >= ${minExperienceYears}`)
  return conditions
}

/** All other conditions on entry `e` but the place. */
function entryConditions(actor: Actor, filters: DirectoryFilters): SQL[] {
  const { q, profession, category, attributes, city, district, language, currency } = filters
  const { lat, lng, minPriceAmount, maxPriceAmount } = filters
  if ((lat === undefined) !== (lng === undefined)) refuse(lat === undefined ? 'lat' : 'lng', 'is required')
  if ((city === undefined) !== (district === undefined))
    refuse(city === undefined ? 'city' : 'district', 'is required')
  if ((minPriceAmount !== undefined || maxPriceAmount !== undefined) && !currency)
    refuse('currency', 'is required')
  const conditions = bookableBy(actor)
  if (category) conditions.push(sql`e.categories @> array[${category}]`)
  if (attributes) conditions.push(...attributeConditions(profession, attributes))
  if (q) conditions.push(sql`khidma.matches_text(e.search_vector, ${q})`)
  if (city && district) conditions.push(sql`e.districts @> array[lower(${`${city}/${district}`})]`)
  if (language) conditions.push(sql`e.languages @> array[${language}]`)
  return conditions
}

/**
 * Matches that are counted, at most; near a place, the nearest circles that are looked at for that, and where a search sorts them in another
 * order: the last page is a short scan too.
 */
const searchDepth = 500

interface Circles {
  /** The place, as geography. */
  here: SQL
  /** Metres from there to the centre of circle `d`. */
  distance: SQL
  /** Condition on circle `d`: it matches as far as it can say, holds the place, and its centre is near enough. */
  holds: SQL
}

function circlesOf(filters: DirectoryFilters): Circles | null {
  const { lat, lng, radiusKm } = filters
  if (lat === undefined || lng === undefined) return null
  const here = hereOf(lat, lng)
  const reach = (radiusKm ?? usualRadiusKm) * 1_000
  const distance = sql`d.center <-> ${here}`
  const isNear = sql`st_dwithin(d.center, ${here}, ${reach}::double precision, false)`
  const conditions = [...commonConditions(sql`d`, filters), isNear, sql`${distance} <= d.radius_m`]
  return { here, distance, holds: sql.join(conditions, sql` and `) }
}

/**
 * Entries `e` that match. Where the search has a place: those of the nearest `depth` circles, with the `distance` of their nearest one, and
 * in `circles` how many circles were read. What does not match takes nobody's room.
 */
function sourceOf(actor: Actor, filters: DirectoryFilters, depth: number): SQL {
  const conditions = [sql`true`, ...entryConditions(actor, filters)]
  const circles = circlesOf(filters)
  if (!circles) {
    const all = sql.join([...conditions, ...commonConditions(sql`e`, filters)], sql` and `)
    return sql`select e.*, null::double precision as distance, null::bigint as circles from directory_entries e where ${all}`
  }
  const where = sql.join(conditions, sql` and `)
  const { distance, holds } = circles
  return sql`
    select e.*, near.distance, near.circles
      from (select n.entry_id, min(n.distance) as distance, sum(count(*)) over () as circles
              from (select d.entry_id, ${distance} as distance
                      from directory_places d join directory_entries e on e.id = d.entry_id
                     where ${holds} and ${where} order by ${distance} limit ${depth}) n
             group by n.entry_id) near
      join directory_entries e on e.id = near.entry_id`
}

/**
 * The first matches from a place on, nearest first, each once: by the nearest of its circles. One index scan that ends where the page ends;
 * those as far away as the last one come with it, as centres are rounded and many are equally far. `after` speaks of `d` and `e`.
 */
function nearestOf(
  actor: Actor,
  filters: DirectoryFilters,
  { here, distance, holds }: Circles,
  after: SQL,
  limit: number,
): SQL {
  const where = sql.join([holds, ...entryConditions(actor, filters), after], sql` and `)
  return sql`
    select e.*, ${distance} as distance from directory_places d join directory_entries e on e.id = d.entry_id
     where ${where}
       and not exists (select from directory_places o where o.entry_id = d.entry_id and o.center <-> ${here} <= o.radius_m
                          and (o.center <-> ${here}, o.place) < (${distance}, d.place))
     order by ${distance} fetch first ${limit} rows with ties`
}

const foundRow = {
  id: uuid,
  taskerId: uuid,
  profession: nullable(text),
  displayName: nullable(text),
  businessName: nullable(text),
  bio: nullable(text),
  hasAvatar: bool,
  experienceYears: nullable(int),
  attributes: nullable(json<Attributes>()),
  categories: list(text),
  languages: list(text),
  priceAmount: nullable(int),
  priceCurrency: nullable(text),
  ratingAvg: nullable(number),
  ratingCount: int,
  distanceKm: nullable(number),
  /** Sort key of the row. */
  key: text,
}
export type FoundRow = RowOf<typeof foundRow>

/** Columns of entry `e` with its profile `p`, its public version `v`, and its tasker `t` with user `u`. */
const foundColumns = sql`
  e.id, e.tasker_id as "taskerId", e.profession, coalesce(v.display_name, u.full_name) as "displayName", v.business_name as "businessName",
  coalesce(v.bio, t.bio) as bio, v.avatar_media_id is not null as "hasAvatar", v.experience_years as "experienceYears", v.attributes,
  e.categories, e.languages, e.price_amount as "priceAmount", e.price_currency as "priceCurrency",
  case when e.rating_count > 0 then e.rating_avg end as "ratingAvg", e.rating_count as "ratingCount"`

const foundJoins = sql`
  join users u on u.id = e.tasker_id join tasker_profiles t on t.user_id = e.tasker_id
  left join role_profiles p on p.id = e.id left join role_profile_versions v on v.id = p.public_version_id`

const keyBy = {
  nearest: { by: sql`x.distance`, type: 'double precision', direction: 'asc' },
  rating: { by: sql`x.rating_avg`, type: 'double precision', direction: 'desc' },
  price: { by: sql`x.price_amount`, type: 'bigint', direction: 'asc' },
} as const

/** Sort that a search has: nearest first where it has a place. */
function sortOf(filters: DirectoryFilters, sort: Sort | undefined): Sort {
  if (sort === 'nearest' && filters.lat === undefined) refuse('lat', 'is required')
  if (sort === 'price' && filters.currency === undefined) refuse('currency', 'is required')
  return sort ?? (filters.lat === undefined ? 'rating' : 'nearest')
}

const keysetOf = (page: PageRequest, key: KeyColumn, id: SQL) =>
  keyset(page, [key, { by: id, type: 'uuid', direction: key.direction }])

/** So many are asked for slots, at most: each answer computes a week of a calendar. */
const freeDepth = 200

/** A slot of an hour within the next week, by the function that lists slots and decides about bookings. */
const isFree = sql`exists (select from khidma.list_slots(array[x.tasker_id], tstzrange(now(), now() + interval '7 days'), interval '1 hour', null, false))`

export interface DirectoryQuestion extends DirectoryFilters {
  sort?: Sort | undefined
  freeNextWeek?: boolean | undefined
}

/** Words of a search that may be kept: what somebody could be reached by is not. */
const keptTerm = (q: string | undefined): string | null =>
  q !== undefined && moderate(q, { mayExchangeContacts: false }) !== 'reject' ? q.toLowerCase() : null

/** Filters that may be kept, by name. A place is not: it may be a home, and neither is whatever else somebody writes. */
function keptFilters(question: DirectoryQuestion): string {
  const { profession, category, language, currency, minPriceAmount, maxPriceAmount } = question
  const { minRating, minExperienceYears, sort, freeNextWeek, lat } = question
  return JSON.stringify({
    profession,
    category,
    attributes: keptTerm(question.attributes) ?? undefined,
    language,
    currency,
    minPriceAmount,
    maxPriceAmount,
    minRating,
    minExperienceYears,
    sort,
    freeNextWeek,
    near: lat === undefined ? undefined : true,
  })
}

/**
 * One page of everybody who is listed and matches. The first page of a search is counted for insight, without whoever asks. Materialized: Postgres
 * would search once for the page and once for the count.
 */
export async function searchDirectory(
  ctx: Context,
  { sort: wanted, freeNextWeek = false, ...filters }: DirectoryQuestion,
  page: PageRequest,
): Promise<FoundRow[]> {
  const sort = sortOf(filters, wanted)
  const key = keyBy[sort]
  const { after, orderAndLimit } = keysetOf(page, key, sql`x.id`)
  const circles = sort === 'nearest' ? circlesOf(filters) : null
  const depth = freeNextWeek ? freeDepth : page.limit + 1
  const nearest =
    circles &&
    nearestOf(
      ctx.actor,
      filters,
      circles,
      keysetOf(page, { ...key, by: circles.distance }, sql`e.id`).after,
      depth,
    )
  const priced = sort === 'price' ? sql` and x.price_amount is not null` : sql``
  const matches = nearest
    ? sql`select x.* from (${nearest}) x`
    : sql`select x.* from (${sourceOf(ctx.actor, filters, searchDepth)}) x where ${after}${priced}`
  const order = sql`order by ${key.by} ${sql.raw(key.direction)}, x.id ${sql.raw(key.direction)}`
  const best = freeNextWeek
    ? sql`select x.* from (${matches} ${order} limit ${freeDepth} offset 0) x where ${isFree} ${orderAndLimit}`
    : sql`${matches} ${orderAndLimit}`
  const found = sql`
    select ${foundColumns}, round((e.distance / 1000)::numeric, 1) as "distanceKm", (${sql.raw(sortColumn[sort])})::text as key
      from (${best}) e ${foundJoins} order by ${sql.raw(sortColumn[sort])} ${sql.raw(key.direction)}, e.id ${sql.raw(key.direction)}`
  const log =
    page.after === null
      ? sql`khidma.count_search(${keptTerm(filters.q)}, ${keptFilters({ sort, freeNextWeek, ...filters })}::jsonb, least(json_array_length(f.found), ${page.limit}))`
      : sql`false`
  const rows = await ctx.db.read(rowsOf({ found: list(foundRow), counted: bool })`
    with f as materialized (select coalesce((select json_agg(r) from (${found}) r), '[]') as found) select f.found, ${log} as counted from f`)
  return one(rows).found
}

const sortColumn = { nearest: 'e.distance', rating: 'e.rating_avg', price: 'e.price_amount' } as const

export const countRow = { value: text, count: int }
const facetsRow = {
  total: int,
  isComplete: bool,
  professions: list(countRow),
  languages: list(countRow),
  tags: list(countRow),
  priceAmounts: nullable({ min: int, max: int }),
}
export type FacetsRow = RowOf<typeof facetsRow>

/** The values of `from` with how many rows have each, the most frequent first. */
export const counted = (value: SQL, from: SQL): SQL => sql`
  coalesce((select json_agg(json_build_object('value', k.value, 'count', k.count) order by k.count desc, k.value)
     from (select ${value} as value, count(*)::int as count from ${from} group by 1 order by 2 desc, 1 limit 60) k), '[]')`

/** How many of those who match have each value. */
export async function countFacets(ctx: Context, filters: DirectoryFilters): Promise<FacetsRow> {
  return one(
    await ctx.db.read(rowsOf(facetsRow)`
      with m as materialized (
        select x.id, x.profession, x.languages, x.tags, x.price_amount, x.circles from (${sourceOf(ctx.actor, filters, searchDepth + 1)}) x
         limit ${searchDepth + 1}),
      c as materialized (select m.* from m limit ${searchDepth})
      select (select count(*)::int from c) as total,
             (select greatest(count(*), max(m.circles)) <= ${searchDepth} from m) as "isComplete",
             ${counted(sql`c.profession`, sql`c where c.profession is not null`)} as professions,
             ${counted(sql`l.value`, sql`c cross join unnest(c.languages) l (value)`)} as languages,
             ${counted(sql`l.value`, sql`c cross join unnest(c.tags) l (value)`)} as tags,
             (select json_build_object('min', min(c.price_amount), 'max', max(c.price_amount)) from c where ${filters.currency ?? null}::text is not null
               having count(c.price_amount) > 0) as "priceAmounts"`),
  )
}

const publicProfileRow = {
  ...omit(foundRow, 'distanceKm', 'key'),
  location: nullable(text),
  travelRadiusKm: nullable(int),
  areas: list(areaRow),
  bookingsCompleted: int,
  memberSince: time,
}
export type PublicProfileRow = RowOf<typeof publicProfileRow>

/** The approved version of a listed profile. Areas are accurate to about a kilometre. */
export const getPublicProfile = async (ctx: Context, id: string): Promise<PublicProfileRow> =>
  one(
    await ctx.db.read(rowsOf(publicProfileRow)`
      select ${foundColumns}, v.location, p.travel_radius_km as "travelRadiusKm",
             coalesce((select json_agg(json_build_object('lat', round(a.lat::numeric, 2), 'lng', round(a.lng::numeric, 2), 'radiusKm', a.radius_km,
                         'city', a.city, 'district', a.district) order by a.position) from role_profile_areas a where a.profile_id = p.id), '[]') as areas,
             t.bookings_completed as "bookingsCompleted", ${isoTime(sql`t.created_at`)} as "memberSince"
        from directory_entries e ${foundJoins} where e.id = ${id} and e.profession is not null
           and ${sql.join(bookableBy(ctx.actor), sql` and `)}`),
  )
