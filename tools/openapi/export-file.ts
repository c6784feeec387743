import { getTableColumns, getTableName, is } from 'drizzle-orm'
import { PgArray, type PgColumn, PgTable } from 'drizzle-orm/pg-core'
import { exportedColumns, exportedName, exportedTables } from '../../src/areas/people/privacy/exports/rows.ts'
import { loadInventory } from '../../src/areas/people/privacy/inventory.ts'
import type { PersonalTable } from '../../src/core/personal-data.ts'
import * as databaseSchema from '../../src/db/schema/index.ts'
import { exportWords } from './export-words.ts'
import type { Schema } from './json.ts'

const inventory = await loadInventory()

/** The file of an export, list by list: what the inventory exports of each table, typed as the database keeps it. */
export function exportFileSchemas(file: Schema): Record<string, Schema> {
  const parts = exportedTables(inventory).map((table): [string, string, Schema] => [
    exportedName(table.name),
    `Exported${pascalCase(table.name)}`,
    rowOf(table),
  ])
  const lists = parts.map(([list, name]): [string, Schema] => [
    list,
    { type: 'array', items: { $ref: `#/components/schemas/${name}` } },
  ])
  const listed = Object.fromEntries(lists)
  return {
    ...Object.fromEntries(parts.map(([, name, row]) => [name, row])),
    [periodName]: periodSchema,
    ExportFile: {
      ...file,
      properties: { ...file.properties, ...listed },
      required: [...(file.required ?? []), ...Object.keys(listed)],
      example: { ...(file.example as object), ...Object.fromEntries(lists.map(([list]) => [list, []])) },
    },
  }
}

const tables = new Map(
  Object.values(databaseSchema).flatMap((value): [string, PgTable][] =>
    is(value, PgTable) ? [[getTableName(value), value]] : [],
  ),
)

function rowOf(table: PersonalTable): Schema {
  const kept = tables.get(table.name)
  if (!kept) throw new Error(`the schema has no table ${table.name}`)
  const columns = new Map(Object.values(getTableColumns(kept)).map((column) => [column.name, column]))
  const properties = exportedColumns(table).map(({ name }): [string, Schema] => {
    const column = columns.get(name)
    if (!column) throw new Error(`${table.name} has no column ${name}`)
    return [exportedName(name), described(exportedName(name), typeOf(column as PgColumn))]
  })
  const isFile = table.name === 'media_files'
  const required = properties.map(([name]) => name)
  if (isFile) properties.push(['url', fileAddress])
  return {
    type: 'object',
    description: `The exported columns of a row of \`${table.name}\`.`,
    properties: Object.fromEntries(properties),
    required,
  }
}

const described = (name: string, schema: Schema): Schema => {
  const description = exportWords[name]
  return description === undefined ? schema : { ...schema, description }
}

const fileAddress: Schema = {
  type: 'string',
  format: 'uri',
  description:
    'Where the owner can download the file, with an access token. Absent if it was never uploaded.',
}

function typeOf(column: PgColumn): Schema {
  const values = valuesOf(column)
  // Whatever JSON there is, null among it.
  if (column.notNull || values.type === undefined) return values
  return {
    ...values,
    type: [values.type as string, 'null'],
    ...(values.enum && { enum: [...values.enum, null] }),
  }
}

function valuesOf(column: PgColumn): Schema {
  if (column.getSQLType() === 'tstzrange') return period
  if (is(column, PgArray)) return { type: 'array', items: valuesOf(column.baseColumn) }
  if (column.enumValues?.length) return { type: 'string', enum: [...column.enumValues] }
  return Object.entries(types).find(([kind]) => column.columnType.startsWith(kind))?.[1] ?? {}
}

const periodName = 'ExportedPeriod'
const period: Schema = { $ref: `#/components/schemas/${periodName}` }
const periodSchema: Schema = {
  type: 'object',
  description: 'A time from an instant up to another.',
  properties: {
    from: { type: ['string', 'null'], format: 'date-time', description: 'Its start; null for none.' },
    until: {
      type: ['string', 'null'],
      format: 'date-time',
      description: 'Its end, which is not part of it; null for none.',
    },
  },
  required: ['from', 'until'],
}

const number: Schema = { type: 'number' }
const integer: Schema = { type: 'integer' }
const types: Record<string, Schema> = {
  PgTimestamp: { type: 'string', format: 'date-time' },
  PgDate: { type: 'string', format: 'date' },
  PgUUID: { type: 'string', format: 'uuid' },
  PgText: { type: 'string' },
  PgVarchar: { type: 'string' },
  PgChar: { type: 'string' },
  PgTime: { type: 'string' },
  PgInet: { type: 'string' },
  PgBoolean: { type: 'boolean' },
  PgInteger: integer,
  PgSmallInt: integer,
  PgBigInt: integer,
  PgNumeric: number,
  PgReal: number,
  PgDouble: number,
}

const pascalCase = (name: string): string => {
  const camel = exportedName(name)
  return camel.charAt(0).toUpperCase() + camel.slice(1)
}
