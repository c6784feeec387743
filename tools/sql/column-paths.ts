import { globSync, readFileSync } from 'node:fs'
import { getTableConfig, type PgColumn, PgTable } from 'drizzle-orm/pg-core'
import * as schema from '../../src/db/schema/index.ts'
import { readSqlInventory, writesIn } from './inventory.ts'

/** Texts that run together: an area's files, a migration's data, or a function of the database with the tables whose triggers call it. */
interface RunningText {
  place: string
  text: string
  /** The names of its request and response schemas, which only a write of whole bodies takes over. */
  schemas: string
  triggersOf: ReadonlySet<string>
}

export interface ColumnPaths {
  /** Places whose SQL writes the table and name the column; `default` where Postgres stamps it. */
  writtenIn: string[]
  /** Places whose SQL reads the table and name the column, or take all of its columns. */
  readIn: string[]
}

const comments = /\/\*[\s\S]*?\*\/|(?<=^|\s)\/\/.*$/gm

/**
 * Finds the paths to each column, `table.column`. Evidence is by names in texts: a place counts where it reads or writes the table and
 * names the column, in SQL or as the key of the drizzle schema. So it finds a column that nothing uses, not one that is used wrongly.
 */
export function findColumnPaths(): Map<string, ColumnPaths> {
  const texts = runningTexts()
  const paths = new Map<string, ColumnPaths>()
  for (const [key, table] of Object.entries(schema)) {
    if (!(table instanceof PgTable)) continue
    const { name, columns } = getTableConfig(table)
    const readers = texts.filter(({ text, triggersOf }) => triggersOf.has(name) || reads(text, name, key))
    const wholeReaders = readers.filter(({ text }) => readsWhole(text, key))
    const writers = texts.filter(({ text, triggersOf }) => triggersOf.has(name) || writes(text, name, key))
    for (const column of columns) {
      const named = new RegExp(`\\b(?:${column.name}|${keyOf(table, column)})\\b`)
      const assigns = ({ text, schemas, triggersOf }: RunningText) =>
        triggersOf.has(name)
          ? assignsNew(text, column.name) || writes(text, name, key)
          : named.test(text) || (writesBodies(text, key) && named.test(schemas))
      const places = placesOf(writers.filter(assigns))
      paths.set(`${name}.${column.name}`, {
        writtenIn: isStamp(column) ? ['default', ...places] : places,
        readIn: placesOf([
          ...wholeReaders,
          ...readers.filter(({ text, schemas }) => named.test(text) || named.test(schemas)),
        ]),
      })
    }
  }
  return paths
}

function runningTexts(): RunningText[] {
  const { functions, triggers } = readSqlInventory()
  const files = globSync([
    'src/**/*.ts',
    'durable-objects/**/*.ts',
    'drizzle/migrations/*_data.sql',
    'drizzle/sql/**/*-rows.sql',
  ]).filter((file) => !file.startsWith('src/db/schema/'))
  const byFolder = Map.groupBy(files, (file) => /^src\/areas\/[^/]+\/[^/]+/.exec(file)?.[0] ?? file)
  const inCode = [...byFolder].map(([place, group]) => ({
    place,
    text: textOf(group.filter((file) => !isSchemas(file))),
    schemas: textOf(group.filter(isSchemas)),
    triggersOf: new Set<string>(),
  }))
  // Plans repeat what the Worker's files say, and the audit log copies every column.
  const own = functions.filter(({ name }) => !/^khidma\.(?:plan|audit)_/.test(name))
  const inDatabase = own.map(({ name, text }) => ({
    place: name,
    text: text.replace(/--.*$/gm, ''),
    schemas: '',
    triggersOf: new Set(triggers.filter(({ calls }) => calls === name).map(({ table }) => table)),
  }))
  return [...inCode, ...inDatabase]
}

/** A time or an id that Postgres gives; a constant default alone writes nothing worth a column. */
const isStamp = (column: PgColumn): boolean =>
  column.hasDefault && ['timestamp with time zone', 'uuid'].includes(column.getSQLType())

const isSchemas = (file: string): boolean => file.endsWith('schemas.ts')

const textOf = (files: string[]): string =>
  files.map((file) => readFileSync(file, 'utf8').replace(comments, '')).join('\n')

const unnamedWrite = /\b(?:insert into|update|delete from)\s+\$\{/

/** By name, or as the table that an area hands to SQL of its own. */
const writes = (text: string, table: string, key: string): boolean =>
  writesIn(text).includes(table) || (unnamedWrite.test(text) && mentions(text, key))

/** `insertion(tasks, …)` and its like take the keys of a parsed body. */
const writesBodies = (text: string, key: string): boolean =>
  new RegExp(`\\b(?:insertion|assignments)\\(${key}\\b`).test(text) ||
  (unnamedWrite.test(text) && mentions(text, key))

const reads = (text: string, table: string, key: string): boolean =>
  new RegExp(`\\b(?:from|join|using|into|update)\\s+(?:only )?(?:public\\.)?${table}\\b`).test(text) ||
  mentions(text, key)

const mentions = (text: string, key: string): boolean => new RegExp(`\\b${key}\\b(?!['"])`).test(text)

/** `rowColumns(tasks, 't')` and its like take every column. */
const readsWhole = (text: string, key: string): boolean =>
  new RegExp(`\\b(?:rowColumns|rowJson|maybeRowJson)\\(${key}\\b`).test(text)

const assignsNew = (text: string, column: string): boolean =>
  new RegExp(`\\bnew\\.${column}\\s*:?=|\\binto new\\.${column}\\b`).test(text)

function keyOf(table: PgTable, column: unknown): string {
  const [key] = Object.entries(table).find(([, each]) => each === column) ?? []
  if (key === undefined) throw new Error('A column without a key')
  return key
}

const placesOf = (texts: RunningText[]): string[] => [...new Set(texts.map(({ place }) => place))].sort()
