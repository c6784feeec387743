import pg from 'pg'
import { startRealPostgres } from '../database/real.ts'
import { seedDemoData } from '../demo-data/seed.ts'
import { postgresBackend } from '../neon-local/postgres.ts'
import type { Backend, Statement } from '../neon-local/protocol.ts'
import { startNeonLocal } from '../neon-local/server.ts'

export interface BenchDatabase {
  /** Version, for the report. */
  version: string
  /** For the Worker. */
  bindings: { DATABASE_URL: string; DATABASE_HTTP: string }
  /** As owner, to prepare scenes in bulk. */
  owner: pg.Client
  recorder: Recorder
  close(): Promise<void>
}

export interface Trip {
  isBatch: boolean
  statements: Statement[]
}

/** Every trip that arrives while it is on. */
export interface Recorder {
  record<T>(work: () => Promise<T>): Promise<{ value: T; trips: Trip[] }>
}

export async function withDatabase<T>(work: (database: BenchDatabase) => Promise<T>): Promise<T> {
  const database = await openBenchDatabase()
  try {
    return await work(database)
  } finally {
    await database.close()
  }
}

/** A real Postgres whose commits reach the disk, migrated and seeded, behind the Neon endpoint. Gone when closed. */
async function openBenchDatabase(): Promise<BenchDatabase> {
  const server = await startRealPostgres({ durable: true })
  const { name, ownerUrl, appUrl } = await server.createDatabase(`${server.template}_bench`)
  const owner = new pg.Client({ connectionString: ownerUrl })
  await owner.connect()
  await seedDemoData(owner)
  const { backend, recorder } = recording(postgresBackend({ url: server.urlOf(name) }))
  const shim = await startNeonLocal({ backend })
  const { rows } = await owner.query<{ version: string }>(
    `select current_setting('server_version') || ', PostGIS ' || postgis_lib_version() as version`,
  )
  return {
    version: `${rows[0]?.version} (fsync on)`,
    bindings: { DATABASE_URL: appUrl, DATABASE_HTTP: shim.url },
    owner,
    recorder,
    async close() {
      await shim.close()
      await owner.end()
      await server.close()
    },
  }
}

function recording(backend: Backend): { backend: Backend; recorder: Recorder } {
  let trips: Trip[] | undefined
  return {
    backend: {
      query(connection, statement) {
        trips?.push({ isBatch: false, statements: [statement] })
        return backend.query(connection, statement)
      },
      transaction(connection, statements, options) {
        trips?.push({ isBatch: true, statements })
        return backend.transaction(connection, statements, options)
      },
      close: () => backend.close(),
    },
    recorder: {
      async record(work) {
        const recorded: Trip[] = []
        trips = recorded
        try {
          return { value: await work(), trips: recorded }
        } finally {
          trips = undefined
        }
      },
    },
  }
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
