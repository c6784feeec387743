import { createHash, type Hash } from 'node:crypto'
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { basename, dirname, join } from 'node:path'
import { crc32 } from 'node:zlib'
import type { PGlite } from '@electric-sql/pglite'
import { readDatabaseFiles } from './files.ts'

/** A dump of a freshly migrated data directory: loading it takes a fifth of the time that building it takes. */

const FORMAT = '1'
const CHECKSUM_BYTES = 4
const KEPT = 4

/** The part of PostGIS that is used: see `leanPostgis`. */
export function postgisPath(cacheFolder: string): string {
  return `${cacheFolder}/postgis-${startHash().digest('hex').slice(0, 20)}.tar.gz`
}

/** The cluster before any migration, with the extensions (they take most of the time). */
export function baseCachePath(cacheFolder: string): string {
  return `${cacheFolder}/base-${startHash().digest('hex').slice(0, 20)}.tar`
}

export function cachePath(cacheFolder: string, databaseFolder: string): string {
  const hash = startHash()
  for (const { path, sha256 } of readDatabaseFiles(databaseFolder)) hash.update(`\0${path} ${sha256}`)
  return `${cacheFolder}/migrated-${hash.digest('hex').slice(0, 20)}.tar`
}

function startHash(): Hash {
  return createHash('sha256').update(`${FORMAT} ${versionOf('pglite')} ${versionOf('pglite-postgis')}`)
}

export function readCache(path: string): Blob | undefined {
  try {
    const file = readFileSync(path)
    const tar = file.subarray(0, -CHECKSUM_BYTES)
    return file.readUInt32BE(tar.length) === crc32(tar) ? new Blob([tar]) : undefined
  } catch {
    return undefined
  }
}

export async function writeCache(path: string, db: PGlite): Promise<void> {
  await db.exec('checkpoint')
  const dump = await db.dumpDataDir('none')
  const tar = Buffer.from(await dump.arrayBuffer())
  const checksum = Buffer.alloc(CHECKSUM_BYTES)
  checksum.writeUInt32BE(crc32(tar))
  const folder = dirname(path)
  mkdirSync(folder, { recursive: true })
  const draft = `${path}.${process.pid}`
  writeFileSync(draft, Buffer.concat([tar, checksum]))
  renameSync(draft, path)
  removeOlder(folder, basename(path))
}

/** Other folders of migrations, and other branches, may use theirs still. */
function removeOlder(folder: string, newest: string): void {
  const kind = newest.slice(0, newest.indexOf('-') + 1)
  readdirSync(folder)
    .filter((name) => name.startsWith(kind) && name.endsWith('.tar'))
    .map((name) => ({ path: join(folder, name), writtenAt: statSync(join(folder, name)).mtimeMs }))
    .sort((a, b) => b.writtenAt - a.writtenAt)
    .slice(KEPT)
    .forEach(({ path }) => {
      rmSync(path, { force: true })
    })
}

function versionOf(name: string): string {
  // Neither package exports its package.json; its entry file is in the same folder.
  const entry = createRequire(import.meta.url).resolve(`@electric-sql/${name}`)
  const manifest = `${entry.slice(0, entry.lastIndexOf('/dist/'))}/package.json`
  return (JSON.parse(readFileSync(manifest, 'utf8')) as { version: string }).version
}
