import { sql } from 'drizzle-orm'
import type { Context, UserActor } from '../../../core/context.ts'
import { rowColumns } from '../../../db/json.ts'
import { newestFirst, type PageRequest } from '../../../db/keyset.ts'
import { columnsOf, int, type RowOf, rowsOf } from '../../../db/rows.ts'
import { type EntitlementKind, entitlements } from '../../../db/schema/commerce/packages.ts'

/** `left` is what can be used now: nothing once it has ended or was taken back. */
const entitlementRow = { ...columnsOf(entitlements), left: int }
export type EntitlementRow = RowOf<typeof entitlementRow>

export interface EntitlementFilters {
  kind?: EntitlementKind | undefined
  usable?: boolean | undefined
}

export function listEntitlements(
  ctx: Context<UserActor>,
  { kind, usable }: EntitlementFilters,
  page: PageRequest,
): Promise<EntitlementRow[]> {
  const { after, orderAndLimit } = newestFirst(page, sql`e.id`)
  const conditions = [sql`e.owner_id = ${ctx.actor.userId}`, after]
  if (kind) conditions.push(sql`e.kind = ${kind}`)
  if (usable !== undefined) conditions.push(sql`(khidma.entitlement_left(e) > 0) = ${usable}`)
  return ctx.db.read(rowsOf(entitlementRow)`
    select ${rowColumns(entitlements, 'e')}, khidma.entitlement_left(e) as left from entitlements e
     where ${sql.join(conditions, sql` and `)} ${orderAndLimit}`)
}
