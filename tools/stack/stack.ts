import { join } from 'node:path'
import { startChecksSimulator } from '../simulators/checks.ts'
import { startGateways } from '../simulators/gateways/all.ts'
import { Closing } from './closing.ts'
import { openDatabase, type StackDatabase } from './database.ts'
import { homeDirectory, scratchDirectory } from './home.ts'
import { uploadPictures } from './pictures.ts'
import { developmentSecrets } from './secrets.ts'
import { assertPortFree, runWorker } from './worker.ts'

export interface StackOptions {
  port: number
  /** Keeps nothing: a throw-away database and throw-away object state. */
  memory: boolean
  databaseUrl?: string | undefined
  watch?: boolean
  /** More bindings for the Worker, such as the addresses of provider simulators. */
  bindings?: Record<string, string>
}

export interface Stack {
  origin: string
  database: StackDatabase
  close(): Promise<void>
}

/** The whole of Khidma on this machine: database, Neon endpoint, Worker, objects, queues, storage, crons. */
export async function startStack(options: StackOptions, signal?: AbortSignal): Promise<Stack> {
  const home = homeDirectory()
  const closing = new Closing()
  try {
    await assertPortFree(options.port)
    const scratch = options.memory ? scratchDirectory() : undefined
    if (scratch) closing.add(scratch.remove)
    const secrets = await developmentSecrets(join(home, 'secrets.json'))
    const encryptionKeys = secrets.ENCRYPTION_KEYS
    const origin = `http://127.0.0.1:${options.port}`
    const gateways = await startGateways(origin)
    for (const { simulator } of gateways) closing.add(() => simulator.close())
    const checks = await startChecksSimulator({ webhookUrl: `${origin}/v1/verification-checks/events` })
    closing.add(() => checks.close())
    const database = await openDatabase({ ...options, directory: join(home, 'pg'), encryptionKeys, gateways })
    closing.add(database.close)
    signal?.throwIfAborted()
    const worker = await runWorker({
      port: options.port,
      stateDirectory: scratch?.path ?? join(home, 'state'),
      watch: options.watch ?? false,
      bindings: {
        ...secrets,
        ENVIRONMENT: 'development',
        API_ORIGIN: origin,
        DEV_GATEWAYS: JSON.stringify(
          Object.fromEntries(gateways.map(({ simulator }) => [simulator.name, simulator.origin])),
        ),
        DATABASE_HTTP: database.http,
        DATABASE_URL: database.url,
        ...checks.bindings,
        ...passedOn(),
        ...options.bindings,
      },
      signal,
    })
    closing.add(worker.close)
    await uploadPictures({ ...secrets, API_ORIGIN: origin })
    return { origin: worker.origin, database, close: () => closing.close() }
  } catch (error) {
    await closing.close().catch(() => {})
    throw error
  }
}

/** Returns the settings that a developer may change for a run, and those that make things faster here than in production. */
function passedOn(): Record<string, string> {
  const { ERASURE_GRACE_DAYS, RATE_LIMIT_PER_MINUTE } = process.env
  return {
    // In production a day passes until an endpoint is given up; here the first waits are short enough to be watched.
    WEBHOOK_RETRY_SECONDS: process.env.WEBHOOK_RETRY_SECONDS ?? '1,2,5,30,120,600',
    ...(ERASURE_GRACE_DAYS && { ERASURE_GRACE_DAYS }),
    ...(RATE_LIMIT_PER_MINUTE && { RATE_LIMIT_PER_MINUTE }),
  }
}
