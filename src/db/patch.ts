import { getTableColumns, type InferInsertModel, type SQL, type SQLChunk, sql, type Table } from 'drizzle-orm'

/** A patch of a table's row: an absent field stays as it is, null clears it. SQL is used verbatim. */
export type RowPatch<T extends Table> = {
  [K in keyof InferInsertModel<T>]?: InferInsertModel<T>[K] | SQL | undefined
}

/** `a = $1, b = $2` for an `update … set`, or null where there is nothing to change. */
export function assignments<T extends Table>(table: T, patch: RowPatch<T>): SQL | null {
  const columns = getTableColumns(table)
  const parts = Object.entries(patch)
    .filter(([, value]) => value !== undefined)
    .map(([key, value]) => sql`${sql.identifier(nameOf(columns, key))} = ${value}`)
  return parts.length > 0 ? sql.join(parts, sql`, `) : null
}

/** `(a, b) values ($1, $2)` for an `insert into`; with a source `(a, b) select $1, source.b from source`: no row where it has none. */
export function insertion<T extends Table>(table: T, row: RowPatch<T>, source?: SQL): SQL {
  const columns = getTableColumns(table)
  const given = Object.entries(row).filter(([, value]) => value !== undefined)
  const names = given.map(([key]) => `"${nameOf(columns, key)}"`).join(', ')
  const values = given.map(([, value]) => value as SQLChunk)
  const list = sql.join(values, comma)
  return source
    ? sql`(${sql.raw(names)}) select ${list} from ${source}`
    : sql`(${sql.raw(names)}) values (${list})`
}

const comma = sql.raw(', ')

function nameOf(columns: Record<string, { name: string }>, key: string): string {
  const column = columns[key]
  if (!column) throw new Error(`No column ${key}`)
  return column.name
}
