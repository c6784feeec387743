import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { PGlite } from '@electric-sql/pglite'
import pg from 'pg'
import { DATABASE_FOLDER, type DatabaseFile, JOURNAL, readDatabaseFiles } from './files.ts'

/** Any number, the same for every migrator, so that two of them on one database take turns. */
const ADVISORY_LOCK = 5_201_314

export type MigrationTarget = { pglite: PGlite } | { url: string }
export interface MigrationOptions {
  folder?: string
  /** Applies nothing. */
  dryRun?: boolean
}

/** Its message is one sentence fit for a terminal; the database's own error is its cause. */
export class MigrationError extends Error {
  override name = 'MigrationError'
}

/**
 * Applies pending migrations and then every file of `sql/` that changed, all or nothing, one migrator at a time. The
 * connection must be the owner's. Returns the paths that were applied (`dryRun`: that would be).
 */
export async function migrate(target: MigrationTarget, options: MigrationOptions = {}): Promise<string[]> {
  const folder = options.folder ?? DATABASE_FOLDER
  assertMigrations(folder)
  const files = readDatabaseFiles(folder)
  const work = options.dryRun ? listPending : applyPending
  if ('pglite' in target) return work(files, embedded(target.pglite))
  const client = new pg.Client({ connectionString: target.url, connectionTimeoutMillis: 10_000 })
  client.on('error', () => {})
  await client.connect().catch((error: Error) => {
    throw new MigrationError(`The database does not answer: ${reasonOf(error)}.`, { cause: error })
  })
  try {
    return await work(files, overNetwork(client))
  } finally {
    await client.end()
  }
}

export function assertMigrations(folder: string): void {
  if (existsSync(join(folder, JOURNAL))) return
  throw new MigrationError(`There are no migrations in ${folder} (${JOURNAL} is missing).`)
}

type Row = Record<string, unknown>

/** One connection: `run` takes any number of statements, `rows` one with parameters. */
interface Connection {
  run(text: string): Promise<unknown>
  rows(text: string, params?: unknown[]): Promise<Row[]>
}

const embedded = (db: PGlite): Connection => ({
  run: (text) => db.exec(text),
  rows: async (text, params) => (await db.query<Row>(text, params)).rows,
})

const overNetwork = (client: pg.Client): Connection => ({
  run: (text) => client.query(text),
  rows: async (text, params) => (await client.query<Row>(text, params)).rows,
})

async function applyPending(files: DatabaseFile[], connection: Connection): Promise<string[]> {
  await connection.run('begin')
  try {
    await connection.rows('select pg_advisory_xact_lock($1)', [ADVISORY_LOCK])
    const pending = await pendingOf(files, connection)
    await connection.run(APPLIED_TABLE)
    // Functions may name each other in any order; plpgsql_check looks at all of them in a test.
    await connection.run('set local check_function_bodies = off')
    for (const file of pending) await applyFile(file, connection)
    await connection.rows('delete from khidma.applied_sql where path <> all ($1)', [
      files.map(({ path }) => path),
    ])
    await connection.run('commit')
    return pending.map(({ path }) => path)
  } catch (error) {
    await connection.run('rollback')
    if (error instanceof MigrationError) throw error
    throw new MigrationError(`Migrating failed: ${reasonOf(error)}.`, { cause: error })
  }
}

const listPending = async (files: DatabaseFile[], connection: Connection): Promise<string[]> =>
  (await pendingOf(files, connection)).map(({ path }) => path)

const APPLIED_TABLE = `
  create schema if not exists khidma;
  create table if not exists khidma.applied_sql (
    path text primary key, sha256 text not null, applied_at timestamptz not null default now()
  )`

async function pendingOf(files: DatabaseFile[], connection: Connection): Promise<DatabaseFile[]> {
  const [tables] = await connection.rows(
    `select to_regclass('khidma.applied_sql') as applied, to_regclass('drizzle.__drizzle_migrations') as before_baseline`,
  )
  if (!tables?.applied && tables?.before_baseline)
    throw new MigrationError(
      'This database is older than the baseline, which no release had: delete it (.khidma/) and start anew.',
    )
  const rows = tables?.applied ? await connection.rows('select path, sha256 from khidma.applied_sql') : []
  const applied = new Map(rows.map(({ path, sha256 }) => [path, sha256]))
  const edited = files.find(
    ({ kind, path, sha256 }) => kind === 'migration' && applied.has(path) && applied.get(path) !== sha256,
  )
  if (edited)
    throw new MigrationError(`Migration ${nameOf(edited)} was changed after it was applied to this database.`)
  return files.filter(({ path, sha256 }) => applied.get(path) !== sha256)
}

async function applyFile(file: DatabaseFile, connection: Connection): Promise<void> {
  try {
    await connection.run(file.text)
  } catch (error) {
    const what = file.kind === 'migration' ? `Migration ${nameOf(file)}` : file.path
    throw new MigrationError(`${what} failed${placeIn(file.text, error)}: ${reasonOf(error)}.`, {
      cause: error,
    })
  }
  await connection.rows(
    `insert into khidma.applied_sql (path, sha256) values ($1, $2)
     on conflict (path) do update set sha256 = excluded.sha256, applied_at = now()`,
    [file.path, file.sha256],
  )
}

const nameOf = ({ path }: DatabaseFile): string => path.replace(/^migrations\/|\.sql$/g, '')

function placeIn(text: string, error: unknown): string {
  const position = Number((error as { position?: unknown }).position)
  return position > 0 ? ` at line ${text.slice(0, position).split('\n').length}` : ''
}

function reasonOf(error: unknown): string {
  if (error instanceof AggregateError) return error.errors.map(reasonOf).join(', ')
  const { message, code } = error as { message?: string; code?: string }
  return (message || code || String(error)).replace(/\.$/, '')
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const url = process.env.DATABASE_URL
  const dryRun = process.argv.includes('--dry-run')
  try {
    if (!url) throw new MigrationError('Set DATABASE_URL to the database to migrate, as its owner.')
    for (const path of await migrate({ url }, { dryRun })) console.log(dryRun ? `would apply ${path}` : path)
    if (!dryRun) console.log('The database is up to date.')
  } catch (error) {
    console.error(error instanceof Error ? error.message : error)
    process.exitCode = 1
  }
}
