import type { TestProject } from 'vitest/node'
import { openEmbedded } from '../../tools/database/embedded.ts'
import { localUrl, startRealPostgres } from '../../tools/database/real.ts'
import { pgliteBackend } from '../../tools/neon-local/pglite.ts'
import { postgresBackend } from '../../tools/neon-local/postgres.ts'
import { startNeonLocal } from '../../tools/neon-local/server.ts'
import './provided.ts'

/** One database for all tests in workerd: embedded, or the real one with KHIDMA_TEST_DB=real. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const { backend, databaseUrl, close } = await openDatabase()
  const shim = await startNeonLocal({ backend, control: true })
  project.provide('databaseHttp', shim.url)
  project.provide('databaseUrl', databaseUrl)
  return async () => {
    await shim.close()
    await close()
  }
}

async function openDatabase() {
  if (process.env.KHIDMA_TEST_DB === 'real') {
    const server = await startRealPostgres()
    const { name, appUrl } = await server.createDatabase(`${server.template}_workerd`)
    return { backend: postgresBackend({ url: server.urlOf(name) }), databaseUrl: appUrl, close: server.close }
  }
  const { db, close } = await openEmbedded({ memory: true })
  return { backend: await pgliteBackend(db), databaseUrl: localUrl('khidma'), close }
}
