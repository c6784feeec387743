import { type SQL, sql } from 'drizzle-orm'
import { type KeyColumn, keyset, type PageRequest } from './keyset.ts'

/** The two ends of the time in which rows were created: the first belongs to it, the second does not. */
export interface CreatedBetween {
  createdSince?: string | undefined
  createdUntil?: string | undefined
}

/**
 * Conditions on the creation of rows whose id is a UUIDv7. The column decides; the bounds on the id let an index on it serve, and
 * leave room for what lies between both: a request makes the id before its transaction starts, a trigger after it.
 */
export function createdBetween(alias: string, { createdSince, createdUntil }: CreatedBetween): SQL[] {
  const [id, createdAt] = [sql.raw(`${alias}.id`), sql.raw(`${alias}.created_at`)]
  const conditions: SQL[] = []
  if (createdSince !== undefined)
    conditions.push(sql`${createdAt} >= ${createdSince}::timestamptz
      and ${id} >= khidma.first_uuid_v7(${createdSince}::timestamptz - interval '1 minute')`)
  if (createdUntil !== undefined)
    conditions.push(sql`${createdAt} < ${createdUntil}::timestamptz
      and ${id} < khidma.first_uuid_v7(${createdUntil}::timestamptz + interval '1 hour')`)
  return conditions
}

/**
 * Time of the last change as clients see it, in milliseconds: a cursor made of the answer then names the exact place. The indexes
 * that lists by change need (`idx_…_updated`) are on this expression.
 */
const updatedKey = (alias: string): SQL =>
  sql`date_trunc('milliseconds', ${sql.raw(alias)}.updated_at at time zone 'UTC')`

/** Whether a list with a usual order of its own is asked for by creation or by change instead. */
export const isReordered = ({ order, updatedSince }: PageRequest): boolean =>
  order !== undefined || updatedSince !== undefined

/**
 * The parts of a list that takes the parameters of `src/http/list-query.ts`: `where … and ${within} ${orderAndLimit}`. It is sorted
 * by creation, the newest first (a queue by its `usual` order); with `updatedSince` by the last change, the oldest first, so that
 * what changes meanwhile comes at the end.
 */
export function listing(
  page: PageRequest,
  alias: string,
  usual?: KeyColumn[],
): { within: SQL; orderAndLimit: SQL } {
  const { order, updatedSince } = page
  const byId = { by: sql.raw(`${alias}.id`), type: 'uuid' } as const
  const conditions = createdBetween(alias, page)
  if (updatedSince === undefined) {
    const byCreation: KeyColumn[] = [{ ...byId, direction: order ?? 'desc' }]
    const { after, orderAndLimit } = keyset(page, isReordered(page) ? byCreation : (usual ?? byCreation))
    return { within: sql.join([after, ...conditions], sql` and `), orderAndLimit }
  }
  const direction = order ?? 'asc'
  const by = updatedKey(alias)
  const { after, orderAndLimit } = keyset(page, [
    { by, type: 'timestamp', direction },
    { ...byId, direction },
  ])
  conditions.push(sql`${by} >= ${updatedSince}::timestamp`)
  return { within: sql.join([after, ...conditions], sql` and `), orderAndLimit }
}
