import { createHash } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

export const DATABASE_FOLDER = join(import.meta.dirname, '../../drizzle')

/** One file of `drizzle/`, as the migrator applies it. */
export interface DatabaseFile {
  /** Below the folder: `migrations/0001_tables.sql`, `sql/work/bookings/triggers.sql`. */
  path: string
  /** A migration runs once and never changes; a file of `sql/` runs again whenever it has changed. */
  kind: 'migration' | 'sql'
  text: string
  sha256: string
}

/** The files of a database in the order in which they apply: migrations by their journal, then `sql/order`. */
export function readDatabaseFiles(folder: string): DatabaseFile[] {
  const file = (path: string, kind: DatabaseFile['kind']): DatabaseFile => {
    const text = readFileSync(join(folder, path), 'utf8')
    return { path, kind, text, sha256: createHash('sha256').update(text).digest('hex') }
  }
  return [
    ...readJournal(folder).map((tag) => file(`migrations/${tag}.sql`, 'migration')),
    ...readOrder(folder).map((path) => file(`sql/${path}`, 'sql')),
  ]
}

function readJournal(folder: string): string[] {
  const journal = JSON.parse(readFileSync(join(folder, JOURNAL), 'utf8')) as { entries: { tag: string }[] }
  return journal.entries.map(({ tag }) => tag)
}

/** One path a line; `#` begins a comment. A database without functions of its own has no such file. */
export function readOrder(folder: string): string[] {
  const path = join(folder, 'sql/order')
  if (!existsSync(path)) return []
  return readFileSync(path, 'utf8')
    .split('\n')
    .map((line) => line.replace(/#.*/, '').trim())
    .filter(Boolean)
}

export const JOURNAL = 'migrations/meta/_journal.json'
