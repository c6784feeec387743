import { type SQL, sql } from 'drizzle-orm'
import type { Context, UserActor } from '../../../core/context.ts'
import { newId } from '../../../core/ids.ts'
import { isoTime } from '../../../db/json.ts'
import { newestFirst, type PageRequest } from '../../../db/keyset.ts'
import { bool, int, list, nullable, oneOf, type RowOf, rowsOf, text, time, uuid } from '../../../db/rows.ts'
import { one, type Statement } from '../../../db/unit.ts'
import { actFor, actsFor } from '../../people/companies/members.ts'
import { proficiencies } from '../../people/profiles/languages.ts'
import { lockAccount } from '../../people/profiles/own-rows.ts'

/** Candidates as companies find them: nothing says who it is until one of their views is used. */

const foundRow = {
  id: uuid,
  city: nullable(text),
  experienceYears: nullable(int),
  preferredRoles: list(text),
  skills: list(text),
  positions: list({ title: text, from: nullable(text), until: nullable(text) }),
  studies: list({ degree: nullable(text), field: nullable(text) }),
  professions: list(text),
  languages: list({ code: text, proficiency: oneOf(proficiencies) }),
  listedAt: time,
  /** While a view of the company is open. */
  openUntil: nullable(time),
}
export type FoundCandidateRow = RowOf<typeof foundRow>

export interface CandidateFilters {
  q?: string | undefined
  profession?: string | undefined
  skill?: string | undefined
  city?: string | undefined
  minExperienceYears?: number | undefined
  language?: string | undefined
}

/** Publicly listed professions of candidate `l`: those that the directory shows. */
const listedProfessions = sql`directory_entries d where d.tasker_id = l.user_id`

/** Conditions on listing `l`. */
function conditionsOf({ q, profession, skill, city, minExperienceYears, language }: CandidateFilters): SQL[] {
  const conditions: SQL[] = []
  if (q) conditions.push(sql`khidma.matches_text(l.search_vector, ${q})`)
  if (profession)
    conditions.push(sql`exists (select from ${listedProfessions} and d.profession = ${profession})`)
  if (skill) conditions.push(sql`l.facets @> array['skill:' || lower(${skill})]`)
  if (city) conditions.push(sql`l.facets @> array['city:' || lower(${city})]`)
  if (minExperienceYears !== undefined) conditions.push(sql`l.experience_years >= ${minExperienceYears}`)
  if (language)
    conditions.push(
      sql`exists (select from user_languages g where g.user_id = l.user_id and g.language_code = ${language})`,
    )
  return conditions
}

const refuseClosed = (companyId: SQL): SQL =>
  sql`case when khidma.is_company_open(${companyId}) then true else khidma.refuse(409, 'company_not_open') is null end`

/** So many of the newest listings are looked at one by one, before the indexes of words and facets are asked. */
const recentDepth = 2_000

/**
 * Ids of a page of matches. Indexes of words and facets have no order in time: of a city they would read and sort tens of thousands. So the newest
 * listings are looked at first, in order; a page that they do not fill has few matches, and the indexes find them. Whether the company may find
 * somebody is asked last, in order, until the page is full.
 */
function matchesOf(companyId: string, filters: CandidateFilters, page: PageRequest): SQL {
  const { after } = newestFirst(page, sql`l.id`)
  const isMatch = sql.join([...conditionsOf(filters), after], sql` and `)
  const firstOf = (matches: SQL): SQL => sql`
    select l.id from (select m.* from (${matches}) m order by m.id desc offset 0) l
     where khidma.may_find_candidate(${companyId}, l.user_id) limit ${page.limit + 1}`
  return sql`
    with recent as materialized (${firstOf(sql`
      select l.id, l.user_id from (select * from candidate_listings l where ${after} order by l.id desc limit ${recentDepth}) l where ${isMatch}`)})
    select r.id from recent r where (select count(*) from recent) > ${page.limit}
    union all
    select f.id from (${firstOf(sql`select l.id, l.user_id from candidate_listings l where ${isMatch} offset 0`)}) f
     where (select count(*) from recent) <= ${page.limit}`
}

