import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { convertV4MiniflareOptions, Log, LogLevel, Miniflare, type V4WorkerOptions } from 'miniflare'
import { unstable_getMiniflareWorkerOptions as configuredOptions } from 'wrangler'
import { developmentSecrets } from '../stack/secrets.ts'
import { type Bundle, buildPlain, buildWorker, ROOT } from './build.ts'
import { childProcesses } from './processes.ts'

export interface WorkerSecrets {
  SIGNING_KEYS: string
  PEPPER: string
  ENCRYPTION_KEYS: string
  WEBHOOK_SIGNING_KEYS: string
  API_ORIGIN: string
}

/** Bundles and secrets of one run of the benchmarks. */
export interface Workshop {
  folder: string
  bundles: { khidma: Bundle; bare: Bundle; hello: Bundle }
  secrets: WorkerSecrets
  close(): Promise<void>
}

export async function openWorkshop(): Promise<Workshop> {
  // The runtime would ask Cloudflare for the location of this machine.
  process.env.CLOUDFLARE_CF_FETCH_ENABLED = 'false'
  const folder = await mkdtemp(join(tmpdir(), 'khidma-bench-'))
  const khidma = await buildWorker(join(folder, 'khidma'))
  const bare = await buildPlain('bare-worker', folder, configuration())
  const hello = await buildPlain('hello-worker', folder, configuration())
  return {
    folder,
    bundles: { khidma, bare, hello },
    secrets: {
      ...(await developmentSecrets(join(folder, 'secrets.json'))),
      API_ORIGIN: 'https://api.bench.example',
    },
    close: () => rm(folder, { recursive: true, force: true }),
  }
}

const configuration = () => configuredOptions(join(ROOT, 'wrangler.toml')).workerOptions as V4WorkerOptions

export interface KhidmaOptions {
  bindings: Record<string, string>
  /** Consume the queues in the same process. Without: what is sent is dropped, as the consumers run elsewhere. */
  hasConsumers?: boolean
  /** Serve `public/`, at the price of the platform's own asset router before every request. */
  hasAssets?: boolean
}

/** The real Worker as `wrangler.toml` configures it, with rate limits out of the way. */
export function khidmaWorker(workshop: Workshop, options: KhidmaOptions): V4WorkerOptions {
  const {
    assets,
    queueConsumers,
    ratelimits: _,
    modulesRules: __,
    ...rest
  } = configuration() as V4WorkerOptions & {
    assets?: object
    queueConsumers?: object
    ratelimits?: object
    modulesRules?: object
  }
  return plainWorker('khidma', workshop.bundles.khidma, {
    ...rest,
    ...(options.hasAssets && { assets }),
    ...(options.hasConsumers && { queueConsumers }),
    bindings: {
      ...rest.bindings,
      ...workshop.secrets,
      RATE_LIMIT_PER_MINUTE: '1000000000',
      ...options.bindings,
    },
  } as V4WorkerOptions)
}

export function plainWorker(
  name: string,
  bundle: Bundle,
  options: Partial<V4WorkerOptions> = {},
): V4WorkerOptions {
  const { compatibilityDate, compatibilityFlags } = configuration()
  return {
    compatibilityDate,
    compatibilityFlags,
    ...options,
    name,
    modules: [{ type: 'ESModule', path: bundle.path }],
    modulesRoot: join(bundle.path, '..'),
    unsafeDirectSockets: [{ host: '127.0.0.1', port: 0 }],
  } as V4WorkerOptions
}

export interface Runtime {
  originOf(name: string): Promise<string>
  /** Returns what the Worker sees as `env`: its objects, queues and buckets, from here. */
  bindingsOf(name: string): Promise<Record<string, unknown>>
  /** Process id of workerd. */
  pid: number
  inspectorPort?: number
  close(): Promise<void>
}

export async function withRuntime<T>(
  workers: V4WorkerOptions[],
  work: (runtime: Runtime) => Promise<T>,
  options: RuntimeOptions = {},
): Promise<T> {
  const runtime = await startRuntime(workers, options)
  try {
    return await work(runtime)
  } finally {
    await runtime.close()
  }
}

export interface RuntimeOptions {
  inspectorPort?: number
}

/** One workerd process with these Workers, each behind a socket of its own: without Miniflare in front of them. */
async function startRuntime(workers: V4WorkerOptions[], { inspectorPort }: RuntimeOptions): Promise<Runtime> {
  const state = await mkdtemp(join(tmpdir(), 'khidma-bench-state-'))
  const known = new Set(childProcesses())
  const miniflare = new Miniflare(
    convertV4MiniflareOptions({
      workers: workers as [V4WorkerOptions],
      log: new Log(LogLevel.ERROR),
      resourcePersistencePath: state,
      ...(inspectorPort !== undefined && { inspectorPort }),
    }),
  )
  await miniflare.ready
  const pid = childProcesses().find((child) => !known.has(child))
  if (pid === undefined) throw new Error('The workerd process was not found')
  return {
    originOf: async (name) => (await miniflare.unsafeGetDirectURL(name)).origin,
    bindingsOf: (name) => miniflare.getBindings(name),
    pid,
    ...(inspectorPort !== undefined && { inspectorPort }),
    async close() {
      await miniflare.dispose()
      await rm(state, { recursive: true, force: true })
    },
  }
}
