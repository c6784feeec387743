import { createServer } from 'node:net'
import { unstable_startWorker as startWorker } from 'wrangler'
import { StackError } from './stack-error.ts'

export interface WorkerOptions {
  port: number
  /** Where Durable Objects, queues and R2 keep their state. */
  stateDirectory: string
  bindings: Record<string, string>
  watch: boolean
}

export interface RunningWorker {
  origin: string
  close(): Promise<void>
}

const CRONS = { minutely: '* * * * *', hourly: '17 * * * *' }

/** The real Worker in the local runtime, with its queues, objects and storage; crons fire as on the platform. */
export async function runWorker({ port, stateDirectory, bindings, watch }: WorkerOptions): Promise<RunningWorker> {
  await assertPortFree(port)
  // The runtime would ask Cloudflare where this machine stands; a development stack works without any network.
  process.env.CLOUDFLARE_CF_FETCH_ENABLED = 'false'
  const worker = await startWorker({
    config: 'wrangler.toml',
    bindings: Object.fromEntries(
      Object.entries(bindings).map(([name, value]) => [name, { type: 'plain_text', value }]),
    ),
    dev: {
      server: { hostname: '127.0.0.1', port },
      persist: stateDirectory,
      inspector: false,
      watch,
      logLevel: 'warn',
      remote: false,
    },
  })
  await worker.ready
  const minutely = setInterval(() => void fire(CRONS.minutely), 60_000)
  const hourly = setInterval(() => void fire(CRONS.hourly), 3_600_000)
  const fire = (cron: string) => worker.scheduled({ cron }).catch(() => {})
  return {
    origin: `http://127.0.0.1:${port}`,
    async close() {
      clearInterval(minutely)
      clearInterval(hourly)
      await worker.dispose()
    },
  }
}

function assertPortFree(port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const probe = createServer()
    probe.once('error', (error: NodeJS.ErrnoException) => {
      reject(
        error.code === 'EADDRINUSE'
          ? new StackError(`Port ${port} is in use: stop what runs there, or set PORT to another one.`)
          : error,
      )
    })
    probe.listen(port, '127.0.0.1', () => probe.close(() => resolve()))
  })
}
