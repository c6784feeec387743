import { getTableColumns, type InferSelectModel, type SQL, sql, type Table } from 'drizzle-orm'
import { PgDialect } from 'drizzle-orm/pg-core'

/** A column's value after it went through Postgres `to_json`: times as ISO text, bigint and numeric as numbers. */
type JsonValue<T> = T extends Date ? string : T extends bigint ? number : T

/** A table's row as JSON, keyed like the drizzle schema (camelCase). */
export type JsonRow<T extends Table> = { [K in keyof InferSelectModel<T>]: JsonValue<InferSelectModel<T>[K]> }

const isoFormat = `'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'`
const isoTimeText = (time: string): string => `to_char(${time} at time zone 'UTC', ${isoFormat})`

/** A time as the API writes it: RFC 3339 in UTC with milliseconds, so that every client's parser takes it. */
export const isoTime = (time: SQL): SQL<string> =>
  sql`to_char(${time} at time zone 'UTC', ${sql.raw(isoFormat)})`

/** A part without parameters, built once: drizzle would build it again for every statement that contains it. */
export function fixed(part: SQL): SQL {
  const { sql: text, params } = new PgDialect().sqlToQuery(part)
  if (params.length > 0) throw new Error('A part with parameters differs from call to call')
  return sql.raw(text)
}

/** `json_build_object` over every column of `table` under the alias it has in the statement. */
export const rowJson: <T extends Table>(table: T, alias: string) => SQL<JsonRow<T>> = builtOnce(
  (columns) => `json_build_object(${columns.map(({ key, value }) => `'${key}', ${value}`).join(', ')})`,
)

/** The same, null where an outer join found no row. */
export function maybeRowJson<T extends Table>(table: T, alias: string): SQL<JsonRow<T> | null> {
  return sql`case when ${sql.raw(`"${alias}"`)} is null then null else ${rowJson(table, alias)} end`
}

/** Every column of `table` under its alias, as a select list keyed like the drizzle schema. */
export const rowColumns: <T extends Table>(table: T, alias: string) => SQL<JsonRow<T>> = builtOnce(
  (columns) => columns.map(({ key, value }) => `${value} as "${key}"`).join(', '),
)

interface NamedValue {
  key: string
  value: string
}

/** Made of names alone, the text is the same at every call; put together anew it costs more than the rest of a statement. */
function builtOnce(textOf: (columns: NamedValue[]) => string) {
  const built = new Map<Table, Map<string, SQL>>()
  return <T extends Table>(table: T, alias: string): SQL<JsonRow<T>> => {
    const byAlias = built.get(table) ?? new Map<string, SQL>()
    const text = byAlias.get(alias) ?? sql.raw(textOf(valuesOf(table, alias)))
    built.set(table, byAlias.set(alias, text))
    return text as SQL<JsonRow<T>>
  }
}

function valuesOf(table: Table, alias: string): NamedValue[] {
  return Object.entries(getTableColumns(table)).map(([key, { name, columnType }]) => {
    const value = `"${alias}"."${name}"`
    return { key, value: columnType === 'PgTimestamp' ? isoTimeText(value) : value }
  })
}
