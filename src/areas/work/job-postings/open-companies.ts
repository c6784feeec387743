import { sql } from 'drizzle-orm'
import { type Context, userIdOf } from '../../../core/context.ts'
import { keyset, type PageRequest } from '../../../db/keyset.ts'
import { int, nullable, type RowOf, rowsOf, text } from '../../../db/rows.ts'
import { companyRow } from './search.ts'

const hiringRow = {
  ...companyRow,
  city: nullable(text),
  country: nullable(text),
  jobCount: int,
  /** By which the list is sorted. */
  sortKey: text,
}
export type HiringCompanyRow = RowOf<typeof hiringRow>

export interface CompanyListFilters {
  q?: string | undefined
  city?: string | undefined
  country?: string | undefined
  hiring?: boolean | undefined
}

/** Companies that everybody may see, by name. */
export async function listOpenCompanies(
  ctx: Context,
  { q, city, country, hiring }: CompanyListFilters,
  page: PageRequest,
): Promise<HiringCompanyRow[]> {
  const { after, orderAndLimit } = keyset(page, [
    { by: sql`lower(c.company_name)`, type: 'text', direction: 'asc' },
    { by: sql`c.user_id`, type: 'uuid', direction: 'asc' },
  ])
  const isLive = sql`j.company_id = c.user_id and j.status = 'live' and j.closes_at > now()`
  const conditions = [
    sql`c.status = 'active'`,
    sql`c.approval_status = 'approved'`,
    sql`(select khidma.is_company_open(c.user_id))`,
    after,
  ]
  if (ctx.actor.kind === 'user')
    conditions.push(sql`not khidma.blocked_between(c.user_id, ${userIdOf(ctx.actor)}::uuid)`)
  if (q) conditions.push(sql`starts_with(lower(c.company_name), lower(${q}))`)
  if (city) conditions.push(sql`lower(c.city) = lower(${city})`)
  if (country) conditions.push(sql`c.country = ${country}`)
  if (hiring !== undefined)
    conditions.push(sql`exists (select from job_postings j where ${isLive}) = ${hiring}::boolean`)
  return ctx.db.read(rowsOf(hiringRow)`
    select c.user_id as id, c.company_name as name, c.industry, c.logo_media_id as "logoMediaId", c.city, c.country,
           (select count(*) from job_postings j where ${isLive})::int as "jobCount",
           lower(c.company_name) as "sortKey"
      from company_profiles c where ${sql.join(conditions, sql` and `)} ${orderAndLimit}`)
}
