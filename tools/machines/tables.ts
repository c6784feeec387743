import { getTableConfig, type PgColumn, PgTable } from 'drizzle-orm/pg-core'
import * as schema from '../../src/db/schema/index.ts'

const tables = new Map(
  Object.values(schema)
    .filter((value) => value instanceof PgTable)
    .map((table) => {
      const { name, columns } = getTableConfig(table)
      return [name, new Map(columns.map((column) => [column.name, column]))] as const
    }),
)

function declared(table: string): ReadonlyMap<string, PgColumn> {
  const columns = tables.get(table)
  if (!columns) throw new Error(`src/db/schema declares no table ${table}.`)
  return columns
}

/** Names of a table's columns, in order. */
export const columnsOf = (table: string): ReadonlySet<string> => new Set(declared(table).keys())

export function typeOf(table: string, column: string): string {
  const found = declared(table).get(column)
  if (!found) throw new Error(`${table} has no column ${column}.`)
  return found.getSQLType()
}
