import { globSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { getTableConfig, PgTable } from 'drizzle-orm/pg-core'

const SCHEMA_FOLDER = join(import.meta.dirname, '../../src/db/schema')

/** A file beside that of its area. */
const AREA_OF_FILE: Readonly<Record<string, string>> = { credentials: 'identity' }

/** The area that owns each table: the file of `src/db/schema/<domain>/` that declares it has the area's name. */
export async function tableOwners(): Promise<Map<string, string>> {
  const owners = new Map<string, string>()
  for (const path of globSync('*/*.ts', { cwd: SCHEMA_FOLDER }).sort()) {
    const file = path.replace(/^.*\/|\.ts$/g, '')
    const tables = await import(pathToFileURL(join(SCHEMA_FOLDER, path)).href)
    for (const table of Object.values(tables)) {
      if (table instanceof PgTable) owners.set(getTableConfig(table).name, AREA_OF_FILE[file] ?? file)
    }
  }
  return owners
}
