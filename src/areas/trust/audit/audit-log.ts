import { type SQL, sql } from 'drizzle-orm'
import type { Context } from '../../../core/context.ts'
import { newId } from '../../../core/ids.ts'
import { rowColumns } from '../../../db/json.ts'
import type { PageRequest } from '../../../db/keyset.ts'
import { createdBetween, listing } from '../../../db/listing.ts'
import { insertion } from '../../../db/patch.ts'
import { columnsOf, int, type RowOf, rowsOf } from '../../../db/rows.ts'
import { auditLog } from '../../../db/schema/trust/audit.ts'
import type { Statement } from '../../../db/unit.ts'

const auditRow = columnsOf(auditLog)
export type AuditRow = RowOf<typeof auditRow>

type Text = string | undefined

export interface AuditFilters {
  actorType?: Text
  actorId?: Text
  actorUserId?: Text
  subjectUserId?: Text
  module?: Text
  action?: Text
  targetType?: Text
  targetId?: Text
  requestId?: Text
  correlationId?: Text
  status?: Text
  createdSince?: Text
  createdUntil?: Text
}

/** For those with the permission: the policy of its operation says so. */
export function listAuditLog(ctx: Context, filters: AuditFilters, page: PageRequest): Promise<AuditRow[]> {
  const { createdSince: _since, createdUntil: _until, ...others } = filters
  const { within, orderAndLimit } = listing(page, 'a')
  return ctx.db.read(selectEntries(sql`${conditionsOf(others)} and ${within} ${orderAndLimit}`))
}

export interface AuditExport {
  filters: AuditFilters
  format: string
  /** The id of the last entry of the part before. */
  after?: Text
  maxRows: number
}

/** Limit on the payloads that an isolate can hold beside all else. */
const exportBytesMax = 16 * 1024 * 1024

export interface AuditPart {
  rows: AuditRow[]
  /** Another part follows. */
  isPart: boolean
}

/**
 * Oldest first, at most `maxRows` and no more than memory holds, but one row in any case. That it was taken away is written down
 * itself.
 */
export async function exportAuditLog(
  ctx: Context,
  { filters, format, after, maxRows }: AuditExport,
): Promise<AuditPart> {
  const entry = {
    id: newId(ctx.now.getTime()),
    actorUserId: sql`khidma.actor_id()`,
    actorRole: sql`coalesce(khidma.actor_role(), 'database')`,
    action: 'audit.export',
    targetType: 'audit_log',
    requestId: ctx.requestId,
    ipAddress: ctx.ipAddress,
    userAgent: ctx.userAgent,
    meta: sql`${JSON.stringify({ filters, format, after, maxRows })}::jsonb`,
  }
  const isNext = after === undefined ? sql`true` : sql`a.id > ${after}::uuid`
  const found = sql`
    select a.id, row_number() over w as place, sum(octet_length(a.meta::text)) over w as bytes, count(*) over () as found
      from (select a.id, a.meta from audit_log a where ${conditionsOf(filters)} and ${isNext}
             order by a.id limit ${maxRows + 1}) a window w as (order by a.id)`
  const part = rowsOf({ ...auditRow, found: int })`
    select ${rowColumns(auditLog, 'a')}, f.found from (${found}) f join audit_log a on a.id = f.id
     where f.place <= ${maxRows} and (f.place = 1 or f.bytes <= ${exportBytesMax}) order by a.id`
  const rows = await ctx.db.write([sql`insert into audit_log ${insertion(auditLog, entry)}`], part)
  return { rows: rows.map(({ found: _found, ...row }) => row), isPart: (rows[0]?.found ?? 0) > rows.length }
}

const selectEntries = (rest: SQL): Statement<AuditRow> =>
  rowsOf(auditRow)`select ${rowColumns(auditLog, 'a')} from audit_log a where ${rest}`

/** Most entries are correlated by their own request, and only the others are in the index of correlations. */
const isCorrelated = (id: string): SQL =>
  sql`(a.request_id = ${id} and a.correlation_id = ${id} or a.correlation_id = ${id} and a.correlation_id is distinct from a.request_id)`

/** Ids tell when an entry was written, a transaction's length after `created_at`: no second index by time is needed. */
function conditionsOf({ createdSince, createdUntil, correlationId, ...equal }: AuditFilters): SQL {
  const columns: Record<keyof typeof equal, SQL> = {
    actorType: sql`a.actor_type`,
    actorId: sql`a.actor_id`,
    actorUserId: sql`a.actor_user_id`,
    subjectUserId: sql`a.subject_user_id`,
    module: sql`a.module`,
    action: sql`a.action`,
    targetType: sql`a.target_type`,
    targetId: sql`a.target_id`,
    requestId: sql`a.request_id`,
    status: sql`a.status`,
  }
  const conditions = Object.entries(columns).flatMap(([name, column]) => {
    const value = equal[name as keyof typeof equal]
    return value === undefined ? [] : [sql`${column} = ${value}`]
  })
  if (correlationId !== undefined) conditions.push(isCorrelated(correlationId))
  conditions.push(...createdBetween('a', { createdSince, createdUntil }))
  return conditions.length > 0 ? sql.join(conditions, sql` and `) : sql`true`
}
