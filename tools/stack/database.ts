import pg from 'pg'
import { type Embedded, openEmbedded } from '../database/embedded.ts'
import { MigrationError, migrate } from '../database/migrate.ts'
import { LockHeld } from '../database/pid-lock.ts'
import { localUrl } from '../database/real.ts'
import { configureGateways } from '../demo-data/gateways.ts'
import { enrolDemoStaff } from '../demo-data/second-factors.ts'
import { type SeedConnection, seedDemoData } from '../demo-data/seed.ts'
import { pgliteBackend } from '../neon-local/pglite.ts'
import { postgresBackend } from '../neon-local/postgres.ts'
import type { Backend } from '../neon-local/protocol.ts'
import { type NeonLocal, startNeonLocal } from '../neon-local/server.ts'
import type { SimulatedGateway } from '../simulators/gateways/all.ts'
import { Closing } from './closing.ts'
import { reasonOf, StackError } from './stack-error.ts'

export interface StackDatabase {
  description: string
  /** The address of the local Neon HTTP endpoint. */
  http: string
  /** Address that the Worker gets as DATABASE_URL. */
  url: string
  shim: NeonLocal
  close(): Promise<void>
}

export interface DatabaseOptions {
  /** A real Postgres, as its owner. Without it: embedded. */
  databaseUrl?: string | undefined
  /** Embedded, but kept nowhere. */
  memory: boolean
  /** Where an embedded database is kept. */
  directory: string
  /** As the Worker has them: for what the demo data keeps sealed. */
  encryptionKeys: string
  /** Simulators that take cards. */
  gateways: SimulatedGateway[]
}

/** Opens, migrates and seeds the database, and puts the Neon HTTP endpoint in front of it. */
export async function openDatabase(options: DatabaseOptions): Promise<StackDatabase> {
  const closing = new Closing()
  try {
    // An argument counts for more than what happens to be in the environment.
    const { databaseUrl } = options
    const opened =
      databaseUrl && !options.memory
        ? await openReal(databaseUrl, options)
        : await openLocal(options, closing)
    const shim = await startNeonLocal({ backend: opened.backend })
    closing.add(() => shim.close())
    return {
      description: opened.description,
      http: shim.url,
      url: opened.url,
      shim,
      close: () => closing.close(),
    }
  } catch (error) {
    await closing.close()
    throw error
  }
}

interface Opened {
  backend: Backend
  description: string
  url: string
}

async function openLocal(options: DatabaseOptions, closing: Closing): Promise<Opened> {
  const { memory, directory } = options
  const { db, close } = await openEmbedded(memory ? { memory } : { dir: directory }).catch((error) =>
    refuse(error, directory),
  )
  closing.add(close)
  await seed(db, options)
  return {
    backend: await pgliteBackend(db),
    description: memory ? 'embedded Postgres, in memory' : `embedded Postgres in ${directory}`,
    url: localUrl('khidma'),
  }
}

function refuse(error: unknown, directory: string): Promise<Embedded> {
  if (error instanceof MigrationError) {
    throw new StackError(`${error.message} To start anew, delete ${directory}.`, { cause: error })
  }
  if (error instanceof LockHeld) throw new StackError(error.message, { cause: error })
  throw new StackError(`The embedded database in ${directory} does not open: ${reasonOf(error)}.`, {
    cause: error,
  })
}

async function openReal(databaseUrl: string, options: DatabaseOptions): Promise<Opened> {
  if (!/^postgres(ql)?:\/\//.test(databaseUrl) || !URL.canParse(databaseUrl)) {
    throw new StackError('DATABASE_URL is not a postgres:// address.')
  }
  await migrate({ url: databaseUrl })
  const owner = new pg.Client({ connectionString: databaseUrl, connectionTimeoutMillis: 10_000 })
  owner.on('error', () => {})
  await owner.connect().catch((error: Error) => {
    throw new StackError(`The database does not answer: ${reasonOf(error)}.`, { cause: error })
  })
  await seed(owner, options).finally(() => owner.end())
  const { host, pathname } = new URL(databaseUrl)
  return {
    backend: postgresBackend({ url: databaseUrl }),
    description: `Postgres at ${host}${pathname}`,
    url: localUrl(decodeURIComponent(pathname.slice(1))),
  }
}

async function seed(
  connection: SeedConnection,
  { encryptionKeys, gateways }: DatabaseOptions,
): Promise<void> {
  try {
    await seedDemoData(connection)
    await enrolDemoStaff(connection, encryptionKeys)
    await configureGateways(connection, encryptionKeys, gateways)
    // Together this may have taken a while: the audit chain begins with it, not late.
    await connection.query('select khidma.seal_audit(5000, true)')
  } catch (error) {
    throw new StackError(`The demo data could not be put in: ${reasonOf(error)}.`, { cause: error })
  }
}
