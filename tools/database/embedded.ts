import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { PGlite } from '@electric-sql/pglite'
import { btree_gist } from '@electric-sql/pglite/contrib/btree_gist'
import { pg_trgm } from '@electric-sql/pglite/contrib/pg_trgm'
import { DATABASE_FOLDER } from './files.ts'
import { leanPostgis } from './lean-postgis.ts'
import { assertMigrations, migrate } from './migrate.ts'
import { baseCachePath, cachePath, postgisPath, readCache, writeCache } from './pglite-cache.ts'
import { takeLock } from './pid-lock.ts'

const CACHE_FOLDER = join(import.meta.dirname, '../../.khidma/cache')

const extensionsIn = (cacheFolder: string) => ({
  postgis: leanPostgis(postgisPath(cacheFolder)),
  btree_gist,
  pg_trgm,
})

export type EmbeddedOptions = {
  /** Where the data is kept between starts. Without it, or with `memory`, the database ends with the process. */
  dir?: string
  memory?: boolean
  databaseFolder?: string
  cacheFolder?: string
}

export type Embedded = { db: PGlite; close(): Promise<void> }

/** An embedded Postgres with every migration applied. */
export async function openEmbedded(options: EmbeddedOptions = {}): Promise<Embedded> {
  const { dir, memory, databaseFolder: folder = DATABASE_FOLDER, cacheFolder = CACHE_FOLDER } = options
  if (!dir || memory) {
    const db = await openFresh(undefined, folder, cacheFolder)
    return { db, close: () => db.close() }
  }
  const release = takeLock(`${dir}/lock`, `The database in ${dir}`)
  try {
    const db = await openDirectory(dir, folder, cacheFolder)
    const close = async () => {
      await db.close()
      release()
    }
    return { db, close }
  } catch (error) {
    release()
    throw error
  }
}

async function openDirectory(dir: string, folder: string, cacheFolder: string): Promise<PGlite> {
  const data = `${dir}/data`
  const ready = `${dir}/ready`
  if (existsSync(ready)) {
    const db = await PGlite.create({ dataDir: data, extensions: extensionsIn(cacheFolder) })
    await closeOnFailure(db, () => migrate({ pglite: db }, { folder }))
    return db
  }
  // No marker: a first start that never ended. Nothing was ever kept here.
  rmSync(data, { recursive: true, force: true })
  mkdirSync(dir, { recursive: true })
  const db = await openFresh(data, folder, cacheFolder)
  writeFileSync(ready, `${new Date().toISOString()}\n`)
  return db
}

type Fresh = { dataDir?: string; extensions: ReturnType<typeof extensionsIn> }

async function openFresh(dataDir: string | undefined, folder: string, cacheFolder: string): Promise<PGlite> {
  assertMigrations(folder)
  const options: Fresh = { ...(dataDir && { dataDir }), extensions: extensionsIn(cacheFolder) }
  return fromCache(options, cachePath(cacheFolder, folder), async () => {
    const base = await fromCache(options, baseCachePath(cacheFolder), () => createBase(options))
    await closeOnFailure(base, () => migrate({ pglite: base }, { folder }))
    return base
  })
}

/** Loads the dump; where there is none, or it is damaged, builds the database and keeps a dump of it. */
async function fromCache(options: Fresh, path: string, build: () => Promise<PGlite>): Promise<PGlite> {
  const loadDataDir = readCache(path)
  if (loadDataDir) {
    try {
      return await PGlite.create({ ...options, loadDataDir })
    } catch {
      if (options.dataDir) rmSync(options.dataDir, { recursive: true, force: true })
    }
  }
  const db = await build()
  await writeCache(path, db)
  return db
}

async function createBase(options: Fresh): Promise<PGlite> {
  const db = await PGlite.create(options)
  for (const name of Object.keys(options.extensions)) await db.exec(`create extension ${name}`)
  return db
}

async function closeOnFailure(db: PGlite, work: () => Promise<unknown>): Promise<void> {
  try {
    await work()
  } catch (error) {
    await db.close()
    throw error
  }
}
