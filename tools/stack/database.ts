import { tmpdir } from 'node:os'
import pg from 'pg'
import { openEmbedded } from '../database/embedded.ts'
import { migrate } from '../database/migrate.ts'
import { localUrl } from '../database/real.ts'
import { seedDemoData } from '../demo-data/seed.ts'
import { pgliteBackend } from '../neon-local/pglite.ts'
import { postgresBackend } from '../neon-local/postgres.ts'
import type { Backend } from '../neon-local/protocol.ts'
import { type NeonLocal, startNeonLocal } from '../neon-local/server.ts'
import { StackError } from './stack-error.ts'

export interface StackDatabase {
  description: string
  /** The address of the local Neon HTTP endpoint. */
  http: string
  /** What the Worker gets as DATABASE_URL. */
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
}

/** Opens, migrates and seeds the database, and puts the Neon HTTP endpoint in front of it. */
export async function openDatabase(options: DatabaseOptions): Promise<StackDatabase> {
  const opened = options.databaseUrl ? await openReal(options.databaseUrl) : await openLocal(options)
  const shim = await startNeonLocal({ backend: opened.backend })
  return {
    description: opened.description,
    http: shim.url,
    url: opened.url,
    shim,
    async close() {
      await shim.close()
      await opened.close()
    },
  }
}

interface Opened {
  backend: Backend
  description: string
  url: string
  close(): Promise<void>
}

async function openLocal({ memory, directory }: DatabaseOptions): Promise<Opened> {
  const { db, close } = await openEmbedded(memory ? { memory } : { dir: directory })
  await seedDemoData(db)
  return {
    backend: await pgliteBackend(db),
    description: memory ? 'embedded Postgres, in memory' : `embedded Postgres in ${directory}`,
    url: localUrl('khidma'),
    close,
  }
}

async function openReal(databaseUrl: string): Promise<Opened> {
  if (!URL.canParse(databaseUrl)) throw new StackError('DATABASE_URL is not a postgres:// address.')
  await migrate({ url: databaseUrl })
  const owner = new pg.Client({ connectionString: databaseUrl })
  await owner.connect()
  await seedDemoData(owner).finally(() => owner.end())
  const backend = postgresBackend({ url: databaseUrl })
  const { host, pathname } = new URL(databaseUrl)
  return {
    backend,
    description: `Postgres at ${host}${pathname}`,
    url: localUrl(decodeURIComponent(pathname.slice(1))),
    close: async () => {},
  }
}

export const scratchDirectory = (): string => `${tmpdir()}/khidma-${process.pid}`
