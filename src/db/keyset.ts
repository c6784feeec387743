import { type SQL, sql } from 'drizzle-orm'

/** Page of a list that a caller asks for; `after` holds the sort key of the last row they have, as text. */
export interface PageRequest {
  limit: number
  after: readonly string[] | null
  /** Parameters of lists that take them (`src/http/list-query.ts`); `listing` reads them. */
  order?: 'asc' | 'desc' | undefined
  createdSince?: string | undefined
  createdUntil?: string | undefined
  updatedSince?: string | undefined
}

export interface KeyColumn {
  by: SQL
  type: 'uuid' | 'timestamptz' | 'timestamp' | 'bigint' | 'integer' | 'double precision' | 'text' | 'xid8'
  direction: 'asc' | 'desc'
}

/**
 * The two parts of a keyset statement: `where … and ${after} ${orderAndLimit}`. The last column must make the key unique.
 * One row more than the limit is read, so that the caller learns whether there is more.
 */
export function keyset(page: PageRequest, columns: KeyColumn[]): { after: SQL; orderAndLimit: SQL } {
  const order = columns.map(({ by, direction }) => sql`${by} ${sql.raw(direction)}`)
  return {
    after: page.after === null ? sql`true` : isAfter(page.after, columns),
    orderAndLimit: sql`order by ${sql.join(order, sql`, `)} limit ${page.limit + 1}`,
  }
}

/** Lists sorted by a UUIDv7 alone: by creation. */
export const newestFirst = (page: PageRequest, id: SQL) =>
  keyset(page, [{ by: id, type: 'uuid', direction: 'desc' }])
export const oldestFirst = (page: PageRequest, id: SQL) =>
  keyset(page, [{ by: id, type: 'uuid', direction: 'asc' }])

/** `(a, b) > (x, y)`, which an index serves, where all columns are sorted in one direction. */
function isAfter(key: readonly string[], columns: KeyColumn[]): SQL {
  const direction = columns[0]?.direction
  if (columns.length < 2 || columns.some((column) => column.direction !== direction))
    return isBeyond(key, columns)
  const row = sql.join(
    columns.map(({ by }) => by),
    sql`, `,
  )
  const bounds = sql.join(
    columns.map(({ type }, n) => sql`${key[n]}::${sql.raw(type)}`),
    sql`, `,
  )
  return sql`(${row}) ${sql.raw(direction === 'asc' ? '>' : '<')} (${bounds})`
}

/** `a > x or (a = x and (b > y or …))`: columns may be sorted in different directions. */
function isBeyond(key: readonly string[], [column, ...others]: KeyColumn[]): SQL {
  if (!column) return sql`false`
  const [value, ...rest] = key
  const bound = sql`${value}::${sql.raw(column.type)}`
  const beyond = sql`${column.by} ${sql.raw(column.direction === 'asc' ? '>' : '<')} ${bound}`
  return others.length === 0
    ? beyond
    : sql`(${beyond} or (${column.by} = ${bound} and ${isBeyond(rest, others)}))`
}
