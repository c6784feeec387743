import { execFileSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { gunzipSync, gzipSync } from 'node:zlib'
import type pg from 'pg'

/**
 * A filled database of each release, as a small dump, so that a test can bring it to the newest. To keep one: start the
 * stack on an empty real Postgres, play the demo against it (`DEMO_ORIGIN`), and then
 * `DATABASE_URL=… node tools/database/releases.ts 0.1.0`.
 */
export const RELEASES_FOLDER = join(import.meta.dirname, '../../test/releases')

/** Into an empty database, as its owner. */
export async function restoreRelease(client: pg.Client, path: string): Promise<void> {
  await client.query(gunzipSync(readFileSync(path)).toString('utf8'))
  await client.query('reset all')
}

function keepRelease(url: string, version: string): string {
  const dump = execFileSync(
    'pg_dump',
    ['--no-owner', '--inserts', '--rows-per-insert=200', '--exclude-table-data=public.spatial_ref_sys', url],
    { encoding: 'utf8', maxBuffer: 256 * 1024 * 1024 },
  )
  // Commands of psql, which the driver does not know.
  const statements = dump.replace(/^\\.*$/gm, '')
  const path = join(RELEASES_FOLDER, `${version}.sql.gz`)
  writeFileSync(path, gzipSync(statements, { level: 9 }))
  return path
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const [version] = process.argv.slice(2)
  const url = process.env.DATABASE_URL
  if (!version || !url) {
    console.error('Usage: DATABASE_URL=postgres://… node tools/database/releases.ts <version>')
    process.exit(1)
  }
  console.log(keepRelease(url, version))
}
