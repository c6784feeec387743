import { join } from 'node:path'
import { neon, neonConfig } from '@neondatabase/serverless'
import { drizzle } from 'drizzle-orm/neon-http'
import { afterAll, beforeAll, describe } from 'vitest'
import { openEmbedded } from '../../tools/database/embedded.ts'
import { migrate } from '../../tools/database/migrate.ts'
import { localUrl } from '../../tools/database/real.ts'
import { pgliteBackend } from '../../tools/neon-local/pglite.ts'
import { postgresBackend } from '../../tools/neon-local/postgres.ts'
import { type NeonLocal, startNeonLocal } from '../../tools/neon-local/server.ts'
import { emptyDatabase, realPostgres } from '../support/real-postgres.ts'

export const databaseFolder = join(import.meta.dirname, 'database')

type Opened = { shim: NeonLocal; database: string; close(): Promise<void> }

/** A running shim, and the real driver pointed at it. */
export type Stack = ReturnType<typeof stackOf>

/** In memory, or kept in `dir`. */
export async function openPglite(dir?: string): Promise<Opened> {
  const { db, close } = await openEmbedded({ databaseFolder, ...(dir && { dir }) })
  const shim = await startNeonLocal({ backend: await pgliteBackend(db), control: true })
  return { shim, database: 'khidma', close }
}

export async function openPostgres(): Promise<Opened> {
  const { name, ownerUrl } = await emptyDatabase()
  await migrate({ url: ownerUrl }, { folder: databaseFolder })
  const shim = await startNeonLocal({ backend: postgresBackend({ url: ownerUrl }), control: true })
  return { shim, database: name, close: async () => {} }
}

function stackOf({ shim, database }: Opened) {
  neonConfig.fetchEndpoint = shim.url
  const ownerUrl = localUrl(database, 'postgres')
  const appUrl = localUrl(database)
  return {
    shim,
    database,
    appUrl,
    owner: neon(ownerUrl),
    sql: neon(appUrl),
    full: neon(appUrl, { fullResults: true }),
    db: drizzle(neon(appUrl)),
    /** The wire itself, for what the driver would never send. */
    post: (body: unknown, headers: Record<string, string> = { 'Neon-Connection-String': appUrl }) =>
      fetch(shim.url, {
        method: 'POST',
        headers,
        body: typeof body === 'string' ? body : JSON.stringify(body),
      }),
  }
}

/** The same suite against both back ends; the real one only where the machine has it. */
export function describeBackEnds(suite: (stack: () => Stack) => void): void {
  describe('PGlite', () => withStack(() => openPglite(), suite))
  describe.skipIf(!realPostgres)('Postgres', () => withStack(openPostgres, suite))
}

export function withStack(open: () => Promise<Opened>, suite: (stack: () => Stack) => void): void {
  let opened: Opened | undefined
  let stack: Stack
  beforeAll(async () => {
    opened = await open()
    stack = stackOf(opened)
  })
  afterAll(async () => {
    await opened?.shim.close()
    await opened?.close()
  })
  suite(() => stack)
}
