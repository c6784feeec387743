import { globSync, readFileSync } from 'node:fs'
import { basename, dirname } from 'node:path'
import { readSqlInventory, writesIn } from './inventory.ts'
import { tableOwners } from './owners.ts'

export interface Write {
  /** An area's name, or a folder outside of the areas. */
  area: string
  /** The file, or the function of a file. */
  place: string
  /** Null: the text does not say which (`update ${table}`). */
  table: string | null
}

const comments = /\/\*[\s\S]*?\*\/|(?<=^|\s)\/\/.*$/gm
const unnamed = /\b(?:insert into|update|delete from)\s+\$\{/

/**
 * Every table that SQL of the Worker's own files or of the database's functions writes, once a place. The Worker's files also
 * contain sentences like "Update a draft": a word that is no table of the schema is ignored.
 */
export async function findWrites(): Promise<Write[]> {
  const owners = await tableOwners()
  const inCode = globSync('src/**/*.ts').flatMap((file) => {
    const text = readFileSync(file, 'utf8').replace(comments, '')
    const area = /^src\/areas\/[a-z-]+\/([a-z-]+)\//.exec(file)?.[1] ?? dirname(file)
    const tables = writesIn(text).filter((table) => owners.has(table))
    const named = tables.map((table) => ({ area, place: file, table }))
    return unnamed.test(text) ? [...named, { area, place: file, table: null }] : named
  })
  // Plans repeat what files of the Worker send, which are searched already.
  const functions = readSqlInventory().functions.filter(({ file }) => basename(file) !== 'plans.sql')
  const inDatabase = functions.flatMap(({ name, file, writes }) =>
    writes.map((table) => ({ area: basename(dirname(file)), place: name, table })),
  )
  return [...inCode, ...inDatabase]
}