/** One row that holds the page, so that those who may not look are refused. */
export async function searchCandidates(
  ctx: Context<UserActor>,
  companyId: string,
  filters: CandidateFilters,
  page: PageRequest,
): Promise<FoundCandidateRow[]> {
  const rows = await ctx.db.read(rowsOf({ candidates: list(foundRow) })`
    select coalesce((select json_agg(x) from (
      select l.id, c.city, c.experience_years as "experienceYears", c.preferred_roles as "preferredRoles", c.skills,
             (select coalesce(json_agg(json_build_object('title', e ->> 'title', 'from', e ->> 'from', 'until', e ->> 'until')), '[]')
                from jsonb_array_elements(c.experience) e) as positions,
             (select coalesce(json_agg(json_build_object('degree', e ->> 'degree', 'field', e ->> 'field')), '[]')
                from jsonb_array_elements(c.education) e) as studies,
             (select coalesce(json_agg(d.profession order by d.profession), '[]') from ${listedProfessions} and d.profession is not null) as professions,
             (select coalesce(json_agg(json_build_object('code', g.language_code, 'proficiency', g.proficiency)
                                       order by g.proficiency desc, g.language_code), '[]')
                from user_languages g where g.user_id = l.user_id) as languages,
             ${isoTime(sql`l.created_at`)} as "listedAt",
             (select ${isoTime(sql`v.open_until`)} from candidate_views v
               where v.company_id = ${companyId} and v.user_id = l.user_id and v.open_until > now()) as "openUntil"
        from candidate_listings l join candidate_profiles c on c.user_id = l.user_id
       where l.id = any (array(${matchesOf(companyId, filters, page)})) order by l.id desc) x), '[]') as candidates
      from ${actsFor(ctx, companyId, 'hire')} own where ${refuseClosed(sql`own.company_id`)}`)
  return one(rows).candidates
}

const viewRow = {
  id: uuid,
  companyId: uuid,
  isOpen: bool,
  openUntil: time,
  viewedAt: time,
  /** The person, while the view is open. */
  candidate: nullable({
    id: uuid,
    displayName: nullable(text),
    city: nullable(text),
    preferredRoles: list(text),
    resumeMediaId: nullable(uuid),
    contact: { email: nullable(text), phone: nullable(text) },
  }),
}
export type CandidateViewRow = RowOf<typeof viewRow>

const viewSelect = (where: SQL, orderAndLimit: SQL = sql``): SQL => sql`
  select v.id, v.company_id as "companyId", o.is_open as "isOpen", ${isoTime(sql`v.open_until`)} as "openUntil",
         ${isoTime(sql`v.created_at`)} as "viewedAt",
         case when o.is_open then
           json_build_object('id', c.user_id, 'displayName', coalesce(c.display_name, u.full_name), 'city', c.city,
                             'preferredRoles', c.preferred_roles, 'resumeMediaId', c.resume_media_id,
                             'contact', json_build_object('email', c.contact_email, 'phone', c.contact_phone)) end as candidate
    from candidate_views v join users u on u.id = v.user_id left join candidate_profiles c on c.user_id = v.user_id
   cross join lateral (select khidma.is_view_open(v) as is_open) o
   where ${where} ${orderAndLimit}`

/** Uses one contact view, unless a view of the company is open: then it is that one, and costs nothing. */
export async function viewCandidate(
  ctx: Context<UserActor>,
  companyId: string,
  candidateId: string,
): Promise<CandidateViewRow> {
  const me = ctx.actor.userId
  const id = newId(ctx.now.getTime())
  const effects = [
    ...lockAccount(me),
    ...actFor(ctx, companyId, 'hire'),
    sql`select khidma.view_candidate(${id}, ${companyId}, ${candidateId}, ${me})`,
  ]
  const view: Statement<CandidateViewRow> = rowsOf(viewRow)`${viewSelect(sql`
    v.company_id = ${companyId} and v.open_until > now()
    and v.user_id = (select l.user_id from candidate_listings l where l.id = ${candidateId})`)}`
  return one(await ctx.db.write(effects, view))
}

/** One row that holds the page, so that those who may not look are refused. */
export async function listViewsOfCompany(
  ctx: Context<UserActor>,
  companyId: string,
  page: PageRequest,
): Promise<CandidateViewRow[]> {
  const { after, orderAndLimit } = newestFirst(page, sql`v.id`)
  const where = sql`v.company_id = ${companyId} and ${after}`
  const rows = await ctx.db.read(rowsOf({ views: list(viewRow) })`
    select coalesce((select json_agg(x) from (${viewSelect(where, orderAndLimit)}) x), '[]') as views
      from ${actsFor(ctx, companyId, 'hire')} own`)
  return one(rows).views
}

const ownViewRow = { id: uuid, companyId: uuid, companyName: text, openUntil: time, viewedAt: time }
export type OwnCandidateViewRow = RowOf<typeof ownViewRow>

/** For the candidate: which companies have viewed them. */
export function listOwnViews(ctx: Context<UserActor>, page: PageRequest): Promise<OwnCandidateViewRow[]> {
  const { after, orderAndLimit } = newestFirst(page, sql`v.id`)
  return ctx.db.read(rowsOf(ownViewRow)`
    select v.id, v.company_id as "companyId", coalesce(k.company_name, '') as "companyName",
           ${isoTime(sql`v.open_until`)} as "openUntil", ${isoTime(sql`v.created_at`)} as "viewedAt"
      from candidate_views v left join company_profiles k on k.user_id = v.company_id
     where v.user_id = ${ctx.actor.userId} and ${after} ${orderAndLimit}`)
}
