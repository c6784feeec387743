import { createServer } from 'node:net'
import { join } from 'node:path'
import { unstable_startWorker as startWorker } from 'wrangler'
import { PROJECT_ROOT } from './home.ts'
import { reasonOf, StackError } from './stack-error.ts'

export interface WorkerOptions {
  port: number
  /** Where Durable Objects, queues and R2 keep their state. */
  stateDirectory: string
  bindings: Record<string, string>
  watch: boolean
  /** Gives up the start. */
  signal?: AbortSignal | undefined
}

export interface RunningWorker {
  origin: string
  close(): Promise<void>
}

type Worker = Awaited<ReturnType<typeof startWorker>>

const minutely = { cron: '* * * * *', everyMs: 60_000 }
const hourly = { cron: '17 * * * *', everyMs: 3_600_000 }
/** The sweep leaves younger events to the queue. */
const sweepAfterMs = 12_000

/** The real Worker in the local runtime, with its queues, objects and storage; crons fire as on the platform. */
export async function runWorker(options: WorkerOptions): Promise<RunningWorker> {
  await assertPortFree(options.port)
  const worker = await launch(options)
  const fire = ({ cron }: { cron: string }) => void worker.scheduled({ cron }).catch(() => {})
  const timers = [minutely, hourly].map((each) => setInterval(fire, each.everyMs, each))
  // Local queues live in memory: what they held when the Worker was loaded anew waits for the sweep.
  let sweep = setTimeout(fire, sweepAfterMs, minutely)
  worker.raw.on('reloadComplete', () => {
    clearTimeout(sweep)
    sweep = setTimeout(fire, sweepAfterMs, minutely)
  })
  return {
    origin: `http://127.0.0.1:${options.port}`,
    async close() {
      for (const timer of [...timers, sweep]) clearTimeout(timer)
      await worker.dispose()
    },
  }
}

async function launch({ port, stateDirectory, bindings, watch, signal }: WorkerOptions): Promise<Worker> {
  // The runtime would ask Cloudflare where this machine stands; a development stack works without any network.
  process.env.CLOUDFLARE_CF_FETCH_ENABLED = 'false'
  // Of its own: two stacks on one machine must not find each other's objects.
  process.env.WRANGLER_REGISTRY_PATH = join(stateDirectory, 'registry')
  process.env.WRANGLER_SEND_METRICS = 'false'
  const worker = await startWorker({
    config: join(PROJECT_ROOT, 'wrangler.toml'),
    bindings: Object.fromEntries(
      Object.entries(bindings).map(([name, value]) => [name, { type: 'plain_text', value }]),
    ),
    build: { define: { __DEV_TOOLS__: 'true' } },
    dev: {
      server: { hostname: '127.0.0.1', port },
      persist: stateDirectory,
      inspector: false,
      watch,
      logLevel: 'warn',
      remote: false,
    },
  }).catch((error) => {
    throw new StackError(`The Worker does not start: ${reasonOf(error)}.`, { cause: error })
  })
  try {
    await Promise.race([worker.ready, failureOf(worker, signal)])
    return worker
  } catch (error) {
    await worker.dispose().catch(() => {})
    throw error
  }
}

/** Without it a Worker that does not build would be waited for without end: wrangler hopes for the next edit. */
function failureOf(worker: Worker, signal: AbortSignal | undefined): Promise<never> {
  const failure = new Promise<never>((_resolve, reject) => {
    signal?.addEventListener('abort', () => reject(signal.reason), { once: true })
    worker.raw.once('buildFailed', () => reject(new StackError('The Worker does not build: see above.')))
    worker.raw.once('error', (error: unknown) => {
      const cause = (error as { cause?: unknown }).cause ?? error
      reject(new StackError(`The Worker does not start: ${reasonOf(cause)}.`, { cause }))
    })
  })
  failure.catch(() => {})
  return failure
}

export function assertPortFree(port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const probe = createServer()
    probe.once('error', (error: NodeJS.ErrnoException) => reject(portError(port, error)))
    probe.listen(port, '127.0.0.1', () => probe.close(() => resolve()))
  })
}

function portError(port: number, error: NodeJS.ErrnoException): StackError {
  const sentence =
    error.code === 'EADDRINUSE'
      ? `Port ${port} is in use: stop what runs there, or set PORT to another one.`
      : `Port ${port} cannot be opened (${error.code ?? error.message}): set PORT to another one.`
  return new StackError(sentence, { cause: error })
}
