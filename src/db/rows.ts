import { type Column, getTableColumns, sql, type Table } from 'drizzle-orm'
import {
  bool,
  date,
  int,
  json,
  list,
  nullable,
  number,
  oneOf,
  type RowOf,
  type RowSpec,
  type Spec,
  text,
  time,
  uuid,
} from '../core/rows.ts'
import type { Statement } from '../core/unit.ts'
import type { JsonRow } from './json.ts'

export * from '../core/rows.ts'

/**
 * Makes a statement that describes its rows: ``rowsOf(noteRow)`select …` ``. `read` and `write` accept no other as their result.
 * Within other SQL it is a part like any other.
 */
export const rowsOf =
  <const D extends RowSpec>(row: D) =>
  (strings: TemplateStringsArray, ...values: unknown[]): Statement<RowOf<D>> =>
    Object.assign(sql<RowOf<D>>(strings, ...values), { row })

type ColumnSpecs<T extends Table> = { [K in keyof JsonRow<T>]: Spec<JsonRow<T>[K]> }

const described = new Map<Table, ColumnSpecs<Table>>()

/** Describes a table's row as `rowColumns` and `rowJson` of `json.ts` give it. */
export function columnsOf<T extends Table>(table: T): ColumnSpecs<T> {
  const row = described.get(table) ?? specsOf(table)
  described.set(table, row)
  return row as ColumnSpecs<T>
}

function specsOf(table: Table): ColumnSpecs<Table> {
  const columns = Object.entries(getTableColumns(table))
  return Object.fromEntries(columns.map(([key, column]) => [key, specOf(column)]))
}

const specs: Record<string, Spec<unknown>> = {
  PgUUID: uuid,
  PgText: text,
  PgTimestamp: time,
  PgDateString: date,
  PgTime: text,
  PgInteger: int,
  PgSmallInt: int,
  PgBigInt53: int,
  PgNumericNumber: number,
  PgDoublePrecision: number,
  PgBoolean: bool,
  PgJsonb: json(),
  PgCustomColumn: text,
}

function specOf(column: Column): Spec<unknown> {
  const spec = scalarOf(column)
  return column.notNull ? spec : nullable(spec)
}

function scalarOf(column: Column): Spec<unknown> {
  if (column.columnType === 'PgArray')
    return list(scalarOf((column as unknown as { baseColumn: Column }).baseColumn))
  const spec = column.enumValues ? oneOf(column.enumValues) : specs[column.columnType]
  if (!spec) throw new Error(`No row holds a ${column.columnType} (${column.name})`)
  return spec
}
