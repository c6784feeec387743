import { sql } from 'drizzle-orm'
import type { Context, UserActor } from '../../../core/context.ts'
import { rowColumns } from '../../../db/json.ts'
import type { PageRequest } from '../../../db/keyset.ts'
import { listing } from '../../../db/listing.ts'
import { columnsOf, int, type RowOf, rowsOf } from '../../../db/rows.ts'
import { type EntitlementKind, entitlements } from '../../../db/schema/commerce/packages.ts'
import type { Statement } from '../../../db/unit.ts'
import { listForCompany } from '../../people/companies/members.ts'

/** `left` is what can be used now: nothing once it has ended or was taken back. */
const entitlementRow = { ...columnsOf(entitlements), left: int }
export type EntitlementRow = RowOf<typeof entitlementRow>

export interface EntitlementFilters {
  kind?: EntitlementKind | undefined
  usable?: boolean | undefined
}

function entitlementsOf(
  owner: string,
  { kind, usable }: EntitlementFilters,
  page: PageRequest,
): Statement<EntitlementRow> {
  const { within, orderAndLimit } = listing(page, 'e')
  const conditions = [sql`e.owner_id = ${owner}`, within]
  if (kind) conditions.push(sql`e.kind = ${kind}`)
  if (usable !== undefined) conditions.push(sql`(khidma.entitlement_left(e) > 0) = ${usable}`)
  return rowsOf(entitlementRow)`
    select ${rowColumns(entitlements, 'e')}, khidma.entitlement_left(e) as left from entitlements e
     where ${sql.join(conditions, sql` and `)} ${orderAndLimit}`
}

export const listEntitlements = (
  ctx: Context<UserActor>,
  filters: EntitlementFilters,
  page: PageRequest,
): Promise<EntitlementRow[]> => ctx.db.read(entitlementsOf(ctx.actor.userId, filters, page))

export const listCompanyEntitlements = (
  ctx: Context<UserActor>,
  companyId: string,
  filters: EntitlementFilters,
  page: PageRequest,
): Promise<EntitlementRow[]> =>
  listForCompany(ctx, { companyId, ability: 'buy' }, entitlementRow, entitlementsOf(companyId, filters, page))
