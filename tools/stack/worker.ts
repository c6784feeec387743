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

/** The one cron there is, as in `wrangler.toml`. */
const cronEveryMs = 60_000
/** A run leaves younger events to the queue. */
const settledAfterMs = 12_000

/** The real Worker in the local runtime, with its queues, objects and storage; crons fire as on the platform. */
export async function runWorker(options: WorkerOptions): Promise<RunningWorker> {
  await assertPortFree(options.port)
  const worker = await launch(options)
  const origin = `http://127.0.0.1:${options.port}`
  const closing = new AbortController()
  const fire = () => void runCron(origin, closing.signal)
  const timer = setInterval(fire, cronEveryMs)
  // At once, because nothing ran while the stack was down; and once more for what local queues, which live in memory, held
  // when the Worker was loaded anew.
  fire()
  let settled = setTimeout(fire, settledAfterMs)
  worker.raw.on('reloadComplete', () => {
    clearTimeout(settled)
    settled = setTimeout(fire, settledAfterMs)
  })
  return {
    origin,
    async close() {
      closing.abort()
      clearInterval(timer)
      clearTimeout(settled)
      await worker.dispose()
    },
  }
}

/** The runtime's own way to fire a cron. Wrangler's `worker.scheduled()` does not find a Worker behind its dev server. */
async function runCron(origin: string, signal: AbortSignal): Promise<void> {
  try {
    const response = await fetch(`${origin}/cdn-cgi/local/scheduled?format=json&cron=*+*+*+*+*`, { signal })
    const text = await response.text()
    if (!response.ok || JSON.parse(text).outcome !== 'ok') console.error(`The cron failed: ${text}`)
  } catch (error) {
    if (!signal.aborted) console.error(`The cron did not run: ${reasonOf(error)}.`)
  }
}

async function launch({ port, stateDirectory, bindings, watch, signal }: WorkerOptions): Promise<Worker> {
  // The runtime would ask Cloudflare for the location of this machine; a development stack needs no network.
  process.env.CLOUDFLARE_CF_FETCH_ENABLED = 'false'
  // A registry of its own: two stacks on one machine must not find each other's objects.
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
