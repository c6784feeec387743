import { parseArgs } from 'node:util'
import { openEmbedded } from '../database/embedded.ts'
import { pgliteBackend } from './pglite.ts'
import { postgresBackend } from './postgres.ts'
import { startNeonLocal } from './server.ts'

const { values } = parseArgs({
  options: {
    memory: { type: 'boolean', default: false },
    dir: { type: 'string' },
    port: { type: 'string', default: '5488' },
    control: { type: 'boolean', default: false },
  },
})

async function openBackend() {
  const url = process.env.DATABASE_URL
  if (url && !values.memory && !values.dir)
    return { backend: postgresBackend({ url }), close: async () => {} }
  const embedded = await openEmbedded(values.dir ? { dir: values.dir } : { memory: values.memory })
  return { backend: await pgliteBackend(embedded.db), close: embedded.close }
}

try {
  const { backend, close } = await openBackend()
  const shim = await startNeonLocal({ backend, port: Number(values.port), control: values.control })
  console.log(`Neon HTTP on ${shim.url}`)
  const stop = async () => {
    await shim.close()
    await close()
    process.exit(0)
  }
  process.once('SIGINT', stop)
  process.once('SIGTERM', stop)
} catch (error) {
  const { code, message } = error as NodeJS.ErrnoException
  console.error(
    code === 'EADDRINUSE' ? `Port ${values.port} is in use: choose another with --port.` : message,
  )
  process.exit(1)
}
