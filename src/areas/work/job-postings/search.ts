import { type SQL, sql } from 'drizzle-orm'
import { type Actor, type Context, userIdOf } from '../../../core/context.ts'
import { Problem } from '../../../core/problems.ts'
import { isoTime } from '../../../db/json.ts'
import { keyset, type PageRequest } from '../../../db/keyset.ts'
import {
  bool,
  int,
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
import type { EmploymentType, SalaryPeriod, WorkMode } from '../../../db/schema/work/job-postings.ts'
import { one } from '../../../db/unit.ts'
import { counted, countRow } from '../../supply/directory/search.ts'
import { contentColumns, contentRow, placeAndSalary } from './rows.ts'

export interface JobFilters {
  q?: string | undefined
  country?: string | undefined
  city?: string | undefined
  lat?: number | undefined
  lng?: number | undefined
  radiusKm?: number | undefined
  employmentType?: EmploymentType | undefined
  workMode?: WorkMode | undefined
  remote?: boolean | undefined
  minSalaryAmount?: number | undefined
  currency?: string | undefined
  salaryPeriod?: SalaryPeriod | undefined
  companyId?: string | undefined
}

const usualRadiusKm = 25

/** The beginning of the text, for a list. */
const summaryLength = 280

export const companyRow = { id: uuid, name: text, industry: nullable(text), logoMediaId: nullable(uuid) }

const foundRow = {
  id: uuid,
  company: companyRow,
  ...omit(contentRow, 'description', 'questions'),
  summary: text,
  distanceKm: nullable(number),
  closesAt: time,
  postedAt: time,
  /** To the microsecond: what the list is sorted by. */
  postedKey: text,
}
export type FoundJobRow = RowOf<typeof foundRow>

function refuse(field: string, message: string): never {
  throw new Problem('invalid_request', { errors: [{ pointer: `query/${field}`, message }] })
}

/** In a subquery, so that no plan is made for its value. */
const hereOf = (lat: number, lng: number): SQL =>
  sql`(select st_setsrid(st_makepoint(${lng}, ${lat}), 4326)::geography)`

const kmADegree = 110.5

/** A box that holds the circle, which costs less than to measure the distance; none where a degree of longitude is too short for it. */
function boxAround(lat: number, lng: number, radiusKm: number): SQL[] {
  const high = radiusKm / kmADegree
  // The box is widest at its side that is farther from the equator.
  const wide = radiusKm / (kmADegree * Math.cos(((Math.abs(lat) + high) * Math.PI) / 180))
  if (Math.abs(lat) + high > 75 || Math.abs(lng) + wide > 180) return []
  return [
    sql`j.lat between ${lat - high} and ${lat + high}`,
    sql`j.lng between ${lng - wide} and ${lng + wide}`,
  ]
}

/** Postings that are open by themselves. */
const isLive = [sql`j.status = 'live'`, sql`j.closes_at > now()`]

/** The company is open to the caller: with `isLive` the condition of `khidma.is_job_open`. A block hides a company and a person from each other. */
const isOpenTo = (actor: Actor, companyId: SQL): SQL =>
  actor.kind === 'user'
    ? sql`khidma.is_company_open(${companyId}) and not khidma.blocked_between(${companyId}, ${userIdOf(actor)}::uuid)`
    : sql`khidma.is_company_open(${companyId})`

function conditionsOf(filters: JobFilters): SQL[] {
  const { q, country, city, lat, lng, radiusKm, employmentType, workMode, remote, companyId } = filters
  const { minSalaryAmount, currency, salaryPeriod } = filters
  if ((lat === undefined) !== (lng === undefined)) refuse(lat === undefined ? 'lat' : 'lng', 'is required')
  if (minSalaryAmount !== undefined && !currency) refuse('currency', 'is required')
  const conditions = [...isLive]
  if (companyId) conditions.push(sql`j.company_id = ${companyId}`)
  if (country) conditions.push(sql`j.country = ${country}`)
  if (city) conditions.push(sql`lower(j.city) = lower(${city})`)
  if (employmentType) conditions.push(sql`j.employment_type = ${employmentType}`)
  if (workMode) conditions.push(sql`j.work_mode = ${workMode}`)
  if (remote !== undefined) conditions.push(sql`(j.work_mode = 'remote') = ${remote}::boolean`)
  if (currency) conditions.push(sql`j.salary_currency = ${currency}`)
  if (minSalaryAmount !== undefined)
    conditions.push(
      sql`j.salary_yearly >= khidma.yearly_salary(${minSalaryAmount}::bigint, ${salaryPeriod ?? 'month'}::text)`,
    )
  if (lat !== undefined && lng !== undefined)
    conditions.push(
      ...boxAround(lat, lng, radiusKm ?? usualRadiusKm),
      sql`st_dwithin(j.location, ${hereOf(lat, lng)}, ${(radiusKm ?? usualRadiusKm) * 1_000}::double precision, false)`,
    )
  if (q) conditions.push(sql`khidma.matches_text(j.search_vector, ${q})`)
  return conditions
}

const companyColumn = sql`json_build_object('id', j.company_id, 'name', c.company_name, 'industry', c.industry, 'logoMediaId', c.logo_media_id) as company`

/** So many of the newest postings are looked at one by one, before the indexes of places and words are asked. */
const recentDepth = 4_000

interface Ways {
  /** Ids of matches among the newest postings, which are looked at in order. */
  recent: SQL
  /** The same of all matches, through the indexes, where `recent` holds no more than enough. */
  others(enough: number): SQL
}

/**
 * Two ways to ids of matches. The indexes of places and words have no order in time: in a city they would read and sort tens of thousands. So
 * the newest postings are looked at first, in order; what they do not fill has few matches, and the indexes find them. Companies are looked at
 * last, in order, until there are as many as wanted.
 */
function waysTo(actor: Actor, filters: JobFilters, after: SQL, orderAndLimit: SQL, limit: number): Ways {
  const isMatch = sql.join([...conditionsOf(filters), after], sql` and `)
  const newest = sql`order by j.live_at desc, j.id desc`
  const isOpen = isOpenTo(actor, sql`j.company_id`)
  const live = sql.join([...isLive, after], sql` and `)
  return {
    recent: sql`
      select j.id from (select * from job_postings j where ${live} ${newest} limit ${recentDepth}) j
       where ${isMatch} and ${isOpen} ${orderAndLimit}`,
    others: (enough) => sql`
      select j.id from (
         select j.* from (select j.id, j.live_at, j.company_id from job_postings j where ${isMatch} offset 0) j ${newest} offset 0) j
        where (select count(*) from recent) <= ${enough} and ${isOpen} limit ${limit + 1}`,
  }
}

/** Ids of a page of matches. Other searches need one way only: Postgres has statistics of words, cities and salaries. */
function matchesOf(actor: Actor, filters: JobFilters, after: SQL, orderAndLimit: SQL, limit: number): SQL {
  const { q, lat, city, companyId } = filters
  if (lat === undefined && (q === undefined || (city === undefined && companyId === undefined)))
    return sql`
      select j.id from job_postings j
       where ${sql.join([...conditionsOf(filters), after, isOpenTo(actor, sql`j.company_id`)], sql` and `)} ${orderAndLimit}`
  const { recent, others } = waysTo(actor, filters, after, orderAndLimit, limit)
  return sql`
    with recent as materialized (${recent})
    select r.id from recent r where (select count(*) from recent) > ${limit}
    union all (${others(limit)})`
}

/** One page of open postings that match, newest first. */
export function searchJobs(ctx: Context, filters: JobFilters, page: PageRequest): Promise<FoundJobRow[]> {
  const { after, orderAndLimit } = keyset(page, [
    { by: sql`j.live_at`, type: 'timestamptz', direction: 'desc' },
    { by: sql`j.id`, type: 'uuid', direction: 'desc' },
  ])
  const { lat, lng } = filters
  const distance =
    lat !== undefined && lng !== undefined
      ? sql`round((st_distance(j.location, ${hereOf(lat, lng)}, false) / 1000)::numeric, 1)`
      : sql`null::numeric`
  return ctx.db.read(rowsOf(foundRow)`
    select j.id, ${companyColumn}, j.title, j.employment_type as "employmentType", j.work_mode as "workMode", ${placeAndSalary},
           left(j.description, ${summaryLength}) as summary, ${distance} as "distanceKm", ${isoTime(sql`j.closes_at`)} as "closesAt",
           ${isoTime(sql`j.live_at`)} as "postedAt", to_char(j.live_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as "postedKey"
      from job_postings j join company_profiles c on c.user_id = j.company_id
     where j.id = any (array(${matchesOf(ctx.actor, filters, after, orderAndLimit, page.limit)}))
     order by j.live_at desc, j.id desc`)
}

const facetsRow = {
  total: int,
  isComplete: bool,
  employmentTypes: list(countRow),
  workModes: list(countRow),
  countries: list(countRow),
  cities: list(countRow),
  currencies: list(countRow),
  salaryAmounts: nullable({ min: int, max: int }),
}
export type JobFacetsRow = RowOf<typeof facetsRow>

/** So many matches are counted, at most: the newest. */
const facetDepth = 500
/** With so many among the newest postings no others are looked for. */
const enoughForFacets = 100

/** How many of the jobs that a search finds have each value. Cities are the same however they are written. */
export async function countJobFacets(ctx: Context, filters: JobFilters): Promise<JobFacetsRow> {
  const newest = sql`order by j.live_at desc, j.id desc limit ${facetDepth + 1}`
  const { recent, others } = waysTo(ctx.actor, filters, sql`true`, newest, facetDepth)
  return one(
    await ctx.db.read(rowsOf(facetsRow)`
      with recent as materialized (${recent}), f as materialized (
        select array(select r.id from recent r where (select count(*) from recent) > ${enoughForFacets} union all (${others(enoughForFacets)})) as ids
      ), m as materialized (
        select j.employment_type, j.work_mode, j.country, max(j.city) over (partition by lower(j.city)) as city, j.salary_currency, j.salary_yearly
          from job_postings j where j.id = any ((select f.ids[:${facetDepth}] from f)::uuid[]))
      select (select count(*)::int from m) as total,
             (select cardinality(f.ids) from f) <= ${facetDepth} and ((select count(*) from recent) <= ${enoughForFacets} or (
               select count(*) from (select from job_postings j where ${sql.join(isLive, sql` and `)} limit ${recentDepth + 1}) x) <= ${recentDepth}) as "isComplete",
             ${counted(sql`m.employment_type`, sql`m`)} as "employmentTypes", ${counted(sql`m.work_mode`, sql`m`)} as "workModes",
             ${counted(sql`m.country`, sql`m where m.country is not null`)} as countries,
             ${counted(sql`m.city`, sql`m where m.city is not null`)} as cities,
             ${counted(sql`m.salary_currency`, sql`m where m.salary_currency is not null`)} as currencies,
             (select json_build_object('min', min(m.salary_yearly), 'max', max(m.salary_yearly)) from m where ${filters.currency ?? null}::text is not null
               having count(m.salary_yearly) > 0) as "salaryAmounts"`),
  )
}

const openJobRow = {
  id: uuid,
  company: { ...companyRow, websiteUrl: nullable(text) },
  ...contentRow,
  closesAt: time,
  postedAt: time,
  updatedAt: time,
}
export type OpenJobRow = RowOf<typeof openJobRow>

export const getOpenJob = async (ctx: Context, id: string): Promise<OpenJobRow> =>
  one(
    await ctx.db.read(rowsOf(openJobRow)`
      select j.id, json_build_object('id', j.company_id, 'name', c.company_name, 'industry', c.industry, 'logoMediaId', c.logo_media_id,
                     'websiteUrl', c.website_url) as company, ${contentColumns},
             ${isoTime(sql`j.closes_at`)} as "closesAt", ${isoTime(sql`j.live_at`)} as "postedAt", ${isoTime(sql`j.updated_at`)} as "updatedAt"
        from job_postings j join company_profiles c on c.user_id = j.company_id
       where j.id = ${id} and ${sql.join([...isLive, isOpenTo(ctx.actor, sql`j.company_id`)], sql` and `)}`),
  )
