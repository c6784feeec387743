import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { PGlite } from '@electric-sql/pglite'
import { type SQL, sql } from 'drizzle-orm'
import { readMigrationFiles } from 'drizzle-orm/migrator'
import { drizzle as drizzlePostgres } from 'drizzle-orm/node-postgres'
import { migrate as migratePostgres } from 'drizzle-orm/node-postgres/migrator'
import type { PgDatabase, PgQueryResultHKT } from 'drizzle-orm/pg-core'
import { drizzle as drizzlePglite } from 'drizzle-orm/pglite'
import { migrate as migratePglite } from 'drizzle-orm/pglite/migrator'
import pg from 'pg'
import { readJournal } from './journal.ts'

export const MIGRATIONS_FOLDER = join(import.meta.dirname, '../../drizzle')

/** Any number, the same for every migrator, so that two of them on one database take turns. */
const ADVISORY_LOCK = 5_201_314

export type MigrationTarget = { pglite: PGlite } | { url: string }
export type MigrationOptions = { folder?: string }

/** Its message is one sentence fit for a terminal; the database's own error is its cause. */
export class MigrationError extends Error {
  override name = 'MigrationError'
}

/** Applies what is pending, all or nothing. The connection must be the owner's. */
export async function migrate(target: MigrationTarget, options: MigrationOptions = {}): Promise<void> {
  const folder = options.folder ?? MIGRATIONS_FOLDER
  assertMigrations(folder)
  if ('pglite' in target) {
    const db = drizzlePglite({ client: target.pglite })
    return apply(folder, db, () => migratePglite(db, { migrationsFolder: folder }))
  }
  const client = new pg.Client({ connectionString: target.url, connectionTimeoutMillis: 10_000 })
  client.on('error', () => {})
  await client.connect().catch((error: Error) => {
    throw new MigrationError(`The database does not answer: ${reasonOf(error)}.`, { cause: error })
  })
  try {
    await client.query('select pg_advisory_lock($1)', [ADVISORY_LOCK])
    const db = drizzlePostgres({ client })
    await apply(folder, db, () => migratePostgres(db, { migrationsFolder: folder }))
  } finally {
    await client.end()
  }
}

export function assertMigrations(folder: string): void {
  if (existsSync(`${folder}/meta/_journal.json`)) return
  throw new MigrationError(`There are no migrations in ${folder} (meta/_journal.json is missing).`)
}

type Database = PgDatabase<PgQueryResultHKT>

async function apply(folder: string, db: Database, work: () => Promise<void>): Promise<void> {
  try {
    await assertUnchanged(folder, db)
    await work()
  } catch (error) {
    if (error instanceof MigrationError) throw error
    fail(folder, error)
  }
}

/** drizzle compares dates only: a migration edited after it was applied would silently not be there. */
async function assertUnchanged(folder: string, db: Database): Promise<void> {
  const table = await rowsOf(db, sql`select to_regclass('drizzle.__drizzle_migrations') as name`)
  if (!table[0]?.name) return
  const applied = await rowsOf(db, sql`select hash, created_at from drizzle.__drizzle_migrations`)
  const hashes = new Map(applied.map(({ hash, created_at }) => [Number(created_at), hash]))
  const tags = readJournal(folder)
  for (const [index, { hash, folderMillis }] of readMigrationFiles({ migrationsFolder: folder }).entries()) {
    const known = hashes.get(folderMillis)
    if (known && known !== hash)
      throw new MigrationError(`Migration ${tags[index]} was changed after it was applied to this database.`)
  }
}

async function rowsOf(db: Database, query: SQL): Promise<Record<string, unknown>[]> {
  return ((await db.execute(query)) as { rows: Record<string, unknown>[] }).rows
}

function fail(folder: string, error: unknown): never {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error
  const tag = failingMigration(folder, error)
  const where = tag ? `Migration ${tag} failed` : 'Migrating failed'
  throw new MigrationError(`${where}: ${reasonOf(cause)}.`, { cause })
}

/** drizzle's error carries the statement but not the file, so the file is the one that contains it. */
function failingMigration(folder: string, error: unknown): string | undefined {
  const query = (error as { query?: unknown } | null)?.query
  if (typeof query !== 'string') return undefined
  const tags = readJournal(folder)
  const index = readMigrationFiles({ migrationsFolder: folder }).findIndex((file) => file.sql.includes(query))
  return tags[index]
}

function reasonOf(error: unknown): string {
  if (error instanceof AggregateError) return error.errors.map(reasonOf).join(', ')
  const { message, code } = error as { message?: string; code?: string }
  return (message || code || String(error)).replace(/\.$/, '')
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const url = process.env.DATABASE_URL
  try {
    if (!url) throw new MigrationError('Set DATABASE_URL to the database to migrate, as its owner.')
    await migrate({ url })
    console.log('The database is up to date.')
  } catch (error) {
    console.error(error instanceof Error ? error.message : error)
    process.exitCode = 1
  }
}
