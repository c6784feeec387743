import type { TestProject } from 'vitest/node'
import { openEmbedded } from '../../tools/database/embedded.ts'
import { localUrl } from '../../tools/database/real.ts'
import { pgliteBackend } from '../../tools/neon-local/pglite.ts'
import { postgresBackend } from '../../tools/neon-local/postgres.ts'
import { startNeonLocal } from '../../tools/neon-local/server.ts'
import type { TestDatabase } from './provided.ts'
import { borrowRealPostgres } from './shared-server.ts'
import { testDatabase, workerCount } from './test-databases.ts'

/** A database and a way to it for each workerd of the project. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const { openDatabase, close } = await databases()
  const opened = await Promise.all(
    Array.from({ length: workerCount() }, async (_, index) => {
      const { backend, databaseUrl } = await openDatabase(`${project.name}_${index}`)
      const shim = await startNeonLocal({ backend, control: true })
      return { shim, database: { DATABASE_HTTP: shim.url, DATABASE_URL: databaseUrl } satisfies TestDatabase }
    }),
  )
  project.provide(
    'databases',
    opened.map(({ database }) => database),
  )
  return async () => {
    await Promise.all(opened.map(({ shim }) => shim.close()))
    await close()
  }
}

async function databases() {
  if (testDatabase() === 'real') {
    const { server, giveBack } = await borrowRealPostgres()
    return {
      openDatabase: async (name: string) => {
        const database = await server.createDatabase(`${server.template}_${name}`)
        return {
          backend: postgresBackend({ url: server.urlOf(database.name) }),
          databaseUrl: database.appUrl,
        }
      },
      close: giveBack,
    }
  }
  const { db, close } = await openEmbedded({ memory: true })
  return {
    openDatabase: async () => ({ backend: await pgliteBackend(db), databaseUrl: localUrl('khidma') }),
    close,
  }
}
