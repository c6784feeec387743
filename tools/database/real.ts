import { execFileSync } from 'node:child_process'
import { existsSync, readdirSync } from 'node:fs'
import pg from 'pg'
import { startCluster } from './cluster.ts'
import { migrate } from './migrate.ts'

export type RealPostgresOptions = {
  /** Commits reach the disk, as in production: for benchmarks. Tests do without. */
  durable?: boolean
  databaseFolder?: string
}

export type RealDatabase = { name: string; ownerUrl: string; appUrl: string }

export type RealServer = {
  /** The server, as its owner, at the maintenance database. */
  url: string
  /** A migrated database to copy. */
  template: string
  urlOf(database: string): string
  /** A new migrated database: 50 ms each. */
  createDatabase(name: string): Promise<RealDatabase>
  createEmptyDatabase(name: string): Promise<RealDatabase>
  dropDatabase(name: string): Promise<void>
  close(): Promise<void>
}

/** Returns the DATABASE_URL that a Worker is given: the shim takes role and database from it, the host means "here". */
export function localUrl(database: string, role = 'khidma_app'): string {
  return `postgres://${role}@local/${database}`
}

export class NoPostgres extends Error {
  override name = 'NoPostgres'
}

/** Throws NoPostgres, with one sentence, where there is none. `close` removes all that was made. */
export async function startRealPostgres(options: RealPostgresOptions = {}): Promise<RealServer> {
  const given = process.env.TEST_DATABASE_URL
  const cluster = given ? { url: given, close: async () => {} } : await startCluster(findBinaries(), options)
  const template = `khidma_${process.pid}_${Date.now().toString(36)}`
  const server = connectServer({ url: cluster.url, template })
  const close = async () => {
    // A throw-away cluster goes whole; on a server that was given only what was made here goes.
    if (given) await dropRelated(server)
    await server.close()
    await cluster.close()
  }
  try {
    const { ownerUrl } = await server.createEmptyDatabase(template)
    const folder = options.databaseFolder
    await migrate({ url: ownerUrl }, folder ? { folder } : {})
  } catch (error) {
    await close().catch(() => {})
    throw error
  }
  return { ...server, close }
}

/** A server that another process started: a test's own handle on it. */
export function connectServer({ url, template }: { url: string; template: string }): RealServer {
  const admin = new pg.Pool({ connectionString: url, max: 2, allowExitOnIdle: true })
  admin.on('error', () => {})
  const urlOf = (database: string) => {
    const target = new URL(url)
    target.pathname = `/${database}`
    return target.href
  }
  const create = async (name: string, source: string) => {
    await admin.query(`create database "${name}" template "${source}"`)
    return { name, ownerUrl: urlOf(name), appUrl: localUrl(name) }
  }
  return {
    url,
    template,
    urlOf,
    createDatabase: (name) => create(name, template),
    createEmptyDatabase: (name) => create(name, 'template0'),
    async dropDatabase(name) {
      await admin.query(`drop database if exists "${name}" with (force)`)
    },
    close: () => admin.end(),
  }
}

/** Databases made for a run begin with the name of its template, whichever process made them. */
async function dropRelated(server: RealServer): Promise<void> {
  const client = new pg.Client({ connectionString: server.url })
  await client.connect()
  const { rows } = await client.query<{ datname: string }>(
    'select datname from pg_database where starts_with(datname, $1)',
    [server.template],
  )
  await client.end()
  for (const { datname } of rows) await server.dropDatabase(datname)
}

/** Whether tests can have a real server here. */
export function hasRealPostgres(): boolean {
  return process.env.TEST_DATABASE_URL !== undefined || candidates().some(hasPostgis)
}

function findBinaries(): string {
  for (const folder of candidates()) if (hasPostgis(folder)) return folder
  throw new NoPostgres(
    'No Postgres with PostGIS was found: install postgresql-15-postgis-3, or set PG_BIN or TEST_DATABASE_URL.',
  )
}

function candidates(): string[] {
  const debian = '/usr/lib/postgresql'
  const versions = existsSync(debian) ? readdirSync(debian).sort((a, b) => Number(b) - Number(a)) : []
  const given = process.env.PG_BIN
  return [
    ...(given ? [given] : []),
    ...versions.map((version) => `${debian}/${version}/bin`),
    ...(process.env.PATH ?? '').split(':'),
  ]
}

function hasPostgis(folder: string): boolean {
  if (!existsSync(`${folder}/initdb`) || !existsSync(`${folder}/postgres`)) return false
  try {
    const shared = execFileSync(`${folder}/pg_config`, ['--sharedir'], { encoding: 'utf8' }).trim()
    return existsSync(`${shared}/extension/postgis.control`)
  } catch {
    return false
  }
}
