import { type Column, getTableColumns, type InferSelectModel, type SQL, sql, type Table } from 'drizzle-orm'

/** A column's value after it went through Postgres `to_json`: times as ISO text, bigint and numeric as numbers. */
type JsonValue<T> = T extends Date ? string : T extends bigint ? number : T

/** A table's row as JSON, keyed like the drizzle schema (camelCase). */
export type JsonRow<T extends Table> = { [K in keyof InferSelectModel<T>]: JsonValue<InferSelectModel<T>[K]> }

/** A time as the API writes it: RFC 3339 in UTC with milliseconds, so that every client's parser takes it. */
export const isoTime = (time: SQL): SQL<string> =>
  sql`to_char(${time} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`

function valueOf(column: Column, alias: string): SQL {
  const value = sql.raw(`"${alias}"."${column.name}"`)
  return column.columnType === 'PgTimestamp' ? isoTime(value) : value
}

/** `json_build_object` over every column of `table` under the alias it has in the statement. */
export function rowJson<T extends Table>(table: T, alias: string): SQL<JsonRow<T>> {
  const pairs = Object.entries(getTableColumns(table)).map(
    ([key, column]) => sql`${sql.raw(`'${key}'`)}, ${valueOf(column, alias)}`,
  )
  return sql`json_build_object(${sql.join(pairs, sql`, `)})`
}

/** The same, null where an outer join found no row. */
export function maybeRowJson<T extends Table>(table: T, alias: string): SQL<JsonRow<T> | null> {
  return sql`case when ${sql.raw(`"${alias}"`)} is null then null else ${rowJson(table, alias)} end`
}

/** Every column of `table` under its alias, as a select list keyed like the drizzle schema. */
export function rowColumns<T extends Table>(table: T, alias: string): SQL<JsonRow<T>> {
  const columns = Object.entries(getTableColumns(table)).map(
    ([key, column]) => sql`${valueOf(column, alias)} as ${sql.identifier(key)}`,
  )
  return sql.join(columns, sql`, `) as SQL<JsonRow<T>>
}
