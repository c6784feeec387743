import pg from 'pg'
import { startRealPostgres } from '../database/real.ts'
import { seedDemoData } from '../demo-data/seed.ts'
import { postgresBackend } from '../neon-local/postgres.ts'
import type { Backend, Statement } from '../neon-local/protocol.ts'
import { startNeonLocal } from '../neon-local/server.ts'
import { cpuTimeMs } from './processes.ts'

export interface BenchDatabase {
  /** Version, for the report. */
  version: string
  /** As its owner. */
  url: string
  /** For the Worker. */
  bindings: { DATABASE_URL: string; DATABASE_HTTP: string }
  /** As owner, to prepare scenes in bulk. */
  owner: pg.Client
  recorder: Recorder
  /** Copies the database as it is, less its triggers: what an application has that keeps its rules itself. Nobody else may be connected. */
  copyWithoutTriggers(): Promise<string>
  close(): Promise<void>
}

export interface RoundTrip {
  /** Connection string that its sender has. */
  connection: string
  isBatch: boolean
  statements: Statement[]
  /** The one backend that answered, its processor time, and the time from the arrival to the last of the answer; only with `connections: 1`. */
  pid: number
  cpuMs: number
  tookMs: number
}

/** Every round trip that arrives while it is on; they are answered one after the other then, by one backend. */
export interface Recorder {
  record<T>(work: (soFar: readonly RoundTrip[]) => Promise<T>): Promise<{ value: T; roundTrips: RoundTrip[] }>
}

export interface DatabaseOptions {
  /** Connections of the Neon endpoint; with one, `recorder` knows what each round trip costs. */
  connections?: number
}

export async function withDatabase<T>(
  work: (database: BenchDatabase) => Promise<T>,
  options: DatabaseOptions = {},
): Promise<T> {
  const database = await openBenchDatabase(options)
  try {
    return await work(database)
  } finally {
    await database.close()
  }
}

/** A real Postgres whose commits reach the disk, migrated and seeded, behind the Neon endpoint. Gone when closed. */
async function openBenchDatabase({ connections = 32 }: DatabaseOptions): Promise<BenchDatabase> {
  const server = await startRealPostgres({ durable: true })
  const { name, ownerUrl, appUrl } = await server.createDatabase(`${server.template}_bench`)
  const owner = await connectTo(ownerUrl)
  await seedDemoData(owner)
  const real = postgresBackend({ url: server.urlOf(name), poolSize: connections })
  const { backend, recorder } = recording(real, connections === 1)
  const shim = await startNeonLocal({ backend })
  const { rows } = await owner.query<{ version: string }>(
    `select current_setting('server_version') || ', PostGIS ' || postgis_lib_version() as version`,
  )
  const database: BenchDatabase = {
    version: `${rows[0]?.version} (fsync on)`,
    url: ownerUrl,
    bindings: { DATABASE_URL: appUrl, DATABASE_HTTP: shim.url },
    owner,
    recorder,
    async copyWithoutTriggers() {
      await database.owner.end()
      const admin = await connectTo(server.url)
      await admin.query(`create database "${name}_plain" template "${name}"`)
      await admin.end()
      database.owner = await connectTo(ownerUrl)
      const copy = await connectTo(server.urlOf(`${name}_plain`))
      await copy.query(dropTriggers)
      await copy.query('analyze')
      await copy.end()
      return server.urlOf(`${name}_plain`)
    },
    async close() {
      await shim.close()
      await database.owner.end()
      await server.close()
    },
  }
  return database
}

/** Foreign keys, which are triggers inside, stay. */
const dropTriggers = `do $$
declare t record;
begin
  for t in select tgname, tgrelid::regclass as name from pg_trigger
            where not tgisinternal and tgrelid::regclass::text !~ '[.]' loop
    execute format('drop trigger %I on %s', t.tgname, t.name);
  end loop;
end $$`

export async function connectTo(url: string): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  return client
}

function recording(backend: Backend, isMetered: boolean): { backend: Backend; recorder: Recorder } {
  let recorded: RoundTrip[] | undefined
  let last: Promise<unknown> = Promise.resolve()
  const take = <T>(
    connection: string,
    shape: Pick<RoundTrip, 'isBatch' | 'statements'>,
    work: () => Promise<T>,
  ): Promise<T> => {
    if (!recorded) return work()
    const roundTrip = { connection, ...shape, pid: Number.NaN, cpuMs: Number.NaN, tookMs: Number.NaN }
    recorded.push(roundTrip)
    if (!isMetered) return work()
    const done = last.then(async () => {
      const pid = await backendOf(backend, connection)
      roundTrip.pid = pid
      const [before, startedAt] = [cpuTimeMs(pid), performance.now()]
      try {
        return await work()
      } finally {
        roundTrip.tookMs = performance.now() - startedAt
        roundTrip.cpuMs = (await cpuAtRestMs(pid)) - before
      }
    })
    last = done.catch(() => {})
    return done
  }
  return {
    backend: {
      query: (connection, statement) =>
        take(connection, { isBatch: false, statements: [statement] }, () =>
          backend.query(connection, statement),
        ),
      transaction: (connection, statements, options) =>
        take(connection, { isBatch: true, statements }, () =>
          backend.transaction(connection, statements, options),
        ),
      close: () => backend.close(),
    },
    recorder: {
      async record(work) {
        const roundTrips: RoundTrip[] = []
        recorded = roundTrips
        try {
          return { value: await work(roundTrips), roundTrips }
        } finally {
          recorded = undefined
        }
      },
    },
  }
}

/** Process id of the one connection that a backend with a pool of one has. */
export async function backendOf(backend: Backend, connection: string): Promise<number> {
  const { rows } = await backend.query(connection, { query: 'select pg_backend_pid()', params: [] })
  return Number(rows[0]?.[0])
}

/** Processor time of a backend that has answered; what it does after its answer counts as well. */
export async function cpuAtRestMs(pid: number): Promise<number> {
  await new Promise((resolve) => setTimeout(resolve, 1))
  return cpuTimeMs(pid)
}

/** Rows that no path leads to at once, or not so many of them: without triggers, as owner. */
export async function withoutTriggers(owner: pg.Client, work: () => Promise<unknown>): Promise<void> {
  await owner.query('set session_replication_role = replica')
  try {
    await work()
  } finally {
    await owner.query('set session_replication_role = origin')
    await owner.query('analyze')
  }
}
