import { sql } from 'drizzle-orm'
import type { Context } from '../../core/context.ts'
import { type JsonRow, rowColumns } from '../../db/json.ts'
import { newestFirst, type PageRequest } from '../../db/keyset.ts'
import { auditLog } from '../../db/schema/identity.ts'

export type AuditRow = JsonRow<typeof auditLog>

export interface AuditFilters {
  targetType?: string | undefined
  targetId?: string | undefined
  actorUserId?: string | undefined
  since?: string | undefined
  until?: string | undefined
}

/** For admins only: the policy of its operation says so. */
export function listAuditLog(ctx: Context, filters: AuditFilters, page: PageRequest): Promise<AuditRow[]> {
  const { targetType, targetId, actorUserId, since, until } = filters
  const { after, orderAndLimit } = newestFirst(page, sql`a.id`)
  const conditions = [after]
  if (targetType) conditions.push(sql`a.target_type = ${targetType}`)
  if (targetId) conditions.push(sql`a.target_id = ${targetId}`)
  if (actorUserId) conditions.push(sql`a.actor_user_id = ${actorUserId}`)
  if (since) conditions.push(sql`a.created_at >= ${since}::timestamptz`)
  if (until) conditions.push(sql`a.created_at < ${until}::timestamptz`)
  return ctx.db.read(
    sql`select ${rowColumns(auditLog, 'a')} from audit_log a where ${sql.join(conditions, sql` and `)} ${orderAndLimit}`,
  )
}
