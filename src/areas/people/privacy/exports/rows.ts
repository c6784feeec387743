import { type SQL, sql } from 'drizzle-orm'
import type { Context } from '../../../../core/context.ts'
import type { HiddenColumns, PersonalColumn, PersonalTable } from '../../../../core/personal-data.ts'
import { json, rowsOf } from '../../../../db/rows.ts'
import { loadInventory } from '../inventory.ts'
import type { ExportJob } from './exports.ts'

/** Rows of the inventory that belong to one person, read for them to download. */

export interface ExportedRows {
  rows: Record<string, unknown>[]
  /** Where the next page begins; null after the last one. */
  after: string | null
}

const pageRows = 500

/** Which shape the file has; another one gets another name. */
export const exportFormat = 'khidma-export-1'

/** The tables in the file, in its order. */
export const exportedTables = (inventory: readonly PersonalTable[]): PersonalTable[] =>
  inventory.filter(({ of, isExported }) => of && isExported !== false)

export const exportedColumns = ({ columns }: PersonalTable): PersonalColumn[] =>
  columns.filter(({ isExported }) => isExported)

/** Name of a table or column in the file. */
export const exportedName = (name: string): string =>
  name.replace(/_([a-z0-9])/g, (_match, letter: string) => letter.toUpperCase())

/** Columns that are hidden in their table are hidden in the log of its changes too. */
const hiddenColumnsIn =
  (inventory: readonly PersonalTable[]): HiddenColumns =>
  (table) => {
    const cases = inventory.flatMap(({ name, columns }) => {
      const hidden = columns.filter(({ isExported }) => !isExported).map((column) => column.name)
      return hidden.length > 0 ? [`when '${name}' then '{${hidden.join(',')}}'::text[]`] : []
    })
    return sql`case ${table} ${sql.raw(cases.join(' '))} else '{}'::text[] end`
  }

/** Rows of one table that belong to the person. */
export async function readExportedRows(
  ctx: Context,
  { userId, phone, email }: Pick<ExportJob, 'userId' | 'phone' | 'email'>,
  table: PersonalTable,
  after: string | null,
): Promise<ExportedRows> {
  const { of, exportOf = of, key: names } = table
  if (!exportOf) throw new Error(`${table.name} is nobody's`)
  const person = { user: sql`${userId}::uuid`, phone: sql`${phone}::text`, email: sql`${email}::text` }
  const hiddenColumns = hiddenColumnsIn(await loadInventory())
  const exported = exportedColumns(table).map(({ name, exportedAs }): SQL => {
    const value = exportedAs?.(person, hiddenColumns) ?? sql.raw(`khidma.export_value(t.${name})`)
    return sql`${value} as ${sql.raw(`"${exportedName(name)}"`)}`
  })
  const columns = sql.raw(names.map((name) => `t.${name}`).join(', '))
  const place = sql.raw(names.map((name) => `k.${name}`).join(', '))
  const name = sql.raw(table.name)
  // Keys go through JSON as text: some are wider than its numbers.
  const key = sql.raw(`json_build_object(${names.map((n) => `'${n}', t.${n}::text`).join(', ')})`)
  const isNext =
    after === null
      ? sql`true`
      : sql`(${columns}) > (select ${place} from json_populate_record(null::${name}, ${after}::json) k)`
  const rows = await ctx.db.read(rowsOf({ key: json<object>(), row: json<Record<string, unknown>>() })`
    select ${key} as key, (select row_to_json(e) from (select ${sql.join(exported, sql`, `)}) e) as row from ${name} t
     where ${exportOf(person)} and ${isNext} order by ${columns} limit ${pageRows}`)
  return {
    rows: rows.map(({ row }) => row),
    after: rows.length < pageRows ? null : JSON.stringify(rows.at(-1)?.key),
  }
}
