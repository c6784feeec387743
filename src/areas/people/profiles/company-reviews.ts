import { type SQL, sql } from 'drizzle-orm'
import type { Context, UserActor } from '../../../core/context.ts'
import { rowColumns } from '../../../db/json.ts'
import { keyset, type PageRequest } from '../../../db/keyset.ts'
import { type RowOf, rowsOf, text, uuid } from '../../../db/rows.ts'
import { companyProfiles } from '../../../db/schema/people/profiles.ts'
import { one } from '../../../db/unit.ts'
import { companyRow } from './business-profiles.ts'

/** A company as staff see it, by the id of its user. */
const reviewedCompanyRow = {
  ...companyRow,
  id: uuid,
  /** To the microsecond: what the list is sorted by. */
  since: text,
}
export type ReviewedCompanyRow = RowOf<typeof reviewedCompanyRow>

const since = sql`to_char(c.created_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')`

const reviewView = (where: SQL, orderAndLimit: SQL = sql``) => rowsOf(reviewedCompanyRow)`
  select c.user_id as id, ${rowColumns(companyProfiles, 'c')}, ${since} as since
    from company_profiles c where ${where} ${orderAndLimit}`

/** Longest waiting first. */
export function listCompanies(
  ctx: Context<UserActor>,
  { approvalStatus }: { approvalStatus?: string | undefined },
  page: PageRequest,
): Promise<ReviewedCompanyRow[]> {
  const { after, orderAndLimit } = keyset(page, [
    { by: sql`c.created_at`, type: 'timestamptz', direction: 'asc' },
    { by: sql`c.user_id`, type: 'uuid', direction: 'asc' },
  ])
  const withStatus = approvalStatus ? sql`c.approval_status = ${approvalStatus}` : sql`true`
  return ctx.db.read(reviewView(sql`${withStatus} and ${after}`, orderAndLimit))
}

const ofUser = (userId: string): SQL => sql`c.user_id = ${userId}`

export const getReviewedCompany = async (
  ctx: Context<UserActor>,
  userId: string,
): Promise<ReviewedCompanyRow> => one(await ctx.db.read(reviewView(ofUser(userId))))

/** Null approves; a reason refuses. Who may, and that it is decided once, is a trigger. */
export async function decideCompany(
  ctx: Context<UserActor>,
  userId: string,
  rejectionReason: string | null,
  expectedVersion: number | null,
): Promise<ReviewedCompanyRow> {
  const status = rejectionReason === null ? 'approved' : 'rejected'
  const effects = [
    sql`select khidma.assert_version(c.version, ${expectedVersion}) from company_profiles c where ${ofUser(userId)} for update`,
    sql`update company_profiles c set approval_status = ${status}, rejection_reason = ${rejectionReason}, reviewed_at = now(),
               reviewed_by = ${ctx.actor.userId} where ${ofUser(userId)}`,
  ]
  return one(await ctx.db.write(effects, reviewView(ofUser(userId))))
}
